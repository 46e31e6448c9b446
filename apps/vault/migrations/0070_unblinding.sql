-- Who was unblinded, when and by which way. Nothing here says to what. The study server hears of the rows of the kinds it
-- may know: of a report to an authority it does not.
CREATE TABLE unblinding (
  seq            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  study_id       text COLLATE "C" NOT NULL REFERENCES study,
  -- Ten zeros in a drill.
  participant_id text COLLATE "C" NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('emergency', 'planned', 'safety', 'drill')),
  by_person      text NOT NULL,
  -- Milliseconds from asking to the answer, of a drill.
  answered_in_ms integer,
  at             timestamptz(3) NOT NULL
);
CREATE INDEX unblinding_by_study ON unblinding (study_id, seq);
CREATE TRIGGER unblinding_is_append_only BEFORE UPDATE OR DELETE ON unblinding FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unblinding_is_kept BEFORE TRUNCATE ON unblinding FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One person asks with a plan or an event to be reported, another approves; then either of the two may look.
CREATE TABLE unblinding_request (
  study_id       text COLLATE "C" NOT NULL REFERENCES study,
  request_id     text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('planned', 'safety')),
  -- The plan's place, or the adverse event's id.
  basis          text NOT NULL,
  reason         text NOT NULL,
  asked_by       text NOT NULL,
  asked_at       timestamptz(3) NOT NULL,
  approved_by    text,
  approved_at    timestamptz(3),
  PRIMARY KEY (study_id, request_id),
  CHECK (approved_by IS DISTINCT FROM asked_by)
);
