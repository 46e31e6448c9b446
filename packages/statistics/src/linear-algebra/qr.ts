/**
 * QR factors by Householder reflections with the limited pivoting of LINPACK's dqrdc2, which R uses: columns keep their
 * order, and a column that the ones before it explain is set aside and named.
 */
import { at, column, type Matrix, zeros } from './matrix.ts';

export type Qr = {
  /** Orthonormal columns, rows × rank. */
  readonly q: Matrix;
  /** Upper triangular, rank × rank, positive diagonal; the kept columns are q r. */
  readonly r: Matrix;
  /** Columns that stand on their own, in their order, and those that follow from them. */
  readonly kept: readonly number[];
  readonly dependent: readonly number[];
};

/**
 * @param tolerance a column is dependent when less than this share of its length is left over; 1e-7 as in R
 */
export function qr(a: Matrix, tolerance = 1e-7): Qr {
  const n = a.rows;
  const kept: number[] = [];
  const dependent: number[] = [];
  const reflectors: Float64Array[] = [];
  const triangle: Float64Array[] = [];
  for (let j = 0; j < a.columns; j += 1) {
    const length = norm(column(a, j), 0);
    if (length === 0) {
      dependent.push(j);
      continue;
    }
    const work = column(a, j).slice();
    reflectors.forEach((reflector, k) => {
      reflect(reflector, k, work);
    });
    const k = reflectors.length;
    const left = norm(work, k);
    if (!(left > tolerance * length) || k >= n) {
      dependent.push(j);
      continue;
    }
    const reflector = work.slice(k);
    const sign = (reflector[0] as number) >= 0 ? 1 : -1;
    reflector[0] = (reflector[0] as number) + sign * left;
    const scale = norm(reflector, 0);
    for (let i = 0; i < reflector.length; i += 1) reflector[i] = (reflector[i] as number) / scale;
    reflectors.push(reflector);
    triangle.push(Float64Array.from([...work.subarray(0, k), -sign * left]));
    kept.push(j);
  }
  return { ...assemble(n, reflectors, triangle), kept, dependent };
}

function assemble(n: number, reflectors: readonly Float64Array[], triangle: readonly Float64Array[]) {
  const rank = reflectors.length;
  const q = zeros(n, rank);
  const r = zeros(rank, rank);
  for (let j = 0; j < rank; j += 1) {
    const own = column(q, j);
    own[j] = 1;
    for (let k = j; k >= 0; k -= 1) reflect(reflectors[k] as Float64Array, k, own);
    r.values.set(triangle[j] as Float64Array, j * rank);
  }
  for (let i = 0; i < rank; i += 1) {
    if (at(r, i, i) >= 0) continue;
    const own = column(q, i);
    own.forEach((value, row) => {
      own[row] = -value;
    });
    for (let j = i; j < rank; j += 1) r.values[i + j * rank] = -at(r, i, j);
  }
  return { q, r };
}

/** R⁻¹ B of an upper triangular R. */
export function solveUpper(r: Matrix, b: Matrix): Matrix {
  const made: Matrix = { ...b, values: b.values.slice() };
  const n = r.rows;
  for (let j = 0; j < b.columns; j += 1) {
    for (let i = n - 1; i >= 0; i -= 1) {
      let value = made.values[i + j * n] as number;
      for (let k = i + 1; k < n; k += 1) value -= at(r, i, k) * (made.values[k + j * n] as number);
      made.values[i + j * n] = value / at(r, i, i);
    }
  }
  return made;
}

/** Applies I − 2 v vᵀ, v of unit length and beginning at row `from`, in place. */
function reflect(v: Float64Array, from: number, x: Float64Array): void {
  let along = 0;
  for (let i = 0; i < v.length; i += 1) along += (v[i] as number) * (x[from + i] as number);
  along *= 2;
  for (let i = 0; i < v.length; i += 1) x[from + i] = (x[from + i] as number) - along * (v[i] as number);
}

/** Length of x from row `from` on, without overflow. */
function norm(x: Float64Array, from: number): number {
  let largest = 0;
  for (let i = from; i < x.length; i += 1) largest = Math.max(largest, Math.abs(x[i] as number));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = from; i < x.length; i += 1) sum += ((x[i] as number) / largest) ** 2;
  return largest * Math.sqrt(sum);
}
