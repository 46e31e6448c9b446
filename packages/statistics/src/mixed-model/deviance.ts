/**
 * The profiled deviance. θ holds the lower triangle of the relative covariance factor Λ (q × q), column by column;
 * Var(b) = σ² ΛΛᵀ. Symbols as in Bates et al. 2015, equations 31 to 41.
 */
import { backSolve, cholesky, forwardSolve, logDeterminant } from '../linear-algebra/cholesky.ts';
import type { CrossProducts } from './cross-products.ts';

export type Method = 'REML' | 'ML';

export type Evaluation = {
  /** log |ΛᵀZᵀZΛ + I|, summed over groups. */
  readonly logDetL: number;
  /** log |XᵀV⁻¹X| with V = I + ZΛΛᵀZᵀ. */
  readonly logDetX: number;
  /** Penalised weighted residual sum of squares at the best β and b. */
  readonly pwrss: number;
  readonly beta: Float64Array;
  /** Cholesky factor of XᵀV⁻¹X, lower, p × p. */
  readonly factor: Float64Array;
};

export function thetaLength(q: number): number {
  return (q * (q + 1)) / 2;
}

/** Λ as a full q × q matrix, row-major. */
export function lambdaOf(theta: Float64Array, q: number): Float64Array {
  const lambda = new Float64Array(q * q);
  let at = 0;
  for (let column = 0; column < q; column += 1) {
    for (let row = column; row < q; row += 1) lambda[row * q + column] = theta[at++] as number;
  }
  return lambda;
}

export function evaluate(cross: CrossProducts, theta: Float64Array): Evaluation {
  const { p, q, groups, xx, xy, yy, zz, zxy } = cross;
  const width = p + 1;
  // The bordered matrix [XᵀV⁻¹X, XᵀV⁻¹y; ·, yᵀV⁻¹y], lower triangle.
  const bordered = new Float64Array(width * width);
  for (let i = 0; i < p; i += 1) {
    for (let j = 0; j <= i; j += 1) bordered[i * width + j] = xx[i * p + j] as number;
    bordered[p * width + i] = xy[i] as number;
  }
  bordered[p * width + p] = yy;
  let logDetL = 0;
  const lambda = lambdaOf(theta, q);
  const inner = new Float64Array(q * q);
  const border = new Float64Array(q * width);
  for (let group = 0; group < groups; group += 1) {
    sandwich(lambda, zz, group * q * q, q, inner);
    cholesky(inner, q, 0);
    logDetL += logDeterminant(inner, q);
    transposedProduct(lambda, zxy, group * q * width, q, width, border);
    forwardSolve(inner, q, border, width);
    for (let i = 0; i < width; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let sum = 0;
        for (let k = 0; k < q; k += 1) sum += (border[k * width + i] as number) * (border[k * width + j] as number);
        bordered[i * width + j] = (bordered[i * width + j] as number) - sum;
      }
    }
  }
  const factor = new Float64Array(p * p);
  const beta = new Float64Array(p);
  for (let i = 0; i < p; i += 1) {
    for (let j = 0; j <= i; j += 1) factor[i * p + j] = bordered[i * width + j] as number;
    beta[i] = bordered[p * width + i] as number;
  }
  cholesky(factor, p, 0);
  forwardSolve(factor, p, beta);
  let pwrss = bordered[p * width + p] as number;
  for (let i = 0; i < p; i += 1) pwrss -= (beta[i] as number) ** 2;
  backSolve(factor, p, beta);
  return { logDetL, logDetX: logDeterminant(factor, p), pwrss, beta, factor };
}

export function profiledDeviance(cross: CrossProducts, theta: Float64Array, method: Method): number {
  const { logDetL, logDetX, pwrss } = evaluate(cross, theta);
  const df = method === 'REML' ? cross.n - cross.p : cross.n;
  return logDetL + (method === 'REML' ? logDetX : 0) + df * (1 + Math.log((2 * Math.PI * pwrss) / df));
}

/** The deviance before σ is profiled out; what Satterthwaite's degrees of freedom are derived from. */
export function fullDeviance(cross: CrossProducts, theta: Float64Array, sigma: number, method: Method): number {
  const { logDetL, logDetX, pwrss } = evaluate(cross, theta);
  const df = method === 'REML' ? cross.n - cross.p : cross.n;
  return (
    logDetL + (method === 'REML' ? logDetX : 0) + df * Math.log(2 * Math.PI * sigma * sigma) + pwrss / (sigma * sigma)
  );
}

/** ΛᵀAΛ + I for the q × q block of `a` at `offset`. */
function sandwich(lambda: Float64Array, a: Float64Array, offset: number, q: number, into: Float64Array): void {
  for (let i = 0; i < q; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = i === j ? 1 : 0;
      for (let k = i; k < q; k += 1) {
        const left = lambda[k * q + i] as number;
        for (let l = j; l < q; l += 1) sum += left * (a[offset + k * q + l] as number) * (lambda[l * q + j] as number);
      }
      into[i * q + j] = sum;
    }
  }
}

/** ΛᵀB for the q × width block of `b` at `offset`. */
function transposedProduct(
  lambda: Float64Array,
  b: Float64Array,
  offset: number,
  q: number,
  width: number,
  into: Float64Array,
): void {
  for (let i = 0; i < q; i += 1) {
    for (let j = 0; j < width; j += 1) {
      let sum = 0;
      for (let k = i; k < q; k += 1) sum += (lambda[k * q + i] as number) * (b[offset + k * width + j] as number);
      into[i * width + j] = sum;
    }
  }
}
