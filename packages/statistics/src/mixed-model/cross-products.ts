/**
 * Sufficient statistics of the linear mixed model y = Xβ + Zb + ε with one grouping factor (Bates, Mächler, Bolker &
 * Walker 2015, J. Stat. Softw. 67(1)). Computed once, so a likelihood evaluation costs groups × q² × p, not rows.
 */
import { StatisticsError } from '../errors.ts';
import { cholesky } from '../linear-algebra/cholesky.ts';
import type { ModelFrame } from '../model-frame/frame.ts';

export type CrossProducts = {
  readonly n: number;
  readonly p: number;
  /** Random effects per group; 0 for a model without random terms. */
  readonly q: number;
  readonly groups: number;
  /** XᵀX, p × p; Xᵀy, p; yᵀy, of columns scaled to unit length and a centred, scaled response. */
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: number;
  /** Per group, one after the other: ZᵀZ (q × q), Zᵀ[X y] (q × (p + 1)). */
  readonly zz: Float64Array;
  readonly zxy: Float64Array;
  /** What the columns and the response were divided by, and what was taken off the response. */
  readonly scale: { readonly x: Float64Array; readonly y: number; readonly shift: number };
};

export function crossProducts(frame: ModelFrame): CrossProducts {
  const n = frame.rowsUsed;
  const p = frame.fixed.length;
  if (n <= p) throw new StatisticsError('too_few_rows', `${n} rows, ${p} coefficients`);
  const hasIntercept = frame.formula.intercept;
  const shift = hasIntercept ? mean(frame.y) : 0;
  const yScale = rootMeanSquare(frame.y, shift);
  const y = frame.y.map((value) => (value - shift) / yScale);
  const xScale = Float64Array.from(frame.fixed, ({ values }) => rootMeanSquare(values, 0) || 1);
  const x = frame.fixed.map(({ values }, j) => values.map((value) => value / (xScale[j] as number)));
  const xx = new Float64Array(p * p);
  const xy = new Float64Array(p);
  for (let i = 0; i < p; i += 1) {
    const left = x[i] as Float64Array;
    for (let j = 0; j <= i; j += 1) {
      const value = dot(left, x[j] as Float64Array);
      xx[i * p + j] = value;
      xx[j * p + i] = value;
    }
    xy[i] = dot(left, y);
  }
  assertFullRank(frame, xx, p);
  const { random } = frame;
  const q = random?.columns.length ?? 0;
  const groups = random?.levels.length ?? 0;
  if (random && groups >= n) throw new StatisticsError('unidentified_variance', random.group);
  const zz = new Float64Array(groups * q * q);
  const width = p + 1;
  const zxy = new Float64Array(groups * q * width);
  if (random) {
    for (let row = 0; row < n; row += 1) {
      const group = random.of[row] as number;
      for (let a = 0; a < q; a += 1) {
        const za = random.columns[a]?.values[row] as number;
        if (za === 0) continue;
        for (let b = 0; b < q; b += 1) {
          const at = (group * q + a) * q + b;
          zz[at] = (zz[at] as number) + za * (random.columns[b]?.values[row] as number);
        }
        const base = (group * q + a) * width;
        for (let j = 0; j < p; j += 1) {
          zxy[base + j] = (zxy[base + j] as number) + za * ((x[j] as Float64Array)[row] as number);
        }
        zxy[base + p] = (zxy[base + p] as number) + za * (y[row] as number);
      }
    }
  }
  return { n, p, q, groups, xx, xy, yy: dot(y, y), zz, zxy, scale: { x: xScale, y: yScale, shift } };
}

function assertFullRank(frame: ModelFrame, xx: Float64Array, p: number): void {
  const failed = cholesky(Float64Array.from(xx), p, 1e-10);
  if (failed >= 0) throw new StatisticsError('rank_deficient', frame.fixed[failed]?.name ?? '');
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row += 1) sum += (a[row] as number) * (b[row] as number);
  return sum;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function rootMeanSquare(values: Float64Array, shift: number): number {
  let sum = 0;
  for (const value of values) sum += (value - shift) ** 2;
  return Math.sqrt(sum / values.length);
}
