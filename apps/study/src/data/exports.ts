/** Whole tables in their one canonical order, page by page: nothing grows with the study. */
import { sql } from 'kysely';
import type { StudyScope } from '../access/scope.ts';
import type { Database } from './database.ts';
import type { AdverseEventTable, DoseTable, ParticipantTable, SubmissionTable } from './schema.ts';

const pageRows = 1_000;

async function* pages<Row extends { participant_id: string }>(
  read: (after: { participant: string; key: string }) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row, void, undefined> {
  let after = { participant: '', key: '' };
  for (;;) {
    const rows = await read(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = { participant: last.participant_id, key: keyOf(last) };
  }
}

function ofSite(scope: StudyScope) {
  if (scope.siteId === null) return sql<boolean>`true`;
  return sql<boolean>`EXISTS (SELECT 1 FROM participant p WHERE p.study_id = t.study_id
    AND p.participant_id = t.participant_id AND p.site_id = ${scope.siteId})`;
}

export function walkParticipants({ query }: Database, scope: StudyScope) {
  return pages<ParticipantTable>(
    async (after) => {
      const found = await sql<ParticipantTable>`
        SELECT * FROM participant t WHERE study_id = ${scope.studyId} AND ${ofSite(scope)}
        AND participant_id > ${after.participant} ORDER BY participant_id LIMIT ${pageRows}`.execute(query);
      return found.rows;
    },
    () => '',
  );
}

export function walkDoses({ query }: Database, scope: StudyScope) {
  return pages<DoseTable>(
    async (after) => {
      const found = await sql<DoseTable>`
        SELECT * FROM dose t WHERE study_id = ${scope.studyId} AND ${ofSite(scope)}
        AND (participant_id, occurrence) > (${after.participant}, ${after.key})
        ORDER BY participant_id, occurrence LIMIT ${pageRows}`.execute(query);
      return found.rows;
    },
    (row) => row.occurrence,
  );
}

export function walkSubmissions({ query }: Database, scope: StudyScope) {
  return pages<SubmissionTable>(
    async (after) => {
      const found = await sql<SubmissionTable>`
        SELECT * FROM submission t WHERE study_id = ${scope.studyId} AND ${ofSite(scope)}
        AND (participant_id, submission_id) > (${after.participant}, ${after.key})
        ORDER BY participant_id, submission_id LIMIT ${pageRows}`.execute(query);
      return found.rows;
    },
    (row) => row.submission_id,
  );
}

export function walkAdverseEvents({ query }: Database, scope: StudyScope) {
  return pages<AdverseEventTable>(
    async (after) => {
      const found = await sql<AdverseEventTable>`
        SELECT * FROM adverse_event t WHERE study_id = ${scope.studyId} AND ${ofSite(scope)}
        AND (participant_id, adverse_event_id) > (${after.participant}, ${after.key})
        ORDER BY participant_id, adverse_event_id LIMIT ${pageRows}`.execute(query);
      return found.rows;
    },
    (row) => row.adverse_event_id,
  );
}
