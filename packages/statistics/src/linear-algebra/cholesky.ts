/** Small dense matrices, row-major in Float64Array; `n` is the order. */

/**
 * Lower Cholesky factor of a symmetric positive definite matrix, in place (the upper triangle is left as it was).
 * Answers the first row whose pivot is not positive beyond rounding, or -1.
 */
export function cholesky(a: Float64Array, n: number, tolerance = 1e-12): number {
  for (let column = 0; column < n; column += 1) {
    const original = a[column * n + column] as number;
    let pivot = original;
    for (let k = 0; k < column; k += 1) pivot -= (a[column * n + k] as number) ** 2;
    if (!(pivot > tolerance * Math.abs(original))) return column;
    const root = Math.sqrt(pivot);
    a[column * n + column] = root;
    for (let row = column + 1; row < n; row += 1) {
      let value = a[row * n + column] as number;
      for (let k = 0; k < column; k += 1) value -= (a[row * n + k] as number) * (a[column * n + k] as number);
      a[row * n + column] = value / root;
    }
  }
  return -1;
}

/** Solves L x = b in place; `b` has `width` columns, row-major. */
export function forwardSolve(l: Float64Array, n: number, b: Float64Array, width = 1): void {
  for (let row = 0; row < n; row += 1) {
    const pivot = l[row * n + row] as number;
    for (let k = 0; k < row; k += 1) {
      const factor = l[row * n + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < width; j += 1) {
        b[row * width + j] = (b[row * width + j] as number) - factor * (b[k * width + j] as number);
      }
    }
    for (let j = 0; j < width; j += 1) b[row * width + j] = (b[row * width + j] as number) / pivot;
  }
}

/** Solves Lᵀ x = b in place. */
export function backSolve(l: Float64Array, n: number, b: Float64Array): void {
  for (let row = n - 1; row >= 0; row -= 1) {
    let value = b[row] as number;
    for (let k = row + 1; k < n; k += 1) value -= (l[k * n + row] as number) * (b[k] as number);
    b[row] = value / (l[row * n + row] as number);
  }
}

/** Inverse of L Lᵀ. */
export function inverseFromCholesky(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j += 1) {
    column.fill(0);
    column[j] = 1;
    forwardSolve(l, n, column);
    backSolve(l, n, column);
    for (let i = 0; i < n; i += 1) inverse[i * n + j] = column[i] as number;
  }
  return inverse;
}

/** Twice the log-determinant of L, that is the log-determinant of L Lᵀ. */
export function logDeterminant(l: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += Math.log(l[i * n + i] as number);
  return 2 * sum;
}

/** Eigenvalues and vectors of a symmetric matrix by Jacobi rotations; `vectors` column j belongs to value j. */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 100; sweep += 1) {
    let off = 0;
    for (let i = 0; i < n; i += 1) for (let j = 0; j < i; j += 1) off += (a[i * n + j] as number) ** 2;
    if (off < 1e-300) break;
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) rotate(a, v, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), vectors: v };
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] as number;
  if (apq === 0) return;
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k += 1) {
    const akp = a[k * n + p] as number;
    const akq = a[k * n + q] as number;
    a[k * n + p] = c * akp - s * akq;
    a[k * n + q] = s * akp + c * akq;
  }
  for (let k = 0; k < n; k += 1) {
    const apk = a[p * n + k] as number;
    const aqk = a[q * n + k] as number;
    a[p * n + k] = c * apk - s * aqk;
    a[q * n + k] = s * apk + c * aqk;
    const vkp = v[k * n + p] as number;
    const vkq = v[k * n + q] as number;
    v[k * n + p] = c * vkp - s * vkq;
    v[k * n + q] = s * vkp + c * vkq;
  }
}
