/** Weighted regression of study effects: everything that one value of τ² gives. */
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, fromColumns, type Matrix, multiply, traceOfProduct, transpose, zeros } from '../linear-algebra/matrix.ts';

export type Studies = {
  /** Effects, one for each study. */
  readonly y: Float64Array;
  /** Their sampling variances, taken as known. */
  readonly v: Float64Array;
  /** k × p, with a column of ones for the mean. */
  readonly design: Matrix;
  readonly names: readonly string[];
};

export type WeightedFit = {
  readonly estimates: Float64Array;
  /** (XᵀWX)⁻¹, p × p. */
  readonly covariance: Matrix;
  /** yᵀPy, P = W − WX(XᵀWX)⁻¹XᵀW: Cochran's Q where τ² = 0. */
  readonly q: number;
  /** tr P and tr PP. */
  readonly trace: number;
  readonly traceSquared: number;
  /** yᵀPPy. */
  readonly squared: number;
  /** −2 log of the restricted likelihood. */
  readonly deviance: number;
};

/** @throws StatisticsError `rank_deficient` */
export function fitWeighted({ y, v, design, names }: Studies, tau2: number): WeightedFit {
  const k = y.length;
  const p = design.columns;
  const weights = v.map((variance) => 1 / (variance + tau2));
  const weighted = zeros(k, p);
  for (let j = 0; j < p; j += 1) {
    for (let i = 0; i < k; i += 1) weighted.values[j * k + i] = (weights[i] as number) * at(design, i, j);
  }
  const information = multiply(transpose(design), weighted);
  const factor = cholesky(information);
  if (factor === null) throw new StatisticsError('rank_deficient', names.join(', '));
  const covariance = inverseFromCholesky(factor);
  const estimates = multiply(covariance, multiply(transpose(weighted), fromColumns([y]))).values;
  const projected = new Float64Array(k);
  for (let i = 0; i < k; i += 1) {
    let left = y[i] as number;
    for (let j = 0; j < p; j += 1) left -= at(design, i, j) * (estimates[j] as number);
    projected[i] = (weights[i] as number) * left;
  }
  const q = projected.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return {
    estimates,
    covariance,
    q,
    squared: projected.reduce((sum, value) => sum + value * value, 0),
    ...traces(weights, weighted, covariance),
    deviance: devianceOf(weights, factor, q, k - p),
  };
}

/** tr P = Σw − tr(A C) and tr PP = Σw² − 2 tr(B C) + tr(A C A C), with A = XᵀW²X, B = XᵀW³X, C the covariance. */
function traces(weights: Float64Array, weighted: Matrix, covariance: Matrix): { trace: number; traceSquared: number } {
  const k = weights.length;
  const twice = zeros(k, weighted.columns);
  weighted.values.forEach((value, index) => {
    twice.values[index] = value * (weights[index % k] as number);
  });
  const a = multiply(transpose(weighted), weighted);
  const b = multiply(transpose(weighted), twice);
  const ac = multiply(a, covariance);
  const sum = weights.reduce((total, w) => total + w, 0);
  const squares = weights.reduce((total, w) => total + w * w, 0);
  return {
    trace: sum - traceOfProduct(a, covariance),
    traceSquared: squares - 2 * traceOfProduct(b, covariance) + traceOfProduct(ac, transpose(ac)),
  };
}

function devianceOf(weights: Float64Array, factor: Matrix, q: number, df: number): number {
  const logWeights = weights.reduce((sum, w) => sum + Math.log(w), 0);
  let logInformation = 0;
  for (let j = 0; j < factor.columns; j += 1) logInformation += 2 * Math.log(at(factor, j, j));
  return df * Math.log(2 * Math.PI) - logWeights + logInformation + q;
}
