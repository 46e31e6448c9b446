-- The locked room's own database. Seeds and contents are ciphertext; labels and step numbers are not secret in here.

CREATE TABLE study (
  study_id      text COLLATE "C" PRIMARY KEY,
  protocol_hash text NOT NULL,
  commitment    text NOT NULL,
  -- Canonical JSON of procedure, arms, strata rule and capsules per kit: what the request said.
  design        text NOT NULL,
  -- The study's data key, wrapped by the vault key; and the 256-bit seed under the data key.
  wrapped_key   bytea NOT NULL,
  sealed_seed   bytea NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  released_at   timestamptz(3),
  lock_hash     text
);

CREATE TABLE stratum (
  study_id  text COLLATE "C" NOT NULL REFERENCES study,
  stratum   text COLLATE "C" NOT NULL,
  next_step integer NOT NULL DEFAULT 0,
  PRIMARY KEY (study_id, stratum)
);

CREATE TABLE allocation (
  study_id       text COLLATE "C" NOT NULL REFERENCES study,
  participant_id text COLLATE "C" NOT NULL,
  stratum        text COLLATE "C" NOT NULL,
  step           integer NOT NULL,
  request_id     text COLLATE "C" NOT NULL,
  kit            text COLLATE "C" NOT NULL,
  -- Arm, drawn sequence and contents by dose number, under the study's data key.
  sealed         bytea NOT NULL,
  allocated_at   timestamptz(3) NOT NULL,
  packed_at      timestamptz(3),
  PRIMARY KEY (study_id, participant_id),
  UNIQUE (study_id, stratum, step),
  UNIQUE (study_id, kit)
);

CREATE TABLE batch (
  study_id     text COLLATE "C" NOT NULL REFERENCES study,
  batch_id     text COLLATE "C" NOT NULL,
  intervention text NOT NULL,
  sealed       bytea NOT NULL,
  recorded_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, batch_id)
);

-- The vault's own record: a hash chain per study, never seen by a blinded person.
CREATE TABLE trail (
  study_id    text COLLATE "C" NOT NULL,
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
  salt        text NOT NULL,
  sealed      bytea NOT NULL,
  PRIMARY KEY (study_id, seq)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER trail_is_append_only BEFORE UPDATE OR DELETE ON trail FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER trail_is_kept BEFORE TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_reallocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.sealed, OLD.kit, OLD.step, OLD.stratum, OLD.participant_id, OLD.study_id)
    IS NOT DISTINCT FROM (NEW.sealed, NEW.kit, NEW.step, NEW.stratum, NEW.participant_id, NEW.study_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'An allocation is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER allocation_is_final BEFORE UPDATE OR DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION refuse_reallocation();
