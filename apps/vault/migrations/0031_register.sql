-- The register of controlled substances: double entry, in capsules of each batch, from one account to another. Nothing in
-- it is changed; a correction is an entry of its own.

CREATE TABLE register_entry (
  study_id    text COLLATE "C" NOT NULL REFERENCES study,
  entry_id    text COLLATE "C" NOT NULL,
  seq         integer NOT NULL,
  kind        text NOT NULL,
  gave        text COLLATE "C" NOT NULL,
  got         text COLLATE "C" NOT NULL CHECK (got <> gave),
  -- When it happened, as told; and when it was written down.
  happened_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  -- By whom, why, which papers, which kits: under the study's data key.
  sealed      bytea NOT NULL,
  PRIMARY KEY (study_id, entry_id),
  UNIQUE (study_id, seq)
);

-- One line per batch of the study and account of the entry, also where none of that batch moved. `masked` is what came to
-- the account (what left it is negative) plus a number that only the key tells, modulo 2^32; the numbers of the lines of
-- one entry and batch cancel. So the database sees that every entry balances and not which batch moved: that would be
-- the allocation.
CREATE TABLE register_line (
  study_id text COLLATE "C" NOT NULL,
  entry_id text COLLATE "C" NOT NULL,
  batch_id text COLLATE "C" NOT NULL,
  account  text COLLATE "C" NOT NULL,
  masked   bigint NOT NULL CHECK (masked >= 0 AND masked < 4294967296),
  PRIMARY KEY (study_id, entry_id, batch_id, account),
  FOREIGN KEY (study_id, entry_id) REFERENCES register_entry,
  FOREIGN KEY (study_id, batch_id) REFERENCES batch
);

CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum(masked) % 4294967296 <> 0 FROM register_line
      WHERE study_id = NEW.study_id AND entry_id = NEW.entry_id AND batch_id = NEW.batch_id) THEN
    RAISE EXCEPTION 'Entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER register_balances AFTER INSERT ON register_line DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();

-- What was counted, and what the register said then.
CREATE TABLE inventory (
  study_id     text COLLATE "C" NOT NULL REFERENCES study,
  inventory_id text COLLATE "C" NOT NULL,
  place        text COLLATE "C" NOT NULL,
  counted_at   timestamptz(3) NOT NULL,
  recorded_at  timestamptz(3) NOT NULL,
  sealed       bytea NOT NULL,
  PRIMARY KEY (study_id, inventory_id)
);

-- A loss that was reported to the authority.
CREATE TABLE loss_report (
  study_id    text COLLATE "C" NOT NULL,
  entry_id    text COLLATE "C" NOT NULL,
  reported_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  reference   text NOT NULL,
  person_id   text COLLATE "C" NOT NULL,
  PRIMARY KEY (study_id, entry_id),
  FOREIGN KEY (study_id, entry_id) REFERENCES register_entry
);

-- What allows a place to hold the substances; the newest counts.
CREATE TABLE registration (
  study_id        text COLLATE "C" NOT NULL REFERENCES study,
  registration_id text COLLATE "C" NOT NULL,
  seq             integer NOT NULL,
  site_id         text COLLATE "C" NOT NULL,
  authority       text NOT NULL,
  number          text NOT NULL,
  expires         date NOT NULL,
  substances      text[] NOT NULL,
  recorded_at     timestamptz(3) NOT NULL,
  person_id       text COLLATE "C" NOT NULL,
  PRIMARY KEY (study_id, registration_id),
  UNIQUE (study_id, seq)
);

-- Proposed by one person, carried out with another.
CREATE TABLE destruction (
  study_id       text COLLATE "C" NOT NULL REFERENCES study,
  destruction_id text COLLATE "C" NOT NULL,
  proposed_at    timestamptz(3) NOT NULL,
  proposed_by    text COLLATE "C" NOT NULL,
  sealed         bytea NOT NULL,
  witnessed_at   timestamptz(3),
  witnessed_by   text COLLATE "C",
  entry_id       text COLLATE "C",
  PRIMARY KEY (study_id, destruction_id),
  CHECK (witnessed_by IS DISTINCT FROM proposed_by OR witnessed_by IS NULL),
  CHECK ((witnessed_at IS NULL) = (witnessed_by IS NULL))
);

-- Whether the register has the kit's capsules: not where it was packed before they were taken in.
ALTER TABLE kit ADD COLUMN registered boolean NOT NULL DEFAULT true;

CREATE FUNCTION refuse_register_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The register is append-only: a correction is an entry of its own' USING ERRCODE = 'restrict_violation';
END $$;
DO $$
DECLARE kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['register_entry', 'register_line', 'inventory', 'loss_report', 'registration'] LOOP
    EXECUTE format('CREATE TRIGGER %I_is_append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_register_change()', kept, kept);
    EXECUTE format('CREATE TRIGGER %I_is_kept BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_register_change()', kept, kept);
  END LOOP;
END $$;
