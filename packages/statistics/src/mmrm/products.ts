/** Products of the small matrices of one pattern of visits, written into arrays that are made once. */
import type { Pattern, Prepared } from './prepare.ts';
import type { Entries } from './structure.ts';

/** A B for A n × n, B n × columns. */
export function times(a: Float64Array, b: Float64Array, n: number, columns: number): Float64Array {
  const made = new Float64Array(n * columns);
  product(a, b, made, n, columns);
  return made;
}

function product(a: Float64Array, b: Float64Array, made: Float64Array, n: number, columns: number): void {
  for (let j = 0; j < columns; j += 1) {
    const own = j * n;
    for (let i = 0; i < n; i += 1) made[own + i] = 0;
    for (let k = 0; k < n; k += 1) {
      const factor = b[own + k] as number;
      if (factor === 0) continue;
      const from = k * n;
      for (let i = 0; i < n; i += 1) made[own + i] = (made[own + i] as number) + (a[from + i] as number) * factor;
    }
  }
}

/** W H W into `made`. */
export function sandwich(w: Float64Array, h: Float64Array, half: Float64Array, made: Float64Array, k: number): void {
  product(w, h, half, k, k);
  product(half, w, made, k, k);
}

/**
 * Adds 2 tr(W V_a U V_b) for all pairs of elements of Σ, V_a being one with its mirror image; lower triangle. Element
 * (i, j) of V_a and (l, m) of V_b give W_il U_jm + W_jm U_il + W_im U_jl + W_jl U_im, half of it for one on the diagonal.
 */
export function addForm(
  visits: Int32Array,
  w: Float64Array,
  u: Float64Array,
  into: Float64Array,
  elements: number,
): void {
  const k = visits.length;
  for (let l = 0; l < k; l += 1) {
    const vl = visits[l] as number;
    const wl = l * k;
    for (let m = 0; m <= l; m += 1) {
      const vm = visits[m] as number;
      const wm = m * k;
      const to = ((vl * (vl + 1)) / 2 + vm) * elements;
      const weight = l === m ? 1 : 2;
      for (let i = l; i < k; i += 1) {
        const vi = visits[i] as number;
        const row = to + (vi * (vi + 1)) / 2;
        const wil = w[i + wl] as number;
        const uil = u[i + wl] as number;
        const wim = w[i + wm] as number;
        const uim = u[i + wm] as number;
        for (let j = i === l ? m : 0; j < i; j += 1) {
          const cell = row + (visits[j] as number);
          const value =
            wil * (u[j + wm] as number) +
            (w[j + wm] as number) * uil +
            wim * (u[j + wl] as number) +
            (w[j + wl] as number) * uim;
          into[cell] = (into[cell] as number) + weight * value;
        }
        const cell = row + vi;
        into[cell] = (into[cell] as number) + weight * (wil * uim + wim * uil);
      }
    }
  }
}

/** W V W of a pattern into `made`; false where V has nothing in it. */
export function between(way: Entries, visits: Int32Array, size: number, w: Float64Array, made: Float64Array): boolean {
  const k = visits.length;
  const local = new Int32Array(size).fill(-1);
  for (let a = 0; a < k; a += 1) local[visits[a] as number] = a;
  for (let i = 0; i < k * k; i += 1) made[i] = 0;
  let any = false;
  const { row, column, value } = way;
  for (let e = 0; e < row.length; e += 1) {
    const a = local[row[e] as number] as number;
    const b = local[column[e] as number] as number;
    if (a < 0 || b < 0) continue;
    any = true;
    for (let j = 0; j < k; j += 1) {
      const factor = (value[e] as number) * (w[b + j * k] as number);
      for (let i = 0; i < k; i += 1) made[i + j * k] = (made[i + j * k] as number) + (w[i + a * k] as number) * factor;
    }
  }
  return any;
}

/** Σ s rᵀ, Σ r rᵀ and Σ X C Xᵀ of a pattern. */
export function residualProducts(
  { stacked, position, starts, xx, visits }: Pattern,
  xy: Float64Array,
  yy: Float64Array,
  { c, gamma }: { c: Float64Array; gamma: Float64Array },
  { forward, residual, spread }: Prepared['scratch'],
): void {
  const size = stacked.length;
  const k = visits.length;
  const q = gamma.length;
  for (let i = 0; i < size * k; i += 1) forward[i] = xy[i] as number;
  for (let i = 0; i < k * k; i += 1) {
    residual[i] = yy[i] as number;
    spread[i] = 0;
  }
  for (let j = 0; j < size; j += 1) {
    const b = position[j] as number;
    const own = gamma[stacked[j] as number] as number;
    const from = (stacked[j] as number) * q;
    const to = b * size;
    const column = j * size;
    for (let i = 0; i < size; i += 1) forward[to + i] = (forward[to + i] as number) - (xx[column + i] as number) * own;
    for (let a = b; a < k; a += 1) {
      let sum = 0;
      const end = starts[a + 1] as number;
      for (let i = starts[a] as number; i < end; i += 1) {
        sum += (xx[column + i] as number) * (c[from + (stacked[i] as number)] as number);
      }
      spread[a + b * k] = (spread[a + b * k] as number) + sum;
    }
  }
  for (let b = 0; b < k; b += 1) {
    for (let a = b + 1; a < k; a += 1) spread[b + a * k] = spread[a + b * k] as number;
    for (let i = 0; i < size; i += 1) {
      const own = gamma[stacked[i] as number] as number;
      const a = position[i] as number;
      residual[a + b * k] = (residual[a + b * k] as number) - own * (forward[i + b * size] as number);
      residual[b + a * k] = (residual[b + a * k] as number) - own * (xy[i + b * size] as number);
    }
  }
}
