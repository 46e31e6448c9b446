/**
 * Exact first and second derivatives in θ of the deviance of `likelihood.ts` (Gilmour, Thompson & Cullis 1995, Biometrics
 * 51:1440). With r = y − Xβ, and per pattern H = Σ r rᵀ (+ X C Xᵀ for REML), M = WHW:
 *   ∂ = Σ tr(nW − M) V_a,
 *   ∂² = Σ [2 tr(W V_a M V_b) − n tr(W V_a W V_b)] − tr(C A_a C A_b) − 2 f_aᵀ C f_b + Σ tr(nW − M) V_ab,
 * A_a = Σ XᵀW V_a W X (not for ML), f_a = Σ XᵀW V_a W r. What does not pass through C is made once for the elements of Σ
 * and then brought to θ, whatever the structure.
 */
import { StatisticsError } from '../errors.ts';
import { factorInPlace } from '../linear-algebra/cholesky.ts';
import { type Matrix, zeros } from '../linear-algebra/matrix.ts';
import { project, projectVector, stack } from './coordinates.ts';
import { addForward, addWeighted, type Model, mirror, type Point } from './likelihood.ts';
import type { Pattern, Prepared } from './prepare.ts';
import { addForm, between, residualProducts, sandwich } from './products.ts';
import type { Entries, Structure } from './structure.ts';

export type Slopes = {
  readonly gradient: Float64Array;
  /** ∂² without what the uncertainty of β adds, of the order of its share of the rows; all of it if `exact`. */
  readonly hessian: Matrix;
  /** A_a by parameter, in δ; with `exact` alone. */
  readonly informations: readonly Matrix[];
  /** tr(P V_a P V_b): expected ∂² under REML; with `exact` alone. */
  readonly expected: Matrix | null;
};

/** @param exact with every term of ∂²; without, steps are cheap and nearly as good */
export function slopes(model: Model, theta: Float64Array, here: Point, exact: boolean): Slopes {
  const { prepared, responses, structure, method } = model;
  const { q, patterns, groups, scratch } = prepared;
  const size = structure.size;
  const elements = (size * (size + 1)) / 2;
  const stacked = stack(prepared, here.c.values, here.delta);
  const sums = groups.map((_, g) => ({
    slope: new Float64Array(size * size),
    bend: (scratch.bends[g] as Float64Array).fill(0),
    crossed: new Float64Array(exact ? elements * elements : 0),
  }));
  const directions = groups.map((_, g) => structure.slopes(thetaOf(theta, structure, g)));
  const through = exact
    ? directions.flatMap((ways) => ways.map(() => ({ a: zeros(q, q), f: new Float64Array(q) })))
    : [];
  for (let index = 0; index < patterns.length; index += 1) {
    const pattern = patterns[index] as Pattern;
    const w = here.weights[index] as Float64Array;
    const { subjects: n, visits, group } = pattern;
    const k = visits.length;
    const { forward, residual, spread, half, mx, mm, u } = scratch;
    residualProducts(
      pattern,
      responses.xy[index] as Float64Array,
      responses.yy[index] as Float64Array,
      stacked,
      scratch,
    );
    if (method === 'REML')
      for (let i = 0; i < k * k; i += 1) residual[i] = (residual[i] as number) + (spread[i] as number);
    sandwich(w, residual, half, mm, k);
    const { slope, bend, crossed } = sums[group] as (typeof sums)[number];
    for (let b = 0; b < k; b += 1) {
      for (let a = 0; a < k; a += 1) {
        const cell = (visits[a] as number) + (visits[b] as number) * size;
        slope[cell] = (slope[cell] as number) + n * (w[a + b * k] as number) - (mm[a + b * k] as number);
      }
    }
    for (let i = 0; i < k * k; i += 1) u[i] = (mm[i] as number) - (n / 2) * (w[i] as number);
    addForm(visits, w, u, bend, elements);
    if (!exact) continue;
    sandwich(w, spread, half, mx, k);
    for (let i = 0; i < k * k; i += 1) u[i] = (mx[i] as number) / 2;
    addForm(visits, w, u, crossed, elements);
    const first = group * structure.parameters;
    (directions[group] as Entries[]).forEach((way, a) => {
      if (!between(way, visits, size, w, u)) return;
      const sum = through[first + a] as (typeof through)[number];
      addWeighted(pattern, u, sum.a.values, q);
      addForward(pattern, u, forward, sum.f);
    });
  }
  return gathered(model, theta, here, sums, directions, through, exact);
}

/** Σ n tr(W V_a W V_b), never negative: the expected ∂² but for what passes through C. */
export function fisherOf({ prepared, structure }: Model, theta: Float64Array, here: Point): Matrix {
  const { patterns, groups, scratch } = prepared;
  const own = structure.parameters;
  const elements = (structure.size * (structure.size + 1)) / 2;
  const sums = groups.map((_, g) => (scratch.fishers[g] as Float64Array).fill(0));
  patterns.forEach(({ group, subjects, visits }, index) => {
    const w = here.weights[index] as Float64Array;
    for (let i = 0; i < w.length; i += 1) scratch.u[i] = (subjects / 2) * (w[i] as number);
    addForm(visits, w, scratch.u, sums[group] as Float64Array, elements);
  });
  const made = zeros(own * groups.length, own * groups.length);
  sums.forEach((sum, group) => {
    pull(sum, structure.slopes(thetaOf(theta, structure, group)), structure, made, group * own);
  });
  return made;
}

type Sums = { slope: Float64Array; bend: Float64Array; crossed: Float64Array };

function thetaOf(theta: Float64Array, { parameters }: Structure, group: number): Float64Array {
  return theta.subarray(group * parameters, (group + 1) * parameters);
}

/** From the elements of Σ to θ, group by group. */
function gathered(
  model: Model,
  theta: Float64Array,
  here: Point,
  sums: readonly Sums[],
  directions: readonly Entries[][],
  through: readonly { a: Matrix; f: Float64Array }[],
  exact: boolean,
): Slopes {
  const { prepared, structure, method } = model;
  const own = structure.parameters;
  const m = own * prepared.groups.length;
  const gradient = new Float64Array(m);
  const hessian = zeros(m, m);
  const crossed = exact ? zeros(m, m) : hessian;
  sums.forEach(({ slope, bend, crossed: both }, group) => {
    const ways = directions[group] as Entries[];
    ways.forEach(({ row, column, value }, a) => {
      let sum = 0;
      for (let e = 0; e < row.length; e += 1) {
        sum += (value[e] as number) * (slope[(row[e] as number) + (column[e] as number) * structure.size] as number);
      }
      gradient[group * own + a] = sum;
    });
    pull(bend, ways, structure, hessian, group * own);
    if (exact) pull(both, ways, structure, crossed, group * own);
    if (structure.linear) return;
    const bent = structure.bend(thetaOf(theta, structure, group), slope);
    for (let b = 0; b < own; b += 1) {
      for (let a = 0; a < own; a += 1) {
        const cell = group * own + a + (group * own + b) * m;
        hessian.values[cell] = (hessian.values[cell] as number) + (bent[a + b * own] as number);
      }
    }
  });
  if (!exact) return { gradient, hessian, informations: [], expected: null };
  const fisher = fisherOf(model, theta, here);
  const informations = through.map(({ a }) => {
    mirror(a.values, prepared.q);
    return project(prepared, a);
  });
  const forwards = through.map(({ f }) => projectVector(prepared, f));
  const expected = throughCoefficients(prepared, here, method, { hessian, fisher, crossed }, informations, forwards);
  return { gradient, hessian, informations, expected };
}

/** Adds SᵀHS to a block of the second derivatives in θ; H in the elements of Σ, lower triangle. */
function pull(h: Float64Array, ways: readonly Entries[], structure: Structure, into: Matrix, from: number): void {
  const elements = (structure.size * (structure.size + 1)) / 2;
  mirror(h, elements);
  const m = into.rows;
  if (structure.elements) {
    for (let b = 0; b < elements; b += 1)
      into.values.set(h.subarray(b * elements, (b + 1) * elements), from + (from + b) * m);
    return;
  }
  const along = new Float64Array(elements);
  ways.forEach((way, b) => {
    along.fill(0);
    for (let e = 0; e < way.row.length; e += 1) {
      const [i, j] = [way.row[e] as number, way.column[e] as number];
      if (i < j) continue;
      const cell = ((i * (i + 1)) / 2 + j) * elements;
      for (let k = 0; k < elements; k += 1)
        along[k] = (along[k] as number) + (way.value[e] as number) * (h[cell + k] as number);
    }
    for (let a = 0; a <= b; a += 1) {
      const { row, column, value } = ways[a] as Entries;
      let sum = 0;
      for (let e = 0; e < row.length; e += 1) {
        const [i, j] = [row[e] as number, column[e] as number];
        if (i >= j) sum += (value[e] as number) * (along[(i * (i + 1)) / 2 + j] as number);
      }
      into.values[from + a + (from + b) * m] = sum;
      into.values[from + b + (from + a) * m] = sum;
    }
  });
}

/**
 * Takes tr(C A_a C A_b) + 2 f_aᵀ C f_b from the second derivatives; answers those expected under REML. With C = LLᵀ the first is
 * the product of LᵀA_aL and LᵀA_bL, element by element, so that a triangle of each is enough.
 */
function throughCoefficients(
  { p }: Prepared,
  { c }: Point,
  method: Model['method'],
  { hessian, fisher, crossed }: { hessian: Matrix; fisher: Matrix; crossed: Matrix },
  informations: readonly Matrix[],
  forwards: readonly Float64Array[],
): Matrix {
  const m = hessian.rows;
  const expected = zeros(m, m);
  const factor = c.values.slice();
  if (!factorInPlace(factor, p))
    throw new StatisticsError('not_converged', 'the information on the estimates is singular');
  const half = new Float64Array(p * p);
  const turned = informations.map(({ values }) => packed(values, factor, half, p));
  const along = forwards.map((f) => turnedVector(f, factor, p));
  for (let a = 0; a < m; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      const both = dot(turned[a] as Float64Array, turned[b] as Float64Array);
      const beta = dot(along[a] as Float64Array, along[b] as Float64Array);
      const taken = (method === 'REML' ? both : 0) + 2 * beta;
      const cell = a + b * m;
      const mirrored = b + a * m;
      const bend = (hessian.values[cell] as number) - taken;
      const mean = (fisher.values[cell] as number) - 2 * (crossed.values[cell] as number) + both;
      hessian.values[cell] = bend;
      hessian.values[mirrored] = bend;
      expected.values[cell] = mean;
      expected.values[mirrored] = mean;
    }
  }
  return expected;
}

/** The lower triangle of LᵀAL, what is off the diagonal times √2. */
function packed(a: Float64Array, l: Float64Array, half: Float64Array, p: number): Float64Array {
  for (let j = 0; j < p; j += 1) {
    const to = j * p;
    half.fill(0, to, to + p);
    for (let k = j; k < p; k += 1) {
      const by = l[k + to] as number;
      const from = k * p;
      for (let i = j; i < p; i += 1) half[to + i] = (half[to + i] as number) + (a[from + i] as number) * by;
    }
  }
  const made = new Float64Array((p * (p + 1)) / 2);
  let cell = 0;
  for (let j = 0; j < p; j += 1) {
    for (let i = j; i < p; i += 1) {
      let sum = 0;
      for (let k = i; k < p; k += 1) sum += (l[k + i * p] as number) * (half[k + j * p] as number);
      made[cell] = i === j ? sum : sum * Math.SQRT2;
      cell += 1;
    }
  }
  return made;
}

/** Lᵀf. */
function turnedVector(f: Float64Array, l: Float64Array, p: number): Float64Array {
  const made = new Float64Array(p);
  for (let i = 0; i < p; i += 1) {
    let sum = 0;
    for (let k = i; k < p; k += 1) sum += (l[k + i * p] as number) * (f[k] as number);
    made[i] = sum;
  }
  return made;
}

function dot(a: Float64Array, b: Float64Array): number {
  // Two sums side by side, so that one addition need not wait for the other.
  let [even, odd] = [0, 0];
  const { length } = a;
  const pairs = length - (length % 2);
  for (let i = 0; i < pairs; i += 2) {
    even += (a[i] as number) * (b[i] as number);
    odd += (a[i + 1] as number) * (b[i + 1] as number);
  }
  if (pairs < length) even += (a[pairs] as number) * (b[pairs] as number);
  return even + odd;
}
