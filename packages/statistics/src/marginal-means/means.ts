/**
 * Estimated marginal means of a fitted model and their comparisons, of any model that has a frame and tests rows of L:
 * linear, mixed and repeated-measures models.
 */

import { tQuantile } from '../distributions/distributions.ts';
import {
  dunnettQuantile,
  dunnettUpper,
  studentizedRangeQuantile,
  studentizedRangeUpper,
} from '../distributions/simultaneous.ts';
import type { Term } from '../inference/coefficient-tests.ts';
import type { ModelFrame } from '../model-frame/frame.ts';
import { type Adjustment, adjustPValues } from '../multiplicity/adjust.ts';
import { type MeanRow, type MeansRequest, meanRows } from './grid.ts';
import { loadingsOf } from './loadings.ts';

export type MeansModel = {
  readonly frame: ModelFrame;
  /** Estimates and tests of the rows of L, each of p numbers. */
  estimates(l: readonly ArrayLike<number>[]): Omit<Term, 'term'>[];
  /** Covariance of the rows of L, row by row. */
  covarianceOf(l: readonly ArrayLike<number>[]): readonly (readonly number[])[];
};

export type MarginalMean = MeanRow & Omit<Term, 'term'>;

/**
 * @example
 *   marginalMeans(model, { of: ['arm'], by: ['visit'] })
 * @throws StatisticsError as `meanRows`
 */
export function marginalMeans(model: MeansModel, request: MeansRequest): MarginalMean[] {
  const rows = meanRows(model.frame, request);
  const tests = model.estimates(rows.map(({ row }) => row));
  return rows.map((one, i) => ({ ...one, ...(tests[i] as Omit<Term, 'term'>) }));
}

/**
 * Tukey for all pairs, Dunnett for all against one, both over the comparisons of one combination of `by`, as the others.
 * Dunnett's correlations are taken as products λ_i λ_j, exact for up to three comparisons and for independent means, and
 * Hsu's factor-analytic approximation otherwise (Hsu 1992, J. Comput. Graph. Stat. 1:151), as SAS does.
 */
export type MeansAdjustment = 'none' | 'tukey' | 'dunnett' | Adjustment;

export type ComparisonRequest = MeansRequest & {
  /** Every earlier mean less every later one, or every other less that of one level. */
  readonly compare: 'pairwise' | { readonly control: string };
  /** @defaultValue 'tukey' for pairs, 'dunnett' against a control */
  readonly adjustment?: MeansAdjustment;
  /** Coverage of the intervals, simultaneous for Tukey, Dunnett and Bonferroni; default 0.95. */
  readonly level?: number;
};

export type Comparison = Omit<Term, 'term'> & {
  /** Such as `active - placebo`. */
  readonly name: string;
  readonly by: Readonly<Record<string, string>>;
  /** p before adjustment. */
  readonly pUnadjusted: number;
  readonly row: Float64Array;
};

/**
 * @example
 *   compareMeans(model, { of: ['arm'], by: ['visit'], compare: { control: 'placebo' }, adjustment: 'holm' })
 * @throws RangeError when no mean has the control's name, or an adjustment does not fit the comparisons
 * @throws StatisticsError as `meanRows`
 */
export function compareMeans(model: MeansModel, request: ComparisonRequest): Comparison[] {
  const { by = [], compare, level = 0.95 } = request;
  const adjustment = request.adjustment ?? (compare === 'pairwise' ? 'tukey' : 'dunnett');
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  if (adjustment === 'tukey' && compare !== 'pairwise') throw new RangeError('Tukey’s adjustment is for all pairs');
  if (adjustment === 'dunnett' && compare === 'pairwise') throw new RangeError('Dunnett’s is for one control');
  const families = new Map<string, MeanRow[]>();
  for (const one of meanRows(model.frame, request)) {
    const key = JSON.stringify(by.map((name) => one.levels[name]));
    families.set(key, [...(families.get(key) ?? []), one]);
  }
  return [...families.values()].flatMap((means) => {
    const own = Object.fromEntries(by.map((name) => [name, means[0]?.levels[name] ?? '']));
    const named = means.map(({ levels, row }) => ({ row, name: request.of.map((name) => levels[name]).join(' ') }));
    const pairs = compare === 'pairwise' ? allPairs(named) : againstOne(named, compare.control);
    const rows = pairs.map(({ row }) => row);
    const tests = model
      .estimates(rows)
      .map((test, i) => ({ ...(pairs[i] as Named), by: own, ...test, pUnadjusted: test.p }));
    return adjusted(model, tests, adjustment, means.length, level);
  });
}

type Named = { readonly name: string; readonly row: Float64Array };

function difference(one: Named, other: Named): Named {
  return { name: `${one.name} - ${other.name}`, row: one.row.map((value, j) => value - (other.row[j] as number)) };
}

function allPairs(means: readonly Named[]): Named[] {
  return means.flatMap((one, i) => means.slice(i + 1).map((other) => difference(one, other)));
}

function againstOne(means: readonly Named[], control: string): Named[] {
  const base = means.find(({ name }) => name === control);
  if (!base) throw new RangeError(`No mean is named ${control}`);
  return means.filter((one) => one !== base).map((one) => difference(one, base));
}

/** Remembers quantiles, which cost many integrations, by degrees of freedom. */
function byDf(quantile: (df: number) => number): (df: number) => number {
  const known = new Map<number, number>();
  return (df) => {
    const found = known.get(df) ?? quantile(df);
    known.set(df, found);
    return found;
  };
}

/** p-values and intervals of one family. */
function adjusted(
  model: MeansModel,
  tests: readonly Comparison[],
  adjustment: MeansAdjustment,
  means: number,
  level: number,
): Comparison[] {
  const alpha = 1 - level;
  const within = (one: Comparison, p: number, quantile: number): Comparison => {
    const half = quantile * one.standardError;
    return { ...one, p, lower: one.estimate - half, upper: one.estimate + half };
  };
  const plain = (one: Comparison) => tQuantile(1 - alpha / 2, one.df);
  if (adjustment === 'none') return tests.map((one) => within(one, one.p, plain(one)));
  if (adjustment === 'tukey') {
    const quantile = byDf((df) => studentizedRangeQuantile(alpha, means, df) / Math.SQRT2);
    return tests.map((one) =>
      within(one, studentizedRangeUpper(Math.SQRT2 * Math.abs(one.t), means, one.df), quantile(one.df)),
    );
  }
  if (adjustment === 'dunnett') {
    const loadings = loadingsOf(model.covarianceOf(tests.map(({ row }) => row)));
    const quantile = byDf((df) => dunnettQuantile(alpha, loadings, df));
    return tests.map((one) => within(one, dunnettUpper(Math.abs(one.t), loadings, one.df), quantile(one.df)));
  }
  const p = adjustPValues(
    tests.map((one) => one.p),
    adjustment,
  );
  const share = adjustment === 'bonferroni' ? tests.length : 1;
  return tests.map((one, i) => within(one, p[i] as number, tQuantile(1 - alpha / (2 * share), one.df)));
}
