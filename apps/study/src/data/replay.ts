/** Folded tables as they are stored, for a group of participants, and rows that no ledger stands behind. */
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Tables that are folds of participants' streams, with the columns that name a row. */
export const foldedTables = {
  participant: ['participant_id'],
  submission: ['participant_id', 'submission_id'],
  guess: ['participant_id', 'submission_id'],
  dose: ['participant_id', 'occurrence'],
  signal: ['signal_id'],
  adverse_event: ['adverse_event_id'],
  kept_entry: ['event_id'],
  kit: ['participant_id', 'kit'],
} as const;
export type FoldedTable = keyof typeof foldedTables;

export async function readFoldedRows(
  { query }: Database,
  table: FoldedTable,
  studyId: string,
  participantIds: readonly string[],
): Promise<Record<string, unknown>[]> {
  const found = await sql<Record<string, unknown>>`
    SELECT * FROM ${sql.table(table)} WHERE study_id = ${studyId}
    AND participant_id = ANY(${[...participantIds]}::text[])`.execute(query);
  return found.rows;
}

export async function listOrphans(
  { query }: Database,
  table: FoldedTable,
  studyId: string,
  limit: number,
): Promise<string[]> {
  const found = await sql<{ participant_id: string }>`
    SELECT DISTINCT participant_id FROM ${sql.table(table)} t WHERE study_id = ${studyId}
    AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.study_id = t.study_id AND l.stream = t.participant_id)
    ORDER BY participant_id LIMIT ${limit}`.execute(query);
  return found.rows.map((row) => row.participant_id);
}

/** Up to which entry the stored state of each participant goes. */
export async function readStateSeqs({ query }: Database, studyId: string): Promise<Map<string, number>> {
  const rows = await query
    .selectFrom('participant')
    .select(['participant_id', 'state_seq'])
    .where('study_id', '=', studyId)
    .execute();
  return new Map(rows.map((row) => [row.participant_id, row.state_seq]));
}
