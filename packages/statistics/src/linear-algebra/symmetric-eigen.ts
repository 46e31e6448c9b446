/** Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub & Van Loan 2013, section 8.5). */
import { identity, type Matrix } from './matrix.ts';

const mostSweeps = 60;

/** Ascending values; column k of `vectors` belongs to value k. For the small matrices of variance parameters. */
export function symmetricEigen(matrix: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = matrix.rows;
  const a = matrix.values.slice();
  const v = identity(n).values;
  for (let sweep = 0; sweep < mostSweeps && offDiagonal(a, n) > 0; sweep += 1) {
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => (a[i + i * n] as number) - (a[j + j * n] as number),
  );
  const vectors = new Float64Array(n * n);
  order.forEach((from, k) => {
    vectors.set(v.subarray(from * n, (from + 1) * n), k * n);
  });
  return {
    values: Float64Array.from(order, (i) => a[i + i * n] as number),
    vectors: { rows: n, columns: n, values: vectors },
  };
}

/** Sum of what is left beside the diagonal, nothing where it is below rounding of the diagonal. */
function offDiagonal(a: Float64Array, n: number): number {
  let off = 0;
  for (let j = 0; j < n; j += 1) {
    for (let i = 0; i < j; i += 1) {
      const value = Math.abs(a[i + j * n] as number);
      const scale = Math.sqrt(Math.abs((a[i + i * n] as number) * (a[j + j * n] as number)));
      if (value > 1e-17 * scale) off += value;
    }
  }
  return off;
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p + q * n] as number;
  if (apq === 0) return;
  const ratio = ((a[q + q * n] as number) - (a[p + p * n] as number)) / (2 * apq);
  const t = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turn(
    a,
    n,
    c,
    s,
    (k) => p + k * n,
    (k) => q + k * n,
  );
  turn(
    a,
    n,
    c,
    s,
    (k) => k + p * n,
    (k) => k + q * n,
  );
  turn(
    v,
    n,
    c,
    s,
    (k) => k + p * n,
    (k) => k + q * n,
  );
}

function turn(
  values: Float64Array,
  n: number,
  c: number,
  s: number,
  first: (k: number) => number,
  second: (k: number) => number,
): void {
  for (let k = 0; k < n; k += 1) {
    const x = values[first(k)] as number;
    const y = values[second(k)] as number;
    values[first(k)] = c * x - s * y;
    values[second(k)] = s * x + c * y;
  }
}

/** Value of the quadratic form xᵀ A x. */
export function quadraticForm({ rows, columns, values }: Matrix, x: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < columns; j += 1) {
    const own = j * rows;
    let along = 0;
    for (let i = 0; i < rows; i += 1) along += (values[own + i] as number) * (x[i] as number);
    sum += along * (x[j] as number);
  }
  return sum;
}
