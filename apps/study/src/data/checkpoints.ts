/** Signed checkpoints and the heads under them. */
import type { Checkpoint, StoredCheckpoint, StreamHead } from '@limen/ledger';
import { sql, type Transaction } from 'kysely';
import type { Database } from './database.ts';
import type { CheckpointTable, Tables } from './schema.ts';

export async function listCheckpoints({ query }: Database, studyId: string): Promise<StoredCheckpoint[]> {
  const rows = await query
    .selectFrom('checkpoint')
    .selectAll()
    .where('study_id', '=', studyId)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({ checkpoint: checkpointOf(row), moved: JSON.parse(row.moved) as StreamHead[] }));
}

export async function readLastCheckpoint(
  { query }: Pick<Database, 'query'>,
  studyId: string,
): Promise<Checkpoint | null> {
  const row = await query
    .selectFrom('checkpoint')
    .selectAll()
    .where('study_id', '=', studyId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : checkpointOf(row);
}

export function checkpointOf(row: CheckpointTable): Checkpoint {
  return {
    studyId: row.study_id,
    number: row.number,
    takenAt: row.taken_at,
    streams: row.streams,
    entries: row.entries,
    root: row.root,
    previous: row.previous,
    publicKey: row.public_key,
    signature: row.signature,
  };
}

/** Runs one checkpoint at a time per study. */
export async function inCheckpoint<T>(
  { query }: Database,
  studyId: string,
  work: (tx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return query.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(7302, hashtext(${studyId}))`.execute(tx);
    return work(tx);
  });
}

/** Heads that are new or further than at the checkpoint before. */
export async function readMovedHeads(tx: Transaction<Tables>, studyId: string): Promise<StreamHead[]> {
  const found = await sql<StreamHead>`
    SELECT h.stream, h.seq, h.hash FROM head h
    LEFT JOIN checkpoint_head c ON c.study_id = h.study_id AND c.stream = h.stream
    WHERE h.study_id = ${studyId} AND (c.seq IS NULL OR h.seq > c.seq) ORDER BY h.stream COLLATE "C"`.execute(tx);
  return found.rows;
}

export async function readCheckpointHeads(tx: Transaction<Tables>, studyId: string): Promise<StreamHead[]> {
  return tx.selectFrom('checkpoint_head').select(['stream', 'seq', 'hash']).where('study_id', '=', studyId).execute();
}

export async function writeCheckpoint(tx: Transaction<Tables>, { checkpoint, moved }: StoredCheckpoint): Promise<void> {
  const { studyId, number, takenAt, streams, entries, root, previous, publicKey, signature } = checkpoint;
  await tx
    .insertInto('checkpoint')
    .values({
      study_id: studyId,
      number,
      taken_at: takenAt,
      streams,
      entries,
      root,
      previous,
      public_key: publicKey,
      signature,
      moved: JSON.stringify(moved),
    })
    .execute();
  await sql`
    INSERT INTO checkpoint_head (study_id, stream, seq, hash)
    SELECT ${studyId}, m.stream, m.seq, m.hash
    FROM jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) AS m (stream text, seq integer, hash text)
    ON CONFLICT (study_id, stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`.execute(tx);
}

/** Entries of the study, and its latest checkpoint. */
export async function readLedgerSummary({ query }: Database, studyId: string) {
  const found = await sql<{ entries: number; number: number | null; taken_at: string | null }>`
    SELECT (SELECT coalesce(sum(seq), 0)::integer FROM head WHERE study_id = ${studyId}) AS entries, c.number, c.taken_at
    FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT number, taken_at FROM checkpoint WHERE study_id = ${studyId}
      ORDER BY number DESC LIMIT 1) c ON true`.execute(query);
  const row = found.rows[0];
  return { entries: row?.entries ?? 0, lastCheckpoint: row?.number ?? null, lastCheckpointAt: row?.taken_at ?? null };
}
