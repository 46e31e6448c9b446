/**
 * Interval of a threshold by profile likelihood: the doses x at which the best model with threshold x is not significantly worse,
 *
 *   logit P(noticed) = logit p + β (dose − x) (+ b_g),   2 [ℓ̂ − max ℓ(β, σ | x)] ≤ χ²₁
 *
 * (Venzon & Moolgavkar 1988, JRSS C 37:87). It needs no symmetry, which thresholds from few answers do not have.
 */
import { StatisticsError } from '../errors.ts';
import { derivativesAt, negativeLogLikelihood, type Observations } from '../generalised/marginal.ts';
import { fromColumns } from '../linear-algebra/matrix.ts';
import { findRoot } from '../optimise/brent.ts';
import { minimiseByNewton } from '../optimise/newton.ts';

export type ThresholdProfile = {
  readonly observations: Observations;
  readonly doses: Float64Array;
  /** logit p. */
  readonly wanted: number;
  /** β, and σ with a random intercept, at the threshold. */
  readonly start: Float64Array;
  readonly threshold: number;
  readonly nodes: number;
};

/** How many widths of the doses away an end is looked for; beyond them it is open. */
const farthest = 1000;

/**
 * @param critical quantile of χ²₁
 * @throws StatisticsError `not_converged`
 * @returns null on a side where the likelihood does not fall by as much: the data do not bound the threshold there
 */
export function profileInterval(profile: ThresholdProfile, critical: number): readonly [number | null, number | null] {
  const { doses, threshold } = profile;
  const width = Math.max(...doses) - Math.min(...doses);
  const top = best(profile, threshold);
  const excess = (dose: number) => 2 * (top - best(profile, dose)) - critical;
  const end = (side: -1 | 1): number | null => {
    let [within, step] = [threshold, width / 8];
    while (step < farthest * width) {
      const next = threshold + side * step;
      if (excess(next) > 0) return findRoot(excess, within, next, { tolerance: 1e-10 * width });
      [within, step] = [next, step * 2];
    }
    return null;
  };
  return [end(-1), end(1)];
}

/** The highest log likelihood of models with threshold `dose`. */
function best({ observations, doses, wanted, start, nodes }: ThresholdProfile, dose: number): number {
  const data: Observations = {
    ...observations,
    upper: fromColumns([doses.map((one) => one - dose)]),
    upperOffset: new Float64Array(doses.length).fill(wanted),
  };
  const found = minimiseByNewton(
    (x) => negativeLogLikelihood(data, x, nodes),
    (x) => derivativesAt(data, x, nodes),
    start,
  );
  if (!found.converged) throw new StatisticsError('not_converged', `the profile at a threshold of ${dose}`);
  return -negativeLogLikelihood(data, found.at, nodes);
}
