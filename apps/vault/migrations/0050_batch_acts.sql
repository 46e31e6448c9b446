-- What people did with a batch after it was recorded, in order and never changed: its standing is a fold of these.
CREATE TABLE batch_act (
  study_id    text COLLATE "C" NOT NULL,
  act_id      text COLLATE "C" NOT NULL,
  batch_id    text COLLATE "C" NOT NULL,
  seq         integer NOT NULL,
  sealed      bytea NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, act_id),
  UNIQUE (study_id, seq),
  FOREIGN KEY (study_id, batch_id) REFERENCES batch (study_id, batch_id)
);

CREATE FUNCTION refuse_batch_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'What was done with a batch is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER batch_act_is_final BEFORE UPDATE OR DELETE ON batch_act FOR EACH ROW EXECUTE FUNCTION refuse_batch_change();
CREATE TRIGGER batch_act_is_kept BEFORE TRUNCATE ON batch_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_batch_change();

-- Files of laboratories, under the study's data key. A keyed digest of the file's own hash names the row, so that a copy of
-- this database does not tell whose certificate it is.
CREATE TABLE certificate (
  study_id  text COLLATE "C" NOT NULL,
  batch_id  text COLLATE "C" NOT NULL,
  name      text COLLATE "C" NOT NULL,
  sealed    bytea NOT NULL,
  stored_at timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, batch_id, name),
  FOREIGN KEY (study_id, batch_id) REFERENCES batch (study_id, batch_id)
);
