/** The ledger as it is read: pages for people, whole streams for archive, replay and verification. */
import type { Entry, Json, StreamHead } from '@limen/ledger';
import { sql } from 'kysely';
import type { ParticipantScope, StudyScope } from '../access/scope.ts';
import type { Database } from './database.ts';
import type { LedgerTable } from './schema.ts';

export type LedgerPlace = { readonly at: string; readonly stream: string; readonly seq: number };

/** Rows read at once when a whole study is walked. */
export const walkRows = 2_000;

/** Newest first. A member of one site sees the streams of that site's participants and the study's own stream. */
export async function listLedger(
  { query }: Database,
  scope: StudyScope,
  page: { after: LedgerPlace | null; limit: number; stream?: string | undefined; type?: string | undefined },
): Promise<LedgerTable[]> {
  const { after } = page;
  return query
    .selectFrom('ledger')
    .selectAll()
    .where('study_id', '=', scope.studyId)
    .$if(scope.siteId !== null, (builder) =>
      builder.where(
        sql<boolean>`(stream = 'study' OR EXISTS (SELECT 1 FROM participant p WHERE p.study_id = ledger.study_id
          AND p.participant_id = ledger.stream AND p.site_id = ${scope.siteId}))`,
      ),
    )
    .$if(page.stream !== undefined, (builder) => builder.where('stream', '=', page.stream ?? ''))
    .$if(page.type !== undefined, (builder) => builder.where('type', '=', page.type ?? ''))
    .$if(after !== null, (builder) =>
      builder.where(
        sql<boolean>`(recorded_at, stream, seq) < (${after?.at}::timestamptz, ${after?.stream}, ${after?.seq})`,
      ),
    )
    .orderBy('recorded_at', 'desc')
    .orderBy('stream', 'desc')
    .orderBy('seq', 'desc')
    .limit(page.limit)
    .execute();
}

/** One participant's entries in order, or newest first. */
export async function listStream(
  { query }: Database,
  scope: ParticipantScope,
  page: { after: number | null; limit: number; newestFirst?: boolean; types?: readonly string[] },
): Promise<LedgerTable[]> {
  const { after, newestFirst = false, types } = page;
  return query
    .selectFrom('ledger')
    .selectAll()
    .where('study_id', '=', scope.studyId)
    .where('stream', '=', scope.participantId)
    .$if(types !== undefined, (builder) => builder.where('type', 'in', [...(types ?? [])]))
    .$if(after !== null, (builder) => builder.where('seq', newestFirst ? '<' : '>', after ?? 0))
    .orderBy('seq', newestFirst ? 'desc' : 'asc')
    .limit(page.limit)
    .execute();
}

/** Entries of participants since their stored states, stream by stream in order. */
export async function readTails(
  { pool }: Database,
  studyId: string,
  participantIds: readonly string[],
): Promise<Pick<LedgerTable, 'stream' | 'type' | 'payload'>[]> {
  const { rows } = await pool.query({
    name: 'read_tails',
    text: `SELECT l.stream, l.type, l.payload FROM participant p
      JOIN ledger l ON l.study_id = p.study_id AND l.stream = p.participant_id AND l.seq > p.state_seq AND l.seq <= p.seq
      WHERE p.study_id = $1 AND p.participant_id = ANY($2::text[]) ORDER BY l.stream, l.seq`,
    values: [studyId, participantIds],
  });
  return rows;
}

export async function listLedgerStudyIds({ query }: Database): Promise<string[]> {
  const rows = await sql<{ study_id: string }>`
    SELECT study_id FROM study UNION SELECT study_id FROM stream UNION SELECT DISTINCT study_id FROM ledger
    ORDER BY 1`.execute(query);
  return rows.rows.map((row) => row.study_id);
}

/** Every entry of a study, stream by stream in order, without holding more than one page. */
export async function* walkLedger({ query }: Database, studyId: string): AsyncGenerator<LedgerTable, void, undefined> {
  let [stream, seq] = ['', 0];
  for (;;) {
    const rows = await query
      .selectFrom('ledger')
      .selectAll()
      .where('study_id', '=', studyId)
      .where(sql<boolean>`(stream, seq) > (${stream}, ${seq}::integer)`)
      .orderBy('stream')
      .orderBy('seq')
      .limit(walkRows)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < walkRows) return;
    [stream, seq] = [last.stream, last.seq];
  }
}

export async function readHeads({ query }: Pick<Database, 'query'>, studyId: string): Promise<StreamHead[]> {
  return query
    .selectFrom('head')
    .select(['stream', 'seq', 'hash'])
    .where('study_id', '=', studyId)
    .orderBy('stream')
    .execute();
}

/** Head of a stream that belongs to no participant. */
export async function readStreamHead({ query }: Database, studyId: string, stream: string) {
  const row = await query
    .selectFrom('stream')
    .select(['seq', 'head_hash', 'head_at'])
    .where('study_id', '=', studyId)
    .where('stream', '=', stream)
    .executeTakeFirst();
  return row === undefined ? null : { seq: row.seq, hash: row.head_hash, recordedAt: row.head_at };
}

/** Written for a ledger row as stored: a payload that is no JSON becomes a text, which no commitment covers. */
export function entryOf(row: LedgerTable): Entry {
  return {
    header: {
      studyId: row.study_id,
      stream: row.stream,
      seq: row.seq,
      eventId: row.event_id,
      type: row.type,
      recordedAt: row.recorded_at,
      actor: { id: row.actor_id, role: row.actor_role },
      cause: row.cause,
      commitment: row.commitment,
      previous: row.previous,
    },
    hash: row.hash,
    content: row.salt === null && row.payload === null ? null : { salt: row.salt ?? '', payload: parse(row.payload) },
  };
}

function parse(payload: string | null): Json {
  try {
    return JSON.parse(payload ?? '""') as Json;
  } catch {
    return payload;
  }
}

/** The facts of an entry; null once erased. */
export function factsOf(row: LedgerTable): Record<string, unknown> | null {
  return row.payload === null ? null : (JSON.parse(row.payload) as Record<string, unknown>);
}
