/**
 * −2 log (restricted) likelihood of y = Xβ + e, Var(e_i) = Σ_g(i)[visits seen], at a covariance (Lindstrom & Bates 1988,
 * J. Am. Stat. Assoc. 83:1014): Σ log |V| + rᵀWr + log |XᵀWX| (REML) + f log 2π, W = V⁻¹, f = n − p (n for ML).
 */
import { factorInPlace, invertInPlace } from '../linear-algebra/cholesky.ts';
import { type Matrix, zeros } from '../linear-algebra/matrix.ts';
import { project, projectVector } from './coordinates.ts';
import type { Pattern, Prepared } from './prepare.ts';
import type { Responses } from './responses.ts';
import type { Structure } from './structure.ts';

export type Method = 'REML' | 'ML';

export type Point = {
  deviance: number;
  readonly delta: Float64Array;
  /** C = (XᵀWX)⁻¹. */
  readonly c: Matrix;
  /** Σ by group. */
  readonly sigmas: readonly Float64Array[];
  /** V⁻¹ by pattern. */
  readonly weights: readonly Float64Array[];
};

export type Model = {
  readonly prepared: Prepared;
  readonly responses: Responses;
  readonly structure: Structure;
  readonly method: Method;
};

export function emptyPoint({ p, groups, patterns, visits }: Prepared): Point {
  const size = visits.length;
  return {
    deviance: Number.NaN,
    delta: new Float64Array(p),
    c: zeros(p, p),
    sigmas: groups.map(() => new Float64Array(size * size)),
    weights: patterns.map((pattern) => new Float64Array(pattern.visits.length ** 2)),
  };
}

/**
 * Null where θ is no covariance.
 * @param into arrays to write to, and the answer; spoilt where the answer is null
 */
export function evaluate(model: Model, theta: Float64Array, into = emptyPoint(model.prepared)): Point | null {
  const { prepared, responses, structure, method } = model;
  const { p, q, rows, patterns, groups, scratch } = prepared;
  const m = structure.parameters;
  for (let g = 0; g < groups.length; g += 1) {
    structure.covariance(theta.subarray(g * m, (g + 1) * m), into.sigmas[g] as Float64Array);
  }
  const information = scratch.stacked.fill(0);
  const right = scratch.right.fill(0);
  let deviance = (method === 'REML' ? rows - p : rows) * Math.log(2 * Math.PI);
  for (let index = 0; index < patterns.length; index += 1) {
    const pattern = patterns[index] as Pattern;
    const w = into.weights[index] as Float64Array;
    const log = invert(into.sigmas[pattern.group] as Float64Array, structure.size, pattern.visits, scratch.square, w);
    if (log === null) return null;
    deviance += pattern.subjects * log;
    addWeighted(pattern, w, information, q);
    addForward(pattern, w, responses.xy[index] as Float64Array, right);
    const yy = responses.yy[index] as Float64Array;
    for (let k = 0; k < yy.length; k += 1) deviance += (w[k] as number) * (yy[k] as number);
  }
  mirror(information, q);
  const factor = project(prepared, { rows: q, columns: q, values: information }).values;
  if (!Number.isFinite(deviance) || !factorInPlace(factor, p)) return null;
  if (method === 'REML') for (let j = 0; j < p; j += 1) deviance += 2 * Math.log(factor[j + j * p] as number);
  const c = into.c.values;
  invertInPlace(factor, p, c);
  const forward = projectVector(prepared, right);
  for (let i = 0; i < p; i += 1) {
    let sum = 0;
    for (let j = 0; j < p; j += 1) sum += (c[j + i * p] as number) * (forward[j] as number);
    into.delta[i] = sum;
    deviance -= sum * (forward[i] as number);
  }
  into.deviance = deviance;
  return into;
}

/** V⁻¹ of the visits of a pattern into `w`; answers log |V|, null where V is not positive definite. */
function invert(
  sigma: Float64Array,
  size: number,
  visits: Int32Array,
  v: Float64Array,
  w: Float64Array,
): number | null {
  const k = visits.length;
  for (let b = 0; b < k; b += 1) {
    for (let a = b; a < k; a += 1) {
      v[a + b * k] = sigma[(visits[a] as number) + (visits[b] as number) * size] as number;
    }
  }
  if (!factorInPlace(v, k, 1e-12)) return null;
  let log = 0;
  for (let a = 0; a < k; a += 1) log += Math.log(v[a + a * k] as number);
  invertInPlace(v, k, w);
  return 2 * log;
}

/** Adds Σ s_i Z s_iᵀ to a q × q sum, lower triangle: the cross-products times Z's element of their visits. */
export function addWeighted({ stacked, position, xx, visits }: Pattern, z: Float64Array, sum: Float64Array, q: number) {
  const size = stacked.length;
  const k = visits.length;
  for (let j = 0; j < size; j += 1) {
    const to = (stacked[j] as number) * q;
    const from = (position[j] as number) * k;
    const own = j * size;
    for (let i = j; i < size; i += 1) {
      const cell = to + (stacked[i] as number);
      sum[cell] = (sum[cell] as number) + (xx[own + i] as number) * (z[from + (position[i] as number)] as number);
    }
  }
}

/** The lower triangle on both sides. */
export function mirror(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j += 1) for (let i = j + 1; i < n; i += 1) a[j + i * n] = a[i + j * n] as number;
}

/** Adds Σ s Z y. */
export function addForward(
  { stacked, position, visits }: Pattern,
  z: Float64Array,
  xy: Float64Array,
  sum: Float64Array,
) {
  const size = stacked.length;
  const k = visits.length;
  for (let b = 0; b < k; b += 1) {
    for (let i = 0; i < size; i += 1) {
      const cell = stacked[i] as number;
      sum[cell] = (sum[cell] as number) + (xy[i + b * size] as number) * (z[(position[i] as number) + b * k] as number);
    }
  }
}
