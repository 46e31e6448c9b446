/**
 * Exact first and second derivatives of the profiled deviance. With S, T, C as in `profile.ts`, u = ZᵀV⁻¹(y − Xβ),
 * K = XᵀV⁻¹X and r² the generalised residual sum of squares, in a direction E of D = ΛΛᵀ and summed over groups:
 *
 *   d log|V| = tr SE,   dK = −Σ TᵀET,   dr² = −Σ uᵀEu,   dS = −SES,   dT = −SET,   dβ = −C Σ TᵀEu.
 */
import { at, column, dot, type Matrix, multiply, traceOfProduct, transpose, zeros } from '../linear-algebra/matrix.ts';
import type { Derivatives } from '../optimise/newton.ts';
import type { CrossProducts } from './cross-products.ts';
import { lambdaOf, type Method, type Profile, residualDf } from './profile.ts';

export type Curvature = Derivatives & {
  /** Second derivatives in (θ, σ), before σ is profiled out. */
  readonly full: Matrix;
  /** By element of θ: the derivative of XᵀV⁻¹X is minus this. */
  readonly informationSlopes: readonly Matrix[];
};

/** Derivatives of the profiled deviance in θ, at a profile of the same θ. */
export function curvature(cross: CrossProducts, theta: Float64Array, method: Method, here: Profile): Curvature {
  const { p, q } = cross;
  const { c, sigmaSquared } = here;
  const m = theta.length;
  const df = residualDf(cross, method);
  const sums = sumsOverGroups(cross, here, method);
  const { units, directions } = directionsOf(theta, q);
  const contracted = directions.map((e) => contractSolutions(sums, e, p, q));
  const cj = contracted.map(({ information }) => multiply(c, information));
  const cf = contracted.map(({ forward }) => multiply(c, { rows: p, columns: 1, values: forward }).values);
  const hessian = zeros(m, m);
  const full = zeros(m + 1, m + 1);
  contracted.forEach((one, a) => {
    for (let b = 0; b <= a; b += 1) {
      const other = contracted[b] as (typeof contracted)[number];
      const bent = traceOfProduct(sums.slopeInD, multiply(units[a] as Matrix, transpose(units[b] as Matrix)));
      const direct = contractVariances(sums, directions[a] as Matrix, directions[b] as Matrix, q);
      const throughC = method === 'REML' ? traceOfProduct(cj[a] as Matrix, transpose(cj[b] as Matrix)) : 0;
      const throughBeta = (2 * dot(one.forward, cf[b] as Float64Array)) / sigmaSquared;
      const fixedSigma = 2 * bent + direct - throughC - throughBeta;
      setBoth(hessian, a, b, fixedSigma - (one.residual * other.residual) / (df * sigmaSquared ** 2));
      setBoth(full, a, b, fixedSigma);
    }
    setBoth(full, a, m, (2 * one.residual) / sigmaSquared ** 1.5);
  });
  full.values[m + m * (m + 1)] = (4 * df) / sigmaSquared;
  return {
    value: here.deviance,
    gradient: Float64Array.from(directions, (e) => traceOfProduct(sums.slopeInD, e)),
    hessian,
    full,
    informationSlopes: contracted.map(({ information }) => information),
  };
}

/**
 * Everything the derivatives need from the groups, whatever the direction: with W = TCTᵀ + uuᵀ/σ² (no TCTᵀ for ML),
 * Σ S, Σ (S − W), Σ vec[T u] vec[T u]ᵀ, Σ vec S vec Sᵀ and Σ vec S vec Wᵀ.
 */
export type GroupSums = {
  readonly s: Matrix;
  readonly slopeInD: Matrix;
  readonly solutions: Matrix;
  readonly ss: Matrix;
  readonly sw: Matrix;
};

export function sumsOverGroups(cross: CrossProducts, here: Profile, method: Method): GroupSums {
  const { p, q, groups } = cross;
  const { c, sigmaSquared, solved, beta } = here;
  const size = q * (p + 1);
  const sums = {
    ...{ s: zeros(q, q), slopeInD: zeros(q, q) },
    ...{ solutions: zeros(size, size), ss: zeros(q * q, q * q), sw: zeros(q * q, q * q) },
  };
  const s = new Float64Array(q * q);
  const w = new Float64Array(q * q);
  const tu = new Float64Array(size);
  const tc = new Float64Array(q * p);
  const restricted = method === 'REML' ? 1 : 0;
  for (let group = 0; group < groups; group += 1) {
    const from = group * q * (q + p + 1);
    for (let k = 0; k < q * q; k += 1) {
      s[k] = solved[from + k] as number;
      sums.s.values[k] = (sums.s.values[k] as number) + (s[k] as number);
    }
    for (let k = 0; k < size; k += 1) tu[k] = solved[from + q * q + k] as number;
    for (let j = 0; j < p; j += 1) {
      for (let i = 0; i < q; i += 1) {
        tu[i + p * q] = (tu[i + p * q] as number) - (tu[i + j * q] as number) * (beta[j] as number);
        let sum = 0;
        for (let k = 0; k < p; k += 1) sum += (tu[i + k * q] as number) * (c.values[k + j * p] as number);
        tc[i + j * q] = restricted * sum;
      }
    }
    for (let j = 0; j < q; j += 1) {
      for (let i = 0; i < q; i += 1) {
        let sum = ((tu[i + p * q] as number) * (tu[j + p * q] as number)) / sigmaSquared;
        for (let k = 0; k < p; k += 1) sum += (tc[i + k * q] as number) * (tu[j + k * q] as number);
        w[i + j * q] = sum;
        sums.slopeInD.values[i + j * q] = (sums.slopeInD.values[i + j * q] as number) + (s[i + j * q] as number) - sum;
      }
    }
    addOuter(sums.solutions.values, tu, tu);
    addOuter(sums.ss.values, s, s);
    addOuter(sums.sw.values, s, w);
  }
  return sums;
}

function addOuter(sum: Float64Array, a: Float64Array, b: Float64Array): void {
  const rows = a.length;
  for (let j = 0; j < b.length; j += 1) {
    const factor = b[j] as number;
    for (let i = 0; i < rows; i += 1) sum[i + j * rows] = (sum[i + j * rows] as number) + (a[i] as number) * factor;
  }
}

/** Σ TᵀET, Σ TᵀEu and Σ uᵀEu. */
function contractSolutions({ solutions }: GroupSums, e: Matrix, p: number, q: number) {
  const all = zeros(p + 1, p + 1);
  for (let j = 0; j <= p; j += 1) {
    for (let i = 0; i <= p; i += 1) {
      let sum = 0;
      for (let l = 0; l < q; l += 1) {
        for (let k = 0; k < q; k += 1) sum += at(e, k, l) * at(solutions, k + i * q, l + j * q);
      }
      all.values[i + j * (p + 1)] = sum;
    }
  }
  const information = zeros(p, p);
  information.values.forEach((_, k) => {
    information.values[k] = at(all, k % p, Math.floor(k / p));
  });
  return { information, forward: column(all, p).slice(0, p), residual: at(all, p, p) };
}

/** −Σ tr(S E_a S E_b) + 2 Σ tr(S E_a W E_b). */
function contractVariances({ ss, sw }: GroupSums, ea: Matrix, eb: Matrix, q: number): number {
  return 2 * contractPairs(sw, ea, eb, q) - contractPairs(ss, ea, eb, q);
}

/** Σ tr(S E_a S E_b): what the second derivative in D is expected to be, but for β and σ. */
export function expectedCurvature({ ss }: GroupSums, ea: Matrix, eb: Matrix, q: number): number {
  return contractPairs(ss, ea, eb, q);
}

/** Σ tr(A E_a B E_b) from Σ vec A vec Bᵀ. */
function contractPairs(pairs: Matrix, ea: Matrix, eb: Matrix, q: number): number {
  let sum = 0;
  for (let k = 0; k < q; k += 1) {
    for (let l = 0; l < q; l += 1) {
      for (let r = 0; r < q; r += 1) {
        const left = at(ea, l, r);
        if (left === 0) continue;
        for (let s = 0; s < q; s += 1) sum += left * at(eb, s, k) * at(pairs, k + l * q, r + s * q);
      }
    }
  }
  return sum;
}

/** ∂Λ/∂θ and E = ∂D/∂θ, element by element. */
function directionsOf(theta: Float64Array, q: number): { units: Matrix[]; directions: Matrix[] } {
  const lambda = lambdaOf(theta, q);
  const units = Array.from(theta, (_, k) => {
    const unit = new Float64Array(theta.length);
    unit[k] = 1;
    return lambdaOf(unit, q);
  });
  const directions = units.map((unit) => {
    const half = multiply(unit, transpose(lambda));
    const e = transpose(half);
    addTo(e, half);
    return e;
  });
  return { units, directions };
}

function addTo(sum: Matrix, more: Matrix): void {
  for (let k = 0; k < sum.values.length; k += 1) sum.values[k] = (sum.values[k] as number) + (more.values[k] as number);
}

function setBoth(matrix: Matrix, i: number, j: number, value: number): void {
  matrix.values[i + j * matrix.rows] = value;
  matrix.values[j + i * matrix.rows] = value;
}
