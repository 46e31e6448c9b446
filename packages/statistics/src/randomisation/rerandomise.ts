/**
 * Re-randomisation: the statistic against its distribution over allocations that the trial's own procedure could have
 * drawn, with the responses as they were (Rosenberger & Lachin 2016, Randomization in Clinical Trials, chapter 6).
 */
import { betaQuantile } from '../distributions/gamma-beta.ts';
import { StatisticsError } from '../errors.ts';

export type RerandomisationRequest = {
  /** Arm of each participant as allocated. */
  readonly allocated: readonly string[];
  /**
   * A further allocation of the same participants, in the same order, by the procedure of the trial. It is told its number, from 0, to draw from a
   * stream of its own, so that a draw is the same whatever was drawn before it.
   */
  readonly draw: (number: number) => readonly string[];
  /** What is compared, such as a difference of means; it must be finite for every allocation drawn. */
  readonly statistic: (arms: readonly string[]) => number;
  /** Allocations drawn; default 2000. */
  readonly draws?: number;
  /** `two` compares absolute values; default. */
  readonly side?: 'two' | 'greater' | 'less';
};

export type RerandomisationTest = {
  readonly statistic: number;
  /** (1 + as extreme) / (1 + draws), which holds its level whatever the number of draws (Phipson & Smyth 2010). */
  readonly p: number;
  /** 99 % interval of Clopper & Pearson for the p-value that all allocations would give. */
  readonly monteCarlo: { readonly lower: number; readonly upper: number };
  readonly asExtreme: number;
  readonly draws: number;
};

/** Statistics are equal when they differ by rounding only. */
const rounding = 1e-9;

/** @throws StatisticsError `too_few_rows`, `non_finite`, `draw_length` */
export function rerandomisationTest(request: RerandomisationRequest): RerandomisationTest {
  const { allocated, statistic, draws = 2000, side = 'two' } = request;
  const observed = finite(statistic(allocated));
  const all = drawn(request, draws);
  return tested(
    observed,
    all.map((arms) => finite(statistic(arms))),
    side,
  );
}

export type ConfidenceSetRequest = Pick<RerandomisationRequest, 'allocated' | 'draw' | 'draws'> & {
  readonly values: readonly number[];
  readonly active: string;
  readonly control: string;
  /**
   * About zero where arms do not differ, and falling as values of the active arm are made smaller, such as a difference of medians or ranks;
   * by default the difference of means.
   */
  readonly statistic?: (arms: readonly string[], values: readonly number[]) => number;
  /** Coverage; default 0.95. */
  readonly level?: number;
};

export type ConfidenceSet = {
  /** The shift at which the statistic is zero; the difference of means, or the estimate of Hodges & Lehmann (1963) for ranks. */
  readonly estimate: number;
  /** Infinite where draws are too few to reject any shift. */
  readonly lower: number;
  readonly upper: number;
  readonly draws: number;
};

/**
 * The shifts δ of the active arm that a two-sided re-randomisation test does not reject: responses less δ on active make a sharp null
 * (Rosenbaum 2002, Observational Studies, section 2.7). Every δ is tested with the same draws.
 *
 * For the difference of means, the shifted difference under one allocation is a straight line in δ, so the steps of the p-value are found
 * exactly. For any other statistic the ends are bisected.
 * @throws StatisticsError `too_few_rows`, `non_finite`, `draw_length`, `empty_condition`; `no_root` where no shift brings the statistic to zero
 */
export function rerandomisationInterval(request: ConfidenceSetRequest): ConfidenceSet {
  const { allocated, values, active, control, draws = 2000, level = 0.95 } = request;
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  if (values.length !== allocated.length) throw new StatisticsError('draw_length', 'values');
  values.forEach(finite);
  for (const arm of [active, control]) if (!allocated.includes(arm)) throw new StatisticsError('empty_condition', arm);
  // Kept while (1 + count) / (1 + draws) > α.
  const needed = Math.floor((1 - level) * (draws + 1) + 1e-9);
  return request.statistic
    ? bisected(request, request.statistic, drawn(request, draws), needed)
    : byLines(request, drawn(request, draws), needed);
}

function byLines(
  { allocated, values, active, control }: ConfidenceSetRequest,
  draws: readonly (readonly string[])[],
  needed: number,
): ConfidenceSet {
  const treated = allocated.map((arm) => (arm === active ? 1 : 0));
  const difference = (arms: readonly string[], of: readonly number[]) =>
    meanOf(arms, of, active) - meanOf(arms, of, control);
  const estimate = difference(allocated, values);
  // With δ taken off: observed estimate − δ; redrawn d − δ e, where e is the difference of the true arm's indicator. A draw counts
  // while |d − δ e| ≥ |estimate − δ|; with |e| ≤ 1 that is an interval of δ about the estimate.
  const reaches = draws.map((arms) => reachOf(estimate, difference(arms, values), difference(arms, treated)));
  // Up to the k-th farthest reach on each side.
  const limit = (reach: readonly number[]) =>
    needed === 0 ? Number.POSITIVE_INFINITY : ([...reach].sort((a, b) => b - a)[needed - 1] ?? 0);
  return {
    estimate,
    lower: estimate - limit(reaches.map(([below]) => below)),
    upper: estimate + limit(reaches.map(([, above]) => above)),
    draws: draws.length,
  };
}

function meanOf(arms: readonly string[], of: readonly number[], name: string): number {
  let [n, sum] = [0, 0];
  arms.forEach((arm, i) => {
    if (arm !== name) return;
    n += 1;
    sum += of[i] as number;
  });
  if (n === 0) throw new StatisticsError('empty_condition', name);
  return sum / n;
}

/** Doublings of the first step in which an end is looked for. */
const mostWidenings = 40;
/** Ends are found to this share of the range of the values. */
const closeEnough = 1e-10;

/** The shift at which `inside` turns false on the way from `from` in the direction of `step`; infinite where it does not. */
function endOf(from: number, step: number, tolerance: number, inside: (shift: number) => boolean): number {
  let [within, width] = [from, step];
  for (let widened = 0; inside(from + width); widened += 1) {
    if (widened === mostWidenings) return step * Number.POSITIVE_INFINITY;
    within = from + width;
    width *= 2;
  }
  let outside = from + width;
  while (Math.abs(outside - within) > tolerance) {
    const middle = (within + outside) / 2;
    if (middle === within || middle === outside) break;
    if (inside(middle)) within = middle;
    else outside = middle;
  }
  return outside;
}

function bisected(
  { allocated, values, active }: ConfidenceSetRequest,
  statistic: (arms: readonly string[], values: readonly number[]) => number,
  draws: readonly (readonly string[])[],
  needed: number,
): ConfidenceSet {
  const shifted = (shift: number) => values.map((value, i) => (allocated[i] === active ? value - shift : value));
  const observed = (shift: number) => finite(statistic(allocated, shifted(shift)));
  const range = Math.max(...values) - Math.min(...values);
  const tolerance = closeEnough * range;
  // Where the statistic is zero over a stretch, as that of ranks may be, the middle is taken.
  const [below, above] = [-range, range].map((side) => {
    if (!(observed(side) * -side > 0)) throw new StatisticsError('no_root', 'statistic');
    return endOf(side, -side, tolerance, (shift) => observed(shift) * -side > 0);
  }) as [number, number];
  const estimate = (below + above) / 2;
  const kept = (shift: number) => {
    const of = shifted(shift);
    const least = leastSize(finite(statistic(allocated, of)), Math.abs);
    let left = needed;
    for (const arms of draws) {
      if (left === 0) return true;
      if (Math.abs(finite(statistic(arms, of))) >= least) left -= 1;
    }
    return left === 0;
  };
  const [lower, upper] = [-1, 1].map((side) => endOf(estimate, (side * range) / 8, tolerance, kept)) as [
    number,
    number,
  ];
  return { estimate, lower, upper, draws: draws.length };
}

/** How far below and above the estimate δ may lie while |d − δ e| ≥ |estimate − δ|: h = |δ − estimate|, r = d − estimate · e. */
function reachOf(estimate: number, d: number, e: number): readonly [number, number] {
  const r = d - estimate * e;
  // Below: δ = estimate − h gives |r + h e| ≥ h; above: |r − h e| ≥ h.
  const reach = (own: number, slope: number) => {
    const up = own / (1 - slope);
    const down = -own / (1 + slope);
    return Math.max(own >= 0 ? up : down, 0);
  };
  if (Math.abs(e) > 1 - rounding) return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [reach(r, e), reach(r, -e)];
}

function drawn({ allocated, draw }: Pick<RerandomisationRequest, 'allocated' | 'draw'>, draws: number) {
  if (!(Number.isInteger(draws) && draws >= 1)) throw new RangeError(`One draw or more is needed, not ${draws}`);
  if (allocated.length < 2) throw new StatisticsError('too_few_rows', `${allocated.length} participants`);
  return Array.from({ length: draws }, (_, number) => {
    const arms = draw(number);
    if (arms.length !== allocated.length) {
      throw new StatisticsError('draw_length', `${arms.length} arms, ${allocated.length} participants`);
    }
    return arms;
  });
}

const leastSize = (observed: number, size: (value: number) => number) =>
  size(observed) - rounding * Math.max(1, Math.abs(observed));

function tested(observed: number, all: readonly number[], side: 'two' | 'greater' | 'less'): RerandomisationTest {
  const size = (value: number) => (side === 'two' ? Math.abs(value) : side === 'greater' ? value : -value);
  const least = leastSize(observed, size);
  const asExtreme = all.filter((value) => size(value) >= least).length;
  const draws = all.length;
  return {
    statistic: observed,
    p: (1 + asExtreme) / (1 + draws),
    monteCarlo: {
      lower: asExtreme === 0 ? 0 : betaQuantile(0.005, asExtreme, draws - asExtreme + 1),
      upper: asExtreme === draws ? 1 : betaQuantile(0.995, asExtreme + 1, draws - asExtreme),
    },
    asExtreme,
    draws,
  };
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new StatisticsError('non_finite', 'statistic');
  return value;
}
