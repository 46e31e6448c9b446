-- The envelopes of people who pack their own capsules. What each token is on follows from the study's seed and is not
-- stored; the tokens are ciphertext, so that a copy of this database fits to no sticker.
CREATE TABLE envelope_plan (
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  request_id     text COLLATE "C" NOT NULL,
  sealed         bytea NOT NULL,
  planned_at     timestamptz(3) NOT NULL,
  -- How often the sheet of labels was given out; each has another code for the seal of the leftovers.
  sheets         integer NOT NULL DEFAULT 0,
  PRIMARY KEY (study_id, participant_id),
  FOREIGN KEY (study_id, participant_id) REFERENCES allocation
);

CREATE FUNCTION refuse_new_envelopes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.sealed, OLD.participant_id, OLD.study_id)
    IS NOT DISTINCT FROM (NEW.sealed, NEW.participant_id, NEW.study_id) AND NEW.sheets >= OLD.sheets THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'A plan of envelopes is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER envelope_plan_is_final BEFORE UPDATE OR DELETE ON envelope_plan
  FOR EACH ROW EXECUTE FUNCTION refuse_new_envelopes();
