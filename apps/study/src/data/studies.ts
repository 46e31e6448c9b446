/** Studies and sites, and what the overview counts over a whole study. */
import { sql } from 'kysely';
import type { StudyScope } from '../access/scope.ts';
import type { Database } from './database.ts';
import type { AmendmentTable, SiteTable, StudyTable } from './schema.ts';

export type StudyRow = StudyTable & { participants: number };

/** Studies by id; null: all. */
export async function listStudies({ query }: Database, ids: readonly string[] | null): Promise<StudyRow[]> {
  if (ids !== null && ids.length === 0) return [];
  return query
    .selectFrom('study')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('participant')
        .select(sql<number>`count(*)::integer`.as('n'))
        .whereRef('participant.study_id', '=', 'study.study_id')
        .$asScalar()
        .$notNull()
        .as('participants'),
    )
    .$if(ids !== null, (builder) => builder.where('study_id', 'in', [...(ids ?? [])]))
    .orderBy('study_id')
    .execute();
}

export async function readStudy(database: Database, studyId: string): Promise<StudyRow | null> {
  return (await listStudies(database, [studyId]))[0] ?? null;
}

export async function listStudyIds({ query }: Database): Promise<string[]> {
  return (await query.selectFrom('study').select('study_id').orderBy('study_id').execute()).map((row) => row.study_id);
}

export async function writeStudy({ query }: Database, study: StudyTable, sites: readonly SiteTable[]): Promise<void> {
  await query.transaction().execute(async (tx) => {
    await tx.insertInto('study').values(study).execute();
    await tx
      .insertInto('site')
      .values([...sites])
      .execute();
  });
}

/** Versions after the first, oldest first. */
export async function listAmendments({ query }: Database, studyId: string) {
  return query
    .selectFrom('amendment')
    .leftJoin('account', 'account.account_id', 'amendment.adopted_by')
    .selectAll('amendment')
    .select('account.name as adopted_by_name')
    .where('study_id', '=', studyId)
    .orderBy('adopted_at')
    .orderBy('version')
    .execute();
}

/**
 * Adopts a version if the study is open and no other version came in between. The study's row keeps the first document;
 * what lists show of it is the newest's.
 */
export async function writeAmendment(
  { query }: Database,
  amendment: AmendmentTable,
  shown: Pick<StudyTable, 'short_title' | 'title' | 'planned'>,
  before: string,
): Promise<boolean> {
  const { study_id: studyId, version } = amendment;
  return query.transaction().execute(async (tx) => {
    const moved = await tx
      .updateTable('study')
      .set({ ...shown, protocol_version: version })
      .where('study_id', '=', studyId)
      .where('status', '=', 'open')
      .where('protocol_version', '=', before)
      .executeTakeFirst();
    if (moved.numUpdatedRows !== 1n) return false;
    await tx.insertInto('amendment').values(amendment).execute();
    return true;
  });
}

/** How many people in the study have which versions, as `versionPathOf` writes them. */
export async function countVersionPaths({ query }: Database, scope: StudyScope) {
  return query
    .selectFrom('participant')
    .select(['protocol_version'])
    .select((eb) => eb.fn.countAll<number>().as('people'))
    .where('study_id', '=', scope.studyId)
    .where('ended_at', 'is', null)
    .where('consented_at', 'is not', null)
    .$if(scope.siteId !== null, (builder) => builder.where('site_id', '=', scope.siteId ?? ''))
    .groupBy('protocol_version')
    .execute();
}

export async function listSites({ query }: Database, scope: StudyScope) {
  return query
    .selectFrom('site')
    .select(['site_id', 'name', 'time_zone'])
    .select((eb) =>
      eb
        .selectFrom('participant')
        .select(sql<number>`count(*)::integer`.as('n'))
        .whereRef('participant.study_id', '=', 'site.study_id')
        .whereRef('participant.site_id', '=', 'site.site_id')
        .$asScalar()
        .$notNull()
        .as('participants'),
    )
    .where('study_id', '=', scope.studyId)
    .$if(scope.siteId !== null, (builder) => builder.where('site_id', '=', scope.siteId ?? ''))
    .orderBy('site_id')
    .execute();
}

export async function siteExists({ query }: Database, studyId: string, siteId: string): Promise<boolean> {
  const row = await query
    .selectFrom('site')
    .select('site_id')
    .where('study_id', '=', studyId)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Closes the study to entries. Waits for every append under way and lets none in afterwards. */
export async function closeStudy({ query }: Database, studyId: string, lockedAt: string): Promise<boolean> {
  return query.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(7301, hashtext(${studyId}))`.execute(tx);
    const done = await tx
      .updateTable('study')
      .set({ status: 'locked', locked_at: lockedAt })
      .where('study_id', '=', studyId)
      .where('status', '=', 'open')
      .executeTakeFirst();
    return done.numUpdatedRows === 1n;
  });
}

export async function writeLockHash({ query }: Database, studyId: string, lockHash: string): Promise<void> {
  await query.updateTable('study').set({ lock_hash: lockHash }).where('study_id', '=', studyId).execute();
}

/** People who share a calendar: same start, zone, versions and end. What was due to them is computed once for all of them. */
export async function readCohorts({ query }: Database, scope: StudyScope) {
  const found = await sql<{
    start_date: string;
    time_zone: string;
    protocol_version: string | null;
    ended_at: string | null;
    people: number;
    taken: number;
    missed: number;
    answered: number;
    late: number;
  }>`
    SELECT start_date, time_zone, protocol_version, ended_at, count(*)::integer AS people, sum(doses_taken)::integer AS taken,
      sum(doses_missed)::integer AS missed, sum(answered)::integer AS answered, sum(answered_late)::integer AS late
    FROM participant WHERE study_id = ${scope.studyId} AND ${siteIs(scope)} AND start_date IS NOT NULL
    GROUP BY start_date, time_zone, protocol_version, ended_at`.execute(query);
  return found.rows;
}

export async function readFlow({ query }: Database, scope: StudyScope) {
  const found = await sql<Record<string, number>>`
    SELECT count(*)::integer AS invited, count(screened_at)::integer AS screened,
      count(*) FILTER (WHERE status = 'ineligible')::integer AS ineligible,
      count(consented_at)::integer AS consented, count(randomised_at)::integer AS randomised,
      count(*) FILTER (WHERE status = 'randomised' AND NOT on_hold AND NOT dosing_stopped)::integer AS dosing,
      count(*) FILTER (WHERE on_hold AND ended_at IS NULL)::integer AS on_hold,
      count(*) FILTER (WHERE status = 'withdrawn')::integer AS withdrawn,
      count(*) FILTER (WHERE status = 'completed')::integer AS completed
    FROM participant WHERE study_id = ${scope.studyId} AND ${siteIs(scope)}`.execute(query);
  return found.rows[0] ?? {};
}

export async function readEnrolment({ query }: Database, scope: StudyScope) {
  const found = await sql<{ date: string; randomised: number }>`
    SELECT to_char(randomised_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS date, count(*)::integer AS randomised
    FROM participant WHERE study_id = ${scope.studyId} AND ${siteIs(scope)} AND randomised_at IS NOT NULL
    GROUP BY 1 ORDER BY 1`.execute(query);
  return found.rows;
}

export async function readSafetyCounts({ query }: Database, scope: StudyScope) {
  const found = await sql<Record<string, number>>`
    SELECT (SELECT count(*) FROM signal WHERE study_id = ${scope.studyId} AND ${siteIs(scope)}
              AND acknowledged_at IS NULL AND severity = 'urgent')::integer AS urgent,
           (SELECT count(*) FROM signal WHERE study_id = ${scope.studyId} AND ${siteIs(scope)}
              AND acknowledged_at IS NULL AND severity = 'prompt')::integer AS prompt,
           (SELECT count(*) FROM signal WHERE study_id = ${scope.studyId} AND ${siteIs(scope)}
              AND acknowledged_at IS NULL AND severity = 'routine')::integer AS routine,
           (SELECT count(*) FROM kept_entry WHERE study_id = ${scope.studyId} AND ${siteIs(scope)})::integer AS kept,
           e.total, e.serious, e.severe
    FROM (SELECT count(*)::integer AS total, count(*) FILTER (WHERE serious)::integer AS serious,
            count(*) FILTER (WHERE grade >= 3)::integer AS severe
          FROM adverse_event WHERE study_id = ${scope.studyId} AND ${siteIs(scope)}) e`.execute(query);
  return found.rows[0] ?? {};
}

/** People for the stopping rules of the whole study, whatever site somebody sees; what is not assessed counts as related. */
export async function readStoppingCounts({ query }: Database, studyId: string) {
  const found = await sql<{ exposed: number; related_grade_3: number; serious: number; death: number }>`
    SELECT (SELECT count(*) FROM participant WHERE study_id = ${studyId} AND doses_taken > 0)::integer AS exposed,
      count(DISTINCT participant_id) FILTER (
        WHERE grade >= 3 AND coalesce(relatedness, 'possible') IN ('possible', 'probable', 'definite')
      )::integer AS related_grade_3,
      count(DISTINCT participant_id) FILTER (WHERE serious)::integer AS serious,
      count(DISTINCT participant_id) FILTER (WHERE grade = 5 OR outcome = 'fatal')::integer AS death
    FROM adverse_event WHERE study_id = ${studyId}`.execute(query);
  return found.rows[0] ?? { exposed: 0, related_grade_3: 0, serious: 0, death: 0 };
}

/** Pooled over all arms by construction: no table here knows an arm. */
export async function readGuesses({ query }: Database, scope: StudyScope) {
  const found = await sql<{
    week: number;
    active: number;
    placebo: number;
    unsure: number;
    mean_confidence: number | null;
  }>`
    SELECT week, count(*) FILTER (WHERE guess = 'active')::integer AS active,
      count(*) FILTER (WHERE guess = 'placebo')::integer AS placebo,
      count(*) FILTER (WHERE guess IS NULL OR guess NOT IN ('active', 'placebo'))::integer AS unsure,
      avg(confidence)::double precision AS mean_confidence
    FROM guess WHERE study_id = ${scope.studyId} AND ${siteIs(scope)} GROUP BY week ORDER BY week`.execute(query);
  return found.rows;
}

function siteIs(scope: StudyScope) {
  return scope.siteId === null ? sql`true` : sql`site_id = ${scope.siteId}`;
}
