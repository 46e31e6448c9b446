/**
 * Many variables with a gradient: limited-memory BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) with a line search that
 * keeps the weak Wolfe conditions by bisection.
 */
import { StatisticsError } from '../errors.ts';

export type WithGradient = { readonly value: number; readonly gradient: Float64Array };

export type LbfgsMinimum = {
  readonly at: Float64Array;
  readonly value: number;
  /** Largest absolute element of the gradient. */
  readonly gradient: number;
  readonly iterations: number;
};

export type LbfgsOptions = {
  /** Pairs of steps and changes kept; default 10. */
  readonly memory?: number;
  /** Ends where no element of the gradient is larger than this times the largest at the start, or 1; default 1e-8. */
  readonly tolerance?: number;
  readonly iterations?: number;
};

type Pair = { readonly step: Float64Array; readonly change: Float64Array; readonly rho: number };

/**
 * A value that is not finite is walked round by shorter steps; at the start it is refused.
 * @throws StatisticsError `non_finite` at the start, `not_converged` with the gradient reached
 */
export function minimiseByLbfgs(
  f: (x: Float64Array) => WithGradient,
  start: ArrayLike<number>,
  options: LbfgsOptions = {},
): LbfgsMinimum {
  const { memory = 10, tolerance = 1e-8, iterations: most = 1000 } = options;
  let x: Float64Array = Float64Array.from(start);
  let here = f(x);
  if (!allFinite(here)) throw new StatisticsError('non_finite', 'value or gradient at the start');
  const enough = tolerance * Math.max(1, largest(here.gradient));
  const pairs: Pair[] = [];
  for (let iterations = 0; ; iterations += 1) {
    const steepest = largest(here.gradient);
    if (steepest <= enough) {
      return { at: x, value: here.value, gradient: steepest, iterations };
    }
    if (iterations === most) throw new StatisticsError('not_converged', `gradient ${steepest}, ${most} iterations`);
    let direction = twoLoops(here.gradient, pairs);
    if (!(dot(direction, here.gradient) < 0)) {
      pairs.length = 0;
      direction = here.gradient.map((one) => -one);
    }
    const first = pairs.length === 0 ? Math.min(1, 1 / largest(here.gradient)) : 1;
    const found = search(f, x, here, direction, first);
    if (found === null) {
      if (pairs.length === 0) throw new StatisticsError('not_converged', `gradient ${steepest}, no step falls`);
      pairs.length = 0;
      continue;
    }
    const step = found.x.map((one, i) => one - (x[i] as number));
    const change = found.here.gradient.map((one, i) => one - (here.gradient[i] as number));
    const curvature = dot(step, change);
    if (curvature > 0) {
      pairs.push({ step, change, rho: 1 / curvature });
      if (pairs.length > memory) pairs.shift();
    }
    ({ x, here } = found);
  }
}

/** −H g, with H as the pairs have it. */
function twoLoops(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.slice();
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k -= 1) {
    const { step, change, rho } = pairs[k] as Pair;
    shares[k] = rho * dot(step, q);
    add(q, change, -(shares[k] as number));
  }
  const last = pairs.at(-1);
  const scale = last ? 1 / (last.rho * dot(last.change, last.change)) : 1;
  for (let i = 0; i < q.length; i += 1) q[i] = (q[i] as number) * scale;
  pairs.forEach(({ step, change, rho }, k) => {
    add(q, step, (shares[k] as number) - rho * dot(change, q));
  });
  return q.map((one) => -one);
}

function search(
  f: (x: Float64Array) => WithGradient,
  from: Float64Array,
  start: WithGradient,
  direction: Float64Array,
  first: number,
): { readonly x: Float64Array; readonly here: WithGradient } | null {
  const slope = dot(direction, start.gradient);
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let length = first;
  let best: { readonly x: Float64Array; readonly here: WithGradient } | null = null;
  for (let round = 0; round < 60; round += 1) {
    const x = from.map((one, i) => one + length * (direction[i] as number));
    const here = f(x);
    const falls = allFinite(here) && here.value <= start.value + 1e-4 * length * slope;
    if (!falls) high = length;
    else if (dot(direction, here.gradient) < 0.9 * slope) {
      low = length;
      best = { x, here };
    } else return { x, here };
    length = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
  }
  return best;
}

const allFinite = ({ value, gradient }: WithGradient) => Number.isFinite(value) && gradient.every(Number.isFinite);
const largest = (x: Float64Array) => x.reduce((most, one) => Math.max(most, Math.abs(one)), 0);

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i += 1) to[i] = (to[i] as number) + times * (what[i] as number);
}
