/**
 * What the covariance D of the random effects makes of the cross-products: log |V| and Ω = [X y]ᵀV⁻¹[X y], with
 * V = I + Z D Zᵀ, and their first and second derivatives in the elements of D. In a direction E (one element of D and
 * its mirror image), for one grouping with A = ZᵀZ, B = Zᵀ[X y], J = (I + AD)⁻¹, S = JA, N = DJ, T = JB:
 *
 *   log |V| = log |I + AD|,   Ω = [X y]ᵀ[X y] − BᵀNB,   ∂ log |V| = tr SE,   ∂Ω = −TᵀET,
 *   ∂² log |V| = −tr S E_a S E_b,   ∂²Ω = Tᵀ(E_a S E_b + E_b S E_a)T.
 *
 * The inner grouping is eliminated level by level (`innerInformation`), which leaves the same problem with the outer
 * effects for Z and with cross-products G that now depend on the inner D; see `outer.ts`.
 */
import { StatisticsError } from '../errors.ts';
import { type Matrix, zeros } from '../linear-algebra/matrix.ts';
import type { Place } from './blocks.ts';
import type { Design } from './designs.ts';
import type { Reduction } from './reduction.ts';

/** A value with its derivatives in the elements of D; second ones by (a, b), a ≥ b, at a(a + 1)/2 + b. */
export type Expanded<T> = { readonly value: T; readonly first: readonly T[]; readonly second: readonly T[] };

export function pairIndex(a: number, b: number): number {
  return a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a;
}

/** An element of the inner D. */
export type Direction = { readonly row: number; readonly column: number };

/** Elements of D that belong to the inner grouping, as places in its q × q matrix; null for the others. */
export function innerDirections({ inner }: Reduction, places: readonly Place[]): (Direction | null)[] {
  return places.map(({ block, row, column }) => {
    const own = inner.find((one) => one.block === block);
    return own ? { row: own.from + row, column: own.from + column } : null;
  });
}

/** D of the inner grouping, q × q, its blocks along the diagonal. */
export function innerCovariance({ q, inner }: Reduction, ds: readonly Matrix[]): Matrix {
  const d = zeros(q, q);
  for (const { block, from } of inner) {
    const own = ds[block] as Matrix;
    for (let j = 0; j < own.columns; j += 1) {
      for (let i = 0; i < own.rows; i += 1)
        d.values[from + i + (from + j) * q] = own.values[i + j * own.rows] as number;
    }
  }
  return d;
}

/** J = (I + AD)⁻¹, S = JA and N = DJ of a design, and log |I + AD|. */
export type Solved = {
  readonly j: Float64Array;
  readonly s: Float64Array;
  readonly n: Float64Array;
  readonly logDeterminant: number;
};

export function solveDesign(a: Float64Array, d: Matrix): Solved {
  const q = d.rows;
  const work = new Float64Array(q * q * 3);
  for (let c = 0; c < q; c += 1) {
    for (let r = 0; r < q; r += 1) {
      let sum = r === c ? 1 : 0;
      for (let k = 0; k < q; k += 1) sum += (a[r + k * q] as number) * (d.values[k + c * q] as number);
      work[r + c * q] = sum;
      work[r + (q + c) * q] = r === c ? 1 : 0;
      work[r + (2 * q + c) * q] = a[r + c * q] as number;
    }
  }
  const logDeterminant = eliminate(work, q, 3 * q);
  const j = work.slice(q * q, 2 * q * q);
  return { j, s: work.slice(2 * q * q), n: product(d.values, j, q), logDeterminant };
}

/** Gauss and Jordan with row exchanges; answers the log of the absolute determinant of the first q columns. */
function eliminate(work: Float64Array, q: number, columns: number): number {
  let logDeterminant = 0;
  for (let k = 0; k < q; k += 1) {
    let best = k;
    for (let i = k + 1; i < q; i += 1) {
      if (Math.abs(work[i + k * q] as number) > Math.abs(work[best + k * q] as number)) best = i;
    }
    const pivot = work[best + k * q] as number;
    logDeterminant += Math.log(Math.abs(pivot));
    for (let c = k; c < columns; c += 1) {
      const kept = work[best + c * q] as number;
      work[best + c * q] = work[k + c * q] as number;
      work[k + c * q] = kept / pivot;
    }
    for (let i = 0; i < q; i += 1) {
      const factor = work[i + k * q] as number;
      if (i === k || factor === 0) continue;
      for (let c = k; c < columns; c += 1) {
        work[i + c * q] = (work[i + c * q] as number) - factor * (work[k + c * q] as number);
      }
    }
  }
  return logDeterminant;
}

function product(a: Float64Array, b: Float64Array, q: number): Float64Array {
  const made = new Float64Array(q * q);
  for (let c = 0; c < q; c += 1) {
    for (let k = 0; k < q; k += 1) {
      const factor = b[k + c * q] as number;
      for (let r = 0; r < q; r += 1) made[r + c * q] = (made[r + c * q] as number) + (a[r + k * q] as number) * factor;
    }
  }
  return made;
}

/**
 * log |V₁| and G = [outer X y]ᵀV₁⁻¹[outer X y], V₁ = I + Z₁D₁Z₁ᵀ of the inner grouping alone.
 * @param order 0 for the values, 2 for both derivatives
 */
export function innerInformation(
  { gram, width, designs }: Reduction,
  d: Matrix,
  directions: readonly (Direction | null)[],
  order: 0 | 2,
): { readonly logDeterminant: Expanded<number>; readonly gram: Expanded<Float64Array | null> } {
  const q = d.rows;
  const m = order === 0 ? 0 : directions.length;
  const value = gram.slice();
  const first = Array.from({ length: m }, (_, a) => (directions[a] ? new Float64Array(width * width) : null));
  const second: (Float64Array | null)[] = [];
  for (let a = 0; a < m; a += 1) {
    for (let b = 0; b <= a; b += 1) second.push(first[a] && first[b] ? new Float64Array(width * width) : null);
  }
  let logDeterminant = 0;
  const slopes = new Array<number>(m).fill(0);
  const bends = new Array<number>(second.length).fill(0);
  for (const design of designs) {
    const solved = solveDesign(design.a, d);
    const count = design.levels.length;
    logDeterminant += count * solved.logDeterminant;
    addForm(design, q, solved.n, -1, value, width);
    for (let a = 0; a < m; a += 1) {
      const ea = directions[a];
      if (!ea) continue;
      slopes[a] = (slopes[a] as number) + count * traceWith(solved.s, ea, q);
      addForm(design, q, turned(solved.j, ea, q), -1, first[a] as Float64Array, width);
      for (let b = 0; b <= a; b += 1) {
        const eb = directions[b];
        if (!eb) continue;
        const cell = pairIndex(a, b);
        const middle = between(ea, solved.s, eb, q);
        bends[cell] = (bends[cell] as number) - count * traceOf(product(solved.s, middle, q), q);
        addForm(design, q, sandwiched(solved.j, middle, q), 1, second[cell] as Float64Array, width);
      }
    }
  }
  for (const one of [value, ...first, ...second]) if (one) mirrored(one, width);
  if (!Number.isFinite(logDeterminant)) throw new StatisticsError('not_converged', 'the random effects have no bound');
  return {
    logDeterminant: { value: logDeterminant, first: slopes, second: bends },
    gram: { value, first, second },
  };
}

function traceWith(s: Float64Array, { row, column }: Direction, q: number): number {
  return row === column
    ? (s[row + row * q] as number)
    : (s[row + column * q] as number) + (s[column + row * q] as number);
}

function traceOf(a: Float64Array, q: number): number {
  let sum = 0;
  for (let k = 0; k < q; k += 1) sum += a[k + k * q] as number;
  return sum;
}

/** JᵀEJ. */
function turned(j: Float64Array, { row, column }: Direction, q: number): Float64Array {
  const made = new Float64Array(q * q);
  for (let c = 0; c < q; c += 1) {
    for (let r = 0; r < q; r += 1) {
      const one = (j[row + r * q] as number) * (j[column + c * q] as number);
      made[r + c * q] = row === column ? one : one + (j[column + r * q] as number) * (j[row + c * q] as number);
    }
  }
  return made;
}

/** E_a S E_b. */
function between(ea: Direction, s: Float64Array, eb: Direction, q: number): Float64Array {
  const made = new Float64Array(q * q);
  for (const [i, k] of entriesOf(ea)) {
    for (const [l, n] of entriesOf(eb)) made[i + n * q] = (made[i + n * q] as number) + (s[k + l * q] as number);
  }
  return made;
}

/** Entries (row, column) of E that are one. */
export function entriesOf({ row, column }: Direction): readonly (readonly [number, number])[] {
  return row === column
    ? [[row, row]]
    : [
        [row, column],
        [column, row],
      ];
}

/** Jᵀ(M + Mᵀ)J. */
function sandwiched(j: Float64Array, middle: Float64Array, q: number): Float64Array {
  const sum = new Float64Array(q * q);
  for (let c = 0; c < q; c += 1) {
    for (let r = 0; r < q; r += 1) sum[r + c * q] = (middle[r + c * q] as number) + (middle[c + r * q] as number);
  }
  const right = product(sum, j, q);
  const made = new Float64Array(q * q);
  for (let c = 0; c < q; c += 1) {
    for (let r = 0; r < q; r += 1) {
      let value = 0;
      for (let k = 0; k < q; k += 1) value += (j[k + r * q] as number) * (right[k + c * q] as number);
      made[r + c * q] = value;
    }
  }
  return made;
}

/** Adds sign · Σ BᵀKB of the levels of a design, lower triangle. K is symmetric. */
function addForm(
  { columns, b, pairs }: Design,
  q: number,
  k: Float64Array,
  sign: number,
  into: Float64Array,
  width: number,
): void {
  const w = columns.length;
  if (pairs) {
    const size = q * w;
    for (let c = 0; c < w; c += 1) {
      for (let r = c; r < w; r += 1) {
        let sum = 0;
        for (let l = 0; l < q; l += 1) {
          const from = r * q + (c * q + l) * size;
          for (let i = 0; i < q; i += 1) sum += (k[i + l * q] as number) * (pairs[from + i] as number);
        }
        const cell = (columns[r] as number) + (columns[c] as number) * width;
        into[cell] = (into[cell] as number) + sign * sum;
      }
    }
    return;
  }
  const half = new Float64Array(q * w);
  for (let from = 0; from < b.length; from += q * w) {
    for (let c = 0; c < w; c += 1) {
      for (let i = 0; i < q; i += 1) {
        let sum = 0;
        for (let l = 0; l < q; l += 1) sum += (k[i + l * q] as number) * (b[from + l + c * q] as number);
        half[i + c * q] = sign * sum;
      }
    }
    for (let c = 0; c < w; c += 1) {
      const to = (columns[c] as number) * width;
      for (let r = c; r < w; r += 1) {
        let sum = 0;
        for (let i = 0; i < q; i += 1) sum += (b[from + i + r * q] as number) * (half[i + c * q] as number);
        const cell = to + (columns[r] as number);
        into[cell] = (into[cell] as number) + sum;
      }
    }
  }
}

/** The lower triangle on both sides. */
function mirrored(a: Float64Array, width: number): void {
  for (let j = 0; j < width; j += 1) {
    for (let i = j + 1; i < width; i += 1) a[j + i * width] = a[i + j * width] as number;
  }
}
