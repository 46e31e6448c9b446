-- Versions of a study's protocol after the first, which stays in its row: the randomisation was committed with it.

CREATE TABLE amendment (
  study_id      text COLLATE "C" NOT NULL REFERENCES study,
  version       text NOT NULL,
  protocol      text NOT NULL,
  protocol_hash text NOT NULL,
  reconsent     boolean NOT NULL,
  reason        text NOT NULL,
  adopted_at    timestamptz(3) NOT NULL,
  adopted_by    text COLLATE "C" NOT NULL,
  PRIMARY KEY (study_id, version)
);
