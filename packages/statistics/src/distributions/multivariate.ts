/**
 * Probabilities of boxes under the multivariate normal and t distributions. The variables are separated one by one (Genz 1992, J. Comput.
 * Graph. Stat. 1:141; for t Genz & Bretz 1999, J. Stat. Comput. Simul. 63:361), those with the least probability first. What is left has one
 * dimension less, and one more for t. Up to three are integrated by the double exponential rule (Takahasi & Mori 1974), more over
 * shifted lattices of Korobov type. A product of conditional probabilities keeps its relative accuracy in tails.
 */
import { StatisticsError } from '../errors.ts';
import { philox } from '../random/philox.ts';
import { chiSquareQuantile } from './distributions.ts';
import { normalCdf, normalDensity, normalQuantile } from './normal.ts';

export type BoxRequest = {
  /** Limits of each of k variables, infinite ones allowed; lower < upper. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** k × k; positive definite. Unit diagonal: a correlation. */
  readonly covariance: readonly (readonly number[])[];
  /** Of the t distribution, with the box scaled by one chi; absent or infinite: the normal. */
  readonly df?: number;
  /** Wanted error as a share of the probability; default 1e-6. */
  readonly relative?: number;
  /** Most points; default 2 million. */
  readonly points?: number;
};

export type BoxProbability = {
  readonly probability: number;
  /** Of lattices three standard errors over the shifts, else what half the nodes are off by; 0 where the answer is exact. */
  readonly error: number;
};

const shifts = 12;

/**
 * P(lower < X < upper) for X ~ N(0, covariance), or t with `df` degrees of freedom.
 * @throws RangeError for limits that cross or matrices of another size; StatisticsError `not_positive_definite`
 */
export function boxProbability(request: BoxRequest): BoxProbability {
  const { covariance, df = Number.POSITIVE_INFINITY, relative = 1e-6, points: most = 2_000_000 } = request;
  if (!(df > 0)) throw new RangeError(`Degrees of freedom above 0 are needed, not ${df}`);
  const box = scaled(request);
  const separated = separate(box, covariance);
  const free = separated.k - 1 + (df === Number.POSITIVE_INFINITY ? 0 : 1);
  if (free === 0) return { probability: between(separated.lower[0] as number, separated.upper[0] as number), error: 0 };
  if (free <= 3) return overNodes(separated, df);
  const random = philox('box probability');
  const point = new Float64Array(free);
  let points = 512;
  let found: BoxProbability = { probability: 0, error: Number.POSITIVE_INFINITY };
  while (points * shifts <= most) {
    const generators = lattice(points, free);
    const sums = Array.from({ length: shifts }, () => {
      const shift = Array.from({ length: free }, () => random.uniform());
      let sum = 0;
      for (let i = 0; i < points; i += 1) {
        for (let d = 0; d < free; d += 1) {
          const place = ((i * (generators[d] as number)) / points + (shift[d] as number)) % 1;
          point[d] = Math.abs(2 * place - 1);
        }
        sum += integrand(separated, df, point);
      }
      return sum / points;
    });
    const probability = sums.reduce((sum, one) => sum + one, 0) / shifts;
    const spread = sums.reduce((sum, one) => sum + (one - probability) ** 2, 0) / (shifts * (shifts - 1));
    found = { probability, error: 3 * Math.sqrt(spread) };
    if (found.error <= relative * probability) return found;
    points *= 2;
  }
  return found;
}

type Node = { readonly u: number; readonly weight: number };

/** On (0, 1); ends are reached in steps of e^(−e^t), so that what is steep there does no harm. */
function doubleExponential(step: number): Node[] {
  const nodes: Node[] = [];
  for (let t = -3.2; t <= 3.2 + step / 2; t += step) {
    const q = Math.exp((-Math.PI / 2) * Math.sinh(Math.abs(t)));
    const near = q / (q + 1 / q);
    const weight = (step * Math.PI * Math.cosh(t)) / (q + 1 / q) ** 2;
    nodes.push({ u: t < 0 ? near : 1 - near, weight });
  }
  return nodes;
}

function overNodes(separated: Separated, df: number): BoxProbability {
  const [coarse, fine] = [0.16, 0.08].map((step) => {
    const nodes = doubleExponential(step);
    const inner = (scale: number) => nested(separated, nodes, scale, 0, new Float64Array(separated.k), 1);
    if (df === Number.POSITIVE_INFINITY) return inner(1);
    return nodes.reduce((sum, { u, weight }) => sum + weight * inner(chiScale(u, df)), 0);
  }) as [number, number];
  return { probability: fine, error: Math.abs(fine - coarse) };
}

const chiScale = (u: number, df: number) => Math.sqrt(chiSquareQuantile(inside(u), df) / df);

/** The integral over variables i … k − 2, with the share of all of them. */
function nested(
  of: Separated,
  nodes: readonly Node[],
  scale: number,
  i: number,
  z: Float64Array,
  above: number,
): number {
  const { k, lower, upper, factor } = of;
  let shift = 0;
  for (let m = 0; m < i; m += 1) shift += (factor[i * k + m] as number) * (z[m] as number);
  const from = (lower[i] as number) * scale - shift;
  const to = (upper[i] as number) * scale - shift;
  const share = between(from, to);
  if (!(share > 0)) return 0;
  if (i === k - 1) return above * share;
  let sum = 0;
  for (const { u, weight } of nodes) {
    z[i] = drawn(from, to, share, u);
    sum += weight * nested(of, nodes, scale, i + 1, z, above * share);
  }
  return sum;
}

/** Powers of a multiplier that fills the plane well for a power of two of points: about the golden share, odd. */
function lattice(points: number, dimensions: number): number[] {
  const multiplier = 2 * Math.round((points * (Math.sqrt(5) - 1)) / 4) + 1;
  const generators = [1];
  for (let d = 1; d < dimensions; d += 1) {
    generators.push(Number((BigInt(generators[d - 1] as number) * BigInt(multiplier)) % BigInt(points)));
  }
  return generators;
}

type Limits = { readonly lower: readonly number[]; readonly upper: readonly number[] };

/** Limits in standard deviations. */
function scaled({ lower, upper, covariance }: BoxRequest): Limits {
  const k = lower.length;
  if (k === 0 || upper.length !== k || covariance.length !== k || covariance.some((row) => row.length !== k)) {
    throw new RangeError('As many lower limits, upper limits, rows and columns are needed');
  }
  lower.forEach((low, i) => {
    if (!(low < (upper[i] as number))) throw new RangeError(`Limit ${i + 1}: ${low} is not below ${upper[i]}`);
  });
  return { lower, upper };
}

/** Factor L with X = L Z, and limits, variables reordered; limits in units of L's diagonal. */
type Separated = {
  readonly k: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Row by row, divided by its diagonal element. */
  readonly factor: Float64Array;
};

/** The variable with the least probability given the expected values of those before comes next (Gibson, Glasbey & Elston 1994). */
function separate(box: Limits, covariance: readonly (readonly number[])[]): Separated {
  const k = box.lower.length;
  const c = Float64Array.from(covariance.flat());
  const lower = Float64Array.from(box.lower);
  const upper = Float64Array.from(box.upper);
  const l = new Float64Array(k * k);
  const expected = new Float64Array(k);
  for (let j = 0; j < k; j += 1) {
    let chosen = j;
    let least = 2;
    for (let i = j; i < k; i += 1) {
      const { mean, sd } = conditional(c, l, expected, k, i, j);
      if (!(sd > 0)) throw new StatisticsError('not_positive_definite', `variable ${i + 1}`);
      const share = between(((lower[i] as number) - mean) / sd, ((upper[i] as number) - mean) / sd);
      if (share < least) [least, chosen] = [share, i];
    }
    swap(c, l, lower, upper, k, j, chosen);
    const { mean, sd } = conditional(c, l, expected, k, j, j);
    l[j * k + j] = sd;
    for (let i = j + 1; i < k; i += 1) {
      let left = c[i * k + j] as number;
      for (let m = 0; m < j; m += 1) left -= (l[i * k + m] as number) * (l[j * k + m] as number);
      l[i * k + j] = left / sd;
    }
    const [from, to] = [((lower[j] as number) - mean) / sd, ((upper[j] as number) - mean) / sd];
    const share = between(from, to);
    expected[j] = share > 0 ? (density(from) - density(to)) / share : Math.abs(from) < Math.abs(to) ? from : to;
  }
  for (let i = 0; i < k; i += 1) {
    const sd = l[i * k + i] as number;
    lower[i] = (lower[i] as number) / sd;
    upper[i] = (upper[i] as number) / sd;
    for (let m = 0; m < i; m += 1) l[i * k + m] = (l[i * k + m] as number) / sd;
  }
  return { k, lower, upper, factor: l };
}

const density = (z: number) => (Number.isFinite(z) ? normalDensity(z) : 0);

function conditional(c: Float64Array, l: Float64Array, expected: Float64Array, k: number, i: number, j: number) {
  let mean = 0;
  let left = c[i * k + i] as number;
  for (let m = 0; m < j; m += 1) {
    const one = l[i * k + m] as number;
    mean += one * (expected[m] as number);
    left -= one * one;
  }
  return { mean, sd: left > 1e-14 * (c[i * k + i] as number) ? Math.sqrt(left) : 0 };
}

function swap(
  c: Float64Array,
  l: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  k: number,
  a: number,
  b: number,
) {
  if (a === b) return;
  const exchange = (of: Float64Array, i: number, j: number) => {
    [of[i], of[j]] = [of[j] as number, of[i] as number];
  };
  exchange(lower, a, b);
  exchange(upper, a, b);
  for (let m = 0; m < k; m += 1) exchange(c, a * k + m, b * k + m);
  for (let m = 0; m < k; m += 1) exchange(c, m * k + a, m * k + b);
  for (let m = 0; m < a; m += 1) exchange(l, a * k + m, b * k + m);
}

function integrand({ k, lower, upper, factor }: Separated, df: number, point: Float64Array): number {
  const normal = df === Number.POSITIVE_INFINITY;
  const scale = normal ? 1 : chiScale(point[k - 1] as number, df);
  const z = new Float64Array(k);
  let product = 1;
  for (let i = 0; i < k; i += 1) {
    let shift = 0;
    for (let m = 0; m < i; m += 1) shift += (factor[i * k + m] as number) * (z[m] as number);
    const from = (lower[i] as number) * scale - shift;
    const to = (upper[i] as number) * scale - shift;
    const share = between(from, to);
    if (!(share > 0)) return 0;
    product *= share;
    if (i < k - 1) z[i] = drawn(from, to, share, point[i] as number);
  }
  return product;
}

const inside = (u: number) => Math.min(1 - 2 ** -53, Math.max(2 ** -53, u));

/** P(from < Z < to), from the side on which the tail is small. */
function between(from: number, to: number): number {
  return from > 0 ? normalCdf(-from) - normalCdf(-to) : normalCdf(to) - normalCdf(from);
}

/** The point below which a share u of the probability between the limits lies. */
function drawn(from: number, to: number, share: number, u: number): number {
  if (from > 0) return -normalQuantile(inside(normalCdf(-from) - u * share));
  const p = normalCdf(from) + u * share;
  return Math.min(to, Math.max(from, normalQuantile(Math.min(1 - 2 ** -53, Math.max(1e-300, p)))));
}
