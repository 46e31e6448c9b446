/** Student's t, F and chi-square: distribution functions with accurate tails, and quantiles. Fractional df allowed. */
import { assertDegreesOfFreedom, assertProbability, invertTail } from './invert.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { incompleteBeta, incompleteGamma, logGamma } from './special.ts';

/** P(T ≤ t) with `df` > 0 degrees of freedom; infinitely many give the normal distribution. */
export function tCdf(t: number, df: number): number {
  const tail = tTail(t, df);
  return t > 0 ? 1 - tail : tail;
}

/** Two-sided p-value of a t statistic; exact in the far tails. */
export function tTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * tTail(t, df));
}

/** P(T > |t|). */
function tTail(t: number, df: number): number {
  assertDegreesOfFreedom(df);
  if (df === Number.POSITIVE_INFINITY) return normalCdf(-Math.abs(t));
  // t² may be too large to hold; then its share of df + t² is one.
  const ratio = (t * t) / df;
  if (ratio === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(1 / (1 + ratio), ratio / (1 + ratio), df / 2, 0.5).lower / 2;
}

function tDensity(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const log = logGamma((df + 1) / 2) - logGamma(df / 2) - ((df + 1) / 2) * Math.log1p((t * t) / df);
  return Math.exp(log) / Math.sqrt(df * Math.PI);
}

/** The t with P(T ≤ t) = p, 0 < p < 1. */
export function tQuantile(p: number, df: number): number {
  assertProbability(p);
  assertDegreesOfFreedom(df);
  if (p === 0.5) return 0;
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p);
  const tail = Math.min(p, 1 - p);
  const z = -normalQuantile(tail);
  // Cornish and Fisher's first term; for few degrees of freedom the far tail is a power law.
  const start = df > 2 ? z + (z * (z * z + 1)) / (4 * df) : z * tail ** (-1 / df);
  const t = invertTail(
    tail,
    (x) => tTail(x, df),
    (x) => tDensity(x, df),
    start,
  );
  return p < 0.5 ? -t : t;
}

/** P(F ≤ f). */
export function fCdf(f: number, df1: number, df2: number): number {
  return fBoth(f, df1, df2).lower;
}

/** P(F > f). */
export function fUpper(f: number, df1: number, df2: number): number {
  return fBoth(f, df1, df2).upper;
}

function fBoth(f: number, df1: number, df2: number): { lower: number; upper: number } {
  assertDegreesOfFreedom(df1);
  assertDegreesOfFreedom(df2);
  if (f <= 0) return { lower: 0, upper: 1 };
  if (df1 === Number.POSITIVE_INFINITY || f === Number.POSITIVE_INFINITY)
    throw new RangeError('Finite values are needed');
  if (df2 === Number.POSITIVE_INFINITY) return incompleteGamma(df1 / 2, (df1 * f) / 2);
  const ratio = (df1 * f) / df2;
  return incompleteBeta(ratio / (1 + ratio), 1 / (1 + ratio), df1 / 2, df2 / 2);
}

/** P(X ≤ x), chi-square. */
export function chiSquareCdf(x: number, df: number): number {
  assertDegreesOfFreedom(df);
  return incompleteGamma(df / 2, x / 2).lower;
}

/** P(X > x), chi-square. */
export function chiSquareUpper(x: number, df: number): number {
  assertDegreesOfFreedom(df);
  return incompleteGamma(df / 2, x / 2).upper;
}

/** P(X > x), beta(a, b). */
export function betaUpper(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) throw new RangeError('A beta distribution has a, b > 0 and 0 ≤ x ≤ 1.');
  return incompleteBeta(x, 1 - x, a, b).upper;
}

/** The x with P(X ≤ x) = p, 0 < p < 1. */
export function chiSquareQuantile(p: number, df: number): number {
  assertProbability(p);
  assertDegreesOfFreedom(df);
  const density = (x: number) => Math.exp((df / 2 - 1) * Math.log(x / 2) - x / 2 - logGamma(df / 2)) / 2;
  // Wilson & Hilferty (1931); near zero the leading term of the series.
  const spread = 2 / (9 * df);
  const cube = (1 - spread + normalQuantile(p) * Math.sqrt(spread)) ** 3;
  const small = 2 * Math.exp((Math.log(p) + logGamma(df / 2 + 1)) / (df / 2));
  const start = Math.max(cube * df, small);
  if (p <= 0.5) return invertTail(p, (x) => chiSquareCdf(x, df), density, start, true);
  return invertTail(1 - p, (x) => chiSquareUpper(x, df), density, start);
}
