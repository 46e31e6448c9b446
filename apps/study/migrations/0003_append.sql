-- The write path. One call appends one act to one stream, whole or not at all, and answers
--   accepted  everything is written
--   repeated  the command id is known; its content hash, outcome and answer come back and nothing is written
--   stale     the stream has moved on; nothing is written and the caller decides again
--   taken     a new participant's id exists already; nothing is written
--   locked    the study takes no further entries; nothing is written
-- It raises nothing of its own, so several acts can share a transaction; see append_batch.
-- Locking a study takes the same advisory lock exclusively, so no entry can slip in behind a lock.

CREATE FUNCTION append_events(
  p_study text, p_stream text, p_expected integer, p_needs_open boolean,
  p_actor_id text, p_actor_role text, p_cause text, p_recorded_at timestamptz,
  p_event_ids text[], p_types text[], p_commitments text[], p_previous text[], p_hashes text[], p_salts text[],
  p_payloads text[],
  p_command_id text, p_content_hash text, p_outcome text, p_answer text,
  p_participant jsonb, p_state text, p_rows jsonb,
  OUT result text, OUT known_hash text, OUT known_outcome text, OUT known_answer text
) LANGUAGE plpgsql AS $$
DECLARE
  v_count integer := cardinality(p_event_ids);
  v_status text;
  v_seq integer;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7301, hashtext(p_study));
  IF p_needs_open THEN
    SELECT s.status INTO v_status FROM study s WHERE s.study_id = p_study;
    IF v_status IS DISTINCT FROM 'open' THEN
      result := 'locked';
      RETURN;
    END IF;
  END IF;

  -- First the stream is held and looked at: whoever holds it is alone with its commands too.
  IF p_expected = 0 AND p_participant IS NULL THEN
    INSERT INTO stream (study_id, stream, seq, head_hash, head_at)
    VALUES (p_study, p_stream, v_count, p_hashes[v_count], p_recorded_at) ON CONFLICT DO NOTHING;
    result := CASE WHEN FOUND THEN 'accepted' ELSE 'stale' END;
  ELSIF p_expected = 0 THEN
    INSERT INTO participant
    SELECT * FROM jsonb_populate_record(NULL::participant,
      p_participant || jsonb_build_object('state', p_state, 'state_seq', v_count))
    ON CONFLICT DO NOTHING;
    result := CASE WHEN FOUND THEN 'accepted' ELSE 'taken' END;
  ELSIF p_participant IS NULL THEN
    SELECT t.seq INTO v_seq FROM stream t WHERE t.study_id = p_study AND t.stream = p_stream FOR UPDATE;
    result := CASE WHEN v_seq = p_expected THEN 'accepted' ELSE 'stale' END;
  ELSE
    SELECT p.seq INTO v_seq FROM participant p WHERE p.study_id = p_study AND p.participant_id = p_stream FOR UPDATE;
    result := CASE WHEN v_seq = p_expected THEN 'accepted' ELSE 'stale' END;
  END IF;

  IF p_command_id IS NOT NULL THEN
    IF result = 'accepted' THEN
      INSERT INTO command (study_id, stream, command_id, content_hash, outcome, answer)
      VALUES (p_study, p_stream, p_command_id, p_content_hash, p_outcome, p_answer)
      ON CONFLICT DO NOTHING;
      IF NOT FOUND THEN
        IF p_expected = 0 THEN
          RAISE EXCEPTION 'a new stream has a command already';
        END IF;
        result := 'repeated';
      END IF;
    END IF;
    IF result <> 'accepted' THEN
      SELECT c.content_hash, c.outcome, c.answer INTO known_hash, known_outcome, known_answer
      FROM command c WHERE c.study_id = p_study AND c.stream = p_stream AND c.command_id = p_command_id;
      IF FOUND THEN
        result := 'repeated';
      END IF;
    END IF;
  END IF;
  IF result <> 'accepted' THEN
    RETURN;
  END IF;

  IF p_expected > 0 AND p_participant IS NULL THEN
    UPDATE stream SET seq = p_expected + v_count, head_hash = p_hashes[v_count], head_at = p_recorded_at
    WHERE study_id = p_study AND stream = p_stream;
  ELSIF p_expected > 0 THEN
    UPDATE participant p SET
      seq = n.seq, head_hash = n.head_hash, head_at = n.head_at, status = n.status, on_hold = n.on_hold,
      dosing_stopped = n.dosing_stopped, kit = n.kit, dispensed = n.dispensed, start_date = n.start_date,
      protocol_version = n.protocol_version, consent_version = n.consent_version,
      screening_result = n.screening_result, eligibility_confirmed = n.eligibility_confirmed,
      doses_taken = n.doses_taken, doses_missed = n.doses_missed, answered = n.answered,
      answered_late = n.answered_late, screened_at = n.screened_at, consented_at = n.consented_at,
      randomised_at = n.randomised_at, ended_at = n.ended_at, state = coalesce(p_state, p.state),
      state_seq = CASE WHEN p_state IS NULL THEN p.state_seq ELSE n.seq END
    FROM jsonb_populate_record(NULL::participant, p_participant) n
    WHERE p.study_id = p_study AND p.participant_id = p_stream;
  END IF;

  INSERT INTO ledger (study_id, stream, seq, event_id, type, recorded_at, actor_id, actor_role, cause, commitment,
                      previous, hash, salt, payload)
  SELECT p_study, p_stream, p_expected + e.place, e.event_id, e.type, p_recorded_at, p_actor_id, p_actor_role, p_cause,
         e.commitment, e.previous, e.hash, e.salt, e.payload
  FROM unnest(p_event_ids, p_types, p_commitments, p_previous, p_hashes, p_salts, p_payloads)
       WITH ORDINALITY AS e (event_id, type, commitment, previous, hash, salt, payload, place);

  IF p_rows IS NOT NULL THEN
    PERFORM fold_rows(p_study, p_rows);
  END IF;
END $$;

-- Acts that arrive together share one transaction, one round trip and one flush to disk. Each is of another stream and
-- they come sorted by stream, so that two batches cannot wait for one another.
CREATE FUNCTION append_batch(p_acts jsonb)
RETURNS TABLE (place integer, result text, known_hash text, known_outcome text, known_answer text)
LANGUAGE sql AS $$
  SELECT a.place, e.result, e.known_hash, e.known_outcome, e.known_answer
  FROM jsonb_to_recordset(p_acts) AS a (
    place integer, study text, stream text, expected integer, needs_open boolean,
    actor_id text, actor_role text, cause text, recorded_at timestamptz,
    event_ids text[], types text[], commitments text[], previous text[], hashes text[], salts text[], payloads text[],
    command_id text, content_hash text, outcome text, answer text, participant jsonb, state text, folded jsonb
  ) CROSS JOIN LATERAL append_events(
    a.study, a.stream, a.expected, a.needs_open, a.actor_id, a.actor_role, a.cause, a.recorded_at,
    a.event_ids, a.types, a.commitments, a.previous, a.hashes, a.salts, a.payloads,
    a.command_id, a.content_hash, a.outcome, a.answer, a.participant, a.state, a.folded
  ) e;
$$;

-- Moves the tables that are folds of the ledger. Rows arrive in the shape of their table; changes name their key.
CREATE FUNCTION fold_rows(p_study text, p_rows jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_rows ? 'submission' THEN
    INSERT INTO submission SELECT * FROM jsonb_populate_recordset(NULL::submission, p_rows -> 'submission');
  END IF;
  IF p_rows ? 'guess' THEN
    INSERT INTO guess SELECT * FROM jsonb_populate_recordset(NULL::guess, p_rows -> 'guess');
  END IF;
  IF p_rows ? 'dose' THEN
    INSERT INTO dose SELECT * FROM jsonb_populate_recordset(NULL::dose, p_rows -> 'dose');
  END IF;
  IF p_rows ? 'signal' THEN
    INSERT INTO signal SELECT * FROM jsonb_populate_recordset(NULL::signal, p_rows -> 'signal');
  END IF;
  IF p_rows ? 'adverse_event' THEN
    INSERT INTO adverse_event SELECT * FROM jsonb_populate_recordset(NULL::adverse_event, p_rows -> 'adverse_event');
  END IF;
  IF p_rows ? 'kept_entry' THEN
    INSERT INTO kept_entry SELECT * FROM jsonb_populate_recordset(NULL::kept_entry, p_rows -> 'kept_entry');
  END IF;
  IF p_rows ? 'signal_changes' THEN
    UPDATE signal t SET acknowledged_at = n.acknowledged_at, acknowledged_by = n.acknowledged_by,
                        disposition = n.disposition
    FROM jsonb_populate_recordset(NULL::signal, p_rows -> 'signal_changes') n
    WHERE t.study_id = p_study AND t.signal_id = n.signal_id;
  END IF;
  IF p_rows ? 'adverse_event_changes' THEN
    UPDATE adverse_event t SET grade = n.grade, serious = n.serious, ongoing = n.ongoing, relatedness = n.relatedness,
                               outcome = n.outcome
    FROM jsonb_populate_recordset(NULL::adverse_event, p_rows -> 'adverse_event_changes') n
    WHERE t.study_id = p_study AND t.adverse_event_id = n.adverse_event_id;
  END IF;
  IF p_rows ? 'submission_changes' THEN
    UPDATE submission t SET answers = t.answers || n.answers, scores = n.scores
    FROM jsonb_populate_recordset(NULL::submission, p_rows -> 'submission_changes') n
    WHERE t.study_id = p_study AND t.participant_id = n.participant_id AND t.submission_id = n.submission_id;
  END IF;
  IF p_rows ? 'guess_changes' THEN
    UPDATE guess t SET guess = CASE WHEN n.item = 'guess' THEN n.guess ELSE t.guess END,
                       confidence = CASE WHEN n.item = 'confidence' THEN n.confidence ELSE t.confidence END
    FROM jsonb_to_recordset(p_rows -> 'guess_changes')
         AS n (participant_id text, submission_id text, item text, guess text, confidence double precision)
    WHERE t.study_id = p_study AND t.participant_id = n.participant_id AND t.submission_id = n.submission_id;
  END IF;
END $$;
