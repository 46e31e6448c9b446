/**
 * Sufficient statistics of y = Xβ + Zb + ε, made in one pass over the rows: what follows costs per distinct design of the
 * participants, not per row.
 *
 * One grouping is taken as the inner one, whose levels (participants) are eliminated one by one; the effects of any other
 * grouping (sites, items) stand beside the fixed effects. Columns are brought to coordinates in which they are nearly
 * orthonormal, X = Q R and Z = Z̃ R_z with Z̃ᵀZ̃ ≈ n I, and y to its residual on X in units of its standard deviation: the
 * likelihood is the same function there, but days counted from a far origin, or covariates of very different size, no
 * longer cost digits. Rows in these coordinates exist a few hundred at a time and are never kept.
 */
import { StatisticsError } from '../errors.ts';
import { at, dot, type Matrix } from '../linear-algebra/matrix.ts';
import { qr } from '../linear-algebra/qr.ts';
import { triangleOf } from '../linear-algebra/tall-qr.ts';
import type { DesignColumn } from '../model-frame/design.ts';
import type { ModelFrame, RandomPart } from '../model-frame/frame.ts';
import type { Block } from './blocks.ts';
import { type Design, designsOf, type Shape } from './designs.ts';

export type Reduction = Shape & {
  /** Cross-products of the columns, width × width. */
  readonly gram: Float64Array;
  readonly designs: readonly Design[];
};

/** A residual below this share of the response is rounding. */
const nothingLeft = 1e-12;
/** Squares of less are not normal numbers, so a residual variance could not be told from zero. */
const leastSpread = 1e-150;
/** So many outer effects make matrices of a few million numbers; beyond, it would be the wrong way. */
const mostOuterEffects = 2000;

/** @throws StatisticsError `too_few_rows`, `rank_deficient`, `unidentified_variance`, `too_many_effects`, `perfect_fit` */
export function reduce(frame: ModelFrame): Reduction {
  const { rowsUsed: n, random, fixed } = frame;
  const p = fixed.length;
  if (n <= p) throw new StatisticsError('too_few_rows', `${n} rows, ${p} coefficients`);
  const { r, projection, scale } = leastSquares(frame);
  assertIdentified(frame);
  const blocks = blocksOf(random, n);
  const innerGroup = widestGroup(random);
  const inner: { block: number; from: number }[] = [];
  const outerBlocks: { block: number; from: number }[] = [];
  let [q, outer] = [0, 0];
  blocks.forEach(({ group, q: own, levels }, block) => {
    if (group === innerGroup) {
      inner.push({ block, from: q });
      q += own;
    } else {
      outerBlocks.push({ block, from: outer });
      outer += own * levels.length;
    }
  });
  if (outer > mostOuterEffects) {
    throw new StatisticsError('too_many_effects', `${outer} beside ${innerGroup}, at most ${mostOuterEffects}`);
  }
  const levels = random.find(({ group }) => group === innerGroup)?.levels.length ?? 0;
  const width = outer + p + 1;
  const shape = { n, p, q, levels, outer, width, blocks, inner, outerBlocks, r, projection, scale };
  return { ...shape, ...designsOf(frame, shape) };
}

/** R, the coordinates of the response on Q, and the standard deviation of what is left of it. */
function leastSquares({ fixed, y, rowsUsed: n, formula }: ModelFrame) {
  const p = fixed.length;
  const whole = triangleOf([...fixed.map(({ values }) => values), y]);
  const r = corner(whole, p);
  assertIndependent(r, fixed);
  const left = at(whole, p, p);
  if (!(left > Math.max(nothingLeft * Math.sqrt(dot(y, y)), leastSpread)))
    throw new StatisticsError('perfect_fit', formula.text);
  return { r, projection: whole.values.slice(p * (p + 1), p * (p + 1) + p), scale: left / Math.sqrt(n - p) };
}

function corner(whole: Matrix, p: number): Matrix {
  const values = new Float64Array(p * p);
  for (let j = 0; j < p; j += 1) values.set(whole.values.subarray(j * whole.rows, j * whole.rows + p), j * p);
  return { rows: p, columns: p, values };
}

function assertIndependent(r: Matrix, columns: readonly DesignColumn[]): void {
  const { dependent } = qr(r);
  if (dependent.length === 0) return;
  throw new StatisticsError('rank_deficient', dependent.map((j) => columns[j]?.name ?? '').join(', '));
}

function blocksOf(random: readonly RandomPart[], n: number): Block[] {
  let from = 0;
  return random.map(({ group, levels, columns }) => {
    const r = triangleOf(columns.map(({ values }) => values));
    assertIndependent(r, columns);
    const rz = { ...r, values: r.values.map((value) => value / Math.sqrt(n)) };
    const q = columns.length;
    const block = { group, levels, columns: columns.map(({ name }) => name), q, rz, from };
    from += (q * (q + 1)) / 2;
    return block;
  });
}

function effectsByGroup(random: readonly RandomPart[]): Map<string, number> {
  const effects = new Map<string, number>();
  for (const { group, levels, columns } of random) {
    effects.set(group, (effects.get(group) ?? 0) + levels.length * columns.length);
  }
  return effects;
}

function widestGroup(random: readonly RandomPart[]): string | undefined {
  return [...effectsByGroup(random)].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** Fewer effects than rows in every grouping, and no two groupings that part the rows alike. */
function assertIdentified({ random, rowsUsed: n }: ModelFrame): void {
  for (const [group, effects] of effectsByGroup(random)) {
    if (effects >= n) throw new StatisticsError('unidentified_variance', `${group}: ${effects} effects, ${n} rows`);
  }
  const groups = [...new Map(random.map((one) => [one.group, one])).values()];
  groups.forEach((one, index) => {
    const twin = groups.slice(0, index).find((other) => sameParts(one, other));
    if (twin) throw new StatisticsError('unidentified_variance', `${twin.group} and ${one.group} part the rows alike`);
  });
}

function sameParts(one: RandomPart, other: RandomPart): boolean {
  if (one.levels.length !== other.levels.length) return false;
  const met = new Int32Array(one.levels.length).fill(-1);
  for (let row = 0; row < one.of.length; row += 1) {
    const level = one.of[row] as number;
    if (met[level] === -1) met[level] = other.of[row] as number;
    else if (met[level] !== other.of[row]) return false;
  }
  return true;
}
