/** Which days of an epoch a regimen picks, and how to say so in words. */
import { type Regimen, type Weekday, weekdays } from './document.ts';
import { drawSubset } from './draw.ts';
import { ProtocolError } from './errors.ts';

const daysPerWeek = 7;

export type RegimenScope = {
  /** Days in the epoch. */
  readonly length: number;
  /** The calendar weekday of regimen day 1, in the participant's zone. */
  readonly firstWeekday: Weekday;
  readonly drawSeed?: string | undefined;
  /** Keeps two drawn regimens of one document apart. */
  readonly stream: string;
};

/** True if `day` (from 1, the epoch's first day) belongs to the regimen. */
function includes(regimen: Regimen, day: number, weekdayAt: (day: number) => Weekday, scope: RegimenScope): boolean {
  switch (regimen.kind) {
    case 'everyNDays':
      return (day - 1) % regimen.n === 0;
    case 'onOff':
      return (day - 1) % (regimen.on + regimen.off) < regimen.on;
    case 'weekdays':
      return regimen.days.includes(weekdayAt(day));
    case 'drawn':
      return drawnWeekdays(regimen, Math.floor((day - 1) / daysPerWeek), scope).includes(weekdayAt(day));
    case 'days':
      return regimen.days.includes(day);
    case 'cycles': {
      const dayOfCycle = (day - 1) % ((regimen.weeksOn + regimen.weeksOff) * daysPerWeek);
      if (dayOfCycle >= regimen.weeksOn * daysPerWeek) return false;
      const cycleStart = day - 1 - dayOfCycle;
      const stream = `${scope.stream}/${cycleStart}`;
      return includes(regimen.regimen, dayOfCycle + 1, (inner) => weekdayAt(cycleStart + inner), { ...scope, stream });
    }
    default:
      return regimen satisfies never;
  }
}

/**
 * The weekdays drawn for one week of the regimen. A last week cut short by the end of the epoch still draws from all
 * its weekdays; days past the end drop out, so every weekday keeps the same chance.
 */
function drawnWeekdays(regimen: Extract<Regimen, { kind: 'drawn' }>, week: number, scope: RegimenScope): Weekday[] {
  if (scope.drawSeed === undefined) throw new ProtocolError('draw_seed_missing');
  const from = weekdays.filter((weekday) => regimen.from.includes(weekday));
  return drawSubset(from, regimen.perWeek, `${scope.drawSeed}/${scope.stream}/${week}`);
}

export function weekdayAfter(first: Weekday, days: number): Weekday {
  const index = (weekdays.indexOf(first) + days) % daysPerWeek;
  const found = weekdays[index];
  if (found === undefined) throw new RangeError(`No weekday ${index}`);
  return found;
}

/**
 * Regimen days (1 = the epoch's first day), ascending.
 * @throws ProtocolError `draw_seed_missing` for a drawn regimen without a seed.
 */
export function regimenDays(regimen: Regimen, scope: RegimenScope): number[] {
  const weekdayAt = (day: number): Weekday => weekdayAfter(scope.firstWeekday, day - 1);
  const days: number[] = [];
  for (let day = 1; day <= scope.length; day++) if (includes(regimen, day, weekdayAt, scope)) days.push(day);
  return days;
}

/** True if the regimen needs a draw seed, at any depth. */
export function isDrawn(regimen: Regimen): boolean {
  return regimen.kind === 'drawn' || (regimen.kind === 'cycles' && isDrawn(regimen.regimen));
}

const weekdayNames: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

function list(parts: readonly string[], joiner: 'and' | 'or'): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${joiner} ${last}`;
}

function plural(count: number, singular: string): string {
  return count === 1 ? `1 ${singular}` : `${count} ${singular}s`;
}

function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

function weekdayList(days: readonly Weekday[], joiner: 'and' | 'or'): string {
  return list(
    weekdays.filter((weekday) => days.includes(weekday)).map((weekday) => weekdayNames[weekday]),
    joiner,
  );
}

/** The regimen in plain words: `every 3rd day`, `Monday, Tuesday, Thursday and Friday`. */
export function describeRegimen(regimen: Regimen): string {
  switch (regimen.kind) {
    case 'everyNDays':
      if (regimen.n === 1) return 'every day';
      return regimen.n === 2 ? 'every other day' : `every ${ordinal(regimen.n)} day`;
    case 'onOff':
      return `${plural(regimen.on, 'day')} on, ${plural(regimen.off, 'day')} off`;
    case 'weekdays':
      return new Set(regimen.days).size === daysPerWeek ? 'every day' : weekdayList(regimen.days, 'and');
    case 'drawn':
      return `${plural(regimen.perWeek, 'day')} a week, drawn at random from ${weekdayList(regimen.from, 'and')}`;
    case 'days': {
      const days = [...new Set(regimen.days)].sort((a, b) => a - b).map(String);
      return days.length === 1 ? `day ${days[0]}` : `days ${list(days, 'and')}`;
    }
    case 'cycles': {
      const rhythm = `${plural(regimen.weeksOn, 'week')} on, ${plural(regimen.weeksOff, 'week')} off`;
      return `${describeRegimen(regimen.regimen)}; ${rhythm}`;
    }
    default:
      return regimen satisfies never;
  }
}
