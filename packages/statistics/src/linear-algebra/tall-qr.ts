/**
 * The triangle R of a tall matrix's QR factors without its Q: rows are folded in a few hundred at a time by Householder
 * reflections (Golub & Van Loan 2013, section 5.2), so that memory does not grow with the rows. As stable as the whole
 * factorisation; A R⁻¹ then has columns that are orthonormal up to the condition of A times rounding.
 */
import { type Matrix, zeros } from './matrix.ts';

const rowsAtOnce = 256;

/** Upper triangular R with a diagonal that is not negative, and RᵀR = AᵀA, of columns of one length. */
export function triangleOf(columns: readonly Float64Array[]): Matrix {
  const n = columns[0]?.length ?? 0;
  const p = columns.length;
  const height = p + rowsAtOnce;
  const work = new Float64Array(height * p);
  for (let from = 0; from < n; from += rowsAtOnce) {
    const to = Math.min(n, from + rowsAtOnce);
    for (let j = 0; j < p; j += 1) {
      work.set((columns[j] as Float64Array).subarray(from, to), j * height + p);
      work.fill(0, j * height + p + to - from, (j + 1) * height);
    }
    for (let j = 0; j < p; j += 1) fold(work, height, p, j);
  }
  const r = zeros(p, p);
  for (let i = 0; i < p; i += 1) {
    const sign = (work[i + i * height] as number) < 0 ? -1 : 1;
    for (let j = i; j < p; j += 1) r.values[i + j * p] = sign * (work[i + j * height] as number);
  }
  return r;
}

/** One reflection: the rows below the triangle vanish from column j into its diagonal. */
function fold(work: Float64Array, height: number, p: number, j: number): void {
  const own = j * height;
  let largest = 0;
  for (let i = p; i < height; i += 1) largest = Math.max(largest, Math.abs(work[own + i] as number));
  if (largest === 0) return;
  const diagonal = work[own + j] as number;
  largest = Math.max(largest, Math.abs(diagonal));
  let sum = (diagonal / largest) ** 2;
  for (let i = p; i < height; i += 1) sum += ((work[own + i] as number) / largest) ** 2;
  const length = largest * Math.sqrt(sum);
  const pivot = diagonal >= 0 ? diagonal + length : diagonal - length;
  const beta = 1 / (length * Math.abs(pivot));
  for (let k = j + 1; k < p; k += 1) {
    const other = k * height;
    let along = (work[other + j] as number) * pivot;
    for (let i = p; i < height; i += 1) along += (work[own + i] as number) * (work[other + i] as number);
    along *= beta;
    work[other + j] = (work[other + j] as number) - along * pivot;
    for (let i = p; i < height; i += 1)
      work[other + i] = (work[other + i] as number) - along * (work[own + i] as number);
  }
  work[own + j] = diagonal >= 0 ? -length : length;
  work.fill(0, own + p, own + height);
}
