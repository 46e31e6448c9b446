/** How people want to be reminded, and the phones and addresses for it. */
import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { PushSubscriptionTable, ReminderTable } from './schema.ts';

type Person = { readonly studyId: string; readonly participantId: string };

export async function readReminder({ query }: Database, person: Person): Promise<ReminderTable | null> {
  const row = await query
    .selectFrom('reminder')
    .selectAll()
    .where('study_id', '=', person.studyId)
    .where('participant_id', '=', person.participantId)
    .executeTakeFirst();
  return row ?? null;
}

type Changes = Partial<Omit<ReminderTable, 'study_id' | 'participant_id'>>;

const untold = {
  ...{ channel: 'none', language: 'en', hour: 18, quiet_from: 21, quiet_until: 8 },
  ...{ wrapped_key: null, sealed: null, snoozed_until: null, reminded_on: null, calendar_hash: null },
};

export async function writeReminder({ query }: Database, person: Person, changes: Changes): Promise<void> {
  await query
    .insertInto('reminder')
    .values({ study_id: person.studyId, participant_id: person.participantId, ...untold, ...changes })
    .onConflict((conflict) => conflict.columns(['study_id', 'participant_id']).doUpdateSet(changes))
    .execute();
}

export async function forgetCalendar({ query }: Database, person: Person): Promise<void> {
  await query
    .updateTable('reminder')
    .set({ calendar_hash: null })
    .where('study_id', '=', person.studyId)
    .where('participant_id', '=', person.participantId)
    .execute();
}

export type Candidate = ReminderTable & { readonly time_zone: string };

/** Everybody who may have something to do and has not been reminded on their own date; in pages by key. */
export async function listCandidates({ query }: Database, now: string, after: Person | null): Promise<Candidate[]> {
  const found = await sql<Candidate>`
    SELECT r.*, p.time_zone FROM reminder r
    JOIN participant p ON p.study_id = r.study_id AND p.participant_id = r.participant_id
    WHERE r.channel <> 'none' AND p.status = 'randomised'
      AND (r.snoozed_until IS NULL OR r.snoozed_until <= ${now}::timestamptz)
      AND (r.reminded_on IS NULL OR r.reminded_on < (${now}::timestamptz AT TIME ZONE p.time_zone)::date)
      AND extract(hour FROM ${now}::timestamptz AT TIME ZONE p.time_zone) >= r.hour
      AND (r.study_id, r.participant_id) > (${after?.studyId ?? ''}, ${after?.participantId ?? ''})
    ORDER BY r.study_id, r.participant_id LIMIT 500`.execute(query);
  return found.rows;
}

/** False where another server was first. */
export async function claimReminder({ query }: Database, person: Person, date: string): Promise<boolean> {
  const claimed = await query
    .updateTable('reminder')
    .set({ reminded_on: date, snoozed_until: null })
    .where('study_id', '=', person.studyId)
    .where('participant_id', '=', person.participantId)
    .where((where) => where.or([where('reminded_on', 'is', null), where('reminded_on', '<', date)]))
    .executeTakeFirst();
  return claimed.numUpdatedRows === 1n;
}

export async function readByCalendar({ query }: Database, hash: Buffer): Promise<ReminderTable | null> {
  const row = await query.selectFrom('reminder').selectAll().where('calendar_hash', '=', hash).executeTakeFirst();
  return row ?? null;
}

export async function listPhones({ query }: Database, person: Person): Promise<PushSubscriptionTable[]> {
  return query
    .selectFrom('push_subscription')
    .selectAll()
    .where('study_id', '=', person.studyId)
    .where('participant_id', '=', person.participantId)
    .orderBy('added_at')
    .execute();
}

/** A phone belongs to whoever used it last. */
export async function writePhone({ query }: Database, row: PushSubscriptionTable): Promise<void> {
  const { endpoint_hash: _, ...rest } = row;
  await query
    .insertInto('push_subscription')
    .values(row)
    .onConflict((conflict) => conflict.column('endpoint_hash').doUpdateSet(rest))
    .execute();
}

export async function forgetPhone({ query }: Database, endpointHash: Buffer): Promise<void> {
  await query.deleteFrom('push_subscription').where('endpoint_hash', '=', endpointHash).execute();
}

export async function forgetPhones({ query }: Database, person: Person): Promise<void> {
  await query
    .deleteFrom('push_subscription')
    .where('study_id', '=', person.studyId)
    .where('participant_id', '=', person.participantId)
    .execute();
}
