/**
 * Distributions of several t statistics with one variance: Tukey's studentized range and Dunnett's maximum. The chi
 * variable of the variance and the common normal are integrated by panels of Gauss and Legendre; 1e-9 absolute.
 */
import { gaussLegendre } from '../quadrature/gauss-legendre.ts';
import { assertDegreesOfFreedom, assertProbability } from './invert.ts';
import { normalCdf, normalDensity } from './normal.ts';
import { logGamma } from './special.ts';

const [nodes, weights] = gaussLegendre(16);

function integrate(f: (x: number) => number, from: number, to: number, panels: number): number {
  const half = (to - from) / panels / 2;
  let sum = 0;
  for (let i = 0; i < panels; i += 1) {
    const middle = from + half * (2 * i + 1);
    for (let k = 0; k < nodes.length; k += 1) sum += (weights[k] as number) * f(middle + half * (nodes[k] as number));
  }
  return sum * half;
}

const negligible = 1e-13;

/** ∫ given(s) h(s) ds, h the density of √(χ²_df / df); substituted s = eᵘ, in which h has light tails. */
function overVariance(given: (s: number) => number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return given(1);
  const log = Math.LN2 + (df / 2) * Math.log(df / 2) - logGamma(df / 2);
  const weighed = (u: number) => {
    const density = Math.exp(log + df * u - (df / 2) * Math.exp(2 * u));
    return density < negligible ? 0 : density * given(Math.exp(u));
  };
  const low = -Math.max(26 / df, 7.5 / Math.sqrt(df));
  const high = Math.min(7.5 / Math.sqrt(df), Math.log(9));
  const bend = Math.max(low, -1);
  const width = Math.min(0.35, 1.5 / Math.sqrt(df));
  // Left of the bend the density is all but exponential, so wide panels do.
  const left = low < bend ? integrate(weighed, low, bend, Math.ceil((bend - low) / 1.5)) : 0;
  return left + integrate(weighed, bend, high, Math.ceil((high - bend) / width));
}

/**
 * P(Q > q): range of `means` independent normal means over an independent standard error with `df` degrees of freedom
 * (Tukey 1953; Copenhaver & Holland 1988, J. Stat. Comput. Simul. 30:1). Tukey's p of a contrast is that of √2 |t|.
 */
export function studentizedRangeUpper(q: number, means: number, df: number): number {
  assertDegreesOfFreedom(df);
  if (!(Number.isSafeInteger(means) && means >= 2)) throw new RangeError(`Two or more means are needed, not ${means}`);
  if (Number.isNaN(q)) throw new RangeError('A number is needed, not NaN');
  if (q <= 0) return 1;
  const above = (w: number) =>
    1 - means * integrate((z) => normalDensity(z) * (normalCdf(z) - normalCdf(z - w)) ** (means - 1), -8.5, 8.5, 10);
  return Math.min(
    1,
    Math.max(
      0,
      overVariance((s) => above(q * s), df),
    ),
  );
}

/**
 * P(max |T_i| > t) of comparisons whose correlations are λ_i λ_j (Dunnett 1955, JASA 50:1096); for arms of n_i against a
 * control of n_0, λ_i = √(n_i / (n_i + n_0)).
 */
export function dunnettUpper(t: number, loadings: readonly number[], df: number): number {
  assertDegreesOfFreedom(df);
  if (loadings.length === 0 || !loadings.every((one) => one >= 0 && one < 1)) {
    throw new RangeError(`Loadings from 0 to below 1 are needed: ${loadings}`);
  }
  if (Number.isNaN(t)) throw new RangeError('A number is needed, not NaN');
  if (t <= 0) return 1;
  const spread = loadings.map((one) => Math.sqrt(1 - one * one));
  const within = (c: number, z: number) =>
    loadings.reduce((product, loading, i) => {
      const root = spread[i] as number;
      return product * (normalCdf((c - loading * z) / root) - normalCdf((-c - loading * z) / root));
    }, 1);
  const above = (c: number) => 1 - integrate((z) => normalDensity(z) * within(c, z), -8.5, 8.5, 16);
  return Math.min(
    1,
    Math.max(
      0,
      overVariance((s) => above(t * s), df),
    ),
  );
}

/** The q with P(Q > q) = `upper`. */
export function studentizedRangeQuantile(upper: number, means: number, df: number): number {
  return critical(upper, (q) => studentizedRangeUpper(q, means, df));
}

/** The t with P(max |T_i| > t) = `upper`. */
export function dunnettQuantile(upper: number, loadings: readonly number[], df: number): number {
  return critical(upper, (t) => dunnettUpper(t, loadings, df));
}

/** Illinois's method on the logarithm of the tail (Dowell & Jarratt 1971, BIT 11:168), to 1e-11 in the value. */
function critical(upper: number, tail: (x: number) => number): number {
  assertProbability(upper);
  const above = (x: number) => Math.log(Math.max(tail(x), 1e-300) / upper);
  let low = 0;
  let high = 4;
  let atLow = -Math.log(upper);
  let atHigh = above(high);
  while (atHigh > 0 && high < 1e6) {
    high *= 2;
    atHigh = above(high);
  }
  let side = 0;
  for (let round = 0; round < 100 && high - low > 1e-11 * high; round += 1) {
    const next = (low * atHigh - high * atLow) / (atHigh - atLow);
    const here = above(next);
    if (Math.abs(here) < 1e-12) return next;
    if (here > 0) {
      low = next;
      atLow = here;
      if (side === 1) atHigh /= 2;
      side = 1;
    } else {
      high = next;
      atHigh = here;
      if (side === -1) atLow /= 2;
      side = -1;
    }
  }
  return (low + high) / 2;
}
