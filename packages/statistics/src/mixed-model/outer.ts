/**
 * The effects of groupings beside the inner one (sites, items), all at once. With H, F, R the blocks of G (outer effects,
 * outer by [X y], [X y]), D their covariance, N = D(I + HD)⁻¹, J = (I + HD)⁻¹, S = JH, T = JF and U = [−NF; I]:
 *
 *   log |V| = log |V₁| + log |I + HD|,   Ω = R − FᵀNF = UᵀGU,
 *
 * in an inner direction, through G:   ∂Ω = UᵀG_a U,   ∂ log |I + HD| = tr N H_a,
 * in an outer direction E:            ∂Ω = −TᵀET,     ∂ log |I + HD| = tr S E,
 *
 * and the second derivatives follow from ∂N = −N H_a N or JᵀEJ. Dense in the outer effects, whose number is limited.
 */
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky, logDeterminant } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import type { Place } from './blocks.ts';
import {
  type Direction,
  type Expanded,
  entriesOf,
  innerCovariance,
  innerDirections,
  innerInformation,
  pairIndex,
} from './information.ts';
import type { Reduction } from './reduction.ts';

export type Information = {
  readonly logDeterminant: Expanded<number>;
  /** Ω, (p + 1) × (p + 1). */
  readonly omega: Expanded<Matrix>;
  /** N of the outer effects, and NF; null without them. */
  readonly outer: { readonly n: Matrix; readonly nf: Matrix } | null;
};

export function information(
  reduction: Reduction,
  lambdas: readonly Matrix[],
  ds: readonly Matrix[],
  places: readonly Place[],
  order: 0 | 2,
): Information {
  const { outer, width, p, outerBlocks } = reduction;
  const directions = innerDirections(reduction, places);
  const own = innerInformation(reduction, innerCovariance(reduction, ds), directions, order);
  const part = (g: Float64Array, r: number, c: number, rows: number, columns: number) => {
    const made = zeros(rows, columns);
    for (let j = 0; j < columns; j += 1) {
      for (let i = 0; i < rows; i += 1) made.values[i + j * rows] = g[r + i + (c + j) * width] as number;
    }
    return made;
  };
  const rest = (g: Float64Array | null) => (g ? part(g, outer, outer, p + 1, p + 1) : zeros(p + 1, p + 1));
  if (outer === 0) {
    const { value, first, second } = own.gram;
    return {
      logDeterminant: own.logDeterminant,
      omega: { value: rest(value), first: first.map(rest), second: second.map(rest) },
      outer: null,
    };
  }
  const g = own.gram.value as Float64Array;
  const h = part(g, 0, 0, outer, outer);
  const f = part(g, 0, outer, outer, p + 1);
  const lambda = outerLambda(reduction, lambdas);
  const inner = multiply(transpose(lambda), multiply(h, lambda));
  for (let k = 0; k < outer; k += 1) inner.values[k + k * outer] = at(inner, k, k) + 1;
  const factor = cholesky(inner);
  if (!factor) throw new StatisticsError('not_converged', 'the random effects have no bound');
  const n = multiply(lambda, multiply(inverseFromCholesky(factor), transpose(lambda)));
  const nf = multiply(n, f);
  const value = minus(rest(g), multiply(transpose(f), nf));
  const logValue = own.logDeterminant.value + logDeterminant(factor);
  if (order === 0) {
    return {
      logDeterminant: { value: logValue, first: [], second: [] },
      omega: { value, first: [], second: [] },
      outer: { n, nf },
    };
  }
  const hn = multiply(h, n);
  const j = zeros(outer, outer);
  for (let k = 0; k < outer * outer; k += 1) j.values[k] = (k % (outer + 1) === 0 ? 1 : 0) - (hn.values[k] as number);
  const s = multiply(j, h);
  const t = minus(f, multiply(h, nf));
  /** By direction: (G_a U) on the outer rows and below, N H_a, J H_a Jᵀ; or ET and the entries of E. */
  const moves = places.map((place, a) => {
    const ga = own.gram.first[a];
    if (ga) {
      const ha = part(ga, 0, 0, outer, outer);
      const fa = part(ga, 0, outer, outer, p + 1);
      const top = minus(fa, multiply(ha, nf));
      const below = minus(rest(ga), multiply(transpose(fa), nf));
      const slope = minus(below, multiply(transpose(nf), top));
      return { kind: 'inner' as const, top, slope, nh: multiply(n, ha), jhj: multiply(j, multiply(ha, transpose(j))) };
    }
    const entries = outerEntries(reduction, place, outerBlocks);
    return { kind: 'outer' as const, entries, et: spread(entries, t) };
  });
  const slopes: number[] = [];
  const omegaFirst: Matrix[] = [];
  const bends: number[] = [];
  const omegaSecond: Matrix[] = [];
  moves.forEach((one, a) => {
    if (one.kind === 'inner') {
      slopes.push((own.logDeterminant.first[a] as number) + trace(one.nh));
      omegaFirst.push(one.slope);
    } else {
      slopes.push(one.entries.reduce((sum, [r, c]) => sum + at(s, c, r), 0));
      omegaFirst.push(scaled(multiply(transpose(t), one.et), -1));
    }
    for (let b = 0; b <= a; b += 1) {
      const other = moves[b] as (typeof moves)[number];
      const cell = pairIndex(a, b);
      if (one.kind === 'inner' && other.kind === 'inner') {
        const gab = own.gram.second[cell] as Float64Array;
        const hab = part(gab, 0, 0, outer, outer);
        const fab = part(gab, 0, outer, outer, p + 1);
        const through = multiply(transpose(one.top), multiply(n, other.top));
        const cross = multiply(transpose(fab), nf);
        const direct = plus(
          minus(rest(gab), plus(cross, transpose(cross))),
          multiply(transpose(nf), multiply(hab, nf)),
        );
        omegaSecond.push(minus(direct, plus(through, transpose(through))));
        bends.push(
          (own.logDeterminant.second[cell] as number) +
            traceOfProduct(n, hab) -
            traceOfProduct(one.nh, transpose(other.nh)),
        );
      } else if (one.kind === 'outer' && other.kind === 'outer') {
        const through = multiply(transpose(one.et), multiply(s, other.et));
        omegaSecond.push(plus(through, transpose(through)));
        let sum = 0;
        for (const [i, k] of one.entries) for (const [l, m] of other.entries) sum += at(s, m, i) * at(s, k, l);
        bends.push(-sum);
      } else {
        const [within, beside] = one.kind === 'inner' ? [one, other] : [other, one];
        if (within.kind !== 'inner' || beside.kind !== 'outer') continue;
        const through = multiply(transpose(beside.et), multiply(j, within.top));
        omegaSecond.push(scaled(plus(through, transpose(through)), -1));
        bends.push(beside.entries.reduce((sum, [r, c]) => sum + at(within.jhj, r, c), 0));
      }
    }
  });
  return {
    logDeterminant: { value: logValue, first: slopes, second: bends },
    omega: { value, first: omegaFirst, second: omegaSecond },
    outer: { n, nf },
  };
}

/** Λ of all outer effects, a block for every level. */
function outerLambda({ outer, outerBlocks, blocks }: Reduction, lambdas: readonly Matrix[]): Matrix {
  const made = zeros(outer, outer);
  for (const { block, from } of outerBlocks) {
    const own = lambdas[block] as Matrix;
    const levels = blocks[block]?.levels.length ?? 0;
    for (let level = 0; level < levels; level += 1) {
      const first = from + level * own.rows;
      for (let c = 0; c < own.columns; c += 1) {
        for (let r = c; r < own.rows; r += 1) made.values[first + r + (first + c) * outer] = at(own, r, c);
      }
    }
  }
  return made;
}

/** Entries of E that are one, over all levels of its grouping. */
function outerEntries({ blocks }: Reduction, place: Place, outerBlocks: Reduction['outerBlocks']): [number, number][] {
  const from = outerBlocks.find(({ block }) => block === place.block)?.from ?? 0;
  const { q, levels } = blocks[place.block] as Reduction['blocks'][number];
  const direction: Direction = place;
  return levels.flatMap((_, level) =>
    entriesOf(direction).map(([r, c]): [number, number] => [from + level * q + r, from + level * q + c]),
  );
}

/** E T. */
function spread(entries: readonly (readonly [number, number])[], t: Matrix): Matrix {
  const made = zeros(t.rows, t.columns);
  for (let k = 0; k < t.columns; k += 1) {
    for (const [r, c] of entries) made.values[r + k * t.rows] = (made.values[r + k * t.rows] as number) + at(t, c, k);
  }
  return made;
}

function plus(a: Matrix, b: Matrix): Matrix {
  return { ...a, values: a.values.map((value, k) => value + (b.values[k] as number)) };
}

function minus(a: Matrix, b: Matrix): Matrix {
  return { ...a, values: a.values.map((value, k) => value - (b.values[k] as number)) };
}

function scaled(a: Matrix, by: number): Matrix {
  return { ...a, values: a.values.map((value) => value * by) };
}

function trace(a: Matrix): number {
  let sum = 0;
  for (let k = 0; k < a.rows; k += 1) sum += at(a, k, k);
  return sum;
}

/** tr(A Bᵀ). */
function traceOfProduct(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let k = 0; k < a.values.length; k += 1) sum += (a.values[k] as number) * (b.values[k] as number);
  return sum;
}
