/**
 * Activated expectancy bias (Szigeti et al. 2023): Y = N + T D + G A, where T is 1 on active, G is 1 where the person believes to be on
 * active, right with probability p; N, D and A are normal: natural history, direct effect and what belief adds.
 */
import { chiSquareUpper } from '../distributions/distributions.ts';
import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, fromRows, multiply, transpose } from '../linear-algebra/matrix.ts';
import type { Random } from '../random/philox.ts';
import type { GuessedValue } from './curve.ts';

export type NormalEffect = { readonly mean: number; readonly sd: number };

export type ExpectancyModel = {
  readonly naturalHistory: NormalEffect;
  readonly directEffect: NormalEffect;
  readonly expectancy: NormalEffect;
  /** p: probability that a guess is right. */
  readonly correctGuessRate: number;
};

/** What belief adds to the raw difference between conditions, E(A) (2p − 1), in units of the outcome. */
export function expectancyInflation({ expectancy, correctGuessRate }: ExpectancyModel): number {
  return expectancy.mean * (2 * correctGuessRate - 1);
}

/** Rows of a trial of n people under the model, half of them on active by a coin. */
export function drawExpectancyTrial(model: ExpectancyModel, n: number, random: Random): GuessedValue[] {
  const draw = ({ mean, sd }: NormalEffect) => random.normal(mean, sd);
  return Array.from({ length: n }, () => {
    const active = random.bernoulli(0.5);
    const right = random.bernoulli(model.correctGuessRate);
    const believes = active === right;
    const [own, direct, belief] = [draw(model.naturalHistory), draw(model.directEffect), draw(model.expectancy)];
    return {
      value: own + (active ? direct : 0) + (believes ? belief : 0),
      condition: active ? 'active' : 'placebo',
      guess: believes ? 'active' : 'placebo',
    };
  });
}

export type ExpectancyTerm = {
  readonly estimate: number;
  readonly standardError: number;
  readonly z: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
};

export type ExpectancyEstimate = {
  /** E(N), E(D) and E(A), in units of the outcome. */
  readonly naturalHistory: ExpectancyTerm;
  readonly directEffect: ExpectancyTerm;
  readonly expectancy: ExpectancyTerm;
  /** Does belief add as much on active as on placebo, as the model says? Small p: it does not, and the estimates mean little. */
  readonly additivity: { readonly chiSquare: number; readonly df: 1; readonly p: number };
  /** Rows that guessed; the others tell nothing of belief and are left out. */
  readonly rows: number;
};

/**
 * The means of the model from guesses and outcomes: weighted least squares on the four strata of condition and belief, each with a variance of
 * its own, as N + T D + G A has. One row a person. Guesses come after treatment, so what makes people both guess and fare well is counted
 * as expectancy: this is what the model says, not what an experiment on belief would show.
 * @throws StatisticsError `non_finite`; `too_few_rows` naming a stratum with fewer than 2 rows, `perfect_fit` naming one whose values are all the same
 */
export function estimateExpectancy(rows: readonly GuessedValue[], level = 0.95): ExpectancyEstimate {
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const strata = (['placebo', 'active'] as const).flatMap((condition) =>
    (['placebo', 'active'] as const).map((guess) => stratumOf(rows, condition, guess)),
  );
  const weighted = fromRows(strata.map(({ x, weight }) => x.map((one) => one * weight)));
  const information = multiply(transpose(fromRows(strata.map(({ x }) => [...x]))), weighted);
  const factor = cholesky(information);
  if (!factor) throw new StatisticsError('not_positive_definite', 'the strata');
  const covariance = inverseFromCholesky(factor);
  const means = fromRows(strata.map(({ mean }) => [mean]));
  const beta = multiply(covariance, multiply(transpose(weighted), means)).values;
  const chiSquare = strata.reduce((sum, { x, mean, weight }) => {
    const left = mean - x.reduce((all, one, j) => all + one * (beta[j] as number), 0);
    return sum + weight * left * left;
  }, 0);
  const quantile = normalQuantile((1 + level) / 2);
  const term = (j: number): ExpectancyTerm => {
    const estimate = beta[j] as number;
    const standardError = Math.sqrt(at(covariance, j, j));
    const [z, half] = [estimate / standardError, quantile * standardError];
    const p = 2 * normalCdf(-Math.abs(z));
    return { estimate, standardError, z, p, lower: estimate - half, upper: estimate + half };
  };
  return {
    ...{ naturalHistory: term(0), directEffect: term(1), expectancy: term(2) },
    additivity: { chiSquare, df: 1, p: chiSquareUpper(chiSquare, 1) },
    rows: strata.reduce((sum, { n }) => sum + n, 0),
  };
}

function stratumOf(rows: readonly GuessedValue[], condition: 'active' | 'placebo', guess: 'active' | 'placebo') {
  const own = rows.filter((row) => row.condition === condition && row.guess === guess).map(({ value }) => value);
  const name = `${condition}, guessed ${guess}`;
  if (!own.every(Number.isFinite)) throw new StatisticsError('non_finite', name);
  const n = own.length;
  if (n < 2) throw new StatisticsError('too_few_rows', `${name}: ${n}`);
  const mean = own.reduce((sum, value) => sum + value, 0) / n;
  const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (!(squares > 0)) throw new StatisticsError('perfect_fit', name);
  const x = [1, Number(condition === 'active'), Number(guess === 'active')];
  return { n, mean, weight: (n * (n - 1)) / squares, x };
}
