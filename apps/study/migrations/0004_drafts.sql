-- Protocol documents on their way to a study. A draft may be broken: its text is kept as it was written. Every save is a
-- revision of its own, so that nothing anybody saved is lost.

CREATE TABLE draft (
  draft_id   text COLLATE "C" PRIMARY KEY,
  owner_id   text COLLATE "C" NOT NULL REFERENCES account,
  name       text NOT NULL,
  revision   integer NOT NULL CHECK (revision > 0),
  created_at timestamptz(3) NOT NULL,
  saved_at   timestamptz(3) NOT NULL
);
CREATE INDEX draft_by_owner ON draft (owner_id);

CREATE TABLE draft_revision (
  draft_id text COLLATE "C" NOT NULL REFERENCES draft ON DELETE CASCADE,
  revision integer NOT NULL CHECK (revision > 0),
  text     text NOT NULL,
  saved_at timestamptz(3) NOT NULL,
  saved_by text COLLATE "C" NOT NULL REFERENCES account,
  PRIMARY KEY (draft_id, revision)
);
