-- The codes of people who pack for somebody else, hashed. A code opens the packing of one participant and nothing else.
CREATE TABLE packing_helper (
  code_hash      bytea PRIMARY KEY,
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  UNIQUE (study_id, participant_id),
  FOREIGN KEY (study_id, participant_id) REFERENCES participant
);
