-- Of the form that was sent: sent twice, it is one unblinding.
ALTER TABLE unblinding ADD COLUMN request_id text COLLATE "C";
CREATE UNIQUE INDEX unblinding_once ON unblinding (study_id, request_id, participant_id);

-- A plan may name several people. What it says of who is told and who stays blinded is written before anybody looks.
ALTER TABLE unblinding_request ADD COLUMN participants text[] COLLATE "C";
UPDATE unblinding_request SET participants = ARRAY[participant_id];
ALTER TABLE unblinding_request ALTER COLUMN participants SET NOT NULL;
ALTER TABLE unblinding_request DROP COLUMN participant_id;
ALTER TABLE unblinding_request ADD COLUMN safeguards text NOT NULL DEFAULT '';

-- Nobody's allocation, drawn apart from the study's own: what drills and the probe open.
CREATE TABLE dummy (
  study_id text COLLATE "C" PRIMARY KEY REFERENCES study,
  kit      text COLLATE "C" NOT NULL,
  sealed   bytea NOT NULL
);

CREATE TABLE drill (
  study_id    text COLLATE "C" NOT NULL REFERENCES study,
  drill_id    text COLLATE "C" NOT NULL,
  site_id     text COLLATE "C" NOT NULL,
  person_id   text COLLATE "C" NOT NULL,
  started_at  timestamptz(3) NOT NULL,
  answered_at timestamptz(3),
  PRIMARY KEY (study_id, drill_id)
);

-- Whether a code could have been broken in that minute. A minute without a row is one in which nobody could ask.
CREATE TABLE probe_minute (
  minute  timestamptz(0) PRIMARY KEY,
  ready   boolean NOT NULL,
  took_ms integer NOT NULL
);
