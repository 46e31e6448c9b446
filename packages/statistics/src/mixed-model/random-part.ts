/** What θ says about the groups, brought back to the columns of the data: variances, correlations, group effects. */
import { at, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import { solveUpper } from '../linear-algebra/qr.ts';
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.ts';
import type { ModelFrame } from '../model-frame/frame.ts';
import type { CrossProducts } from './cross-products.ts';
import { lambdaOf, type Profile } from './profile.ts';

export type VarianceComponent = {
  readonly group: string;
  readonly term: string;
  readonly variance: number;
  readonly sd: number;
  /** With the components before it, in order; 0 where one of the two does not vary. */
  readonly correlations: readonly number[];
};

export type GroupEffects = { readonly level: string; readonly effects: readonly number[] };

/** Standard deviation, relative to the residual, below which a direction of the random effects counts as not varying. */
const boundary = 1e-4;

export function isSingular(theta: Float64Array, q: number): boolean {
  if (q === 0) return false;
  const [least = 0] = symmetricEigen(relativeCovariance(theta, q)).values;
  return least < boundary ** 2;
}

export function varianceComponents(
  { random: [random] }: ModelFrame,
  { rz, q }: CrossProducts,
  theta: Float64Array,
  residualVariance: number,
): VarianceComponent[] {
  if (!random) return [];
  const half = solveUpper(rz, lambdaOf(theta, q));
  const covariance = multiply(half, transpose(half));
  return random.columns.map(({ name }, i) => {
    const variance = at(covariance, i, i) * residualVariance;
    const correlations = Array.from({ length: i }, (_, j) => {
      const product = Math.sqrt(at(covariance, i, i) * at(covariance, j, j));
      return product > 0 ? Math.max(-1, Math.min(1, at(covariance, i, j) / product)) : 0;
    });
    return { group: random.group, term: name, variance, sd: Math.sqrt(variance), correlations };
  });
}

/** Predictions b = D u of every group (BLUPs). */
export function groupEffects(
  { random: [random] }: ModelFrame,
  cross: CrossProducts,
  theta: Float64Array,
  here: Profile,
): GroupEffects[] {
  if (!random) return [];
  const { p, q, rz, scale } = cross;
  const back = solveUpper(rz, relativeCovariance(theta, q));
  return random.levels.map((level, group) => {
    // u = Zᵀ V⁻¹ (y − Xβ) = t − Tβ.
    const from = q * (group * (q + p + 1) + q);
    const u = here.solved.slice(from + q * p, from + q * (p + 1));
    here.beta.forEach((own, j) => {
      for (let i = 0; i < q; i += 1) u[i] = (u[i] as number) - (here.solved[from + i + j * q] as number) * own;
    });
    const b = multiply(back, { rows: q, columns: 1, values: u }).values;
    return { level, effects: Array.from(b, (value) => value * scale) };
  });
}

function relativeCovariance(theta: Float64Array, q: number): Matrix {
  if (q === 0) return zeros(0, 0);
  const lambda = lambdaOf(theta, q);
  return multiply(lambda, transpose(lambda));
}
