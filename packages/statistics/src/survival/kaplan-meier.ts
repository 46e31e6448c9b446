/** Time to an event that not everybody has reached when the study ends: Kaplan & Meier (1958), log-rank (Peto & Peto 1972). */
import { chiSquareUpper } from '../distributions/distributions.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, solveCholesky } from '../linear-algebra/cholesky.ts';
import { at, fromColumns, zeros } from '../linear-algebra/matrix.ts';

export type Followed = {
  /** From the start, above 0, in whatever unit. */
  readonly time: number;
  /** Whether the event was seen at that time; otherwise the person was followed up to it without one. */
  readonly event: boolean;
};

export type SurvivalStep = {
  readonly time: number;
  /** Followed just before. */
  readonly atRisk: number;
  readonly events: number;
  readonly censored: number;
  /** Share without the event just after, and its standard error (Greenwood 1926). */
  readonly survival: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
};

export type KaplanMeier = {
  /** One for each time at which somebody had the event or was censored. */
  readonly steps: readonly SurvivalStep[];
  /** The first time at which at most half are without the event; null where it is never reached. */
  readonly median: { readonly time: number; readonly lower: number | null; readonly upper: number | null } | null;
};

/**
 * Limits on the scale log(−log S) (Kalbfleisch & Prentice 2002), which stay within 0 and 1.
 * @throws StatisticsError `no_rows`, `non_finite`
 */
export function kaplanMeier(people: readonly Followed[], level = 0.95): KaplanMeier {
  assertFollowed(people);
  const z = normalQuantile((1 + level) / 2);
  let [survival, greenwood] = [1, 0];
  const steps = timesOf(people).map(({ time, atRisk, events, censored }) => {
    survival *= 1 - events / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    const standardError = survival === 0 ? 0 : survival * Math.sqrt(greenwood);
    return { time, atRisk, events, censored, survival, standardError, ...limitsOf(survival, greenwood, z) };
  });
  return { steps, median: medianOf(steps) };
}

function limitsOf(survival: number, greenwood: number, z: number): { lower: number; upper: number } {
  if (survival === 1) return { lower: 1, upper: 1 };
  if (survival === 0) return { lower: 0, upper: 0 };
  const spread = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(survival));
  return { lower: survival ** Math.exp(spread), upper: survival ** Math.exp(-spread) };
}

/** Limits of the median are where those of the curve cross one half (Brookmeyer & Crowley 1982). */
function medianOf(steps: readonly SurvivalStep[]): KaplanMeier['median'] {
  const first = (of: (step: SurvivalStep) => number) => steps.find((step) => of(step) <= 0.5)?.time ?? null;
  const time = first(({ survival }) => survival);
  if (time === null) return null;
  return { time, lower: first(({ lower }) => lower), upper: first(({ upper }) => upper) };
}

type Count = { readonly time: number; readonly atRisk: number; readonly events: number; readonly censored: number };

function timesOf(people: readonly Followed[]): Count[] {
  const sorted = people.toSorted((a, b) => a.time - b.time);
  const counts: Count[] = [];
  let index = 0;
  while (index < sorted.length) {
    const { time } = sorted[index] as Followed;
    let [events, all] = [0, 0];
    for (; sorted[index + all]?.time === time; all += 1) if (sorted[index + all]?.event) events += 1;
    counts.push({ time, atRisk: sorted.length - index, events, censored: all - events });
    index += all;
  }
  return counts;
}

export type LogRank = {
  readonly groups: readonly {
    readonly group: string;
    readonly people: number;
    readonly observed: number;
    readonly expected: number;
  }[];
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
};

/** @throws StatisticsError `no_rows`, `non_finite`, `one_level_factor` with one group, `empty_condition` without any event */
export function logRank(people: readonly (Followed & { readonly group: string })[]): LogRank {
  assertFollowed(people);
  const names = [...new Set(people.map(({ group }) => group))].sort();
  if (names.length < 2) throw new StatisticsError('one_level_factor', 'group');
  if (!people.some(({ event }) => event)) throw new StatisticsError('empty_condition', 'event');
  const [observed, expected] = [names.map(() => 0), names.map(() => 0)];
  const variance = zeros(names.length, names.length);
  for (const { time, atRisk, events } of timesOf(people)) {
    if (events === 0) continue;
    const risk = names.map((name) => people.filter((one) => one.group === name && one.time >= time).length);
    const spread = atRisk > 1 ? (events * (atRisk - events)) / (atRisk - 1) : 0;
    names.forEach((name, g) => {
      const share = (risk[g] as number) / atRisk;
      observed[g] =
        (observed[g] as number) + people.filter((one) => one.group === name && one.time === time && one.event).length;
      expected[g] = (expected[g] as number) + events * share;
      names.forEach((_, h) => {
        const other = (risk[h] as number) / atRisk;
        variance.values[h * names.length + g] = at(variance, g, h) + spread * share * ((g === h ? 1 : 0) - other);
      });
    });
  }
  const df = names.length - 1;
  const chiSquare = quadraticForm(observed.map((count, g) => count - (expected[g] as number)).slice(0, df), variance);
  return {
    groups: names.map((group, g) => ({
      group,
      people: people.filter((one) => one.group === group).length,
      observed: observed[g] as number,
      expected: expected[g] as number,
    })),
    chiSquare,
    df,
    p: chiSquareUpper(chiSquare, df),
  };
}

/** uᵀV⁻¹u over the first groups; the last follows from them. */
function quadraticForm(u: readonly number[], variance: ReturnType<typeof zeros>): number {
  const leading = fromColumns(u.map((_, j) => u.map((__, i) => at(variance, i, j))));
  const factor = cholesky(leading);
  if (factor === null) throw new StatisticsError('rank_deficient', 'group');
  const solved = solveCholesky(factor, fromColumns([u])).values;
  return u.reduce((sum, value, i) => sum + value * (solved[i] as number), 0);
}

export function assertFollowed(people: readonly Followed[]): void {
  if (people.length === 0) throw new StatisticsError('no_rows');
  if (people.some(({ time }) => !(time > 0 && Number.isFinite(time)))) throw new StatisticsError('non_finite', 'time');
}
