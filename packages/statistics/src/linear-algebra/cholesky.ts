/** Cholesky's factor of a symmetric positive definite matrix and what it solves. */
import { at, identity, type Matrix, zeros } from './matrix.ts';

/**
 * Lower factor L of A = L Lᵀ; reads the lower triangle of A alone. Null where A is not positive definite beyond
 * rounding: a pivot of at most `tolerance` times the diagonal element it came from.
 */
export function cholesky(a: Matrix, tolerance = 1e-14): Matrix | null {
  const n = a.rows;
  const l = zeros(n, n);
  const v = l.values;
  for (let j = 0; j < n; j += 1) {
    const diagonal = at(a, j, j);
    let pivot = diagonal;
    for (let k = 0; k < j; k += 1) pivot -= (v[j + k * n] as number) ** 2;
    if (!(pivot > tolerance * Math.abs(diagonal))) return null;
    const root = Math.sqrt(pivot);
    v[j + j * n] = root;
    for (let i = j + 1; i < n; i += 1) {
      let value = at(a, i, j);
      for (let k = 0; k < j; k += 1) value -= (v[i + k * n] as number) * (v[j + k * n] as number);
      v[i + j * n] = value / root;
    }
  }
  return l;
}

/** L⁻¹ B. */
export function solveLower(l: Matrix, b: Matrix): Matrix {
  const made: Matrix = { ...b, values: b.values.slice() };
  const n = l.rows;
  for (let j = 0; j < b.columns; j += 1) {
    const offset = j * n;
    for (let i = 0; i < n; i += 1) {
      let value = made.values[offset + i] as number;
      for (let k = 0; k < i; k += 1) value -= at(l, i, k) * (made.values[offset + k] as number);
      made.values[offset + i] = value / at(l, i, i);
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
      for (let k = i + 1; k < n; k += 1) value -= at(l, k, i) * (made.values[offset + k] as number);
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
  return solveCholesky(l, identity(l.rows));
}

/** log |A| from the factor of A. */
export function logDeterminant(l: Matrix): number {
  let sum = 0;
  for (let i = 0; i < l.rows; i += 1) sum += Math.log(at(l, i, i));
  return 2 * sum;
}
