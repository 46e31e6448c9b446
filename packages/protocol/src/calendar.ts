/** From a protocol, a start date and a zone to everything that is due. The same for every arm, by construction. */
import type { Calendar, Occurrence } from './calendar-types.ts';
import { type Activity, type Epoch, type ProtocolDocument, type Regimen, type Weekday, weekdays } from './document.ts';
import { isObservedDose, openDoseDays, takingHours } from './dose-days.ts';
import { ProtocolError } from './errors.ts';
import { regimenDays, weekdayAfter } from './regimen.ts';
import { msPerDay, msPerMinute, type ZoneClock, zoneClock } from './zone.ts';

export type CalendarOptions = {
  /** ISO date of study day 1 in the participant's zone. */
  readonly startDate: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Needed where a regimen is drawn; stored with the participant so that the same calendar comes out again. */
  readonly drawSeed?: string;
};

type Plan = {
  readonly protocol: ProtocolDocument;
  readonly startMs: number;
  readonly firstWeekday: Weekday;
  readonly clock: ZoneClock;
  readonly drawSeed: string | undefined;
};
type Window = Activity['window'];

/**
 * Compiles the calendar of one participant. Pure; occurrences are sorted by opening, then by document order.
 * Capsules stop at `dosing.maximumDoses`.
 *
 *     const calendar = compileCalendar(protocol, { startDate: '2026-03-02', timeZone: 'Europe/Berlin' });
 *     calendar.occurrences.filter((occurrence) => occurrence.kind === 'dose').length;
 *
 * @throws ProtocolError `start_date_invalid`, `start_day_wrong_weekday`, `time_zone_unknown`, `draw_seed_missing`,
 * `reference_dangling`
 */
export function compileCalendar(protocol: ProtocolDocument, options: CalendarOptions): Calendar {
  const start = parseDate(options.startDate);
  const firstWeekday = weekdayOf(start);
  if (protocol.startsOn !== undefined && protocol.startsOn !== firstWeekday) {
    throw new ProtocolError(
      'start_day_wrong_weekday',
      `${options.startDate} is ${firstWeekday}, not ${protocol.startsOn}`,
    );
  }
  const lastDay = Math.max(...protocol.epochs.map((epoch) => epoch.lastDay));
  const tail = Math.max(0, ...protocol.activities.map(({ window }) => window.closesAfterDays + window.lateDays));
  const plan: Plan = {
    protocol,
    startMs: utcMs(start),
    firstWeekday,
    clock: zoneClock(options.timeZone, start, lastDay + tail),
    drawSeed: options.drawSeed,
  };
  return {
    protocolId: protocol.id,
    protocolVersion: protocol.version,
    startDate: start.toString(),
    timeZone: options.timeZone,
    lastDate: dateOf(plan, lastDay),
    occurrences: compileOccurrences(plan),
  };
}

function compileOccurrences(plan: Plan): Occurrence[] {
  const doses = doseDays(plan);
  const daysOf = new Map(
    plan.protocol.activities.map((activity) => [activity.id, activityDays(plan, activity, doses)]),
  );
  const occurrences = doses.map((day, index) => doseOccurrence(plan, day, index + 1));
  for (const activity of plan.protocol.activities) {
    for (const day of daysOf.get(activity.id) ?? []) {
      const after = activity.after.filter((id) => daysOf.get(id)?.has(day)).map((id) => `${id}@${day}`);
      occurrences.push(activityOccurrence(plan, activity, day, after));
    }
  }
  // The sort is stable: equal openings keep document order. ISO instants of one length compare as text.
  return occurrences.sort((a, b) => (a.opensAt < b.opensAt ? -1 : a.opensAt > b.opensAt ? 1 : 0));
}

/** Study days on which a capsule is due, ascending. */
function doseDays(plan: Plan): number[] {
  const { dosing } = plan.protocol;
  const epoch = epochById(plan.protocol, dosing.epoch);
  const planned = epochDays(plan, epoch, dosing.regimen, 'dose');
  const days = openDoseDays(dosing, planned, epoch.lastDay, {
    weekdayOf: (day) => weekdayAfter(plan.firstWeekday, day - 1),
    dateOf: (day) => dateOf(plan, day),
  });
  return days.slice(0, dosing.maximumDoses);
}

function activityDays(plan: Plan, activity: Activity, doses: readonly number[]): Set<number> {
  const epoch = epochById(plan.protocol, activity.epoch);
  if (activity.on === 'doseDays') return new Set(doses.filter((day) => day >= epoch.firstDay && day <= epoch.lastDay));
  return new Set(epochDays(plan, epoch, activity.on, activity.id));
}

function epochDays(plan: Plan, epoch: Epoch, regimen: Regimen, stream: string): number[] {
  const firstWeekday = weekdayAfter(plan.firstWeekday, epoch.firstDay - 1);
  const length = epoch.lastDay - epoch.firstDay + 1;
  const days = regimenDays(regimen, { length, firstWeekday, drawSeed: plan.drawSeed, stream });
  return days.map((day) => epoch.firstDay + day - 1);
}

function doseOccurrence(plan: Plan, studyDay: number, doseNumber: number): Occurrence {
  const { dosing } = plan.protocol;
  const { from, until } = takingHours(dosing, doseNumber);
  const window = { opensAt: from, closesAt: until, closesAfterDays: 0, lateDays: 0 };
  const times = windowInstants(plan, studyDay, window);
  // A missed capsule may be taken until the end of its own day, never on the next: nothing is made up for.
  const endOfDay = dosing.missed === 'window' ? lastMoment(plan, studyDay, doseNumber) : times.lateUntil;
  return {
    ...place(plan, 'dose', studyDay),
    kind: 'dose',
    opensAt: instant(times.opensAt),
    closesAt: instant(times.closesAt),
    lateUntil: instant(Math.max(endOfDay, times.closesAt)),
    after: [],
    doseNumber,
  };
}

/** An observed capsule can be late until the site closes, any other until the day ends. */
function lastMoment(plan: Plan, studyDay: number, doseNumber: number): number {
  const { dosing } = plan.protocol;
  if (dosing.observed === undefined || !isObservedDose(dosing, doseNumber)) {
    return plan.clock.closing(plan.startMs + studyDay * msPerDay);
  }
  const closesAt = minuteOfDay(dosing.observed.closesAt) * msPerMinute;
  return plan.clock.closing(plan.startMs + (studyDay - 1) * msPerDay + closesAt);
}

function activityOccurrence(plan: Plan, activity: Activity, studyDay: number, after: readonly string[]): Occurrence {
  const times = windowInstants(plan, studyDay, activity.window);
  return {
    ...place(plan, activity.id, studyDay),
    kind: 'activity',
    opensAt: instant(times.opensAt),
    closesAt: instant(times.closesAt),
    lateUntil: instant(times.lateUntil),
    after,
  };
}

function place(plan: Plan, activityId: string, studyDay: number) {
  const week = weekOfStudyDay(studyDay);
  return { id: `${activityId}@${studyDay}`, activityId, studyDay, week, date: dateOf(plan, studyDay) };
}

/**
 * A clock change never shortens a window: opening takes the earlier reading of a repeated local time, closing the
 * later one. A window that lies wholly in skipped time keeps its planned length from the moment of the change.
 */
function windowInstants(plan: Plan, studyDay: number, window: Window) {
  const dayMs = plan.startMs + (studyDay - 1) * msPerDay;
  const openLocal = dayMs + minuteOfDay(window.opensAt) * msPerMinute;
  const closeLocal = dayMs + window.closesAfterDays * msPerDay + minuteOfDay(window.closesAt) * msPerMinute;
  const opensAt = plan.clock.opening(openLocal);
  const closesAt = plan.clock.closing(closeLocal);
  const closes = closesAt > opensAt ? closesAt : opensAt + Math.max(0, closeLocal - openLocal);
  const late = window.lateDays === 0 ? closes : plan.clock.closing(closeLocal + window.lateDays * msPerDay);
  return { opensAt, closesAt: closes, lateUntil: Math.max(late, closes) };
}

/** Study week, from 1. */
export function weekOfStudyDay(studyDay: number): number {
  return Math.floor((studyDay - 1) / weekdays.length) + 1;
}

/**
 * The first date on or after `fromDate` on which a participant may start.
 * @throws ProtocolError `start_date_invalid`
 */
export function nextStartDate(protocol: ProtocolDocument, fromDate: string): string {
  const from = parseDate(fromDate);
  if (protocol.startsOn === undefined) return from.toString();
  const wait = weekdays.indexOf(protocol.startsOn) - weekdays.indexOf(weekdayOf(from));
  return from.add({ days: (wait + weekdays.length) % weekdays.length }).toString();
}

/** What belongs to a calendar date in the participant's zone, in order of opening. */
export function occurrencesOn(calendar: Calendar, date: string): Occurrence[] {
  return calendar.occurrences.filter((occurrence) => occurrence.date === date);
}

/**
 * What to do next: the first occurrence in order that is not done, has not closed and waits for nothing that can still
 * be answered. It may be open already or open later; `undefined` when nothing is left.
 *
 * @param now instant, ISO 8601
 * @param doneIds occurrences answered, taken or recorded as missed
 */
export function nextDue(calendar: Calendar, now: string, doneIds: Iterable<string>): Occurrence | undefined {
  const nowMs = Temporal.Instant.from(now).epochMilliseconds;
  const done = new Set(doneIds);
  const pending = calendar.occurrences.filter(({ id, closesAt }) => !done.has(id) && Date.parse(closesAt) > nowMs);
  const pendingIds = new Set(pending.map(({ id }) => id));
  return pending.find(({ after }) => !after.some((id) => pendingIds.has(id)));
}

export function epochById(protocol: ProtocolDocument, id: string): Epoch {
  const epoch = protocol.epochs.find((candidate) => candidate.id === id);
  if (epoch === undefined) throw new ProtocolError('reference_dangling', `epoch ${id}`);
  return epoch;
}

function parseDate(text: string): Temporal.PlainDate {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text);
  } catch {
    // Reported below, with the same code as a text of another form.
  }
  throw new ProtocolError('start_date_invalid', text);
}

function weekdayOf(date: Temporal.PlainDate): Weekday {
  return weekdays[date.dayOfWeek - 1] ?? 'mon';
}

function utcMs(date: Temporal.PlainDate): number {
  return Date.UTC(date.year, date.month - 1, date.day);
}

function dateOf(plan: Plan, studyDay: number): string {
  return instant(plan.startMs + (studyDay - 1) * msPerDay).slice(0, 10);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** Minutes after midnight of `08:30`. */
export function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
