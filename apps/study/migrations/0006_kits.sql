-- Kits in people's hands: a fold of their streams. Labels only; nothing here knows what a kit holds.
CREATE TABLE kit (
  study_id       text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  site_id        text COLLATE "C" NOT NULL,
  kit            text COLLATE "C" NOT NULL,
  status         text NOT NULL,
  units_returned integer,
  changed_at     timestamptz(3) NOT NULL,
  PRIMARY KEY (study_id, participant_id, kit)
);
CREATE INDEX kit_by_label ON kit (study_id, kit);

INSERT INTO kit (study_id, participant_id, site_id, kit, status, units_returned, changed_at)
SELECT p.study_id, p.participant_id, p.site_id, p.kit, CASE WHEN p.dispensed THEN 'dispensed' ELSE 'assigned' END, NULL,
       coalesce((SELECT max(l.recorded_at) FROM ledger l WHERE l.study_id = p.study_id AND l.stream = p.participant_id
                 AND l.type IN ('kit.dispensed', 'participant.randomised')), p.head_at)
FROM participant p WHERE p.kit IS NOT NULL;

-- What the pharmacy last said of its shipments, as it said it.
CREATE TABLE shipment (
  study_id    text COLLATE "C" NOT NULL,
  shipment_id text COLLATE "C" NOT NULL,
  site_id     text COLLATE "C" NOT NULL,
  lot         text NOT NULL,
  expires     date NOT NULL,
  storage     text NOT NULL,
  sent_at     timestamptz(3) NOT NULL,
  status      text NOT NULL,
  kits        text[] COLLATE "C" NOT NULL,
  PRIMARY KEY (study_id, shipment_id)
);
CREATE TABLE pharmacy_heard (
  study_id text COLLATE "C" PRIMARY KEY,
  heard_at timestamptz(3) NOT NULL
);

-- Which acts about kits have been told to the pharmacy. What is in the ledger and not here is told again.
CREATE TABLE kit_act_told (
  study_id text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  accepted boolean NOT NULL,
  PRIMARY KEY (study_id, event_id)
);
CREATE INDEX ledger_kit_acts ON ledger (study_id, recorded_at, stream, seq) WHERE type IN
  ('kit.dispensed', 'kit.returned', 'kit.lost', 'shipment.received', 'shipment.excursion', 'kits.destroyed');

CREATE FUNCTION fold_kits(p_study text, p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_rows ? 'kit' THEN
    INSERT INTO kit SELECT * FROM jsonb_populate_recordset(NULL::kit, p_rows -> 'kit');
  END IF;
  IF p_rows ? 'kit_changes' THEN
    UPDATE kit t SET status = n.status, changed_at = n.changed_at,
                     units_returned = coalesce(n.units_returned, t.units_returned)
    FROM jsonb_populate_recordset(NULL::kit, p_rows -> 'kit_changes') n
    WHERE t.study_id = p_study AND t.participant_id = n.participant_id AND t.kit = n.kit;
  END IF;
END $$;

ALTER FUNCTION fold_rows(text, jsonb) RENAME TO fold_rows_of_entries;
CREATE FUNCTION fold_rows(p_study text, p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fold_rows_of_entries(p_study, p_rows);
  IF p_rows ? 'kit' OR p_rows ? 'kit_changes' THEN
    PERFORM fold_kits(p_study, p_rows);
  END IF;
END $$;
