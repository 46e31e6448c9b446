/**
 * Re-randomisation: the statistic against its distribution over allocations that the trial's own procedure could have
 * drawn, with the responses as they were (Rosenberger & Lachin 2016, Randomization in Clinical Trials, chapter 6).
 */
import { betaQuantile } from '../distributions/gamma-beta.ts';
import { StatisticsError } from '../errors.ts';

export type RerandomisationRequest = {
  /** Arm of each participant as allocated. */
  readonly allocated: readonly string[];
  /** A further allocation of the same participants, in the same order, by the procedure of the trial. */
  readonly draw: () => readonly string[];
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

export type ConfidenceSetRequest = {
  readonly allocated: readonly string[];
  readonly draw: () => readonly string[];
  readonly values: readonly number[];
  readonly active: string;
  readonly control: string;
  readonly draws?: number;
  /** Coverage; default 0.95. */
  readonly level?: number;
};

/**
 * The shifts δ of the active arm that a two-sided re-randomisation test of the difference of means does not reject: responses
 * less δ on active make a sharp null. Under one allocation the shifted difference is a straight line in δ, so the
 * p-value is a step function whose steps are found exactly; no search is needed. Without the smallest shift the limit is −∞.
 * @throws StatisticsError `too_few_rows`, `non_finite`, `draw_length`, `empty_condition`
 */
export function rerandomisationInterval(request: ConfidenceSetRequest): {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly draws: number;
} {
  const { allocated, values, active, control, draws = 2000, level = 0.95 } = request;
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  if (values.length !== allocated.length) throw new StatisticsError('draw_length', 'values');
  values.forEach(finite);
  const treated = allocated.map((arm) => (arm === active ? 1 : 0));
  const difference = (arms: readonly string[], of: readonly number[]) => {
    const mean = (name: string) => {
      let [n, sum] = [0, 0];
      arms.forEach((arm, i) => {
        if (arm !== name) return;
        n += 1;
        sum += of[i] as number;
      });
      if (n === 0) throw new StatisticsError('empty_condition', name);
      return sum / n;
    };
    return mean(active) - mean(control);
  };
  const estimate = difference(allocated, values);
  // With δ taken off: observed estimate − δ; redrawn d − δ e, where e is the difference of the true arm's indicator. A draw counts
  // while |d − δ e| ≥ |estimate − δ|; with |e| ≤ 1 that is an interval of δ about the estimate.
  const reaches = drawn(request, draws).map((arms) =>
    reachOf(estimate, difference(arms, values), difference(arms, treated)),
  );
  // Kept while (1 + count) / (1 + draws) > α: up to the k-th farthest reach on each side.
  const needed = Math.floor((1 - level) * (draws + 1) + 1e-9);
  const limit = (reach: readonly number[]) =>
    needed === 0 ? Number.POSITIVE_INFINITY : ([...reach].sort((a, b) => b - a)[needed - 1] ?? 0);
  return {
    estimate,
    lower: estimate - limit(reaches.map(([below]) => below)),
    upper: estimate + limit(reaches.map(([, above]) => above)),
    draws,
  };
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
  return Array.from({ length: draws }, () => {
    const arms = draw();
    if (arms.length !== allocated.length) {
      throw new StatisticsError('draw_length', `${arms.length} arms, ${allocated.length} participants`);
    }
    return arms;
  });
}

function tested(observed: number, all: readonly number[], side: 'two' | 'greater' | 'less'): RerandomisationTest {
  const size = (value: number) => (side === 'two' ? Math.abs(value) : side === 'greater' ? value : -value);
  const least = size(observed) - rounding * Math.max(1, Math.abs(observed));
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
