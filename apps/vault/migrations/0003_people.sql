-- The vault's own people. None of them signs in at the study server with the same account: what they learn here stays here.

CREATE TABLE person (
  person_id     text COLLATE "C" PRIMARY KEY,
  login_key     text COLLATE "C" NOT NULL UNIQUE,
  name          text NOT NULL,
  password_hash text NOT NULL,
  -- The password was given by somebody else and opens nothing but the page that changes it.
  starting      boolean NOT NULL,
  -- Gives and takes accounts; sees no allocation.
  keeper        boolean NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  closed_at     timestamptz(3)
);

CREATE TABLE person_role (
  person_id text COLLATE "C" NOT NULL REFERENCES person,
  study_id  text COLLATE "C" NOT NULL REFERENCES study,
  role      text NOT NULL CHECK (role IN ('pharmacist', 'physician', 'safety', 'dsmb')),
  given_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (person_id, study_id, role)
);

CREATE TABLE person_session (
  token_hash    text COLLATE "C" PRIMARY KEY,
  person_id     text COLLATE "C" NOT NULL REFERENCES person,
  opened_at     timestamptz(3) NOT NULL,
  seen_at       timestamptz(3) NOT NULL,
  expires_at    timestamptz(3) NOT NULL,
  stepped_up_at timestamptz(3)
);
