/**
 * The deviance of a linear mixed model with σ profiled out, as a function of θ, the lower triangle of Λ column by
 * column; D = ΛΛᵀ, Var(b) = σ²D (Bates, Mächler, Bolker & Walker 2015, J. Stat. Softw. 67(1), section 3).
 *
 * V is I + ZDZᵀ. Per group A = ZᵀZ, S = ZᵀV⁻¹Z = (I + AD)⁻¹A, T = ZᵀV⁻¹X = (I + AD)⁻¹ZᵀX, t = ZᵀV⁻¹y; C = (XᵀV⁻¹X)⁻¹.
 */
import { cholesky, inverseFromCholesky, logDeterminant } from '../linear-algebra/cholesky.ts';
import { at, dot, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import type { CrossProducts } from './cross-products.ts';

export type Method = 'REML' | 'ML';

export type Profile = {
  /** −2 log (restricted) likelihood at the best β and σ, in the coordinates of the cross-products. */
  readonly deviance: number;
  readonly beta: Float64Array;
  /** C = (XᵀV⁻¹X)⁻¹. */
  readonly c: Matrix;
  readonly sigmaSquared: number;
  /** Per group: [S T t] column by column, q × (q + p + 1), with S, T, t as above. */
  readonly solved: Float64Array;
};

export function thetaLength(q: number): number {
  return (q * (q + 1)) / 2;
}

/** Λ, lower triangular. */
export function lambdaOf(theta: Float64Array, q: number): Matrix {
  const lambda = zeros(q, q);
  let next = 0;
  for (let j = 0; j < q; j += 1) for (let i = j; i < q; i += 1) lambda.values[i + j * q] = theta[next++] as number;
  return lambda;
}

export function residualDf({ n, p }: CrossProducts, method: Method): number {
  return method === 'REML' ? n - p : n;
}

/** Null where θ leaves what the numbers can resolve: no residual, or no information on β. */
export function profile(cross: CrossProducts, theta: Float64Array, method: Method): Profile | null {
  const { p, q, groups, zxy } = cross;
  const lambda = lambdaOf(theta, q);
  const d = multiply(lambda, transpose(lambda));
  const width = q + p + 1;
  const solved = new Float64Array(groups * q * width);
  const bordered = zeros(p + 1, p + 1);
  for (let j = 0; j < p; j += 1) bordered.values[j + j * (p + 1)] = 1;
  bordered.values[p + p * (p + 1)] = cross.yy;
  const work = new Float64Array(q * (q + width));
  const dt = new Float64Array(q * (p + 1));
  let logDeterminantOfV = 0;
  for (let group = 0; group < groups; group += 1) {
    logDeterminantOfV += solveGroup(cross, d, group, work);
    const from = group * q * width;
    for (let k = 0; k < q * width; k += 1) solved[from + k] = work[q * q + k] as number;
    subtractInformation(zxy, group, d, work, dt, bordered, q);
  }
  const k = zeros(p, p);
  for (let j = 0; j < p; j += 1) for (let i = 0; i < p; i += 1) k.values[i + j * p] = at(bordered, i, j);
  const factor = cholesky(k);
  if (!factor || !Number.isFinite(logDeterminantOfV)) return null;
  const c = inverseFromCholesky(factor);
  const right = Float64Array.from({ length: p }, (_, i) => at(bordered, i, p));
  const beta = multiply(c, { rows: p, columns: 1, values: right }).values;
  const residual = at(bordered, p, p) - dot(beta, right);
  const df = residualDf(cross, method);
  if (!(residual > df * 1e-13)) return null;
  const sigmaSquared = residual / df;
  const deviance =
    logDeterminantOfV +
    (method === 'REML' ? logDeterminant(factor) : 0) +
    df * (1 + Math.log(2 * Math.PI * sigmaSquared));
  return { deviance, beta, c, sigmaSquared, solved };
}

/**
 * Solves (I + AD)[S T t] = [A ZᵀX Zᵀy] for one group by elimination with row exchanges, in `work`, whose first q
 * columns are I + AD. Answers log |I + AD| = log |V| of the group.
 */
function solveGroup(cross: CrossProducts, d: Matrix, group: number, work: Float64Array): number {
  const { p, q, zz, zxy } = cross;
  const own = group * q * q;
  for (let j = 0; j < q; j += 1) {
    for (let i = 0; i < q; i += 1) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < q; k += 1) sum += (zz[own + i + k * q] as number) * at(d, k, j);
      work[i + j * q] = sum;
      work[(q + j) * q + i] = zz[own + i + j * q] as number;
    }
  }
  const size = q * (p + 1);
  for (let k = 0; k < size; k += 1) work[2 * q * q + k] = zxy[group * size + k] as number;
  return eliminate(work, q, 2 * q + p + 1);
}

/** Gauss and Jordan on q rows; answers the log of the absolute determinant of the first q columns. */
function eliminate(work: Float64Array, q: number, columns: number): number {
  let logDeterminantOf = 0;
  for (let k = 0; k < q; k += 1) {
    let best = k;
    for (let i = k + 1; i < q; i += 1) {
      if (Math.abs(work[i + k * q] as number) > Math.abs(work[best + k * q] as number)) best = i;
    }
    const pivot = work[best + k * q] as number;
    logDeterminantOf += Math.log(Math.abs(pivot));
    for (let j = k; j < columns; j += 1) {
      const kept = work[best + j * q] as number;
      work[best + j * q] = work[k + j * q] as number;
      work[k + j * q] = kept / pivot;
    }
    for (let i = 0; i < q; i += 1) {
      const factor = work[i + k * q] as number;
      if (i === k || factor === 0) continue;
      for (let j = k; j < columns; j += 1) {
        work[i + j * q] = (work[i + j * q] as number) - factor * (work[k + j * q] as number);
      }
    }
  }
  return logDeterminantOf;
}

/** [X y]ᵀV⁻¹[X y] = [X y]ᵀ[X y] − Σ (Zᵀ[X y])ᵀ D [T t]. */
function subtractInformation(
  zxy: Float64Array,
  group: number,
  d: Matrix,
  work: Float64Array,
  dt: Float64Array,
  into: Matrix,
  q: number,
): void {
  const width = into.rows;
  const offset = group * q * width;
  const solved = 2 * q * q;
  for (let j = 0; j < width; j += 1) {
    for (let i = 0; i < q; i += 1) {
      let sum = 0;
      for (let k = 0; k < q; k += 1) sum += at(d, i, k) * (work[solved + k + j * q] as number);
      dt[i + j * q] = sum;
    }
  }
  for (let j = 0; j < width; j += 1) {
    for (let i = 0; i <= j; i += 1) {
      let sum = 0;
      for (let k = 0; k < q; k += 1) sum += (zxy[offset + k + i * q] as number) * (dt[k + j * q] as number);
      const left = at(into, i, j) - sum;
      into.values[i + j * width] = left;
      into.values[j + i * width] = left;
    }
  }
}
