/**
 * Sufficient statistics of the linear mixed model y = Xβ + Zb + ε with one grouping factor. Computed once, so what
 * follows costs groups × q² × p, not rows.
 *
 * X and Z are first brought to orthonormal columns (X = Q R; Z = Z̃ R_z with Z̃ᵀZ̃ = n I) and y to its residual on X,
 * divided by its standard deviation. The likelihood is the same function in these coordinates, but days counted from a
 * far origin, or covariates of very different size, no longer cost digits.
 */
import { StatisticsError } from '../errors.ts';
import { column, dot, fromColumns, type Matrix } from '../linear-algebra/matrix.ts';
import { type Qr, qr } from '../linear-algebra/qr.ts';
import type { DesignColumn } from '../model-frame/design.ts';
import type { ModelFrame } from '../model-frame/frame.ts';

export type CrossProducts = {
  readonly n: number;
  readonly p: number;
  /** Random effects per group; 0 for a model without a random term. */
  readonly q: number;
  readonly groups: number;
  /** Per group, one after the other, each column by column: Z̃ᵀZ̃ (q × q) and Z̃ᵀ[Q ỹ] (q × (p + 1)). */
  readonly zz: Float64Array;
  readonly zxy: Float64Array;
  /** ỹᵀỹ = n − p. QᵀQ is the identity and Qᵀỹ is zero, so neither is kept. */
  readonly yy: number;
  /** The way back: X = Q R, Z = Z̃ R_z, y = Q·projection + scale·ỹ. */
  readonly r: Matrix;
  readonly rz: Matrix;
  readonly projection: Float64Array;
  readonly scale: number;
};

/** A residual below this share of the response is rounding. */
const nothingLeft = 1e-12;

/** @throws StatisticsError `too_few_rows`, `rank_deficient`, `unidentified_variance`, `perfect_fit` */
export function crossProducts(frame: ModelFrame): CrossProducts {
  const { rowsUsed: n } = frame;
  const [random] = frame.random;
  if (frame.random.length > 1) throw new StatisticsError('formula_syntax', 'one random term is supported');
  const p = frame.fixed.length;
  if (n <= p) throw new StatisticsError('too_few_rows', `${n} rows, ${p} coefficients`);
  const { q: basis, r } = orthonormal(frame.fixed);
  const projection = Float64Array.from({ length: p }, (_, j) => dot(column(basis, j), frame.y));
  const { y, scale } = residual(frame, basis, projection);
  const q = random?.columns.length ?? 0;
  const groups = random?.levels.length ?? 0;
  if (random && groups * q >= n) {
    throw new StatisticsError('unidentified_variance', `${random.group}: ${groups * q} effects, ${n} rows`);
  }
  const own = orthonormal(random?.columns ?? []);
  const stretch = Math.sqrt(n);
  const z = { ...own.q, values: own.q.values.map((value) => value * stretch) };
  const rz = { ...own.r, values: own.r.values.map((value) => value / stretch) };
  const columns = [...Array.from({ length: p }, (_, j) => column(basis, j)), y];
  const of = random?.of ?? new Int32Array(0);
  const effects = Array.from({ length: q }, (_, a) => column(z, a));
  return {
    ...{ n, p, q, groups, r, rz, projection, scale, yy: n - p },
    zz: byGroup(effects, effects, of, groups),
    zxy: byGroup(effects, columns, of, groups),
  };
}

function orthonormal(columns: readonly DesignColumn[]): Qr {
  const factors = qr(fromColumns(columns.map(({ values }) => values)));
  if (factors.dependent.length > 0) {
    const names = factors.dependent.map((j) => columns[j]?.name ?? '');
    throw new StatisticsError('rank_deficient', names.join(', '));
  }
  return factors;
}

function residual(frame: ModelFrame, basis: Matrix, projection: Float64Array) {
  const y = frame.y.slice();
  // Twice, because the first pass leaves a trace of X behind when y is far from zero.
  for (let pass = 0; pass < 2; pass += 1) {
    for (let j = 0; j < basis.columns; j += 1) {
      const own = column(basis, j);
      const along = pass === 0 ? (projection[j] as number) : dot(own, y);
      if (pass > 0) projection[j] = (projection[j] as number) + along;
      for (let row = 0; row < y.length; row += 1) y[row] = (y[row] as number) - along * (own[row] as number);
    }
  }
  const left = dot(y, y);
  if (!(left > nothingLeft ** 2 * dot(frame.y, frame.y))) throw new StatisticsError('perfect_fit', frame.formula.text);
  const scale = Math.sqrt(left / (y.length - basis.columns));
  return { y: y.map((value) => value / scale), scale };
}

/** LᵀR within each group. */
function byGroup(
  left: readonly Float64Array[],
  right: readonly Float64Array[],
  of: Int32Array,
  groups: number,
): Float64Array {
  const q = left.length;
  const size = q * right.length;
  const made = new Float64Array(groups * size);
  right.forEach((b, j) => {
    left.forEach((a, i) => {
      const offset = i + j * q;
      for (let row = 0; row < of.length; row += 1) {
        const to = (of[row] as number) * size + offset;
        made[to] = (made[to] as number) + (a[row] as number) * (b[row] as number);
      }
    });
  });
  return made;
}
