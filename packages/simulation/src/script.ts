/**
 * What a virtual participant does with the calendar: a list of acts in the order in which they reach the server.
 * Capsules may be forgotten, entries late, phones offline, receipts lost, and now and then an entry is simply wrong.
 */
import type { Command } from '@limen/conduct';
import type { Calendar, Occurrence, ProtocolDocument } from '@limen/protocol';
import type { Random } from '@limen/statistics';
import { answersFor } from './answers.ts';
import { type CapsuleDay, type Content, liveCapsuleDay, type Person, usual } from './person.ts';
import type { Settings } from './settings.ts';

export type Act = {
  /** When the person did it. */
  readonly at: string;
  /** When it reaches the server: later than `at` where the phone was offline. */
  readonly deliverAt: string;
  readonly command: Command;
  /** How often the same command is sent again. */
  readonly repeats: number;
  /** A fault put in on purpose: the server must refuse it. */
  readonly fault: string | null;
};

export type Script = { readonly acts: readonly Act[]; readonly days: ReadonlyMap<number, CapsuleDay> };

const minute = 60_000;
const adverseEventTerms = ['Headache', 'Nausea', 'Fatigue', 'Insomnia', 'Palpitations', 'Muscle tension', 'Dizziness'];

type Given = {
  readonly protocol: ProtocolDocument;
  readonly calendar: Calendar;
  readonly person: Person;
  /** What each capsule held, by dose number from 1. */
  readonly contents: readonly Content[];
  readonly settings: Settings;
  readonly random: Random;
};

export function scriptParticipant(given: Given): Script {
  const { calendar, person, settings } = given;
  const random = given.random.fork(`script/${person.index}`);
  const stays = (occurrence: Occurrence) =>
    person.leavesAfterWeek === null || occurrence.week <= person.leavesAfterWeek + 1;
  const days = new Map<number, CapsuleDay>();
  const doneAt = new Map<string, number>();
  const acts: Act[] = [];
  const nextId = commandIds(person);
  const offline = offlineDays(calendar, settings, random);

  const push = (at: number, occurrence: Occurrence, command: CommandBody, fault: string | null = null) => {
    const deliver = offline.has(occurrence.date) ? Math.max(at, offline.get(occurrence.date) ?? at) : at;
    const repeats = fault === null && random.bernoulli(settings.device.repeat) ? 1 : 0;
    acts.push(makeAct({ at, deliver, command, id: nextId(), timeZone: calendar.timeZone, repeats, fault }));
  };

  let active = 0;
  let last: CapsuleDay | null = null;
  for (const occurrence of inOrderOfAnswering(calendar)) {
    if (!stays(occurrence)) continue;
    if (occurrence.kind === 'dose') {
      if (!random.bernoulli(person.doseAdherence)) {
        push(Date.parse(occurrence.closesAt) - 5 * minute, occurrence, {
          type: 'recordDose',
          occurrence: occurrence.id,
          outcome: 'missed',
          reason: 'Forgotten',
        });
        continue;
      }
      const at = within(occurrence, 0.1, 0.6, random);
      const content = given.contents[(occurrence.doseNumber ?? 1) - 1] ?? 'placebo';
      const day = liveCapsuleDay(person, usual[content], active, settings, random);
      if (content === 'active') active += 1;
      days.set(occurrence.studyDay, day);
      doneAt.set(occurrence.id, at);
      last = day;
      push(at, occurrence, {
        type: 'recordDose',
        occurrence: occurrence.id,
        outcome: 'taken',
        takenAt: new Date(at).toISOString(),
      });
      if (random.bernoulli(settings.device.fault))
        push(at + 20 * minute, occurrence, twice(occurrence.id, at + 20 * minute), 'dose_twice');
      continue;
    }
    const at = answerTime(occurrence, doneAt, person, settings, random);
    if (at === null) continue;
    const activity = given.protocol.activities.find((candidate) => candidate.id === occurrence.activityId);
    if (!activity) continue;
    const day =
      days.get(occurrence.studyDay) ?? (activity.purpose === 'guess' || activity.purpose === 'postAcute' ? last : null);
    const submission = {
      type: 'submit' as const,
      occurrence: occurrence.id,
      ...answersFor(activity.instrument, {
        person,
        day,
        settings,
        random,
        purpose: activity.purpose,
        week: occurrence.week,
      }),
      inputMode: 'touch' as const,
    };
    if (random.bernoulli(settings.device.fault)) {
      push(at - minute, occurrence, { ...submission, answers: outOfRange(submission.answers) }, 'out_of_range');
    }
    doneAt.set(occurrence.id, at);
    push(at, occurrence, submission);
  }
  acts.push(...adverseEvents(given, random, nextId, [...days.keys()]));
  if (person.leavesAfterWeek !== null) acts.push(leave(given, random, nextId));
  return { acts: inOrderOfArrival(acts), days };
}

type CommandBody = Command extends infer C ? (C extends Command ? Omit<C, 'commandId' | 'device'> : never) : never;

function makeAct(of: {
  at: number;
  deliver: number;
  command: CommandBody;
  id: string;
  timeZone: string;
  repeats: number;
  fault: string | null;
}): Act {
  const device = {
    occurredAt: new Date(of.at).toISOString(),
    sentAt: new Date(of.deliver).toISOString(),
    timeZone: of.timeZone,
  };
  return {
    at: device.occurredAt,
    deliverAt: device.sentAt,
    command: { ...of.command, commandId: of.id, device } as Command,
    repeats: of.repeats,
    fault: of.fault,
  };
}

function commandIds(person: Person): () => string {
  let n = 0;
  return () => {
    n += 1;
    return `virtual-${String(person.index).padStart(6, '0')}-${String(n).padStart(6, '0')}`;
  };
}

/** Day by day, what comes first before what waits for it; the calendar itself is in the order of opening. */
function inOrderOfAnswering(calendar: Calendar): Occurrence[] {
  const byId = new Map(calendar.occurrences.map((occurrence) => [occurrence.id, occurrence]));
  const depths = new Map<string, number>();
  const depth = (occurrence: Occurrence): number => {
    const known = depths.get(occurrence.id);
    if (known !== undefined) return known;
    // A cycle is a finding of the protocol compiler; here it only must not go round.
    depths.set(occurrence.id, 0);
    const before = occurrence.after.flatMap((id) => byId.get(id) ?? []);
    const found = occurrence.kind === 'dose' ? -1 : before.reduce((most, one) => Math.max(most, depth(one) + 1), 0);
    depths.set(occurrence.id, found);
    return found;
  };
  return calendar.occurrences.toSorted((a, b) => a.studyDay - b.studyDay || depth(a) - depth(b));
}

/** Days without network: entries arrive at nine the next morning or later. */
function offlineDays(calendar: Calendar, settings: Settings, random: Random): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const occurrence of calendar.occurrences) {
    if (found.has(occurrence.date) || !random.bernoulli(settings.device.offlineDay / 2)) continue;
    const nextMorning = Temporal.PlainDate.from(occurrence.date)
      .add({ days: 1 })
      .toZonedDateTime({ timeZone: calendar.timeZone, plainTime: '09:00' });
    found.set(occurrence.date, nextMorning.epochMilliseconds + random.integer(0, 60) * minute);
  }
  return found;
}

function within(occurrence: Occurrence, from: number, to: number, random: Random): number {
  const opens = Date.parse(occurrence.opensAt);
  const share = from + (to - from) * random.uniform();
  return Math.round((opens + share * (Date.parse(occurrence.closesAt) - opens)) / minute) * minute;
}

/** When an activity is answered; null where it is not, or where what must come before it was not. */
function answerTime(
  occurrence: Occurrence,
  doneAt: ReadonlyMap<string, number>,
  person: Person,
  settings: Settings,
  random: Random,
): number | null {
  if (!random.bernoulli(person.answerAdherence)) return null;
  let earliest = 0;
  for (const before of occurrence.after) {
    const done = doneAt.get(before);
    if (done === undefined) return null;
    earliest = Math.max(earliest, done + 3 * minute);
  }
  const late = random.bernoulli(settings.adherence.late);
  const closes = Date.parse(occurrence.closesAt);
  const lateUntil = Date.parse(occurrence.lateUntil);
  const drawn =
    late && lateUntil > closes
      ? closes + Math.max(minute, Math.round((lateUntil - closes) * 0.7 * random.uniform()))
      : within(occurrence, 0.25, 0.9, random);
  const at = Math.max(drawn, earliest);
  return at <= lateUntil ? at : null;
}

function twice(occurrence: string, at: number): CommandBody {
  return { type: 'recordDose', occurrence, outcome: 'taken', takenAt: new Date(at).toISOString() };
}

function outOfRange(answers: Extract<Command, { type: 'submit' }>['answers']): typeof answers {
  const item = Object.keys(answers).find((key) => typeof answers[key] === 'number');
  return item === undefined ? { ...answers, 'no-such-item': 1 } : { ...answers, [item]: 100_000 };
}

function adverseEvents(given: Given, random: Random, nextId: () => string, doseDays: readonly number[]): Act[] {
  const { settings, calendar } = given;
  if (doseDays.length === 0 || !random.bernoulli(settings.adverseEvent.reported)) return [];
  const day = random.choice(doseDays);
  const dose = calendar.occurrences.find((occurrence) => occurrence.kind === 'dose' && occurrence.studyDay === day);
  if (!dose) return [];
  const at = Date.parse(dose.closesAt) + random.integer(60, 240) * minute;
  const command: CommandBody = {
    type: 'reportAdverseEvent',
    term: random.choice(adverseEventTerms),
    onset: dose.date,
    ongoing: random.bernoulli(0.2),
    grade: random.bernoulli(settings.adverseEvent.severe) ? 3 : random.bernoulli(0.3) ? 2 : 1,
    serious: false,
  };
  return [makeAct({ at, deliver: at, command, id: nextId(), timeZone: calendar.timeZone, repeats: 0, fault: null })];
}

function leave(given: Given, random: Random, nextId: () => string): Act {
  const { calendar, person } = given;
  const week = Math.max(1, (person.leavesAfterWeek ?? 0) + 1);
  const day = Temporal.PlainDate.from(calendar.startDate).add({ days: week * 7 - 1 });
  const at =
    day.toZonedDateTime({ timeZone: calendar.timeZone, plainTime: '23:30' }).epochMilliseconds +
    random.integer(0, 20) * minute;
  const command: CommandBody = { type: 'withdraw', scope: 'study', reason: 'No longer wishes to take part' };
  return makeAct({ at, deliver: at, command, id: nextId(), timeZone: calendar.timeZone, repeats: 0, fault: null });
}

function inOrderOfArrival(acts: Act[]): Act[] {
  return acts
    .map((act, index) => ({ act, index }))
    .sort(
      (a, b) => a.act.deliverAt.localeCompare(b.act.deliverAt) || a.act.at.localeCompare(b.act.at) || a.index - b.index,
    )
    .map(({ act }) => act);
}
