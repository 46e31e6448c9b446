/**
 * The deviance of a linear mixed model with β and σ profiled out, as a function of D or of θ (Bates, Mächler, Bolker &
 * Walker 2015, J. Stat. Softw. 67(1), section 3), with exact derivatives. With K = XᵀV⁻¹X, C = K⁻¹, v = (−β, 1),
 * Ω = [X y]ᵀV⁻¹[X y] and ℓ = log |V| + log |K| (log |V| alone for ML):
 *
 *   r² = vᵀΩv,   ∂r² = vᵀΩ_a v,   ∂²r² = vᵀΩ_ab v − 2 (Ω_a v)ᵀC(Ω_b v),
 *   ∂ log |K| = tr CK_a,   ∂² log |K| = tr CK_ab − tr CK_a CK_b,
 *   deviance = ℓ + f (1 + log 2πσ²),   σ² = r²/f,   f = n − p (n for ML).
 */
import { cholesky, inverseFromCholesky, logDeterminant } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, zeros } from '../linear-algebra/matrix.ts';
import { chain, lambdasOf, type Place, placesOf, relativeCovariance } from './blocks.ts';
import { pairIndex } from './information.ts';
import { type Information, information } from './outer.ts';
import type { Reduction } from './reduction.ts';

export type Method = 'REML' | 'ML';

export type Profile = {
  /** −2 log (restricted) likelihood at the best β and σ, in the coordinates of the reduction. */
  readonly deviance: number;
  readonly beta: Float64Array;
  /** C = (XᵀV⁻¹X)⁻¹. */
  readonly c: Matrix;
  readonly sigmaSquared: number;
  readonly information: Information;
};

export function residualDf({ n, p }: Reduction, method: Method): number {
  return method === 'REML' ? n - p : n;
}

/** Null where θ leaves what the numbers can resolve: no residual, or no information on β. */
export function profile(reduction: Reduction, theta: Float64Array, method: Method, order: 0 | 2 = 0): Profile | null {
  const { p, blocks } = reduction;
  const lambdas = lambdasOf(theta, blocks);
  const found = information(reduction, lambdas, lambdas.map(relativeCovariance), placesOf(blocks), order);
  const omega = found.omega.value;
  const k = zeros(p, p);
  for (let j = 0; j < p; j += 1) for (let i = 0; i < p; i += 1) k.values[i + j * p] = at(omega, i, j);
  const factor = cholesky(k);
  if (!factor || !Number.isFinite(found.logDeterminant.value)) return null;
  const c = inverseFromCholesky(factor);
  const beta = new Float64Array(p);
  for (let j = 0; j < p; j += 1) {
    for (let i = 0; i < p; i += 1) beta[i] = (beta[i] as number) + at(c, i, j) * at(omega, j, p);
  }
  let residual = at(omega, p, p);
  for (let j = 0; j < p; j += 1) residual -= (beta[j] as number) * at(omega, j, p);
  const df = residualDf(reduction, method);
  if (!(residual > df * 1e-13)) return null;
  const sigmaSquared = residual / df;
  const logs = found.logDeterminant.value + (method === 'REML' ? logDeterminant(factor) : 0);
  const deviance = logs + df * (1 + Math.log(2 * Math.PI * sigmaSquared));
  return { deviance, beta, c, sigmaSquared, information: found };
}

/** Derivatives in the elements of D. */
export type Derived = {
  /** ℓ and r² and their derivatives. */
  readonly logSlope: Float64Array;
  readonly logBend: Matrix;
  readonly residualSlope: Float64Array;
  readonly residualBend: Matrix;
};

export function derived({ information: found, beta, c }: Profile, method: Method): Derived {
  const p = c.rows;
  const { first, second } = found.omega;
  const m = first.length;
  const made: Derived = {
    ...{ logSlope: new Float64Array(m), logBend: zeros(m, m) },
    ...{ residualSlope: new Float64Array(m), residualBend: zeros(m, m) },
  };
  const v = Float64Array.from({ length: p + 1 }, (_, j) => (j < p ? -(beta[j] as number) : 1));
  const ov = first.map((one) => multiply(one, { rows: p + 1, columns: 1, values: v }).values);
  const cov = ov.map((one) => multiply(c, { rows: p, columns: 1, values: one.slice(0, p) }).values);
  const ck = first.map((one) => multiply(c, cornerOf(one, p)));
  const restricted = method === 'REML';
  for (let a = 0; a < m; a += 1) {
    made.residualSlope[a] = inner(ov[a] as Float64Array, v, p + 1);
    made.logSlope[a] = (found.logDeterminant.first[a] as number) + (restricted ? trace(ck[a] as Matrix) : 0);
    for (let b = 0; b <= a; b += 1) {
      const both = second[pairIndex(a, b)] as Matrix;
      const through = inner(ov[a] as Float64Array, cov[b] as Float64Array, p);
      setBoth(made.residualBend, a, b, quadratic(both, v) - 2 * through);
      const ofK = restricted ? traceOfProduct(c, both, p) - traceOfTwo(ck[a] as Matrix, ck[b] as Matrix) : 0;
      setBoth(made.logBend, a, b, (found.logDeterminant.second[pairIndex(a, b)] as number) + ofK);
    }
  }
  return made;
}

export type Curvature = {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Matrix;
  /** Second derivatives in (θ, σ), before σ is profiled out. */
  readonly full: Matrix;
  /** ∂K/∂θ. */
  readonly slopes: readonly Matrix[];
};

/** Derivatives of the profiled deviance in θ, at a profile of the same θ with second derivatives. */
export function curvature(reduction: Reduction, theta: Float64Array, method: Method, here: Profile): Curvature {
  const { blocks, p } = reduction;
  const places = placesOf(blocks);
  const m = places.length;
  const df = residualDf(reduction, method);
  const { sigmaSquared } = here;
  const { logSlope, logBend, residualSlope, residualBend } = derived(here, method);
  const slope = logSlope.map((value, a) => value + (residualSlope[a] as number) / sigmaSquared);
  const links = chain(lambdasOf(theta, blocks), places);
  const bend = {
    ...logBend,
    values: logBend.values.map((value, k) => value + (residualBend.values[k] as number) / sigmaSquared),
  };
  const gradient = pulled(links.first, slope, m);
  const residual = pulled(links.first, residualSlope, m);
  const hessian = zeros(m, m);
  const full = zeros(m + 1, m + 1);
  for (let a = 0; a < m; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      let sum = links.second(slope, a, b);
      for (let e = 0; e < m; e += 1) {
        const left = links.first[a + e * m] as number;
        if (left === 0) continue;
        for (let f = 0; f < m; f += 1) sum += left * at(bend, e, f) * (links.first[b + f * m] as number);
      }
      setBoth(full, a, b, sum);
      setBoth(hessian, a, b, sum - ((residual[a] as number) * (residual[b] as number)) / (df * sigmaSquared ** 2));
    }
    setBoth(full, a, m, (-2 * (residual[a] as number)) / sigmaSquared ** 1.5);
  }
  full.values[m + m * (m + 1)] = (4 * df) / sigmaSquared;
  const inD = here.information.omega.first.map((one) => cornerOf(one, p));
  const slopes = places.map((_: Place, a) => {
    const sum = zeros(p, p);
    inD.forEach((one, e) => {
      const weight = links.first[a + e * m] as number;
      if (weight === 0) return;
      for (let k = 0; k < p * p; k += 1) sum.values[k] = (sum.values[k] as number) + weight * (one.values[k] as number);
    });
    return sum;
  });
  return { value: here.deviance, gradient, hessian, full, slopes };
}

function pulled(first: Float64Array, slope: Float64Array, m: number): Float64Array {
  const made = new Float64Array(m);
  for (let e = 0; e < m; e += 1) {
    for (let a = 0; a < m; a += 1) made[a] = (made[a] as number) + (first[a + e * m] as number) * (slope[e] as number);
  }
  return made;
}

/** The first p rows and columns. */
export function cornerOf(a: Matrix, p: number): Matrix {
  const made = zeros(p, p);
  for (let j = 0; j < p; j += 1) for (let i = 0; i < p; i += 1) made.values[i + j * p] = at(a, i, j);
  return made;
}

function inner(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function quadratic(a: Matrix, v: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.columns; j += 1) {
    for (let i = 0; i < a.rows; i += 1) sum += (v[i] as number) * at(a, i, j) * (v[j] as number);
  }
  return sum;
}

function trace(a: Matrix): number {
  let sum = 0;
  for (let k = 0; k < a.rows; k += 1) sum += at(a, k, k);
  return sum;
}

/** tr CM of C and the first p rows and columns of M, both symmetric. */
function traceOfProduct(c: Matrix, m: Matrix, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j += 1) for (let i = 0; i < p; i += 1) sum += at(c, i, j) * at(m, i, j);
  return sum;
}

/** tr AB. */
export function traceOfTwo(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let j = 0; j < a.rows; j += 1) for (let i = 0; i < a.rows; i += 1) sum += at(a, i, j) * at(b, j, i);
  return sum;
}

function setBoth(matrix: Matrix, i: number, j: number, value: number): void {
  matrix.values[i + j * matrix.rows] = value;
  matrix.values[j + i * matrix.rows] = value;
}
