-- Who may come in, and the personal data of participants: apart from the record, never joined with it in a reply.

CREATE TABLE account (
  account_id    text COLLATE "C" PRIMARY KEY,
  name          text NOT NULL,
  login         text NOT NULL,
  login_key     text COLLATE "C" NOT NULL UNIQUE,
  password_hash text NOT NULL,
  administrator boolean NOT NULL,
  created_at    timestamptz(3) NOT NULL
);

-- One role per person and study: the key says so.
CREATE TABLE membership (
  account_id text COLLATE "C" NOT NULL REFERENCES account,
  study_id   text COLLATE "C" NOT NULL REFERENCES study,
  role       text NOT NULL,
  site_id    text COLLATE "C",
  PRIMARY KEY (account_id, study_id),
  FOREIGN KEY (study_id, site_id) REFERENCES site
);

CREATE TABLE participant_code (
  code_hash      bytea PRIMARY KEY,
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  UNIQUE (study_id, participant_id)
);

CREATE TABLE session (
  token_hash     bytea PRIMARY KEY,
  account_id     text COLLATE "C" REFERENCES account,
  study_id       text COLLATE "C",
  participant_id text COLLATE "C",
  opened_at      timestamptz(3) NOT NULL,
  seen_at        timestamptz(3) NOT NULL,
  expires_at     timestamptz(3) NOT NULL,
  stepped_up_at  timestamptz(3),
  CHECK ((account_id IS NULL) <> (participant_id IS NULL))
);
CREATE INDEX session_by_expiry ON session (expires_at);

-- AES-256-GCM under a key per person; destroying the wrapped key destroys what it covers.
CREATE TABLE person (
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  wrapped_key    bytea,
  sealed         bytea,
  PRIMARY KEY (study_id, participant_id)
);
