/** Group sequential boundaries by error spending, at looks of any spacing (Jennison & Turnbull 2000, chapter 7). */
import { normalCdf } from '../distributions/normal.ts';
import { carryOn, exitAbove, exitBelow, nobodyStopped } from './crossing.ts';
import { type Spending, spentError } from './spending.ts';

export type BoundaryRequest = {
  /** Information fractions of the looks, rising, the last at most 1. */
  readonly fractions: readonly number[];
  /** Type I error in all: of one side, or shared by two. */
  readonly alpha: number;
  readonly sides: 1 | 2;
  readonly spending: Spending;
};

export type Look = {
  readonly fraction: number;
  /** Critical value of Z; infinite where next to nothing may be spent yet. */
  readonly z: number;
  /** One-sided p-value that belongs to z. */
  readonly nominal: number;
  /** Error of one side spent at all looks so far. */
  readonly spent: number;
};

/** Less than this to spend at a look cannot be met by a boundary that doubles resolve. */
const leastSpent = 1e-15;

/** @throws RangeError unless fractions rise within (0, 1] and 0 < α < 1 */
export function sequentialBoundaries({ fractions, alpha, sides, spending }: BoundaryRequest): Look[] {
  assertFractions(fractions);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`An error between 0 and 1 is needed, not ${alpha}`);
  let running = nobodyStopped;
  let before = 0;
  return fractions.map((fraction, k) => {
    const spent = spentError(spending, alpha / sides, fraction);
    const increment = spent - before;
    const z =
      increment < leastSpent ? Number.POSITIVE_INFINITY : solve((x) => exitAbove(running, fraction, x), increment);
    if (increment >= leastSpent) before = spent;
    const next = fractions[k + 1];
    if (next !== undefined) {
      running = carryOn(running, fraction, sides === 2 ? -z : Number.NEGATIVE_INFINITY, z, next);
    }
    return { fraction, z, nominal: normalCdf(-z), spent: before };
  });
}

export type Crossing = { readonly above: readonly number[]; readonly below: readonly number[] };

/**
 * Probability of leaving first at each look.
 * @param drift expected Z at fraction 1
 * @param lower bounds below; without them no one stops there
 */
export function crossingProbabilities(
  fractions: readonly number[],
  upper: readonly number[],
  drift: number,
  lower: readonly number[] = upper.map(() => Number.NEGATIVE_INFINITY),
): Crossing {
  assertFractions(fractions);
  if (upper.length !== fractions.length || lower.length !== fractions.length) {
    throw new RangeError(`${fractions.length} looks need as many bounds on each side`);
  }
  if (upper.some((bound, k) => !(bound > (lower[k] as number) || k === upper.length - 1))) {
    throw new RangeError('Upper bounds must lie above lower ones');
  }
  if (!Number.isFinite(drift)) throw new RangeError(`A finite drift is needed, not ${drift}`);
  let running = nobodyStopped;
  const above: number[] = [];
  const below: number[] = [];
  fractions.forEach((fraction, k) => {
    const high = upper[k] as number;
    const low = lower[k] as number;
    above.push(exitAbove(running, fraction, high, drift));
    below.push(exitBelow(running, fraction, low, drift));
    const next = fractions[k + 1];
    if (next !== undefined) running = carryOn(running, fraction, low, high, next, drift);
  });
  return { above, below };
}

function assertFractions(fractions: readonly number[]): void {
  const rising = fractions.every((t, k) => t > (k === 0 ? 0 : (fractions[k - 1] as number)) && t <= 1);
  if (fractions.length === 0 || !rising)
    throw new RangeError(`Fractions that rise within (0, 1] are needed: ${fractions}`);
}

/** Where a falling function meets `wanted`: bisection in z. */
function solve(falling: (z: number) => number, wanted: number): number {
  let low = -9;
  let high = 9;
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
