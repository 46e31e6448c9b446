/** A regimen in plain words. */
import { type Weekday, weekdays } from './document-parts.ts';
import type { Regimen } from './regimen-schema.ts';

const weekdayNames: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

function list(parts: readonly string[], joiner: 'and' | 'or' | 'then'): string {
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

function weekdayList(days: readonly Weekday[]): string {
  return list(
    weekdays.filter((weekday) => days.includes(weekday)).map((weekday) => weekdayNames[weekday]),
    'and',
  );
}

/** `every 3rd day`, `Monday, Tuesday, Thursday and Friday`. */
export function describeRegimen(regimen: Regimen): string {
  switch (regimen.kind) {
    case 'everyNDays':
      if (regimen.n === 1) return 'every day';
      return regimen.n === 2 ? 'every other day' : `every ${ordinal(regimen.n)} day`;
    case 'onOff':
      return `${plural(regimen.on, 'day')} on, ${plural(regimen.off, 'day')} off`;
    case 'weekdays':
      return new Set(regimen.days).size === weekdays.length ? 'every day' : weekdayList(regimen.days);
    case 'drawn':
      return `${plural(regimen.perWeek, 'day')} a week, drawn at random from ${weekdayList(regimen.from)}`;
    case 'days': {
      const days = [...new Set(regimen.days)].sort((a, b) => a - b).map(String);
      return days.length === 1 ? `day ${days[0]}` : `days ${list(days, 'and')}`;
    }
    case 'alternating':
      return `every ${list(regimen.gaps.map(ordinal), 'then')} day in turn`;
    default:
      return describeBuilt(regimen);
  }
}

type Built = Extract<Regimen, { kind: 'cycles' | 'sequence' | 'anyOf' | 'except' | 'spaced' }>;

function describeBuilt(regimen: Built): string {
  switch (regimen.kind) {
    case 'cycles': {
      const rhythm = `${plural(regimen.weeksOn, 'week')} on, ${plural(regimen.weeksOff, 'week')} off`;
      return `${describeRegimen(regimen.regimen)}; ${rhythm}`;
    }
    case 'sequence':
      return regimen.parts
        .map(({ days, regimen: part }) => `${describeRegimen(part)} for ${plural(days, 'day')}`)
        .join(', then ');
    case 'anyOf':
      return regimen.regimens.map(describeRegimen).join('; and also ');
    case 'except':
      return `${describeRegimen(regimen.regimen)}; left out: ${describeRegimen(regimen.without)}`;
    case 'spaced':
      return `${describeRegimen(regimen.regimen)}; at least ${plural(regimen.days, 'day')} apart`;
    default:
      return regimen satisfies never;
  }
}
