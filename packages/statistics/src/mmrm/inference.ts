/**
 * Tests of Lβ: Satterthwaite (Fai & Cornelius 1996, J. Stat. Comput. Simul. 54:363) and Kenward & Roger (1997,
 * Biometrics 53:983). Kenward-Roger takes the covariance in the parameters of `structure.ts` and its second derivatives
 * along; `kenward-roger-linear` leaves those out. Where Σ is linear in θ (unstructured, compound symmetry, Toeplitz) the
 * two are the same, and for the unstructured Σ they are what SAS prints.
 */
import { StatisticsError } from '../errors.ts';
import { type Inference, kenwardRoger, satterthwaite } from '../inference/degrees-of-freedom.ts';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, zeros } from '../linear-algebra/matrix.ts';
import { project } from './coordinates.ts';
import { addWeighted, type Model, mirror, type Point } from './likelihood.ts';
import type { Pattern } from './prepare.ts';
import { times } from './products.ts';
import type { Slopes } from './slopes.ts';
import type { Entries } from './structure.ts';

export function inferenceOf(
  model: Model,
  theta: Float64Array,
  here: Point,
  found: Slopes,
  kind: 'satterthwaite' | 'kenward-roger' | 'kenward-roger-linear',
): Inference {
  const { informations } = found;
  if (kind === 'satterthwaite') {
    const omega = doubled(found.hessian);
    return { covariance: here.c, test: (l) => ({ df: satterthwaite(l, here.c, informations, omega), scale: 1 }) };
  }
  const omega = doubled(found.expected ?? found.hessian);
  return {
    covariance: adjusted(model, theta, here, informations, omega, kind === 'kenward-roger'),
    test: (l) => kenwardRoger(l, here.c, informations, omega),
  };
}

/** Covariance of θ: twice the inverse of the second derivatives of −2 log likelihood. */
function doubled(hessian: Matrix): Matrix {
  const factor = cholesky(hessian, 1e-12);
  if (!factor) throw new StatisticsError('not_converged', 'the information on the covariance is singular');
  const inverse = inverseFromCholesky(factor);
  return { ...inverse, values: inverse.values.map((value) => 2 * value) };
}

/** Φ + 2Φ[Σ ω_ab (Q_ab − P_a Φ P_b − R_ab / 4)]Φ. */
function adjusted(
  { prepared, structure }: Model,
  theta: Float64Array,
  here: Point,
  informations: readonly Matrix[],
  omega: Matrix,
  withSecond: boolean,
): Matrix {
  const { p, q, patterns, groups } = prepared;
  const own = structure.parameters;
  const size = structure.size;
  const sum = zeros(q, q);
  const ways = groups.map((_, g) => structure.slopes(theta.subarray(g * own, (g + 1) * own)));
  for (let index = 0; index < patterns.length; index += 1) {
    const pattern = patterns[index] as Pattern;
    const { visits, group } = pattern;
    const k = visits.length;
    const w = here.weights[index] as Float64Array;
    const dense = (ways[group] as Entries[]).map((way) => restrict(way, visits, size));
    const middle = new Float64Array(k * k);
    dense.forEach((va, a) => {
      const mixed = new Float64Array(k * k);
      dense.forEach((vb, b) => {
        const weight = at(omega, group * own + a, group * own + b);
        for (let i = 0; i < k * k; i += 1) mixed[i] = (mixed[i] as number) + weight * (vb[i] as number);
      });
      const product = times(times(va, w, k, k), mixed, k, k);
      for (let i = 0; i < k * k; i += 1) middle[i] = (middle[i] as number) + (product[i] as number);
    });
    if (withSecond && !structure.linear) {
      const bent = secondSum(structure, theta, group, omega);
      for (let b = 0; b < k; b += 1) {
        for (let a = 0; a < k; a += 1) {
          const cell = a + b * k;
          const full = (visits[a] as number) + (visits[b] as number) * size;
          middle[cell] = (middle[cell] as number) - (bent[full] as number) / 4;
        }
      }
    }
    addWeighted(pattern, times(times(w, middle, k, k), w, k, k), sum.values, q);
  }
  mirror(sum.values, q);
  const inner = project(prepared, sum);
  informations.forEach((a, index) => {
    const mixed = zeros(p, p);
    informations.forEach((b, other) => {
      const weight = at(omega, index, other);
      for (let i = 0; i < p * p; i += 1)
        mixed.values[i] = (mixed.values[i] as number) + weight * (b.values[i] as number);
    });
    const product = times(times(a.values, here.c.values, p, p), mixed.values, p, p);
    for (let i = 0; i < p * p; i += 1) inner.values[i] = (inner.values[i] as number) - (product[i] as number);
  });
  const lambda = times(times(here.c.values, inner.values, p, p), here.c.values, p, p);
  return { rows: p, columns: p, values: here.c.values.map((value, i) => value + 2 * (lambda[i] as number)) };
}

function restrict({ row, column, value }: Entries, visits: Int32Array, size: number): Float64Array {
  const full = new Float64Array(size * size);
  for (let e = 0; e < row.length; e += 1) full[(row[e] as number) + (column[e] as number) * size] = value[e] as number;
  const k = visits.length;
  const made = new Float64Array(k * k);
  for (let b = 0; b < k; b += 1) {
    for (let a = 0; a < k; a += 1)
      made[a + b * k] = full[(visits[a] as number) + (visits[b] as number) * size] as number;
  }
  return made;
}

/** Σ ω_ab ∂²Σ/∂θ_a∂θ_b of a group, T × T. */
function secondSum({ bend, size, parameters }: Model['structure'], theta: Float64Array, group: number, omega: Matrix) {
  const made = new Float64Array(size * size);
  const unit = new Float64Array(size * size);
  for (let cell = 0; cell < size * size; cell += 1) {
    unit.fill(0);
    unit[cell] = 1;
    const bent = bend(theta.subarray(group * parameters, (group + 1) * parameters), unit);
    let sum = 0;
    for (let b = 0; b < parameters; b += 1) {
      for (let a = 0; a < parameters; a += 1) {
        sum += at(omega, group * parameters + a, group * parameters + b) * (bent[a + b * parameters] as number);
      }
    }
    made[cell] = sum;
  }
  return made;
}
