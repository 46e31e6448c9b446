-- The record and everything folded from it. Every key starts with the study, so that the tables can be distributed.
-- Texts that order something compare by code unit, as the ledger package does.

CREATE TABLE study (
  study_id         text COLLATE "C" PRIMARY KEY,
  protocol         text NOT NULL,
  protocol_hash    text NOT NULL,
  protocol_version text NOT NULL,
  short_title      text NOT NULL,
  title            text NOT NULL,
  planned          integer NOT NULL,
  commitment       text NOT NULL,
  status           text NOT NULL CHECK (status IN ('open', 'locked', 'released')),
  created_at       timestamptz(3) NOT NULL,
  locked_at        timestamptz(3),
  lock_hash        text,
  released_at      timestamptz(3)
);

CREATE TABLE site (
  study_id  text COLLATE "C" NOT NULL REFERENCES study,
  site_id   text COLLATE "C" NOT NULL,
  name      text NOT NULL,
  time_zone text NOT NULL,
  PRIMARY KEY (study_id, site_id)
);

-- Append-only: see the triggers below. The payload is canonical JSON, byte for byte what the commitment covers.
CREATE TABLE ledger (
  study_id    text COLLATE "C" NOT NULL,
  stream      text COLLATE "C" NOT NULL,
  seq         integer NOT NULL,
  event_id    text NOT NULL,
  type        text NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  actor_id    text NOT NULL,
  actor_role  text NOT NULL,
  cause       text,
  commitment  text NOT NULL,
  previous    text NOT NULL,
  hash        text NOT NULL,
  salt        text,
  payload     text,
  PRIMARY KEY (study_id, stream, seq)
);
CREATE INDEX ledger_by_time ON ledger (study_id, recorded_at, stream, seq);

-- Heads of the streams that belong to no participant.
CREATE TABLE stream (
  study_id  text COLLATE "C" NOT NULL,
  stream    text COLLATE "C" NOT NULL,
  seq       integer NOT NULL,
  head_hash text NOT NULL,
  head_at   timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, stream)
);

-- The state is what decisions need, as it was after entry state_seq: it is written anew only every few entries, and the
-- entries since then are folded onto it. The columns beside it are what lists need, and always current.
CREATE TABLE participant (
  study_id              text COLLATE "C" NOT NULL,
  participant_id        text COLLATE "C" NOT NULL,
  site_id               text COLLATE "C" NOT NULL,
  seq                   integer NOT NULL,
  head_hash             text NOT NULL,
  head_at               timestamptz(3) NOT NULL,
  status                text NOT NULL,
  on_hold               boolean NOT NULL,
  dosing_stopped        boolean NOT NULL,
  kit                   text,
  dispensed             boolean NOT NULL,
  time_zone             text NOT NULL,
  start_date            date,
  protocol_version      text,
  consent_version       text,
  screening_result      text,
  eligibility_confirmed boolean NOT NULL,
  doses_taken           integer NOT NULL,
  doses_missed          integer NOT NULL,
  answered              integer NOT NULL,
  answered_late         integer NOT NULL,
  invited_at            timestamptz(3) NOT NULL,
  screened_at           timestamptz(3),
  consented_at          timestamptz(3),
  randomised_at         timestamptz(3),
  ended_at              timestamptz(3),
  state                 text NOT NULL,
  state_seq             integer NOT NULL,
  PRIMARY KEY (study_id, participant_id)
) WITH (fillfactor = 80);

-- One row per act a client asked for: the same id again gets the first answer again.
CREATE TABLE command (
  study_id     text COLLATE "C" NOT NULL,
  stream       text COLLATE "C" NOT NULL,
  command_id   text COLLATE "C" NOT NULL,
  content_hash text NOT NULL,
  outcome      text NOT NULL CHECK (outcome IN ('accepted', 'kept')),
  answer       text NOT NULL,
  PRIMARY KEY (study_id, stream, command_id)
);

CREATE TABLE signal (
  study_id        text COLLATE "C" NOT NULL,
  signal_id       text COLLATE "C" NOT NULL,
  participant_id  text COLLATE "C" NOT NULL,
  site_id         text COLLATE "C" NOT NULL,
  rule            text NOT NULL,
  severity        text NOT NULL,
  about           text NOT NULL,
  message         text NOT NULL,
  raised_at       timestamptz(3) NOT NULL,
  acknowledged_at timestamptz(3),
  acknowledged_by text,
  disposition     text,
  PRIMARY KEY (study_id, signal_id)
);
CREATE INDEX signal_by_time ON signal (study_id, raised_at, signal_id);
CREATE INDEX signal_open ON signal (study_id, participant_id) WHERE acknowledged_at IS NULL;

CREATE TABLE adverse_event (
  study_id         text COLLATE "C" NOT NULL,
  adverse_event_id text COLLATE "C" NOT NULL,
  participant_id   text COLLATE "C" NOT NULL,
  site_id          text COLLATE "C" NOT NULL,
  term             text NOT NULL,
  onset            date NOT NULL,
  grade            integer NOT NULL,
  serious          boolean NOT NULL,
  ongoing          boolean NOT NULL,
  relatedness      text,
  outcome          text,
  reported_at      timestamptz(3) NOT NULL,
  note             text,
  PRIMARY KEY (study_id, adverse_event_id)
);
CREATE INDEX adverse_event_by_time ON adverse_event (study_id, reported_at, adverse_event_id);
CREATE INDEX adverse_event_by_participant ON adverse_event (study_id, participant_id, adverse_event_id);

CREATE TABLE submission (
  study_id           text COLLATE "C" NOT NULL,
  participant_id     text COLLATE "C" NOT NULL,
  submission_id      text COLLATE "C" NOT NULL,
  occurrence         text COLLATE "C" NOT NULL,
  activity           text NOT NULL,
  study_day          integer NOT NULL,
  instrument         text NOT NULL,
  instrument_version text NOT NULL,
  timing             text NOT NULL,
  recorded_at        timestamptz(3) NOT NULL,
  answers            jsonb NOT NULL,
  scores             jsonb NOT NULL,
  PRIMARY KEY (study_id, participant_id, submission_id)
);

CREATE TABLE dose (
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  occurrence     text COLLATE "C" NOT NULL,
  study_day      integer NOT NULL,
  outcome        text NOT NULL,
  taken_at       timestamptz(3),
  timing         text,
  reason         text,
  recorded_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, participant_id, occurrence)
);

-- What people think they took, for the pooled view. No table says what they did take.
CREATE TABLE guess (
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  submission_id  text COLLATE "C" NOT NULL,
  site_id        text COLLATE "C" NOT NULL,
  week           integer NOT NULL,
  guess          text,
  confidence     double precision,
  PRIMARY KEY (study_id, participant_id, submission_id)
);

CREATE TABLE kept_entry (
  study_id       text COLLATE "C" NOT NULL,
  event_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  site_id        text COLLATE "C" NOT NULL,
  recorded_at    timestamptz(3) NOT NULL,
  command        text NOT NULL,
  code           text NOT NULL,
  content        jsonb NOT NULL,
  PRIMARY KEY (study_id, event_id)
);
CREATE INDEX kept_entry_by_time ON kept_entry (study_id, recorded_at, event_id);

CREATE TABLE checkpoint (
  study_id   text COLLATE "C" NOT NULL,
  number     integer NOT NULL,
  taken_at   timestamptz(3) NOT NULL,
  streams    integer NOT NULL,
  entries    integer NOT NULL,
  root       text NOT NULL,
  previous   text NOT NULL,
  public_key text NOT NULL,
  signature  text NOT NULL,
  moved      text NOT NULL,
  PRIMARY KEY (study_id, number)
);

-- Where every stream stood at the latest checkpoint.
CREATE TABLE checkpoint_head (
  study_id text COLLATE "C" NOT NULL,
  stream   text COLLATE "C" NOT NULL,
  seq      integer NOT NULL,
  hash     text NOT NULL,
  PRIMARY KEY (study_id, stream)
);

CREATE TABLE release_approval (
  study_id    text COLLATE "C" NOT NULL,
  account_id  text NOT NULL,
  role        text NOT NULL,
  reason      text NOT NULL,
  approved_at timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, account_id)
);

-- Filled after lock by two people's approval, never before.
CREATE TABLE release (
  study_id    text COLLATE "C" PRIMARY KEY REFERENCES study,
  released    jsonb NOT NULL,
  report_html text,
  results     jsonb
);

CREATE VIEW head AS
  SELECT study_id, participant_id AS stream, seq, head_hash AS hash, head_at FROM participant
  UNION ALL
  SELECT study_id, stream, seq, head_hash, head_at FROM stream;

-- The record cannot be changed or removed. One path is open: payload and salt of an entry, both and for ever, within a
-- transaction that says so; the chain of headers stays whole.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'ledger' AND current_setting('limen.erasure', true) = 'on' THEN
    IF NEW.salt IS NULL AND NEW.payload IS NULL
      AND (NEW.study_id, NEW.stream, NEW.seq, NEW.event_id, NEW.type, NEW.recorded_at, NEW.actor_id, NEW.actor_role,
           NEW.commitment, NEW.previous, NEW.hash)
        = (OLD.study_id, OLD.stream, OLD.seq, OLD.event_id, OLD.type, OLD.recorded_at, OLD.actor_id, OLD.actor_role,
           OLD.commitment, OLD.previous, OLD.hash)
      AND NEW.cause IS NOT DISTINCT FROM OLD.cause
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'LM003';
END $$;

CREATE TRIGGER ledger_rows BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_all BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_rows BEFORE UPDATE OR DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_all BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
