/** Which days of an epoch a regimen picks. */
import { type Weekday, weekdays } from './document-parts.ts';
import { drawSubset } from './draw.ts';
import { ProtocolError } from './errors.ts';
import { partsOf, type Regimen } from './regimen-schema.ts';

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

/**
 * Regimen days (1 = the epoch's first day), ascending, none twice. Pure.
 * @throws ProtocolError `draw_seed_missing` for a drawn regimen without a seed.
 */
export function regimenDays(regimen: Regimen, scope: RegimenScope): number[] {
  switch (regimen.kind) {
    case 'everyNDays':
      return daysWhere(scope, (day) => (day - 1) % regimen.n === 0);
    case 'onOff':
      return daysWhere(scope, (day) => (day - 1) % (regimen.on + regimen.off) < regimen.on);
    case 'weekdays':
      return daysWhere(scope, (day) => regimen.days.includes(weekdayAfter(scope.firstWeekday, day - 1)));
    case 'drawn':
      return drawnDays(regimen, scope);
    case 'days':
      return daysWhere(scope, (day) => regimen.days.includes(day));
    case 'alternating':
      return alternatingDays(regimen.gaps, scope.length);
    case 'cycles':
      return cycleDays(regimen, scope);
    case 'sequence':
      return sequenceDays(regimen, scope);
    case 'anyOf': {
      const found = regimen.regimens.map((part, index) => new Set(regimenDays(part, inner(scope, `any${index}`))));
      return daysWhere(scope, (day) => found.some((days) => days.has(day)));
    }
    case 'except': {
      const without = new Set(regimenDays(regimen.without, inner(scope, 'without')));
      return regimenDays(regimen.regimen, scope).filter((day) => !without.has(day));
    }
    case 'spaced':
      return spacedDays(regimenDays(regimen.regimen, scope), regimen.days);
    default:
      return regimen satisfies never;
  }
}

function daysWhere({ length }: RegimenScope, includes: (day: number) => boolean): number[] {
  const days: number[] = [];
  for (let day = 1; day <= length; day++) if (includes(day)) days.push(day);
  return days;
}

function inner(scope: RegimenScope, name: string): RegimenScope {
  return { ...scope, stream: `${scope.stream}/${name}` };
}

/**
 * A last week cut short by the end of the epoch still draws from all its weekdays; days past the end drop out, so every
 * weekday keeps the same chance.
 */
function drawnDays(regimen: Extract<Regimen, { kind: 'drawn' }>, scope: RegimenScope): number[] {
  if (scope.drawSeed === undefined) throw new ProtocolError('draw_seed_missing');
  const from = weekdays.filter((weekday) => regimen.from.includes(weekday));
  const weeks = Array.from({ length: Math.ceil(scope.length / daysPerWeek) }, (_, week) =>
    drawSubset(from, regimen.perWeek, `${scope.drawSeed}/${scope.stream}/${week}`),
  );
  return daysWhere(scope, (day) => {
    const week = weeks[Math.floor((day - 1) / daysPerWeek)] ?? [];
    return week.includes(weekdayAfter(scope.firstWeekday, day - 1));
  });
}

function alternatingDays(gaps: readonly number[], length: number): number[] {
  const days: number[] = [];
  for (let day = 1, turn = 0; day <= length; turn++) {
    days.push(day);
    day += gaps[turn % gaps.length] ?? length;
  }
  return days;
}

function cycleDays(regimen: Extract<Regimen, { kind: 'cycles' }>, scope: RegimenScope): number[] {
  const days: number[] = [];
  const period = (regimen.weeksOn + regimen.weeksOff) * daysPerWeek;
  for (let start = 0; start < scope.length; start += period) {
    days.push(...stretchDays(regimen.regimen, scope, start, regimen.weeksOn * daysPerWeek));
  }
  return days;
}

function sequenceDays(regimen: Extract<Regimen, { kind: 'sequence' }>, scope: RegimenScope): number[] {
  const days: number[] = [];
  let start = 0;
  for (const part of regimen.parts) {
    if (start >= scope.length) break;
    days.push(...stretchDays(part.regimen, scope, start, part.days));
    start += part.days;
  }
  return days;
}

/** The days of a regimen that runs for `length` days after `start` days, cut off at the end of the scope. */
function stretchDays(regimen: Regimen, scope: RegimenScope, start: number, length: number): number[] {
  const within = {
    ...inner(scope, String(start)),
    length: Math.min(length, scope.length - start),
    firstWeekday: weekdayAfter(scope.firstWeekday, start),
  };
  return regimenDays(regimen, within).map((day) => start + day);
}

function spacedDays(days: readonly number[], apart: number): number[] {
  const kept: number[] = [];
  for (const day of days) if (day - (kept.at(-1) ?? Number.NEGATIVE_INFINITY) >= apart) kept.push(day);
  return kept;
}

export function weekdayAfter(first: Weekday, days: number): Weekday {
  const index = (weekdays.indexOf(first) + days) % daysPerWeek;
  const found = weekdays[index];
  if (found === undefined) throw new RangeError(`No weekday ${index}`);
  return found;
}

/** True if the regimen needs a draw seed, at any depth. */
export function isDrawn(regimen: Regimen): boolean {
  return regimen.kind === 'drawn' || partsOf(regimen).some(isDrawn);
}
