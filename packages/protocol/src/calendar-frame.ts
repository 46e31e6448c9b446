/**
 * What everybody who starts on one date in one zone shares: the days, the clock, and each occurrence once it has been
 * made. What a person has alone is which days were drawn.
 */
import type { Occurrence } from './calendar-types.ts';
import { type Activity, type Epoch, type ProtocolDocument, type Regimen, type Weekday, weekdays } from './document.ts';
import { isObservedDose, openDoseDays, takingHours } from './dose-days.ts';
import { dateText, instantText, minuteOfDay } from './instants.ts';
import { isDrawn, regimenDays, weekdayAfter } from './regimen.ts';
import { msPerDay, msPerMinute } from './zone.ts';
import type { ZoneDays } from './zone-days.ts';

type Window = Activity['window'];

export type Frame = {
  readonly protocol: ProtocolDocument;
  /** Study day 1 in days since 1970-01-01. */
  readonly start: number;
  readonly firstWeekday: Weekday;
  readonly zone: ZoneDays;
  readonly lastDay: number;
  readonly doseEpoch: Epoch;
  /** Capsules, where nothing of them is drawn. */
  readonly doses: readonly number[] | null;
  readonly activities: readonly FramedActivity[];
  readonly doseIds: string[];
  readonly madeDoses: (Occurrence | undefined)[];
  /** By study day, what everybody is asked: in document order, and sorted by opening. */
  readonly fixed: readonly FixedDay[];
};

type FixedDay = {
  /** Positions of the activities in the document, and what is asked, in that order. */
  readonly indexes: readonly number[];
  readonly placed: readonly Occurrence[];
  readonly sorted: readonly Occurrence[];
};
type Placed = { readonly index: number; readonly occurrence: Occurrence };

type FramedActivity = {
  readonly activity: Activity;
  readonly epoch: Epoch;
  /** By study day whether it is asked; null where that is drawn or goes with drawn capsules. */
  readonly days: DaySet | null;
  /** Positions in the frame of the activities that come first. */
  readonly after: readonly number[];
  readonly window: Minutes;
  readonly made: (Occurrence | undefined)[];
  /** Of what was made, which of `after` there were on its day, as bits. */
  readonly madeAfter: number[];
  /** Ids of its occurrences by study day. */
  readonly ids: string[];
  /** Whether days and what comes first are the same for everybody. */
  readonly isFixed: boolean;
};

type DaySet = { readonly list: readonly number[]; readonly has: Uint8Array };

export function frameOf(
  protocol: ProtocolDocument,
  given: Pick<Frame, 'start' | 'firstWeekday' | 'zone' | 'lastDay'>,
  epochById: (id: string) => Epoch,
  idsOf: (activityId: string) => string[],
): Frame {
  const doseEpoch = epochById(protocol.dosing.epoch);
  const bare = { protocol, ...given, doseEpoch };
  const doses = isDrawn(protocol.dosing.regimen) ? null : doseDays(bare, undefined);
  const position = new Map(protocol.activities.map(({ id }, index) => [id, index]));
  const daysOf = protocol.activities.map((activity): DaySet | null => {
    const drawn = activity.on === 'doseDays' ? doses === null : isDrawn(activity.on);
    const epoch = epochById(activity.epoch);
    return drawn ? null : daySet(activityDays(bare, activity, epoch, doses ?? [], undefined), given.lastDay);
  });
  const activities = protocol.activities.map((activity, index): FramedActivity => {
    const after = activity.after.flatMap((id) => position.get(id) ?? []);
    const days = daysOf[index] ?? null;
    const isFixed = days !== null && after.every((first) => daysOf[first] !== null);
    const { opensAt, closesAt, closesAfterDays, lateDays } = activity.window;
    const window = { opens: minuteOfDay(opensAt), closes: minuteOfDay(closesAt), closesAfterDays, lateDays };
    return {
      activity,
      epoch: epochById(activity.epoch),
      days,
      after,
      window,
      made: [],
      madeAfter: [],
      ids: idsOf(activity.id),
      isFixed,
    };
  });
  const frame = { ...bare, doses, activities, doseIds: idsOf('dose'), madeDoses: [] };
  return { ...frame, fixed: fixedDays(frame, daysOf) };
}

function fixedDays(frame: Omit<Frame, 'fixed'>, daysOf: readonly (DaySet | null)[]): FixedDay[] {
  const byDay = Array.from({ length: frame.lastDay + 1 }, () => ({
    indexes: [] as number[],
    placed: [] as Occurrence[],
  }));
  for (const [index, framed] of frame.activities.entries()) {
    if (!framed.isFixed) continue;
    for (const day of framed.days?.list ?? []) {
      byDay[day]?.indexes.push(index);
      byDay[day]?.placed.push(activityAt(frame, framed, day, daysOf));
    }
  }
  return byDay.map(({ indexes, placed }) => {
    const isSorted = placed.every((one, at) => at === 0 || (placed[at - 1] as Occurrence).opensAt <= one.opensAt);
    return { indexes, placed, sorted: isSorted ? placed : sortedByOpening([...placed]) };
  });
}

/** Occurrences of one person, sorted by opening, then by document order with capsules first. */
export function occurrencesIn(frame: Frame, drawSeed: string | undefined): Occurrence[] {
  const { lastDay, activities, fixed } = frame;
  const doses = frame.doses ?? doseDays(frame, drawSeed);
  const own: (Placed[] | undefined)[] = [];
  const add = (day: number, placed: Placed) => {
    const known = own[day];
    if (known === undefined) own[day] = [placed];
    else known.push(placed);
  };
  for (let at = 0; at < doses.length; at += 1) {
    const day = doses[at] as number;
    add(day, { index: -1, occurrence: doseAt(frame, day, at + 1) });
  }
  if (activities.some(({ isFixed }) => !isFixed)) {
    const days = activities.map(
      ({ activity, epoch, days: shared }) =>
        shared ?? daySet(activityDays(frame, activity, epoch, doses, drawSeed), lastDay),
    );
    for (const [index, framed] of activities.entries()) {
      if (framed.isFixed) continue;
      for (const day of days[index]?.list ?? []) {
        add(day, { index, occurrence: activityAt(frame, framed, day, days) });
      }
    }
  }
  const occurrences: Occurrence[] = [];
  for (let day = 0; day <= lastDay; day += 1) {
    const [shared, added] = [fixed[day] as FixedDay, own[day]];
    const ofDay = added === undefined ? shared.sorted : mergedDay(shared, added);
    for (let at = 0; at < ofDay.length; at += 1) occurrences.push(ofDay[at] as Occurrence);
  }
  return occurrences;
}

/** Both in document order, sorted by opening. */
function mergedDay({ indexes, placed }: FixedDay, own: readonly Placed[]): Occurrence[] {
  const merged: Occurrence[] = [];
  let next = 0;
  for (const { index, occurrence } of own) {
    for (; next < placed.length && (indexes[next] as number) < index; next += 1) {
      merged.push(placed[next] as Occurrence);
    }
    merged.push(occurrence);
  }
  for (; next < placed.length; next += 1) merged.push(placed[next] as Occurrence);
  return sortedByOpening(merged);
}

/** In place, by insertion: stable, and quick for the handful of things a day has. ISO instants of one length compare as text. */
function sortedByOpening(ofDay: Occurrence[]): Occurrence[] {
  for (let index = 1; index < ofDay.length; index += 1) {
    const moving = ofDay[index] as Occurrence;
    let place = index;
    for (; place > 0 && (ofDay[place - 1] as Occurrence).opensAt > moving.opensAt; place -= 1) {
      ofDay[place] = ofDay[place - 1] as Occurrence;
    }
    ofDay[place] = moving;
  }
  return ofDay;
}

type Bare = Omit<Frame, 'doses' | 'activities' | 'doseIds' | 'madeDoses' | 'fixed'>;

/** Study days on which a capsule is due, ascending. */
function doseDays(frame: Bare, drawSeed: string | undefined): number[] {
  const { dosing } = frame.protocol;
  const planned = epochDays(frame, frame.doseEpoch, dosing.regimen, 'dose', drawSeed);
  const days = openDoseDays(dosing, planned, frame.doseEpoch.lastDay, {
    weekdayOf: (day) => weekdayAfter(frame.firstWeekday, day - 1),
    dateOf: (day) => dateOf(frame, day),
  });
  return days.slice(0, dosing.maximumDoses);
}

function activityDays(
  frame: Bare,
  { on, id }: Activity,
  epoch: Epoch,
  doses: readonly number[],
  drawSeed: string | undefined,
): readonly number[] {
  if (on === 'doseDays') return doses.filter((day) => day >= epoch.firstDay && day <= epoch.lastDay);
  return epochDays(frame, epoch, on, id, drawSeed);
}

function epochDays(
  frame: Bare,
  epoch: Epoch,
  regimen: Regimen,
  stream: string,
  drawSeed: string | undefined,
): number[] {
  const firstWeekday = weekdayAfter(frame.firstWeekday, epoch.firstDay - 1);
  const length = epoch.lastDay - epoch.firstDay + 1;
  const days = regimenDays(regimen, { length, firstWeekday, drawSeed, stream });
  return days.map((day) => epoch.firstDay + day - 1);
}

function daySet(list: readonly number[], lastDay: number): DaySet {
  const has = new Uint8Array(lastDay + 1);
  for (const day of list) has[day] = 1;
  return { list, has };
}

function doseAt(frame: Frame, studyDay: number, doseNumber: number): Occurrence {
  const known = frame.madeDoses[studyDay];
  if (known?.doseNumber === doseNumber) return known;
  const { dosing } = frame.protocol;
  const { from, until } = takingHours(dosing, doseNumber);
  const { opensAt, closesAt, closesMs, lateMs } = windowAt(frame, studyDay, {
    opens: minuteOfDay(from),
    closes: minuteOfDay(until),
    closesAfterDays: 0,
    lateDays: 0,
  });
  // A missed capsule may be taken until the end of its own day, never on the next: nothing is made up for.
  const endOfDay = dosing.missed === 'window' ? lastMoment(frame, studyDay, doseNumber) : lateMs;
  const made: Occurrence = {
    id: idFor(frame.doseIds, 'dose', studyDay),
    activityId: 'dose',
    studyDay,
    week: weekOfStudyDay(studyDay),
    date: dateOf(frame, studyDay),
    kind: 'dose',
    opensAt,
    closesAt,
    lateUntil: instantText(Math.max(endOfDay, closesMs)),
    after: [],
    doseNumber,
  };
  frame.madeDoses[studyDay] = made;
  return made;
}

/** An observed capsule can be late until the site closes, any other until the day ends. */
function lastMoment({ protocol: { dosing }, start, zone }: Frame, studyDay: number, doseNumber: number): number {
  const day = start + studyDay - 1;
  if (dosing.observed === undefined || !isObservedDose(dosing, doseNumber)) return zone.at(day + 1, 0).closesMs;
  return zone.at(day, minuteOfDay(dosing.observed.closesAt)).closesMs;
}

function activityAt(
  frame: Omit<Frame, 'fixed'>,
  framed: FramedActivity,
  studyDay: number,
  days: readonly (DaySet | null)[],
): Occurrence {
  const present = presentBefore(framed, studyDay, days);
  const known = framed.made[studyDay];
  if (known !== undefined && framed.madeAfter[studyDay] === present) return known;
  const { activity, window, ids } = framed;
  const { opensAt, closesAt, lateUntil } = windowAt(frame, studyDay, window);
  const made: Occurrence = {
    id: idFor(ids, activity.id, studyDay),
    activityId: activity.id,
    studyDay,
    week: weekOfStudyDay(studyDay),
    date: dateOf(frame, studyDay),
    kind: 'activity',
    opensAt,
    closesAt,
    lateUntil,
    after: present === 0 ? nothing : idsBefore(frame, framed, studyDay, days),
  };
  framed.made[studyDay] = made;
  framed.madeAfter[studyDay] = present;
  return made;
}

const nothing: readonly string[] = [];

/** Which of the activities that come first there are on a day; one bit each, so that two days can be compared. */
function presentBefore({ after }: FramedActivity, studyDay: number, days: readonly (DaySet | null)[]): number {
  let [present, bit] = [0, 1];
  for (let at = 0; at < after.length; at += 1) {
    if (days[after[at] as number]?.has[studyDay] === 1) present += bit;
    bit *= 2;
  }
  return present;
}

function idsBefore(
  { activities }: Pick<Frame, 'activities'>,
  { after }: FramedActivity,
  studyDay: number,
  days: readonly (DaySet | null)[],
): string[] {
  return after
    .filter((index) => days[index]?.has[studyDay] === 1)
    .map((index) => `${activities[index]?.activity.id}@${studyDay}`);
}

function idFor(ids: string[], activityId: string, studyDay: number): string {
  const known = ids[studyDay];
  if (known !== undefined) return known;
  const made = `${activityId}@${studyDay}`;
  ids[studyDay] = made;
  return made;
}

/** Opening and closing in minutes of the local day. */
type Minutes = Pick<Window, 'closesAfterDays' | 'lateDays'> & { readonly opens: number; readonly closes: number };

/**
 * A clock change never shortens a window: opening takes the earlier reading of a repeated local time, closing the
 * later one. A window that lies wholly in skipped time keeps its planned length from the moment of the change.
 */
function windowAt({ start, zone }: Pick<Frame, 'start' | 'zone'>, studyDay: number, window: Minutes) {
  const { opens, closes, closesAfterDays, lateDays } = window;
  const day = start + studyDay - 1;
  const { opensMs, opensAt } = zone.at(day, opens);
  const planned = zone.at(day + closesAfterDays, closes);
  const late = lateDays === 0 ? planned : zone.at(day + closesAfterDays + lateDays, closes);
  if (planned.closesMs > opensMs && late.closesMs >= planned.closesMs) {
    const { closesMs, closesAt } = planned;
    return { opensAt, closesMs, closesAt, lateMs: late.closesMs, lateUntil: late.closesAt };
  }
  const length = Math.max(0, closesAfterDays * msPerDay + (closes - opens) * msPerMinute);
  const closesMs = planned.closesMs > opensMs ? planned.closesMs : opensMs + length;
  const lateMs = lateDays === 0 ? closesMs : Math.max(late.closesMs, closesMs);
  return { opensAt, closesMs, closesAt: instantText(closesMs), lateMs, lateUntil: instantText(lateMs) };
}

/** Study week, from 1. */
export function weekOfStudyDay(studyDay: number): number {
  return Math.floor((studyDay - 1) / weekdays.length) + 1;
}

export function dateOf({ start }: Pick<Frame, 'start'>, studyDay: number): string {
  return dateText(start + studyDay - 1);
}
