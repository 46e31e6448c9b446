/** Normal, t, F and chi-square: distribution functions with accurate tails, and quantiles. */
import { incompleteBeta, incompleteGamma } from './special.ts';

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  const half = incompleteGamma(0.5, (z * z) / 2);
  return z < 0 ? half.upper / 2 : 0.5 + half.lower / 2;
}

/** P(T ≤ t) with `df` > 0 degrees of freedom, fractional allowed. */
export function tCdf(t: number, df: number): number {
  if (!Number.isFinite(df)) return normalCdf(t);
  const tail = tTail(t, df);
  return t > 0 ? 1 - tail : tail;
}

/** Two-sided p-value of a t statistic; exact in the far tails. */
export function tTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * tTail(t, df));
}

/** P(T > |t|). */
function tTail(t: number, df: number): number {
  if (!Number.isFinite(df)) return normalCdf(-Math.abs(t));
  const square = t * t;
  // Of the two equal forms the one that does not lose digits: x near 0 in the tail, near 1 in the middle.
  if (square > df) return incompleteBeta(df / (df + square), df / 2, 0.5).lower / 2;
  return incompleteBeta(square / (df + square), 0.5, df / 2).upper / 2;
}

/** P(F ≤ f). */
export function fCdf(f: number, df1: number, df2: number): number {
  if (f <= 0) return 0;
  return incompleteBeta((df1 * f) / (df1 * f + df2), df1 / 2, df2 / 2).lower;
}

/** P(F > f). */
export function fUpper(f: number, df1: number, df2: number): number {
  if (f <= 0) return 1;
  return incompleteBeta(df2 / (df1 * f + df2), df2 / 2, df1 / 2).lower;
}

/** P(X ≤ x), chi-square. */
export function chiSquareCdf(x: number, df: number): number {
  return x <= 0 ? 0 : incompleteGamma(df / 2, x / 2).lower;
}

/** P(X > x), chi-square. */
export function chiSquareUpper(x: number, df: number): number {
  return x <= 0 ? 1 : incompleteGamma(df / 2, x / 2).upper;
}

/** The z with P(Z ≤ z) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  return -invertTail(p, (z) => normalCdf(-z));
}

/** The t with P(T ≤ t) = p, 0 < p < 1. */
export function tQuantile(p: number, df: number): number {
  if (p > 0.5) return -tQuantile(1 - p, df);
  return -invertTail(p, (t) => tTail(t, df));
}

export function chiSquareQuantile(p: number, df: number): number {
  assertProbability(p);
  return bisect((x) => chiSquareCdf(x, df) - p);
}

/** The x ≥ 0 with tail(x) = p ≤ 0.5. */
function invertTail(p: number, tail: (x: number) => number): number {
  assertProbability(p);
  return bisect((x) => p - tail(x));
}

function assertProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`A probability between 0 and 1 is needed, not ${p}`);
}

/** Root of a rising function on [0, ∞): the bracket is doubled, then halved to the last digit. */
function bisect(rising: (x: number) => number): number {
  let low = 0;
  let high = 1;
  while (rising(high) < 0 && high < 1e300) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
