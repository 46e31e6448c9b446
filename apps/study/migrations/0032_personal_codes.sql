-- A personal code can be replaced by a new one; the old one stays, to be told from a code that never was.
ALTER TABLE participant_code
  ADD COLUMN issued_at   timestamptz(3),
  ADD COLUMN replaced_at timestamptz(3),
  DROP CONSTRAINT participant_code_study_id_participant_id_key;

UPDATE participant_code SET issued_at = participant.invited_at
FROM participant
WHERE participant.study_id = participant_code.study_id
  AND participant.participant_id = participant_code.participant_id;
DELETE FROM participant_code WHERE issued_at IS NULL;

ALTER TABLE participant_code ALTER COLUMN issued_at SET NOT NULL;
CREATE UNIQUE INDEX participant_code_in_use ON participant_code (study_id, participant_id) WHERE replaced_at IS NULL;
