-- Meetings of the safety board: the study's blinded data as they were ordered, and in which order the arms are lettered.
-- Both are ciphertext: the data name no arm, but beside the allocation they would tell everything.
CREATE TABLE board_meeting (
  study_id       text COLLATE "C" NOT NULL REFERENCES study,
  meeting_id     text COLLATE "C" NOT NULL,
  ordered_at     timestamptz(3) NOT NULL,
  data_hash      text NOT NULL,
  sealed_data    bytea NOT NULL,
  sealed_letters bytea NOT NULL,
  recommendation text CHECK (recommendation IN ('continue', 'continueWithChange', 'pause', 'stop')),
  recommended_by text,
  recommended_at timestamptz(3),
  PRIMARY KEY (study_id, meeting_id)
);

-- What leaves of a meeting, among the facts the study server hears: which of four words, and when.
ALTER TABLE unblinding DROP CONSTRAINT unblinding_kind_check;
ALTER TABLE unblinding ADD CONSTRAINT unblinding_kind_check CHECK (kind IN
  ('emergency', 'planned', 'safety', 'drill', 'board-continue', 'board-change', 'board-pause', 'board-stop'));
