/** The safety inbox: signals, adverse events, entries that were kept. Newest first, keyset pages. */
import { sql } from 'kysely';
import type { StudyScope } from '../access/scope.ts';
import type { Database } from './database.ts';
import type { AdverseEventTable, KeptEntryTable, SignalTable } from './schema.ts';

/** A place in a newest-first list: instant and id of the last row shown. */
export type Place = { readonly at: string; readonly id: string };
export type Page = { readonly after: Place | null; readonly limit: number };

export async function listSignals(
  { query }: Database,
  scope: StudyScope,
  page: Page & { open: boolean | null },
): Promise<SignalTable[]> {
  const { after, open } = page;
  return query
    .selectFrom('signal')
    .selectAll()
    .where('study_id', '=', scope.studyId)
    .$if(scope.siteId !== null, (builder) => builder.where('site_id', '=', scope.siteId ?? ''))
    .$if(open !== null, (builder) => builder.where('acknowledged_at', open === true ? 'is' : 'is not', null))
    .$if(after !== null, (builder) =>
      builder.where(sql<boolean>`(raised_at, signal_id) < (${after?.at}::timestamptz, ${after?.id})`),
    )
    .orderBy('raised_at', 'desc')
    .orderBy('signal_id', 'desc')
    .limit(page.limit)
    .execute();
}

export async function readSignal(
  { query }: Database,
  scope: StudyScope,
  signalId: string,
): Promise<SignalTable | null> {
  const row = await query
    .selectFrom('signal')
    .selectAll()
    .where('study_id', '=', scope.studyId)
    .where('signal_id', '=', signalId)
    .$if(scope.siteId !== null, (builder) => builder.where('site_id', '=', scope.siteId ?? ''))
    .executeTakeFirst();
  return row ?? null;
}

export async function listAdverseEvents(
  { query }: Database,
  scope: StudyScope,
  page: Page,
): Promise<AdverseEventTable[]> {
  const { after } = page;
  return query
    .selectFrom('adverse_event')
    .selectAll()
    .where('study_id', '=', scope.studyId)
    .$if(scope.siteId !== null, (builder) => builder.where('site_id', '=', scope.siteId ?? ''))
    .$if(after !== null, (builder) =>
      builder.where(sql<boolean>`(reported_at, adverse_event_id) < (${after?.at}::timestamptz, ${after?.id})`),
    )
    .orderBy('reported_at', 'desc')
    .orderBy('adverse_event_id', 'desc')
    .limit(page.limit)
    .execute();
}

export async function listKeptEntries({ query }: Database, scope: StudyScope, page: Page): Promise<KeptEntryTable[]> {
  const { after } = page;
  return query
    .selectFrom('kept_entry')
    .selectAll()
    .where('study_id', '=', scope.studyId)
    .$if(scope.siteId !== null, (builder) => builder.where('site_id', '=', scope.siteId ?? ''))
    .$if(after !== null, (builder) =>
      builder.where(sql<boolean>`(recorded_at, event_id) < (${after?.at}::timestamptz, ${after?.id})`),
    )
    .orderBy('recorded_at', 'desc')
    .orderBy('event_id', 'desc')
    .limit(page.limit)
    .execute();
}
