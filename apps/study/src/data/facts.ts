/** How far the vault's facts have been heard, and the last drill. */
import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { LedgerTable } from './schema.ts';

export async function readFactHeard({ query }: Database): Promise<number> {
  const row = await query.selectFrom('fact_heard').select('seq').executeTakeFirst();
  return Number(row?.seq ?? 0);
}

export async function writeFactHeard({ query }: Database, seq: number): Promise<void> {
  await sql`INSERT INTO fact_heard (seq) VALUES (${seq})
    ON CONFLICT (single) DO UPDATE SET seq = greatest(fact_heard.seq, excluded.seq)`.execute(query);
}

export async function readLastDrill({ query }: Database, studyId: string): Promise<string | null> {
  const row = await query
    .selectFrom('ledger')
    .select('recorded_at')
    .where('study_id', '=', studyId)
    .where('stream', '=', 'study')
    .where('type', '=', 'code.drilled')
    .orderBy('seq', 'desc')
    .executeTakeFirst();
  return row?.recorded_at ?? null;
}

/** Orders of closed reports and what the board recommended, newest first. */
export async function listBoardEntries({ query }: Database, studyId: string): Promise<LedgerTable[]> {
  return query
    .selectFrom('ledger')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('stream', '=', 'study')
    .where('type', 'in', ['closedReport.ordered', 'board.recommended'])
    .orderBy('seq', 'desc')
    .limit(200)
    .execute();
}
