/** What a closed report is made of: the randomised people, their events, values and guesses; blinded, without personal data. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

export type ClosedRow = {
  participant_id: string;
  site_id: string;
  status: string;
  on_hold: boolean;
  dosing_stopped: boolean;
  holds: number;
  start_date: string | null;
  ended_at: string | null;
  doses_taken: number;
  doses_missed: number;
  adverse_events: {
    term: string;
    grade: number;
    serious: boolean;
    relatedness: string | null;
    outcome: string | null;
  }[];
  guesses: { week: number; guess: string }[];
  submissions: { activity: string; day: number; scores: Record<string, unknown>; answers: Record<string, unknown> }[];
};

/** In order of ids. `activities`: those an endpoint reads. */
export async function readClosedRows(
  { query }: Database,
  studyId: string,
  activities: readonly string[],
): Promise<ClosedRow[]> {
  const found = await sql<ClosedRow>`
    SELECT p.participant_id, p.site_id, p.status, p.on_hold, p.dosing_stopped, p.start_date, p.ended_at, p.doses_taken,
      p.doses_missed,
      (SELECT count(*)::integer FROM ledger l WHERE l.study_id = p.study_id AND l.stream = p.participant_id
        AND l.type = 'dosing.held') AS holds,
      coalesce((SELECT jsonb_agg(jsonb_build_object('term', a.term, 'grade', a.grade, 'serious', a.serious,
          'relatedness', a.relatedness, 'outcome', a.outcome) ORDER BY a.adverse_event_id)
        FROM adverse_event a WHERE a.study_id = p.study_id AND a.participant_id = p.participant_id), '[]') AS adverse_events,
      coalesce((SELECT jsonb_agg(jsonb_build_object('week', g.week, 'guess', g.guess) ORDER BY g.week, g.submission_id)
        FROM guess g WHERE g.study_id = p.study_id AND g.participant_id = p.participant_id AND g.guess IS NOT NULL), '[]')
        AS guesses,
      coalesce((SELECT jsonb_agg(jsonb_build_object('activity', s.activity, 'day', s.study_day, 'scores', s.scores,
          'answers', s.answers) ORDER BY s.study_day, s.submission_id)
        FROM submission s WHERE s.study_id = p.study_id AND s.participant_id = p.participant_id
          AND s.activity = ANY(${[...activities]}::text[])), '[]') AS submissions
    FROM participant p WHERE p.study_id = ${studyId} AND p.randomised_at IS NOT NULL ORDER BY p.participant_id`.execute(
    query,
  );
  return found.rows;
}
