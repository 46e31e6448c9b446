-- Kits made beforehand, their shipments to the sites, and what happened to every kit. Contents are ciphertext.

ALTER TABLE allocation ADD COLUMN site_id text COLLATE "C";

CREATE TABLE shipment (
  study_id    text COLLATE "C" NOT NULL REFERENCES study,
  shipment_id text COLLATE "C" NOT NULL,
  site_id     text COLLATE "C" NOT NULL,
  -- One for the whole study; production lots stay sealed.
  lot         text NOT NULL,
  -- The earliest of all batches in it, for all its kits alike.
  expires     date NOT NULL,
  storage     text NOT NULL,
  -- Every shipment holds the same number of kits of each content per set.
  sets        integer NOT NULL CHECK (sets > 0),
  status      text NOT NULL CHECK (status IN ('sent', 'received', 'quarantined', 'recalled')),
  sent_at     timestamptz(3) NOT NULL,
  received_at timestamptz(3),
  PRIMARY KEY (study_id, shipment_id)
);

-- No column says when a kit was made: kits of one content might be made together.
CREATE TABLE kit (
  study_id       text COLLATE "C" NOT NULL REFERENCES study,
  kit            text COLLATE "C" NOT NULL,
  -- Content, batch and random rank, under the study's data key. Null where it is packed to order: all follows from the
  -- allocation.
  sealed         bytea,
  shipment_id    text COLLATE "C",
  place          text NOT NULL CHECK (place IN ('store', 'transit', 'site', 'participant', 'lost', 'destroyed')),
  site_id        text COLLATE "C",
  participant_id text COLLATE "C",
  damaged        boolean NOT NULL DEFAULT false,
  -- Capsules in it.
  units          integer NOT NULL CHECK (units >= 0),
  dispensed_at   timestamptz(3),
  returned_at    timestamptz(3),
  PRIMARY KEY (study_id, kit),
  FOREIGN KEY (study_id, shipment_id) REFERENCES shipment
);
CREATE INDEX kit_shipment ON kit (study_id, shipment_id);

CREATE TABLE replacement (
  study_id       text COLLATE "C" NOT NULL REFERENCES study,
  request_id     text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  kit            text COLLATE "C" NOT NULL,
  -- Of the participant's replacements, from 1.
  ordinal        integer NOT NULL,
  reason         text NOT NULL,
  replaced_at    timestamptz(3) NOT NULL,
  packed_at      timestamptz(3),
  sealed_packing bytea,
  PRIMARY KEY (study_id, request_id),
  UNIQUE (study_id, kit),
  UNIQUE (study_id, participant_id, ordinal),
  FOREIGN KEY (study_id, participant_id) REFERENCES allocation
);

-- What the sites told, word for word, so that the same act told twice is one.
CREATE TABLE kit_act (
  study_id    text COLLATE "C" NOT NULL REFERENCES study,
  act_id      text COLLATE "C" NOT NULL,
  act         text NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, act_id)
);
CREATE TRIGGER kit_act_is_append_only BEFORE UPDATE OR DELETE ON kit_act FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kit_act_is_kept BEFORE TRUNCATE ON kit_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
