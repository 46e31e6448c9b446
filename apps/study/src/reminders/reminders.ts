/** Looks every minute who wanted to be reminded by now, has something to do and has not done it, and reminds once a day. */
import { openPersonal } from '../access/person.ts';
import {
  type Candidate,
  claimReminder,
  forgetPhone,
  listCandidates,
  listPhones,
  writeReminder,
} from '../data/reminders.ts';
import { readRecords } from '../record/participants.ts';
import { scheduleOf } from '../routes/schedule.ts';
import type { House } from '../server/house.ts';
import { describeError } from '../server/log.ts';
import { isPushService, type Subscription, sendPush } from './push.ts';
import { localTime, mayRemind } from './when.ts';
import type { ReminderLanguage } from './words.ts';

export type Reminders = {
  /** Reminds now whoever is to be reminded; answers how many were. */
  remind(): Promise<number>;
  close(): Promise<void>;
};

export function openReminders(house: House, everyMs: number): Reminders {
  const { vapid, mailer } = house.reminderWays;
  let running: Promise<number> | null = null;
  const remind = (): Promise<number> => {
    running ??= remindAll(house)
      .catch((error: unknown) => {
        house.log({ level: 'error', event: 'reminders.failed', ...describeError(error) });
        return 0;
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = vapid === null && mailer === null ? undefined : setInterval(() => void remind(), everyMs);
  timer?.unref();
  return {
    remind,
    async close() {
      clearInterval(timer);
      await running;
      mailer?.close();
    },
  };
}

async function remindAll(house: House): Promise<number> {
  const now = house.now();
  let reminded = 0;
  let after: { studyId: string; participantId: string } | null = null;
  for (;;) {
    const page: Candidate[] = await listCandidates(house.database, now, after);
    for (const candidate of page) if (await remindOne(house, candidate, now)) reminded += 1;
    const last = page.at(-1);
    if (last === undefined) return reminded;
    after = { studyId: last.study_id, participantId: last.participant_id };
  }
}

const againAfterMs = 15 * 60_000;

async function remindOne(house: House, candidate: Candidate, now: string): Promise<boolean> {
  const person = { studyId: candidate.study_id, participantId: candidate.participant_id };
  const { date, hour } = localTime(candidate.time_zone, now);
  const wish = { hour: candidate.hour, quietFrom: candidate.quiet_from, quietUntil: candidate.quiet_until };
  if (!mayRemind(wish, hour) || !(await hasSomethingToDo(house, person, date, now))) return false;
  if (!(await claimReminder(house.database, person, date))) return false;
  const sent = candidate.channel === 'email' ? await byMail(house, candidate) : await byPush(house, person, now);
  // Not today’s end: what could not be handed over is tried again, in a while.
  if (!sent) {
    const snoozed = new Date(Date.parse(now) + againAfterMs).toISOString();
    await writeReminder(house.database, person, { reminded_on: null, snoozed_until: snoozed });
  }
  return sent;
}

async function hasSomethingToDo(
  house: House,
  { studyId, participantId }: { studyId: string; participantId: string },
  date: string,
  now: string,
): Promise<boolean> {
  const study = await house.studies.get(studyId);
  const [record] = await readRecords(house.database, studyId, [participantId]);
  if (study === null || study.status !== 'open' || record === undefined) return false;
  const schedule = scheduleOf(house, study, record.state, now);
  return schedule.some((item) => item.asked && item.date === date && ['due', 'late'].includes(item.status));
}

async function byMail(house: House, row: Candidate): Promise<boolean> {
  const { mailer } = house.reminderWays;
  if (mailer === null || row.wrapped_key === null || row.sealed === null) return false;
  const bound = `${row.study_id}/${row.participant_id}`;
  const sealed = { wrappedKey: row.wrapped_key, sealed: row.sealed };
  const { email } = openPersonal(sealed, house.keys.personKeyWrap, bound) as { email: string };
  return mailer.send(email, row.language as ReminderLanguage);
}

async function byPush(house: House, person: { studyId: string; participantId: string }, now: string): Promise<boolean> {
  const { vapid, pushHosts: hosts } = house.reminderWays;
  if (vapid === null) return false;
  const bound = `${person.studyId}/${person.participantId}`;
  let sent = false;
  for (const row of await listPhones(house.database, person)) {
    const sealed = { wrappedKey: row.wrapped_key, sealed: row.sealed };
    const phone = openPersonal(sealed, house.keys.personKeyWrap, bound) as Subscription;
    const outcome = isPushService(phone.endpoint, hosts) ? await sendPush(phone, vapid, Date.parse(now)) : 'gone';
    if (outcome === 'gone') await forgetPhone(house.database, row.endpoint_hash);
    sent ||= outcome === 'sent';
  }
  return sent;
}
