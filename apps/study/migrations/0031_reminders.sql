-- How a participant wants to be reminded, and where. Addresses are sealed under keys of their own, as in `person`.
CREATE TABLE reminder (
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  channel        text NOT NULL,
  language       text NOT NULL,
  hour           integer NOT NULL CHECK (hour BETWEEN 0 AND 23),
  quiet_from     integer NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),
  quiet_until    integer NOT NULL CHECK (quiet_until BETWEEN 0 AND 23),
  wrapped_key    bytea,
  sealed         bytea,
  snoozed_until  timestamptz(3),
  reminded_on    date,
  calendar_hash  bytea UNIQUE,
  PRIMARY KEY (study_id, participant_id),
  FOREIGN KEY (study_id, participant_id) REFERENCES participant
);

CREATE TABLE push_subscription (
  endpoint_hash  bytea PRIMARY KEY,
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wrapped_key    bytea NOT NULL,
  sealed         bytea NOT NULL,
  added_at       timestamptz(3) NOT NULL,
  FOREIGN KEY (study_id, participant_id) REFERENCES participant
);
CREATE INDEX push_subscription_by_person ON push_subscription (study_id, participant_id);
