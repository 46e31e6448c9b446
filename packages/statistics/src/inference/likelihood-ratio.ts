/**
 * Likelihood-ratio test of two nested models: 2(ℓ₁ − ℓ₀) against chi-square with the difference of their parameters.
 *
 * Where the smaller model sets a variance to zero, the value lies on the boundary and that p is too large; for one random
 * effect more, correlated or not, the law is an even mixture of chi-squares (Stram & Lee 1994, Biometrics 50:1171).
 */
import { chiSquareUpper } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import type { ModelFrame } from '../model-frame/frame.ts';

export type Compared = {
  readonly method: 'REML' | 'ML';
  readonly logLikelihood: number;
  /** All that was estimated: coefficients and covariance. */
  readonly parameters: number;
  readonly frame: ModelFrame;
};

export type LikelihoodRatio = {
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
  /** ½ P(χ²_df−1 > x) + ½ P(χ²_df > x), where the fixed effects are the same and one random effect is tested. */
  readonly mixtureP: number | null;
};

/**
 * @param smaller the model that the larger one contains; that it does is the caller's word, but for what can be seen
 * @throws StatisticsError `not_comparable`: other rows, responses or methods, or REML with other fixed effects
 */
export function likelihoodRatioTest(smaller: Compared, larger: Compared): LikelihoodRatio {
  const refuse = (why: string) => new StatisticsError('not_comparable', why);
  if (smaller.method !== larger.method) throw refuse(`${smaller.method} and ${larger.method}`);
  const [one, other] = [smaller.frame, larger.frame];
  if (one.y.length !== other.y.length) throw refuse(`${one.y.length} and ${other.y.length} rows`);
  if (one.y.some((value, row) => value !== other.y[row])) throw refuse('the responses differ');
  const names = new Set(other.fixed.map(({ name }) => name));
  const sameFixed = one.fixed.length === other.fixed.length && one.fixed.every(({ name }) => names.has(name));
  if (smaller.method === 'REML' && !sameFixed) throw refuse('fixed effects are compared by ML');
  const df = larger.parameters - smaller.parameters;
  if (df <= 0) throw refuse(`${smaller.parameters} and ${larger.parameters} parameters`);
  const chiSquare = Math.max(0, 2 * (larger.logLikelihood - smaller.logLikelihood));
  const p = chiSquareUpper(chiSquare, df);
  const below = df === 1 ? (chiSquare > 0 ? 0 : 1) : chiSquareUpper(chiSquare, df - 1);
  return { chiSquare, df, p, mixtureP: sameFixed ? (below + p) / 2 : null };
}
