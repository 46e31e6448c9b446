/**
 * Denominator degrees of freedom of tests of Lβ, from what the covariance of the estimates owes to its variance
 * parameters: Satterthwaite (Fai & Cornelius 1996, J. Stat. Comput. Simul. 54:363) and Kenward & Roger (1997, Biometrics
 * 53:983). Both take Φ = Var(β̂), A_a with ∂Φ/∂θ_a = ΦA_aΦ, and ω, the covariance of the variance parameters.
 */
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, dot, type Matrix, multiply, transpose } from '../linear-algebra/matrix.ts';
import { quadraticForm, symmetricEigen } from '../linear-algebra/symmetric-eigen.ts';

/**
 * `kenward-roger` takes second derivatives of the covariance along, `kenward-roger-linear` leaves them out; where it is
 * linear in its parameters (random effects; unstructured, compound symmetry, Toeplitz) the two are the same.
 */
export type DegreesOfFreedom =
  | 'satterthwaite'
  | 'kenward-roger'
  | 'kenward-roger-linear'
  | 'between-within'
  | 'residual'
  | 'asymptotic';

export type Inference = {
  /** Covariance of the coefficients, adjusted for Kenward-Roger. */
  readonly covariance: Matrix;
  /** Denominator degrees of freedom and the factor of F for the ℓ × p rows of L. */
  test(l: Matrix): { readonly df: number; readonly scale: number };
};

export function satterthwaite(l: Matrix, c: Matrix, informations: readonly Matrix[], omega: Matrix): number {
  const middle = multiply(multiply(l, c), transpose(l));
  const turned = l.rows === 1 ? l : multiply(transpose(symmetricEigen(middle).vectors), l);
  const each = Array.from({ length: l.rows }, (_, row) => {
    const own = Float64Array.from({ length: l.columns }, (__, j) => at(turned, row, j));
    const cl = multiply(c, { rows: c.rows, columns: 1, values: own }).values;
    const variance = dot(own, cl);
    const slope = Float64Array.from(informations, (a) => quadraticForm(a, cl));
    return (2 * variance * variance) / quadraticForm(omega, slope);
  });
  if (each.length === 1) return each[0] as number;
  // Fai & Cornelius: the F whose mean is that of the sum of squared t.
  const sum = each.reduce((total, df) => total + (df > 2 ? df / (df - 2) : 0), 0);
  return sum > l.rows ? (2 * sum) / (sum - l.rows) : 2;
}

export function kenwardRoger(l: Matrix, c: Matrix, informations: readonly Matrix[], omega: Matrix) {
  const rank = l.rows;
  const lc = multiply(l, c);
  const factor = cholesky(multiply(lc, transpose(l)));
  if (!factor) throw new StatisticsError('rank_deficient', 'rows of the contrast');
  const inverse = inverseFromCholesky(factor);
  // (L Φ Lᵀ)⁻¹ L Φ A_a Φ Lᵀ has the traces of Θ Φ P_a Φ, but for the sign, which cancels.
  const each = informations.map((a) => multiply(inverse, multiply(multiply(lc, a), transpose(lc))));
  const traces = each.map((one) => {
    let sum = 0;
    for (let i = 0; i < rank; i += 1) sum += at(one, i, i);
    return sum;
  });
  let a1 = 0;
  let a2 = 0;
  each.forEach((one, a) => {
    each.forEach((other, b) => {
      let both = 0;
      for (let j = 0; j < rank; j += 1) for (let i = 0; i < rank; i += 1) both += at(one, i, j) * at(other, j, i);
      a1 += at(omega, a, b) * (traces[a] as number) * (traces[b] as number);
      a2 += at(omega, a, b) * both;
    });
  });
  const b = (a1 + 6 * a2) / (2 * rank);
  const g = ((rank + 1) * a1 - (rank + 4) * a2) / ((rank + 2) * a2);
  const base = 3 * rank + 2 * (1 - g);
  const [c1, c2, c3] = [g / base, (rank - g) / base, (rank + 2 - g) / base];
  const mean = 1 / (1 - a2 / rank);
  const variance = ((2 / rank) * (1 + c1 * b)) / ((1 - c2 * b) ** 2 * (1 - c3 * b));
  const rho = variance / (2 * mean * mean);
  const df = 4 + (rank + 2) / (rank * rho - 1);
  return { df, scale: df / (mean * (df - 2)) };
}
