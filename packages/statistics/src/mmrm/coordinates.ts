/** Between stacked coordinates γ (q of them, a design for every visit) and δ (p of them); γ = Bδ with BᵀB = I. */
import { type Matrix, zeros } from '../linear-algebra/matrix.ts';

/** B, q × p; null where it is the identity. */
export type Basis = { readonly basis: Float64Array | null; readonly p: number; readonly q: number };

/** BᵀAB of a symmetric A, or A itself. */
export function project({ basis, p, q }: Basis, a: Matrix): Matrix {
  if (!basis) return a;
  const half = new Float64Array(q * p);
  for (let j = 0; j < p; j += 1) {
    for (let k = 0; k < q; k += 1) {
      const factor = basis[k + j * q] as number;
      if (factor === 0) continue;
      for (let i = 0; i < q; i += 1) {
        half[i + j * q] = (half[i + j * q] as number) + (a.values[i + k * q] as number) * factor;
      }
    }
  }
  const made = zeros(p, p);
  for (let j = 0; j < p; j += 1) {
    for (let i = j; i < p; i += 1) {
      let sum = 0;
      for (let k = 0; k < q; k += 1) sum += (basis[k + i * q] as number) * (half[k + j * q] as number);
      made.values[i + j * p] = sum;
      made.values[j + i * p] = sum;
    }
  }
  return made;
}

/** Bᵀa, or a itself. */
export function projectVector({ basis, p, q }: Basis, vector: Float64Array): Float64Array {
  if (!basis) return vector;
  const made = new Float64Array(p);
  for (let j = 0; j < p; j += 1) {
    let sum = 0;
    for (let i = 0; i < q; i += 1) sum += (basis[i + j * q] as number) * (vector[i] as number);
    made[j] = sum;
  }
  return made;
}

/** BCBᵀ for C p × p, and Bδ. */
export function stack(
  { basis, p, q }: Basis,
  c: Float64Array,
  delta: Float64Array,
): { c: Float64Array; gamma: Float64Array } {
  if (!basis) return { c, gamma: delta };
  const half = new Float64Array(q * p);
  const gamma = new Float64Array(q);
  for (let j = 0; j < p; j += 1) {
    for (let k = 0; k < p; k += 1) {
      const factor = c[k + j * p] as number;
      for (let i = 0; i < q; i += 1) {
        half[i + j * q] = (half[i + j * q] as number) + (basis[i + k * q] as number) * factor;
      }
    }
    for (let i = 0; i < q; i += 1) {
      gamma[i] = (gamma[i] as number) + (basis[i + j * q] as number) * (delta[j] as number);
    }
  }
  const made = new Float64Array(q * q);
  for (let k = 0; k < p; k += 1) {
    for (let j = 0; j < q; j += 1) {
      const factor = basis[j + k * q] as number;
      for (let i = 0; i < q; i += 1) {
        made[i + j * q] = (made[i + j * q] as number) + (half[i + k * q] as number) * factor;
      }
    }
  }
  return { c: made, gamma };
}
