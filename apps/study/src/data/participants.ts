/** Participants as lists and as the state that decisions need. */
import { sql } from 'kysely';
import type { ParticipantScope, StudyScope } from '../access/scope.ts';
import type { Database } from './database.ts';
import type { ParticipantTable } from './schema.ts';

export type ListedParticipant = ParticipantTable & { open_signals: number };

/** One page by id; ids are random, so the order says nothing. */
export async function listParticipants(
  { query }: Database,
  scope: StudyScope,
  page: { after?: string | undefined; limit: number; status?: string | undefined },
): Promise<ListedParticipant[]> {
  return query
    .selectFrom('participant')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('signal')
        .select(sql<number>`count(*)::integer`.as('n'))
        .whereRef('signal.study_id', '=', 'participant.study_id')
        .whereRef('signal.participant_id', '=', 'participant.participant_id')
        .where('signal.acknowledged_at', 'is', null)
        .$asScalar()
        .$notNull()
        .as('open_signals'),
    )
    .where('study_id', '=', scope.studyId)
    .$if(scope.siteId !== null, (builder) => builder.where('site_id', '=', scope.siteId ?? ''))
    .$if(page.after !== undefined, (builder) => builder.where('participant_id', '>', page.after ?? ''))
    .$if(page.status !== undefined, (builder) => builder.where('status', '=', page.status ?? ''))
    .orderBy('participant_id')
    .limit(page.limit)
    .execute();
}

export async function countOpenSignals({ query }: Database, scope: ParticipantScope): Promise<number> {
  const row = await query
    .selectFrom('signal')
    .select(sql<number>`count(*)::integer`.as('n'))
    .where('study_id', '=', scope.studyId)
    .where('participant_id', '=', scope.participantId)
    .where('acknowledged_at', 'is', null)
    .executeTakeFirst();
  return row?.n ?? 0;
}

/** Rows by id, in order of id; prepared, for it is on the way of every write that misses the memory. */
export async function readParticipants(
  { pool }: Database,
  studyId: string,
  participantIds: readonly string[],
): Promise<ParticipantTable[]> {
  const { rows } = await pool.query<ParticipantTable>({
    name: 'read_participants',
    text: 'SELECT * FROM participant WHERE study_id = $1 AND participant_id = ANY($2::text[]) ORDER BY participant_id',
    values: [studyId, participantIds],
  });
  return rows;
}

export async function readParticipantSite(
  { query }: Database,
  studyId: string,
  participantId: string,
): Promise<string | null> {
  const row = await query
    .selectFrom('participant')
    .select('site_id')
    .where('study_id', '=', studyId)
    .where('participant_id', '=', participantId)
    .executeTakeFirst();
  return row?.site_id ?? null;
}

/** A submission with its answers as corrected so far. */
export async function readSubmission(
  { query }: Database,
  studyId: string,
  participantId: string,
  submissionId: string,
) {
  const row = await query
    .selectFrom('submission')
    .select(['occurrence', 'instrument', 'instrument_version', 'answers'])
    .where('study_id', '=', studyId)
    .where('participant_id', '=', participantId)
    .where('submission_id', '=', submissionId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { occurrence, instrument, instrument_version: instrumentVersion, answers } = row;
  return { occurrence, instrument, instrumentVersion, answers };
}
