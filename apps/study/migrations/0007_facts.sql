-- Up to which of the vault's facts this server has heard.
CREATE TABLE fact_heard (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  seq    bigint NOT NULL
);
