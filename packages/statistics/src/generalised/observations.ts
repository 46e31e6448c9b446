/** From a model frame to the designs of the linear predictors, with starting values. */
import { StatisticsError } from '../errors.ts';
import { fromColumns, type Matrix, zeros } from '../linear-algebra/matrix.ts';
import type { ModelFrame } from '../model-frame/frame.ts';
import { backFrom, centred } from './centre.ts';
import { binomial, cumulativeLogit, poisson } from './kernel.ts';
import type { Observations } from './marginal.ts';

export type GeneralisedFamily = 'binomial' | 'poisson' | 'ordinal';

export type Prepared = {
  readonly observations: Observations;
  readonly names: readonly string[];
  readonly start: Float64Array;
  /** Columns are about their means: T leads back to coefficients of the columns themselves. */
  readonly back: Matrix;
};

/** @throws StatisticsError `bad_response` where a response is not what the family counts */
export function observationsOf(frame: ModelFrame, family: GeneralisedFamily): Prepared {
  if (family === 'ordinal') return ordinal(frame);
  const fits =
    family === 'binomial' ? (y: number) => y === 0 || y === 1 : (y: number) => Number.isSafeInteger(y) && y >= 0;
  const odd = frame.y.find((y) => !fits(y));
  if (odd !== undefined) throw new StatisticsError('bad_response', `${frame.formula.response}: ${odd}`);
  const names = frame.fixed.map(({ name }) => name);
  const start = new Float64Array(names.length);
  const intercept = names.indexOf('(Intercept)');
  const mean = frame.y.reduce((sum, y) => sum + y, 0) / frame.rowsUsed;
  if (intercept >= 0) start[intercept] = family === 'binomial' ? Math.log(mean / (1 - mean)) : Math.log(mean);
  const { columns, means } = centred(frame);
  return {
    names,
    start,
    back: backFrom(means, intercept >= 0 ? [intercept] : [], -1),
    observations: {
      kernel: family === 'binomial' ? binomial : poisson,
      y: frame.y,
      upper: fromColumns(columns),
      lower: null,
      upperOffset: new Float64Array(frame.rowsUsed),
      lowerOffset: null,
      sign: 1,
      ...groupsOf(frame),
    },
  };
}

function ordinal(frame: ModelFrame): Prepared {
  const odd = frame.y.find((y) => !Number.isSafeInteger(y));
  if (odd !== undefined) throw new StatisticsError('bad_response', `${frame.formula.response}: ${odd}`);
  if (!frame.formula.intercept)
    throw new StatisticsError('formula_syntax', 'thresholds take the place of the intercept');
  const categories = [...new Set(frame.y)].sort((a, b) => a - b);
  const thresholds = categories.length - 1;
  const about = centred(frame);
  const columns = frame.fixed
    .map(({ name }, j) => ({ name, values: about.columns[j] as Float64Array, mean: about.means[j] as number }))
    .filter(({ name }) => name !== '(Intercept)');
  const n = frame.rowsUsed;
  const upper = zeros(n, thresholds + columns.length);
  const lower = zeros(n, thresholds + columns.length);
  const [upperOffset, lowerOffset] = [new Float64Array(n), new Float64Array(n)];
  const below = new Float64Array(thresholds);
  for (let i = 0; i < n; i += 1) {
    const k = categories.indexOf(frame.y[i] as number);
    if (k < thresholds) upper.values[i + k * n] = 1;
    else upperOffset[i] = Number.POSITIVE_INFINITY;
    if (k > 0) lower.values[i + (k - 1) * n] = 1;
    else lowerOffset[i] = Number.NEGATIVE_INFINITY;
    for (let t = k; t < thresholds; t += 1) below[t] = (below[t] as number) + 1;
    columns.forEach(({ values }, j) => {
      upper.values[i + (thresholds + j) * n] = -(values[i] as number);
      lower.values[i + (thresholds + j) * n] = -(values[i] as number);
    });
  }
  const start = new Float64Array(thresholds + columns.length);
  below.forEach((count, t) => {
    start[t] = Math.log(count / (n - count));
  });
  const names = [
    ...below.keys().map((t) => `${categories[t]}|${categories[t + 1]}`),
    ...columns.map(({ name }) => name),
  ];
  const designs = { upper, lower, upperOffset, lowerOffset };
  const means = [...below.keys().map(() => 0), ...columns.map(({ mean }) => mean)];
  return {
    names,
    start,
    back: backFrom(means, [...below.keys()], 1),
    observations: { kernel: cumulativeLogit, y: frame.y, ...designs, sign: -1, ...groupsOf(frame) },
  };
}

function groupsOf({ random, rowsUsed }: ModelFrame): Pick<Observations, 'groups' | 'randomIntercept'> {
  const [part] = random;
  if (!part) return { randomIntercept: false, groups: [] };
  const rows = part.levels.map((): number[] => []);
  for (let i = 0; i < rowsUsed; i += 1) rows[part.of[i] as number]?.push(i);
  return { randomIntercept: true, groups: rows.map((own) => Int32Array.from(own)) };
}
