/** From a protocol, a start date and a zone to everything that is due. The same for every arm, by construction. */
import { dateOf, type Frame, frameOf, occurrencesIn } from './calendar-frame.ts';
import type { Calendar, Occurrence } from './calendar-types.ts';
import { type Epoch, type ProtocolDocument, type Weekday, weekdays } from './document.ts';
import { ProtocolError } from './errors.ts';
import { dateText } from './instants.ts';
import { msPerDay, type ZoneClock, zoneClock } from './zone.ts';
import { type ZoneDays, zoneDays } from './zone-days.ts';

export { weekOfStudyDay } from './calendar-frame.ts';
export { minuteOfDay } from './instants.ts';

export type CalendarOptions = {
  /** ISO date of study day 1 in the participant's zone. */
  readonly startDate: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Needed where a regimen is drawn; stored with the participant so that the same calendar comes out again. */
  readonly drawSeed?: string;
};

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
  return calendarCompiler(protocol, 1)(options);
}

/** Frames kept by a compiler; one of a year with forty activities takes about half a megabyte. */
const framesRemembered = 16;

/**
 * Compiles calendars of one protocol; what people who start on the same date in the same zone share is made once. Gives
 * what `compileCalendar` gives; where nothing is drawn, the very same calendar. Quickest for people in order of start
 * and zone.
 */
export function calendarCompiler(
  protocol: ProtocolDocument,
  remembered: number = framesRemembered,
): (options: CalendarOptions) => Calendar {
  const shared = new Map<string, Shared>();
  const zones = new Map<string, ZoneDays>();
  const zoneOf = (timeZone: string): ZoneDays => {
    const known = zones.get(timeZone);
    if (known !== undefined) return known;
    const made = zoneDays(clocksOf(timeZone));
    zones.set(timeZone, made);
    return made;
  };
  const ids = new Map<string, string[]>();
  const idsOf = (activityId: string): string[] => {
    const known = ids.get(activityId);
    if (known !== undefined) return known;
    const made: string[] = [];
    ids.set(activityId, made);
    return made;
  };
  return ({ startDate, timeZone, drawSeed }) => {
    const key = `${startDate} ${timeZone}`;
    let found = shared.get(key);
    if (found === undefined) {
      found = sharedBy(protocol, startDate, timeZone, { zoneOf, idsOf });
      shared.set(key, found);
      const [oldest] = shared.keys();
      if (shared.size > remembered && oldest !== undefined) shared.delete(oldest);
    }
    const { head, frame, isDrawn } = found;
    if (found.calendar !== null) return found.calendar;
    const calendar = { ...head, occurrences: occurrencesIn(frame, drawSeed) };
    if (!isDrawn) found.calendar = calendar;
    return calendar;
  };
}

/** Clocks of one zone, each for a year of days. */
function clocksOf(timeZone: string): (day: number) => ZoneClock {
  const clocks = new Map<number, ZoneClock>();
  return (day) => {
    const year = Math.floor(day / daysPerClock);
    const known = clocks.get(year);
    if (known !== undefined) return known;
    const first = Temporal.PlainDate.from(dateText(year * daysPerClock));
    const clock = zoneClock(timeZone, first, daysPerClock);
    clocks.set(year, clock);
    return clock;
  };
}

const daysPerClock = 366;

type Shared = {
  readonly head: Omit<Calendar, 'occurrences'>;
  readonly frame: Frame;
  readonly isDrawn: boolean;
  /** Once made, where nothing is drawn. */
  calendar: Calendar | null;
};

function sharedBy(
  protocol: ProtocolDocument,
  startDate: string,
  timeZone: string,
  { zoneOf, idsOf }: { zoneOf: (timeZone: string) => ZoneDays; idsOf: (activityId: string) => string[] },
): Shared {
  const start = parseDate(startDate);
  const firstWeekday = weekdayOf(start);
  if (protocol.startsOn !== undefined && protocol.startsOn !== firstWeekday) {
    throw new ProtocolError('start_day_wrong_weekday', `${startDate} is ${firstWeekday}, not ${protocol.startsOn}`);
  }
  const lastDay = Math.max(...protocol.epochs.map((epoch) => epoch.lastDay));
  const day = Date.UTC(start.year, start.month - 1, start.day) / msPerDay;
  const given = { start: day, firstWeekday, zone: zoneOf(timeZone), lastDay };
  const frame = frameOf(protocol, given, (id) => epochById(protocol, id), idsOf);
  return {
    head: {
      protocolId: protocol.id,
      protocolVersion: protocol.version,
      startDate: start.toString(),
      timeZone,
      lastDate: dateOf(frame, lastDay),
    },
    frame,
    isDrawn: frame.doses === null || frame.activities.some(({ days }) => days === null),
    calendar: null,
  };
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
