/** Cholesky's factor of a symmetric positive definite matrix and what it solves. */
import { at, type Matrix, zeros } from './matrix.ts';

/**
 * Lower factor L of A = L Lᵀ; reads the lower triangle of A alone. Null where A is not positive definite beyond
 * rounding: a pivot of at most `tolerance` times the diagonal element it came from.
 */
export function cholesky(a: Matrix, tolerance = 1e-14): Matrix | null {
  const l = { ...a, values: a.values.slice() };
  return factorInPlace(l.values, a.rows, tolerance) ? l : null;
}

/** L over A, n × n, with zeros above the diagonal; false, and A spoilt, where there is none. */
export function factorInPlace(a: Float64Array, n: number, tolerance = 1e-14): boolean {
  for (let j = 0; j < n; j += 1) {
    const own = j * n;
    const diagonal = a[own + j] as number;
    for (let k = 0; k < j; k += 1) {
      a[own + k] = 0;
      const factor = a[j + k * n] as number;
      if (factor === 0) continue;
      const other = k * n;
      for (let i = j; i < n; i += 1) a[own + i] = (a[own + i] as number) - factor * (a[other + i] as number);
    }
    const pivot = a[own + j] as number;
    if (!(pivot > tolerance * Math.abs(diagonal))) return false;
    const root = Math.sqrt(pivot);
    a[own + j] = root;
    for (let i = j + 1; i < n; i += 1) a[own + i] = (a[own + i] as number) / root;
  }
  return true;
}

/** A⁻¹ from L, both n × n; `inverse` is overwritten, and `l` becomes L⁻¹. */
export function invertInPlace(l: Float64Array, n: number, inverse: Float64Array): void {
  for (let j = 0; j < n; j += 1) {
    const own = j * n;
    const first = 1 / (l[own + j] as number);
    inverse.fill(0, own, own + n);
    inverse[own + j] = first;
    for (let k = j; k < n; k += 1) {
      const other = k * n;
      const value = k === j ? first : (inverse[own + k] as number) / (l[other + k] as number);
      inverse[own + k] = value;
      for (let i = k + 1; i < n; i += 1)
        inverse[own + i] = (inverse[own + i] as number) - value * (l[other + i] as number);
    }
  }
  for (let k = 0; k < n * n; k += 1) l[k] = inverse[k] as number;
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let sum = 0;
      for (let k = i; k < n; k += 1) sum += (l[k + i * n] as number) * (l[k + j * n] as number);
      inverse[i + j * n] = sum;
      inverse[j + i * n] = sum;
    }
  }
}

/** L⁻¹ B. */
export function solveLower(l: Matrix, b: Matrix): Matrix {
  const made: Matrix = { ...b, values: b.values.slice() };
  const n = l.rows;
  for (let j = 0; j < b.columns; j += 1) {
    const offset = j * n;
    for (let k = 0; k < n; k += 1) {
      const value = (made.values[offset + k] as number) / at(l, k, k);
      made.values[offset + k] = value;
      if (value === 0) continue;
      for (let i = k + 1; i < n; i += 1) {
        made.values[offset + i] = (made.values[offset + i] as number) - value * (l.values[i + k * n] as number);
      }
    }
  }
  return made;
}

/** L⁻ᵀ B. */
export function solveLowerTransposed(l: Matrix, b: Matrix): Matrix {
  const made: Matrix = { ...b, values: b.values.slice() };
  const n = l.rows;
  for (let j = 0; j < b.columns; j += 1) {
    const offset = j * n;
    for (let i = n - 1; i >= 0; i -= 1) {
      let value = made.values[offset + i] as number;
      for (let k = i + 1; k < n; k += 1) value -= (l.values[k + i * n] as number) * (made.values[offset + k] as number);
      made.values[offset + i] = value / at(l, i, i);
    }
  }
  return made;
}

/** A⁻¹ B from the factor of A. */
export function solveCholesky(l: Matrix, b: Matrix): Matrix {
  return solveLowerTransposed(l, solveLower(l, b));
}

/** A⁻¹ from the factor of A. */
export function inverseFromCholesky(l: Matrix): Matrix {
  const made = zeros(l.rows, l.rows);
  invertInPlace(l.values.slice(), l.rows, made.values);
  return made;
}

/** log |A| from the factor of A. */
export function logDeterminant(l: Matrix): number {
  let sum = 0;
  for (let i = 0; i < l.rows; i += 1) sum += Math.log(at(l, i, i));
  return 2 * sum;
}
