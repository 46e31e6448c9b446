/** Gamma and beta distributions: both tails, and quantiles from whichever tail is the smaller. */
import { assertProbability } from './invert.ts';
import { incompleteBeta, incompleteGamma, logGamma } from './special.ts';

/** P(X ≤ x) of a gamma distribution with this shape and rate; its mean is shape / rate. */
export function gammaCdf(x: number, shape: number, rate = 1): number {
  assertPositive(shape, rate);
  return incompleteGamma(shape, x * rate).lower;
}

/** P(X > x), gamma. */
export function gammaUpper(x: number, shape: number, rate = 1): number {
  assertPositive(shape, rate);
  return incompleteGamma(shape, x * rate).upper;
}

/** The x with P(X ≤ x) = p, 0 < p < 1, gamma. */
export function gammaQuantile(p: number, shape: number, rate = 1): number {
  assertProbability(p);
  assertPositive(shape, rate);
  const logDensity = (t: number) => shape * t - Math.exp(t) - logGamma(shape);
  const both = (t: number) => incompleteGamma(shape, Math.exp(t));
  return Math.exp(invertLogarithm(p, both, logDensity, Math.log(shape))) / rate;
}

/** P(X ≤ x), beta(a, b). */
export function betaCdf(x: number, a: number, b: number): number {
  assertPositive(a, b);
  if (!(x >= 0 && x <= 1)) throw new RangeError(`A share between 0 and 1 is needed, not ${x}`);
  return incompleteBeta(x, 1 - x, a, b).lower;
}

/** The x with P(X ≤ x) = p, 0 < p < 1, beta(a, b). Solved in the log odds, so that both ends keep their digits. */
export function betaQuantile(p: number, a: number, b: number): number {
  assertProbability(p);
  assertPositive(a, b);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const logDensity = (t: number) =>
    a * t - (a + b) * (t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t))) - logBeta;
  const both = (t: number) => incompleteBeta(1 / (1 + Math.exp(-t)), 1 / (1 + Math.exp(t)), a, b);
  return 1 / (1 + Math.exp(-invertLogarithm(p, both, logDensity, Math.log(a / b))));
}

/**
 * The t = log x where the distribution reaches p: Newton's method on the logarithm of the smaller tail, which is close to a
 * straight line in t at both ends, within a bracket that only shrinks.
 * @param logDensity log of the density of t
 */
function invertLogarithm(
  p: number,
  both: (t: number) => { lower: number; upper: number },
  logDensity: (t: number) => number,
  start: number,
): number {
  const rising = p <= 0.5;
  const wanted = Math.log(rising ? p : 1 - p);
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let t = start;
  for (let round = 0; round < 300; round += 1) {
    const { lower, upper } = both(t);
    const log = Math.log(rising ? lower : upper);
    const distance = log - wanted;
    if (distance === 0) return t;
    if (rising === distance > 0) high = t;
    else low = t;
    const slope = (rising ? 1 : -1) * Math.exp(logDensity(t) - log);
    let next = t - distance / slope;
    if (!(next > low && next < high)) {
      if (low === Number.NEGATIVE_INFINITY) next = t - 2 * (1 + Math.abs(t - start));
      else if (high === Number.POSITIVE_INFINITY) next = t + 2 * (1 + Math.abs(t - start));
      else next = (low + high) / 2;
    }
    if (Math.abs(next - t) <= 2 ** -52 * Math.max(Math.abs(t), 1e-3)) return next;
    t = next;
  }
  return t;
}

function assertPositive(...parameters: readonly number[]): void {
  for (const value of parameters) {
    if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`A parameter above 0 is needed, not ${value}`);
  }
}
