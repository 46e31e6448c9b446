/** The schedule of a document that may be broken, as rows of days; and what one tap on a day makes of a regimen. */
import {
  isDrawn,
  protocolSchema,
  type Regimen,
  regimenDays,
  type Weekday,
  weekdayAfter,
  weekdays,
} from '@limen/protocol';
import { isPlain, listOf, textOf, valueAt } from '../value.ts';

export type EpochColumn = {
  readonly id: string;
  readonly label: string;
  readonly firstDay: number;
  readonly lastDay: number;
  /** Weekday of the first day, for a start on the weekday that the grid stands for. */
  readonly firstWeekday: Weekday;
};

export type GridRow = {
  /** Position among the activities; null: the capsules. */
  readonly index: number | null;
  readonly label: string;
  readonly epoch: EpochColumn | undefined;
  /** Study days. */
  readonly days: ReadonlySet<number>;
  /** Days are drawn anew for every person; what is shown is one draw. */
  readonly drawn: boolean;
};

export type Grid = {
  readonly lastDay: number;
  readonly epochs: readonly EpochColumn[];
  readonly rows: readonly GridRow[];
  readonly startsOn: Weekday | null;
};

const regimenSchema = protocolSchema.shape.dosing.shape.regimen;
const longest = 3660;
const sampleSeed = 'sample';

/** What can be shown of a document, however much of it is missing. */
export function gridOf(value: unknown): Grid {
  const start = valueAt(value, ['startsOn']);
  const startsOn = weekdays.find((day) => day === start) ?? null;
  const epochs = listOf(valueAt(value, ['epochs'])).flatMap((item): EpochColumn[] => {
    if (!isPlain(item)) return [];
    const { id, label, firstDay, lastDay } = item;
    if (!isDay(firstDay) || !isDay(lastDay) || lastDay < firstDay) return [];
    const firstWeekday = weekdayAfter(startsOn ?? 'mon', firstDay - 1);
    return [{ id: textOf(id), label: textOf(label) || textOf(id), firstDay, lastDay, firstWeekday }];
  });
  const epochOf = (id: unknown) => epochs.find((epoch) => epoch.id === id);
  const daysOf = (on: unknown, epoch: EpochColumn | undefined, stream: string): GridRow['days'] =>
    new Set(epoch === undefined ? [] : daysIn(on, epoch, stream));

  const dosing = valueAt(value, ['dosing']);
  const doseEpoch = epochOf(valueAt(dosing, ['epoch']));
  const most = valueAt(dosing, ['maximumDoses']);
  const planned = [...daysOf(valueAt(dosing, ['regimen']), doseEpoch, 'dose')];
  const doses = new Set(typeof most === 'number' ? planned.slice(0, most) : planned);
  const capsules: GridRow = {
    index: null,
    label: textOf(valueAt(dosing, ['unitLabel'])) || 'Capsule',
    epoch: doseEpoch,
    days: doses,
    drawn: drawnIn(valueAt(dosing, ['regimen'])),
  };
  const activities = listOf(valueAt(value, ['activities'])).map((item, index): GridRow => {
    const epoch = epochOf(valueAt(item, ['epoch']));
    const on = valueAt(item, ['on']);
    const id = textOf(valueAt(item, ['id']));
    const within = (day: number) => epoch !== undefined && day >= epoch.firstDay && day <= epoch.lastDay;
    return {
      index,
      label: textOf(valueAt(item, ['label'])) || id || `Activity ${index + 1}`,
      epoch,
      days: on === 'doseDays' ? new Set([...doses].filter(within)) : daysOf(on, epoch, id),
      drawn: on === 'doseDays' ? capsules.drawn : drawnIn(on),
    };
  });
  const lastDay = Math.max(0, ...epochs.map((epoch) => epoch.lastDay));
  return { lastDay, epochs, rows: [capsules, ...activities], startsOn };
}

const isDay = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= longest;

export function readRegimen(value: unknown): Regimen | undefined {
  const read = regimenSchema.safeParse(value);
  return read.success ? read.data : undefined;
}

const drawnIn = (value: unknown): boolean => {
  const regimen = readRegimen(value);
  return regimen !== undefined && isDrawn(regimen);
};

function daysIn(on: unknown, epoch: EpochColumn, stream: string): number[] {
  const regimen = readRegimen(on);
  if (regimen === undefined) return [];
  const length = epoch.lastDay - epoch.firstDay + 1;
  const { firstWeekday } = epoch;
  const days = regimenDays(regimen, { length, firstWeekday, drawSeed: sampleSeed, stream });
  return days.map((day) => epoch.firstDay + day - 1);
}

export type Toggled =
  | { readonly ok: true; readonly regimen: Regimen; readonly said: string }
  | { readonly ok: false; readonly said: string };

/**
 * A regimen with one of its days added or taken away. A list of days is changed in place; any other regimen keeps its
 * rule, with single days besides it or without them.
 * @param days study days on which it is asked now
 */
export function toggleDay(row: GridRow, on: unknown, studyDay: number): Toggled {
  const { epoch, days } = row;
  if (epoch === undefined) return { ok: false, said: 'The activity belongs to no epoch yet.' };
  if (studyDay < epoch.firstDay || studyDay > epoch.lastDay) {
    return { ok: false, said: `Day ${studyDay} lies outside “${epoch.label}”, where this is asked.` };
  }
  const adding = !days.has(studyDay);
  if (!adding && days.size === 1) {
    return { ok: false, said: 'It is the only day left. Remove the activity instead.' };
  }
  const day = studyDay - epoch.firstDay + 1;
  const said = `Day ${studyDay} ${adding ? 'added' : 'taken away'}.`;
  const regimen = readRegimen(on);
  if (regimen === undefined) {
    const relative = [...days].map((one) => one - epoch.firstDay + 1);
    const list = (adding ? [...relative, day] : relative.filter((one) => one !== day)).sort((a, b) => a - b);
    const was = on === 'doseDays' ? ' The days no longer follow the capsules.' : '';
    return { ok: true, regimen: { kind: 'days', days: list }, said: said + was };
  }
  return { ok: true, regimen: adding ? withDay(regimen, day, epoch) : withoutDay(regimen, day), said };
}

function withDay(regimen: Regimen, day: number, epoch: EpochColumn): Regimen {
  if (regimen.kind === 'days') return { kind: 'days', days: sorted([...regimen.days, day]) };
  if (regimen.kind === 'except' && regimen.without.kind === 'days' && regimen.without.days.includes(day)) {
    const days = regimen.without.days.filter((one) => one !== day);
    const rest: Regimen = days.length === 0 ? regimen.regimen : { ...regimen, without: { kind: 'days', days } };
    // A day that was added, then left out, is no day of the rule.
    return isShownOn(rest, day, epoch) ? rest : withDay(rest, day, epoch);
  }
  if (regimen.kind === 'anyOf') {
    const last = regimen.regimens.at(-1);
    if (last?.kind === 'days') {
      const days = sorted([...last.days, day]);
      return { kind: 'anyOf', regimens: [...regimen.regimens.slice(0, -1), { kind: 'days', days }] };
    }
  }
  return { kind: 'anyOf', regimens: [regimen, { kind: 'days', days: [day] }] };
}

function withoutDay(regimen: Regimen, day: number): Regimen {
  if (regimen.kind === 'days') return { kind: 'days', days: regimen.days.filter((one) => one !== day) };
  if (regimen.kind === 'anyOf' && regimen.regimens.length === 2) {
    const [rule, last] = regimen.regimens;
    if (rule !== undefined && last?.kind === 'days' && last.days.includes(day)) {
      const days = last.days.filter((one) => one !== day);
      const rest = days.length === 0 ? rule : { ...regimen, regimens: [rule, { kind: 'days' as const, days }] };
      return asksOn(rule, day) ? leftOut(rest, day) : rest;
    }
  }
  return leftOut(regimen, day);
}

function leftOut(regimen: Regimen, day: number): Regimen {
  if (regimen.kind === 'except' && regimen.without.kind === 'days') {
    return { ...regimen, without: { kind: 'days', days: sorted([...regimen.without.days, day]) } };
  }
  return { kind: 'except', regimen, without: { kind: 'days', days: [day] } };
}

/** Whether a rule asks on a day of the epoch as the grid shows it; what is drawn never counts on. */
function isShownOn(regimen: Regimen, day: number, { firstWeekday }: EpochColumn): boolean {
  return !isDrawn(regimen) && regimenDays(regimen, { length: day, firstWeekday, stream: '' }).includes(day);
}

/** Whether a rule may ask on a day, whatever the weekday of the start: if in doubt, it may. */
function asksOn(regimen: Regimen, day: number): boolean {
  if (isDrawn(regimen)) return true;
  return weekdays.some((firstWeekday) => regimenDays(regimen, { length: day, firstWeekday, stream: '' }).includes(day));
}

const sorted = (days: readonly number[]): number[] => [...new Set(days)].sort((a, b) => a - b);
