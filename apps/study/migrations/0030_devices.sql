-- Nonces of signed requests, for as long as the clock of the request could still be accepted. The devices themselves stand
-- in the study's stream.
CREATE TABLE device_nonce (
  study_id  text COLLATE "C" NOT NULL,
  device_id text COLLATE "C" NOT NULL,
  nonce     text COLLATE "C" NOT NULL,
  seen_at   timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, device_id, nonce)
);
CREATE INDEX device_nonce_by_age ON device_nonce (seen_at);
