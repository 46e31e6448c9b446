/**
 * −2 log (restricted) likelihood of y = Xβ + e, Var(e_i) = Σ_g(i)[visits seen], with exact first and second derivatives
 * in θ (Lindstrom & Bates 1988, J. Am. Stat. Assoc. 83:1014; Gilmour, Thompson & Cullis 1995, Biometrics 51:1440).
 *
 * With W = V⁻¹, C = (XᵀWX)⁻¹, r = y − Xβ, and per pattern H = Σ r rᵀ (+ X C Xᵀ for REML), M = WHW:
 *   ∂ = Σ tr(nW − M) V_a,
 *   ∂² = Σ [2 tr(W V_a M V_b) − n tr(W V_a W V_b)] − tr(C A_a C A_b) − 2 f_aᵀ C f_b + Σ tr(nW − M) V_ab,
 * A_a = Σ XᵀW V_a W X (not for ML), f_a = Σ XᵀW V_a W r.
 */
import { cholesky, inverseFromCholesky, logDeterminant } from '../linear-algebra/cholesky.ts';
import { type Matrix, zeros } from '../linear-algebra/matrix.ts';
import type { Pattern, Prepared } from './prepare.ts';
import type { Responses } from './responses.ts';
import type { Entries, Structure } from './structure.ts';

export type Method = 'REML' | 'ML';

export type Point = {
  readonly deviance: number;
  readonly delta: Float64Array;
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

/** Null where θ is no covariance. */
export function evaluate({ prepared, responses, structure, method }: Model, theta: Float64Array): Point | null {
  const { p, q, rows, patterns } = prepared;
  const m = structure.parameters;
  const sigmas = prepared.groups.map((_, g) => structure.covariance(theta.subarray(g * m, (g + 1) * m)));
  const weights: Float64Array[] = [];
  const information = zeros(q, q);
  const right = new Float64Array(q);
  let deviance = (method === 'REML' ? rows - p : rows) * Math.log(2 * Math.PI);
  for (let index = 0; index < patterns.length; index += 1) {
    const pattern = patterns[index] as Pattern;
    const made = invert(sigmas[pattern.group] as Float64Array, structure.size, pattern.visits);
    if (!made) return null;
    weights.push(made.w);
    deviance += pattern.subjects * made.logDeterminant;
    addWeighted(pattern, made.w, information.values, q);
    const { xy, yy } = { xy: responses.xy[index] as Float64Array, yy: responses.yy[index] as Float64Array };
    addForward(pattern, made.w, xy, right);
    for (let k = 0; k < yy.length; k += 1) deviance += (made.w[k] as number) * (yy[k] as number);
  }
  const factor = cholesky(project(prepared, information));
  if (!factor || !Number.isFinite(deviance)) return null;
  const c = inverseFromCholesky(factor);
  const forward = projectVector(prepared, right);
  const delta = new Float64Array(p);
  for (let j = 0; j < p; j += 1) {
    for (let i = 0; i < p; i += 1)
      delta[i] = (delta[i] as number) + (c.values[i + j * p] as number) * (forward[j] as number);
  }
  for (let j = 0; j < p; j += 1) deviance -= (delta[j] as number) * (forward[j] as number);
  if (method === 'REML') deviance += logDeterminant(factor);
  return { deviance, delta, c, sigmas, weights };
}

function invert(sigma: Float64Array, size: number, visits: Int32Array) {
  const k = visits.length;
  const v = zeros(k, k);
  for (let b = 0; b < k; b += 1) {
    for (let a = 0; a < k; a += 1)
      v.values[a + b * k] = sigma[(visits[a] as number) + (visits[b] as number) * size] as number;
  }
  const factor = cholesky(v, 1e-12);
  return factor && { w: inverseFromCholesky(factor).values, logDeterminant: logDeterminant(factor) };
}

/** Σ s_i Z s_iᵀ into a q × q sum: the cross-products times Z's element of their visits. */
export function addWeighted({ stacked, position, xx, visits }: Pattern, z: Float64Array, sum: Float64Array, q: number) {
  const size = stacked.length;
  const k = visits.length;
  for (let j = 0; j < size; j += 1) {
    const to = (stacked[j] as number) * q;
    const from = (position[j] as number) * k;
    for (let i = 0; i < size; i += 1) {
      const cell = to + (stacked[i] as number);
      sum[cell] = (sum[cell] as number) + (xx[i + j * size] as number) * (z[from + (position[i] as number)] as number);
    }
  }
}

function addForward({ stacked, position, visits }: Pattern, z: Float64Array, xy: Float64Array, sum: Float64Array) {
  const size = stacked.length;
  const k = visits.length;
  for (let b = 0; b < k; b += 1) {
    for (let i = 0; i < size; i += 1) {
      const cell = stacked[i] as number;
      sum[cell] = (sum[cell] as number) + (xy[i + b * size] as number) * (z[(position[i] as number) + b * k] as number);
    }
  }
}

/** BᵀAB, or A where the basis is the identity. */
export function project({ basis, p, q }: Prepared, a: Matrix): Matrix {
  if (!basis) return a;
  const half = new Float64Array(q * p);
  for (let j = 0; j < p; j += 1) {
    for (let k = 0; k < q; k += 1) {
      const factor = basis[k + j * q] as number;
      if (factor === 0) continue;
      for (let i = 0; i < q; i += 1)
        half[i + j * q] = (half[i + j * q] as number) + (a.values[i + k * q] as number) * factor;
    }
  }
  const made = zeros(p, p);
  for (let j = 0; j < p; j += 1) {
    for (let i = 0; i < p; i += 1) {
      let sum = 0;
      for (let k = 0; k < q; k += 1) sum += (basis[k + i * q] as number) * (half[k + j * q] as number);
      made.values[i + j * p] = sum;
    }
  }
  return made;
}

export function projectVector({ basis, p, q }: Prepared, vector: Float64Array): Float64Array {
  if (!basis) return vector;
  const made = new Float64Array(p);
  for (let j = 0; j < p; j += 1) {
    let sum = 0;
    for (let i = 0; i < q; i += 1) sum += (basis[i + j * q] as number) * (vector[i] as number);
    made[j] = sum;
  }
  return made;
}

/** B a Bᵀ for a p × p, and Bδ. */
function stack({ basis, p, q }: Prepared, { c, delta }: Point): { c: Float64Array; gamma: Float64Array } {
  if (!basis) return { c: c.values, gamma: delta };
  const half = new Float64Array(q * p);
  const gamma = new Float64Array(q);
  for (let j = 0; j < p; j += 1) {
    for (let k = 0; k < p; k += 1) {
      const factor = c.values[k + j * p] as number;
      for (let i = 0; i < q; i += 1)
        half[i + j * q] = (half[i + j * q] as number) + (basis[i + k * q] as number) * factor;
    }
    for (let i = 0; i < q; i += 1)
      gamma[i] = (gamma[i] as number) + (basis[i + j * q] as number) * (delta[j] as number);
  }
  const made = new Float64Array(q * q);
  for (let k = 0; k < p; k += 1) {
    for (let j = 0; j < q; j += 1) {
      const factor = basis[j + k * q] as number;
      for (let i = 0; i < q; i += 1)
        made[i + j * q] = (made[i + j * q] as number) + (half[i + k * q] as number) * factor;
    }
  }
  return { c: made, gamma };
}

export type Slopes = {
  readonly gradient: Float64Array;
  /** ∂² without what the uncertainty of β adds, of the order of its share of the rows; null of `exact`. */
  readonly hessian: Matrix;
  /** Σ n tr(W V_a W V_b), never negative. */
  readonly fisher: Matrix;
  /** A_a by parameter, in δ; with `exact` alone. */
  readonly informations: readonly Matrix[];
  /** tr(P V_a P V_b): expected ∂² under REML; with `exact` alone. */
  readonly expected: Matrix;
};

/** @param exact with every term of ∂²; without, steps are cheap and nearly as good */
export function slopes(model: Model, theta: Float64Array, here: Point, exact: boolean): Slopes {
  const { prepared, responses, structure, method } = model;
  const { q, patterns, groups } = prepared;
  const own = structure.parameters;
  const m = own * groups.length;
  const size = structure.size;
  const hessian = zeros(m, m);
  const fisher = zeros(m, m);
  const crossed = zeros(m, m);
  const gradient = new Float64Array(m);
  const stacked = stack(prepared, here);
  const directions = groups.map((_, g) => structure.slopes(theta.subarray(g * own, (g + 1) * own)));
  const sigmaSlopes = groups.map(() => new Float64Array(size * size));
  const sums = exact ? Array.from({ length: m }, () => ({ a: zeros(q, q), f: new Float64Array(q) })) : [];
  const local = new Int32Array(size);
  for (let index = 0; index < patterns.length; index += 1) {
    const pattern = patterns[index] as Pattern;
    const w = here.weights[index] as Float64Array;
    const { subjects: n, visits, group } = pattern;
    const k = visits.length;
    local.fill(-1);
    for (let a = 0; a < k; a += 1) local[visits[a] as number] = a;
    const cross = residualProducts(
      pattern,
      responses.xy[index] as Float64Array,
      responses.yy[index] as Float64Array,
      stacked,
    );
    const mx = sandwich(w, cross.spread, k);
    const mm = sandwich(w, cross.residual, k);
    if (method === 'REML') for (let i = 0; i < k * k; i += 1) mm[i] = (mm[i] as number) + (mx[i] as number);
    const g = sigmaSlopes[group] as Float64Array;
    for (let b = 0; b < k; b += 1) {
      for (let a = 0; a < k; a += 1) {
        const cell = (visits[a] as number) + (visits[b] as number) * size;
        g[cell] = (g[cell] as number) + n * (w[a + b * k] as number) - (mm[a + b * k] as number);
      }
    }
    const z = new Float64Array(k * k);
    const y = new Float64Array(k * k);
    const x = new Float64Array(k * k);
    const ways = directions[group] as Entries[];
    for (let a = 0; a < own; a += 1) {
      const way = ways[a] as Entries;
      if (!between(way, local, w, w, z, k)) continue;
      between(way, local, w, mm, y, k);
      if (exact) {
        between(way, local, w, mx, x, k);
        const sum = sums[group * own + a] as (typeof sums)[number];
        addWeighted(pattern, z, sum.a.values, q);
        addForward(pattern, z, cross.forward, sum.f);
      }
      const row = group * own + a;
      for (let i = 0; i < k * k; i += 1) y[i] = 2 * (y[i] as number) - n * (z[i] as number);
      for (let b = 0; b <= a; b += 1) {
        const other = ways[b] as Entries;
        const cell = row + (group * own + b) * m;
        addContracted(other, local, z, n, fisher.values, cell, k);
        addContracted(other, local, y, 1, hessian.values, cell, k);
        if (exact) addContracted(other, local, x, 1, crossed.values, cell, k);
      }
    }
  }
  for (const sum of [fisher, hessian, crossed]) {
    for (let b = 0; b < m; b += 1)
      for (let a = 0; a < b; a += 1) sum.values[a + b * m] = sum.values[b + a * m] as number;
  }
  groups.forEach((_, group) => {
    const g = sigmaSlopes[group] as Float64Array;
    (directions[group] as Entries[]).forEach(({ row, column, value }, a) => {
      let sum = 0;
      for (let e = 0; e < row.length; e += 1)
        sum += (value[e] as number) * (g[(row[e] as number) + (column[e] as number) * size] as number);
      gradient[group * own + a] = sum;
    });
    if (structure.linear) return;
    const bent = structure.bend(theta.subarray(group * own, (group + 1) * own), g);
    for (let b = 0; b < own; b += 1) {
      for (let a = 0; a < own; a += 1) {
        const cell = group * own + a + (group * own + b) * m;
        hessian.values[cell] = (hessian.values[cell] as number) + (bent[a + b * own] as number);
      }
    }
  });
  if (!exact) return { gradient, hessian, fisher, informations: [], expected: fisher };
  const informations = sums.map(({ a }) => project(prepared, a));
  const expected = throughCoefficients(
    prepared,
    here,
    method,
    { hessian, fisher, crossed },
    informations,
    sums.map(({ f }) => projectVector(prepared, f)),
  );
  return { gradient, hessian, fisher, informations, expected };
}

/** Takes tr(C A_a C A_b) + 2 f_aᵀ C f_b from the second derivatives; answers those expected under REML. */
function throughCoefficients(
  { p }: Prepared,
  { c }: Point,
  method: Method,
  { hessian, fisher, crossed }: { hessian: Matrix; fisher: Matrix; crossed: Matrix },
  informations: readonly Matrix[],
  forwards: readonly Float64Array[],
): Matrix {
  const m = hessian.rows;
  const expected = zeros(m, m);
  const ca = informations.map((a) => times(c.values, a.values, p, p));
  const cf = forwards.map((f) => times(c.values, f, p, 1));
  const turned = ca.map((one) => {
    const t = new Float64Array(p * p);
    for (let j = 0; j < p; j += 1) for (let i = 0; i < p; i += 1) t[j + i * p] = one[i + j * p] as number;
    return t;
  });
  for (let a = 0; a < m; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      const one = ca[a] as Float64Array;
      const other = turned[b] as Float64Array;
      let both = 0;
      for (let i = 0; i < p * p; i += 1) both += (one[i] as number) * (other[i] as number);
      let beta = 0;
      for (let i = 0; i < p; i += 1)
        beta += ((forwards[a] as Float64Array)[i] as number) * ((cf[b] as Float64Array)[i] as number);
      const taken = (method === 'REML' ? both : 0) + 2 * beta;
      const cell = a + b * m;
      const mirror = b + a * m;
      const bend = (hessian.values[cell] as number) - taken;
      const mean =
        (fisher.values[cell] as number) - (crossed.values[cell] as number) - (crossed.values[mirror] as number) + both;
      hessian.values[cell] = bend;
      hessian.values[mirror] = bend;
      expected.values[cell] = mean;
      expected.values[mirror] = mean;
    }
  }
  return expected;
}

/** A B for A n × n, B n × columns. */
export function times(a: Float64Array, b: Float64Array, n: number, columns: number): Float64Array {
  const made = new Float64Array(n * columns);
  for (let j = 0; j < columns; j += 1) {
    for (let k = 0; k < n; k += 1) {
      const factor = b[k + j * n] as number;
      if (factor === 0) continue;
      for (let i = 0; i < n; i += 1) made[i + j * n] = (made[i + j * n] as number) + (a[i + k * n] as number) * factor;
    }
  }
  return made;
}

function sandwich(w: Float64Array, h: Float64Array, k: number): Float64Array {
  return times(times(w, h, k, k), w, k, k);
}

/** L V R of a pattern into `made`; false where V has nothing in it. */
function between(
  way: Entries,
  local: Int32Array,
  l: Float64Array,
  r: Float64Array,
  made: Float64Array,
  k: number,
): boolean {
  made.fill(0);
  let any = false;
  const { row, column, value } = way;
  for (let e = 0; e < row.length; e += 1) {
    const a = local[row[e] as number] as number;
    const b = local[column[e] as number] as number;
    if (a < 0 || b < 0) continue;
    any = true;
    for (let j = 0; j < k; j += 1) {
      const factor = (value[e] as number) * (r[b + j * k] as number);
      for (let i = 0; i < k; i += 1) made[i + j * k] = (made[i + j * k] as number) + (l[i + a * k] as number) * factor;
    }
  }
  return any;
}

/** Adds factor · tr(Z V) to a cell. */
function addContracted(
  { row, column, value }: Entries,
  local: Int32Array,
  z: Float64Array,
  factor: number,
  into: Float64Array,
  cell: number,
  k: number,
): void {
  let sum = 0;
  for (let e = 0; e < row.length; e += 1) {
    const a = local[row[e] as number] as number;
    const b = local[column[e] as number] as number;
    if (a >= 0 && b >= 0) sum += (value[e] as number) * (z[b + a * k] as number);
  }
  into[cell] = (into[cell] as number) + factor * sum;
}

/** Σ s rᵀ, Σ r rᵀ and Σ X C Xᵀ of a pattern. */
function residualProducts(
  { stacked, position, xx, visits }: Pattern,
  xy: Float64Array,
  yy: Float64Array,
  { c, gamma }: { c: Float64Array; gamma: Float64Array },
) {
  const size = stacked.length;
  const k = visits.length;
  const q = gamma.length;
  const forward = xy.slice();
  const residual = yy.slice();
  const spread = new Float64Array(k * k);
  for (let j = 0; j < size; j += 1) {
    const b = position[j] as number;
    const own = gamma[stacked[j] as number] as number;
    const from = (stacked[j] as number) * q;
    for (let i = 0; i < size; i += 1) {
      const product = xx[i + j * size] as number;
      forward[i + b * size] = (forward[i + b * size] as number) - product * own;
      const cell = (position[i] as number) + b * k;
      spread[cell] = (spread[cell] as number) + product * (c[from + (stacked[i] as number)] as number);
    }
  }
  for (let b = 0; b < k; b += 1) {
    for (let i = 0; i < size; i += 1) {
      const own = gamma[stacked[i] as number] as number;
      const a = position[i] as number;
      residual[a + b * k] = (residual[a + b * k] as number) - own * (forward[i + b * size] as number);
      residual[b + a * k] = (residual[b + a * k] as number) - own * (xy[i + b * size] as number);
    }
  }
  return { forward, residual, spread };
}
