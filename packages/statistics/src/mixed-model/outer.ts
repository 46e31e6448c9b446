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
  const own = innerInformation(reduction, innerCovariance(reduction, ds), innerDirections(reduction, places), order);
  if (reduction.outer > 0) return withOuter(reduction, lambdas, own, places, order);
  const { value, first, second } = own.gram;
  const omega = (g: Float64Array | null) => restOf(reduction, g);
  return {
    logDeterminant: own.logDeterminant,
    omega: { value: omega(value), first: first.map(omega), second: second.map(omega) },
    outer: null,
  };
}

type Inner = ReturnType<typeof innerInformation>;

/** A block of cross-products. */
function part({ width }: Reduction, g: Float64Array, r: number, c: number, rows: number, columns: number): Matrix {
  const made = zeros(rows, columns);
  for (let j = 0; j < columns; j += 1) {
    for (let i = 0; i < rows; i += 1) made.values[i + j * rows] = g[r + i + (c + j) * width] as number;
  }
  return made;
}

/** R, the block of [X y]. */
function restOf(reduction: Reduction, g: Float64Array | null): Matrix {
  const { outer, p } = reduction;
  return g ? part(reduction, g, outer, outer, p + 1, p + 1) : zeros(p + 1, p + 1);
}

/** H, F and R. */
function blocksOf(reduction: Reduction, g: Float64Array): { h: Matrix; f: Matrix; r: Matrix } {
  const { outer, p } = reduction;
  return {
    h: part(reduction, g, 0, 0, outer, outer),
    f: part(reduction, g, 0, outer, outer, p + 1),
    r: restOf(reduction, g),
  };
}

function withOuter(
  reduction: Reduction,
  lambdas: readonly Matrix[],
  own: Inner,
  places: readonly Place[],
  order: 0 | 2,
): Information {
  const { outer } = reduction;
  const { h, f, r } = blocksOf(reduction, own.gram.value as Float64Array);
  const lambda = outerLambda(reduction, lambdas);
  const inner = multiply(transpose(lambda), multiply(h, lambda));
  for (let k = 0; k < outer; k += 1) inner.values[k + k * outer] = at(inner, k, k) + 1;
  const factor = cholesky(inner);
  if (!factor) throw new StatisticsError('not_converged', 'the random effects have no bound');
  const n = multiply(lambda, multiply(inverseFromCholesky(factor), transpose(lambda)));
  const nf = multiply(n, f);
  const value = minus(r, multiply(transpose(f), nf));
  const logValue = own.logDeterminant.value + logDeterminant(factor);
  const derivatives = order === 0 ? noDerivatives : derivativesOf(reduction, own, places, { n, nf, h, f });
  return {
    logDeterminant: { value: logValue, ...derivatives.logDeterminant },
    omega: { value, ...derivatives.omega },
    outer: { n, nf },
  };
}

type Derivatives = {
  readonly logDeterminant: Omit<Expanded<number>, 'value'>;
  readonly omega: Omit<Expanded<Matrix>, 'value'>;
};

const noDerivatives: Derivatives = { logDeterminant: { first: [], second: [] }, omega: { first: [], second: [] } };

/** (G_a U) on the outer rows, UᵀG_a U, N H_a and J H_a Jᵀ of an inner direction. */
type InnerMove = {
  readonly kind: 'inner';
  readonly top: Matrix;
  readonly slope: Matrix;
  readonly nh: Matrix;
  readonly jhj: Matrix;
};
/** The entries of E and ET of an outer one. */
type OuterMove = { readonly kind: 'outer'; readonly entries: readonly [number, number][]; readonly et: Matrix };

function derivativesOf(
  reduction: Reduction,
  own: Inner,
  places: readonly Place[],
  { n, nf, h, f }: { n: Matrix; nf: Matrix; h: Matrix; f: Matrix },
): Derivatives {
  const { outer } = reduction;
  const hn = multiply(h, n);
  const j = { ...hn, values: hn.values.map((value, k) => (k % (outer + 1) === 0 ? 1 : 0) - value) };
  const s = multiply(j, h);
  const t = minus(f, multiply(h, nf));
  const moves = places.map((place, a): InnerMove | OuterMove => {
    const ga = own.gram.first[a];
    if (ga) return innerMove(blocksOf(reduction, ga), n, nf, j);
    const entries = outerEntries(reduction, place, reduction.outerBlocks);
    return { kind: 'outer', entries, et: spread(entries, t) };
  });
  const log = { first: [] as number[], second: [] as number[] };
  const omega = { first: [] as Matrix[], second: [] as Matrix[] };
  moves.forEach((one, a) => {
    if (one.kind === 'inner') {
      log.first.push((own.logDeterminant.first[a] as number) + trace(one.nh));
      omega.first.push(one.slope);
    } else {
      log.first.push(one.entries.reduce((sum, [r, c]) => sum + at(s, c, r), 0));
      omega.first.push(scaled(multiply(transpose(t), one.et), -1));
    }
    for (let b = 0; b <= a; b += 1) {
      const other = moves[b] as InnerMove | OuterMove;
      const cell = pairIndex(a, b);
      if (one.kind === 'inner' && other.kind === 'inner') {
        const gab = blocksOf(reduction, own.gram.second[cell] as Float64Array);
        omega.second.push(bothInner(gab, n, nf, one, other));
        const through = traceOfProduct(n, gab.h) - traceOfProduct(one.nh, transpose(other.nh));
        log.second.push((own.logDeterminant.second[cell] as number) + through);
      } else if (one.kind === 'outer' && other.kind === 'outer') {
        omega.second.push(symmetric(multiply(transpose(one.et), multiply(s, other.et))));
        log.second.push(-traceOfPairs(s, one.entries, other.entries));
      } else {
        const [within, beside] = (one.kind === 'inner' ? [one, other] : [other, one]) as [InnerMove, OuterMove];
        omega.second.push(scaled(symmetric(multiply(transpose(beside.et), multiply(j, within.top))), -1));
        log.second.push(beside.entries.reduce((sum, [r, c]) => sum + at(within.jhj, r, c), 0));
      }
    }
  });
  return { logDeterminant: log, omega };
}

function innerMove({ h, f, r }: { h: Matrix; f: Matrix; r: Matrix }, n: Matrix, nf: Matrix, j: Matrix): InnerMove {
  const top = minus(f, multiply(h, nf));
  const below = minus(r, multiply(transpose(f), nf));
  const slope = minus(below, multiply(transpose(nf), top));
  return { kind: 'inner', top, slope, nh: multiply(n, h), jhj: multiply(j, multiply(h, transpose(j))) };
}

/** UᵀG_ab U − (G_a U)ᵀN(G_b U) − (G_b U)ᵀN(G_a U). */
function bothInner(
  { h, f, r }: { h: Matrix; f: Matrix; r: Matrix },
  n: Matrix,
  nf: Matrix,
  one: InnerMove,
  other: InnerMove,
): Matrix {
  const direct = plus(minus(r, symmetric(multiply(transpose(f), nf))), multiply(transpose(nf), multiply(h, nf)));
  return minus(direct, symmetric(multiply(transpose(one.top), multiply(n, other.top))));
}

/** tr S E_a S E_b. */
function traceOfPairs(
  s: Matrix,
  one: readonly (readonly [number, number])[],
  other: readonly (readonly [number, number])[],
): number {
  let sum = 0;
  for (const [i, k] of one) for (const [l, m] of other) sum += at(s, m, i) * at(s, k, l);
  return sum;
}

/** A + Aᵀ. */
function symmetric(a: Matrix): Matrix {
  return plus(a, transpose(a));
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
