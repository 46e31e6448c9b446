/** A participant's reminders and calendar. */
import { createHash, randomBytes } from 'node:crypto';
import { routes, urlOf } from '@limen/contract';
import { icalendar } from '@limen/protocol';
import { openPersonal, sealPersonal } from '../access/person.ts';
import type { ParticipantScope } from '../access/scope.ts';
import {
  forgetCalendar,
  forgetPhones,
  listPhones,
  readByCalendar,
  readReminder,
  writePhone,
  writeReminder,
} from '../data/reminders.ts';
import type { ReminderTable } from '../data/schema.ts';
import { recordIdFor } from '../record/ids.ts';
import { readRecords } from '../record/participants.ts';
import { isPushService } from '../reminders/push.ts';
import { forAnyone, forParticipant } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { calendarOf } from './schedule.ts';

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const boundTo = ({ studyId, participantId }: ParticipantScope): string => `${studyId}/${participantId}`;

async function describe(house: House, scope: ParticipantScope) {
  const row = await readReminder(house.database, scope);
  const phones = await listPhones(house.database, scope);
  const { vapid, mailer } = house.reminderWays;
  return {
    offered: { push: vapid?.key.publicKey ?? null, email: mailer !== null },
    channel: (row?.channel ?? 'none') as 'none' | 'push' | 'email',
    hour: row?.hour ?? 18,
    quietFrom: row?.quiet_from ?? 21,
    quietUntil: row?.quiet_until ?? 8,
    email: row === null ? null : emailIn(house, scope, row),
    phones: phones.length,
    snoozedUntil: row?.snoozed_until ?? null,
    calendar: (row?.calendar_hash ?? null) !== null,
  };
}

function emailIn(house: House, scope: ParticipantScope, { wrapped_key, sealed }: ReminderTable): string | null {
  if (wrapped_key === null || sealed === null) return null;
  const opened = openPersonal({ wrappedKey: wrapped_key, sealed }, house.keys.personKeyWrap, boundTo(scope));
  return (opened as { email: string }).email;
}

const reminders = forParticipant(routes.reminders, ({ scope, house }) => describe(house, scope));

const setReminders = forParticipant(routes.setReminders, async ({ scope, body, house }) => {
  const { channel, hour, quietFrom, quietUntil, language, email } = body;
  const { vapid, mailer } = house.reminderWays;
  const offered = channel === 'none' || (channel === 'push' ? vapid !== null : mailer !== null);
  if (!offered) throw problemOf('reminder_not_offered', { path: 'channel' });
  const known = await readReminder(house.database, scope);
  if (channel === 'email' && email === undefined && (known?.sealed ?? null) === null) {
    throw problemOf('invalid_input', { path: 'email', detail: 'Give the address that reminders go to.' });
  }
  const person = email === undefined ? null : sealPersonal({ email }, house.keys.personKeyWrap, boundTo(scope));
  await writeReminder(house.database, scope, {
    ...{ channel, hour, language, quiet_from: quietFrom, quiet_until: quietUntil, snoozed_until: null },
    ...(person === null ? {} : { wrapped_key: person.wrappedKey, sealed: person.sealed }),
    // An address that is not used any more is not kept.
    ...(channel === 'email' ? {} : { wrapped_key: null, sealed: null }),
  });
  if (channel !== 'push') await forgetPhones(house.database, scope);
  return describe(house, scope);
});

const snoozeReminders = forParticipant(routes.snoozeReminders, async ({ scope, body, house }) => {
  const until = new Date(Date.parse(house.now()) + body.minutes * 60_000).toISOString();
  await writeReminder(house.database, scope, { snoozed_until: until, reminded_on: null });
  return describe(house, scope);
});

/** Phones of one person; more are a mistake or mischief. */
const mostPhones = 10;

const subscribePush = forParticipant(routes.subscribePush, async ({ scope, body, house }) => {
  const { vapid, pushHosts } = house.reminderWays;
  if (vapid === null) throw problemOf('reminder_not_offered');
  if (!isPushService(body.endpoint, pushHosts)) throw problemOf('unknown_push_service', { path: 'endpoint' });
  const known = await listPhones(house.database, scope);
  const endpointHash = hashOf(body.endpoint);
  if (known.length >= mostPhones && !known.some(({ endpoint_hash }) => endpoint_hash.equals(endpointHash))) {
    throw problemOf('too_many_phones');
  }
  const { wrappedKey, sealed } = sealPersonal(body, house.keys.personKeyWrap, boundTo(scope));
  await writePhone(house.database, {
    ...{ endpoint_hash: endpointHash, study_id: scope.studyId, participant_id: scope.participantId },
    ...{ wrapped_key: wrappedKey, sealed, added_at: house.now() },
  });
  return describe(house, scope);
});

const unsubscribePush = forParticipant(routes.unsubscribePush, async ({ scope, house }) => {
  await forgetPhones(house.database, scope);
  return describe(house, scope);
});

const makeCalendar = forParticipant(routes.makeCalendar, async ({ scope, house }) => {
  const calendarToken = randomBytes(32).toString('base64url');
  await writeReminder(house.database, scope, { calendar_hash: hashOf(calendarToken) });
  return { path: urlOf(routes.calendarFeed, { calendarToken }) };
});

const revokeCalendar = forParticipant(routes.revokeCalendar, async ({ scope, house }) => {
  await forgetCalendar(house.database, scope);
  return describe(house, scope);
});

/** An address that was never made, one that was taken back and one of somebody who left read alike. */
const calendarFeed = forAnyone(routes.calendarFeed, async ({ params, house }) => {
  const row = await readByCalendar(house.database, hashOf(params.calendarToken));
  const study = row === null ? null : await house.studies.get(row.study_id);
  if (row === null || study === null) throw problemOf('not_found');
  const [record] = await readRecords(house.database, study.studyId, [row.participant_id]);
  const calendar = record?.state.status === 'randomised' ? calendarOf(house, study, record.state) : null;
  if (calendar === null) throw problemOf('not_found');
  const uid = (id: string) => recordIdFor(house.deriver, 'calendar', study.studyId, `${row.participant_id}|${id}`);
  const stopped = record?.state.dosingStopped === true;
  const text = icalendar(calendar, { madeAt: house.now(), uid, include: ({ kind }) => !(stopped && kind === 'dose') });
  return text;
});

export const reminderHandlers = {
  reminders,
  setReminders,
  snoozeReminders,
  subscribePush,
  unsubscribePush,
  makeCalendar,
  revokeCalendar,
  calendarFeed,
};
