/**
 * The cross-products of the levels of the inner grouping. Levels whose rows have the same Z̃ᵀZ̃ and the same outer columns
 * share a design: what the likelihood needs of them is then a sum over the levels, made once.
 */
import type { Matrix } from '../linear-algebra/matrix.ts';
import type { ModelFrame, RandomPart } from '../model-frame/frame.ts';
import type { Block } from './blocks.ts';

export type Design = {
  /** A = Z̃ᵀZ̃, q × q. */
  readonly a: Float64Array;
  /** Columns of the cross-products that the levels take part in, ascending, length w. */
  readonly columns: Int32Array;
  /** Levels of the inner grouping. */
  readonly levels: Int32Array;
  /** B = Z̃ᵀ[outer, Q, ỹ] of each level, q × w, one after the other. */
  readonly b: Float64Array;
  /** Σ vec(B) vec(B)ᵀ over the levels, qw × qw, where that is the shorter way. */
  readonly pairs: Float64Array | null;
};

/** How the columns of the cross-products are laid out. */
export type Shape = {
  readonly n: number;
  readonly p: number;
  /** Effects per level of the inner grouping, 0 without one, and its levels. */
  readonly q: number;
  readonly levels: number;
  /** Effects of all other groupings. */
  readonly outer: number;
  /** Columns of the cross-products, in this order: outer effects, fixed effects, response. */
  readonly width: number;
  readonly blocks: readonly Block[];
  /** Blocks of the inner grouping, with their first place among its q effects. */
  readonly inner: readonly { readonly block: number; readonly from: number }[];
  /** Other blocks, with their first column. */
  readonly outerBlocks: readonly { readonly block: number; readonly from: number }[];
  /** The way back: X = Q R, y = Q · projection + scale · ỹ. */
  readonly r: Matrix;
  readonly projection: Float64Array;
  readonly scale: number;
};

const rowsAtOnce = 512;

export function designsOf(frame: ModelFrame, shape: Shape): { gram: Float64Array; designs: Design[] } {
  const { n, p, q, levels, width, outer } = shape;
  const gram = new Float64Array(width * width);
  const parts = partsOf(frame, shape);
  const touched = touchedColumns(parts, shape);
  const a = new Float64Array(levels * q * q);
  const starts = new Float64Array(levels + 1);
  for (let level = 0; level < levels; level += 1) {
    starts[level + 1] = (starts[level] as number) + q * ((touched[level] as Int32Array).length + p + 1);
  }
  const b = new Float64Array(starts[levels] as number);
  const chunk = chunkOf(frame, shape);
  for (let from = 0; from < n; from += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, n - from);
    chunk.fill(from, rows);
    if (q > 0) addInner(parts.inner, from, rows, chunk, shape, { a, b, starts, touched });
    addGram(parts.outer, from, rows, chunk, shape, gram);
    if (q > 0 && outer > 0) addCrossed(parts, from, rows, chunk, shape, { b, starts, touched });
  }
  return { gram, designs: gathered(shape, a, b, starts, touched) };
}

type Parts = {
  readonly inner: Int32Array;
  readonly outer: readonly { readonly of: Int32Array; readonly from: number }[];
};

function partsOf({ random }: ModelFrame, { inner, outerBlocks, n }: Shape): Parts {
  const own = inner[0];
  return {
    inner: own ? (random[own.block] as RandomPart).of : new Int32Array(n),
    outer: outerBlocks.map(({ block, from }) => ({ of: (random[block] as RandomPart).of, from })),
  };
}

/** Outer columns met by each inner level, ascending. */
function touchedColumns({ inner, outer }: Parts, { levels, outerBlocks, blocks, n }: Shape): Int32Array[] {
  const met = Array.from({ length: levels }, () => new Set<number>());
  outer.forEach(({ of, from }, index) => {
    const q = blocks[(outerBlocks[index] as { block: number }).block]?.q ?? 0;
    for (let row = 0; row < n; row += 1) {
      const own = met[inner[row] as number] as Set<number>;
      const first = from + (of[row] as number) * q;
      if (own.has(first)) continue;
      for (let k = 0; k < q; k += 1) own.add(first + k);
    }
  });
  return met.map((own) => Int32Array.from(own).sort());
}

/** Rows in the coordinates of the reduction, a few hundred at a time. */
type Chunk = {
  /** Q and ỹ, column by column at `rowsAtOnce`. */
  readonly x: Float64Array;
  /** Z̃ by block. */
  readonly z: readonly Float64Array[];
  fill(from: number, rows: number): void;
};

function chunkOf({ fixed, y, random }: ModelFrame, { p, r, projection, scale, blocks }: Shape): Chunk {
  const x = new Float64Array(rowsAtOnce * (p + 1));
  const z = blocks.map(({ q }) => new Float64Array(rowsAtOnce * q));
  const columns = fixed.map(({ values }) => values);
  return {
    x,
    z,
    fill: (from, rows) => {
      orthonormal(columns, r, x, from, rows);
      residual(y, x, projection, scale, from, rows);
      blocks.forEach(({ rz }, k) => {
        const own = random[k] as RandomPart;
        orthonormal(
          own.columns.map(({ values }) => values),
          rz,
          z[k] as Float64Array,
          from,
          rows,
        );
      });
    },
  };
}

/** X R⁻¹ by forward substitution, column after column. */
function orthonormal(columns: readonly Float64Array[], r: Matrix, to: Float64Array, from: number, rows: number): void {
  const p = columns.length;
  for (let j = 0; j < p; j += 1) {
    const own = columns[j] as Float64Array;
    const offset = j * rowsAtOnce;
    for (let i = 0; i < rows; i += 1) to[offset + i] = own[from + i] as number;
    for (let k = 0; k < j; k += 1) {
      const factor = r.values[k + j * p] as number;
      if (factor === 0) continue;
      const other = k * rowsAtOnce;
      for (let i = 0; i < rows; i += 1)
        to[offset + i] = (to[offset + i] as number) - factor * (to[other + i] as number);
    }
    const pivot = r.values[j + j * p] as number;
    for (let i = 0; i < rows; i += 1) to[offset + i] = (to[offset + i] as number) / pivot;
  }
}

function residual(
  y: Float64Array,
  x: Float64Array,
  projection: Float64Array,
  scale: number,
  from: number,
  rows: number,
): void {
  const p = projection.length;
  const offset = p * rowsAtOnce;
  for (let i = 0; i < rows; i += 1) x[offset + i] = y[from + i] as number;
  for (let k = 0; k < p; k += 1) {
    const factor = projection[k] as number;
    const other = k * rowsAtOnce;
    for (let i = 0; i < rows; i += 1) x[offset + i] = (x[offset + i] as number) - factor * (x[other + i] as number);
  }
  for (let i = 0; i < rows; i += 1) x[offset + i] = (x[offset + i] as number) / scale;
}

type InnerSums = {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly starts: Float64Array;
  readonly touched: readonly Int32Array[];
};

/** Z̃ᵀZ̃ and Z̃ᵀ[Q ỹ] of the inner levels. */
function addInner(of: Int32Array, from: number, rows: number, chunk: Chunk, shape: Shape, sums: InnerSums): void {
  const { q, p, inner } = shape;
  const { x } = chunk;
  const { a, b, starts, touched } = sums;
  const z = new Float64Array(q);
  const columns = inner.flatMap(({ block }) =>
    Array.from({ length: shape.blocks[block]?.q ?? 0 }, (_, k) =>
      (chunk.z[block] as Float64Array).subarray(k * rowsAtOnce, (k + 1) * rowsAtOnce),
    ),
  );
  for (let i = 0; i < rows; i += 1) {
    const level = of[from + i] as number;
    for (let k = 0; k < q; k += 1) z[k] = (columns[k] as Float64Array)[i] as number;
    const own = level * q * q;
    const first = (starts[level] as number) + q * (touched[level] as Int32Array).length;
    for (let k = 0; k < q; k += 1) {
      const zk = z[k] as number;
      if (zk === 0) continue;
      for (let l = 0; l < q; l += 1) a[own + k + l * q] = (a[own + k + l * q] as number) + zk * (z[l] as number);
      for (let j = 0; j <= p; j += 1) {
        const cell = first + k + j * q;
        b[cell] = (b[cell] as number) + zk * (x[i + j * rowsAtOnce] as number);
      }
    }
  }
}

/** [outer Q ỹ]ᵀ[outer Q ỹ], both triangles. */
function addGram(
  outer: Parts['outer'],
  from: number,
  rows: number,
  { x, z }: Chunk,
  { p, width, outer: m, blocks, outerBlocks }: Shape,
  gram: Float64Array,
): void {
  for (let j = 0; j <= p; j += 1) {
    for (let k = 0; k <= j; k += 1) {
      let sum = 0;
      for (let i = 0; i < rows; i += 1) sum += (x[i + j * rowsAtOnce] as number) * (x[i + k * rowsAtOnce] as number);
      const cell = m + j + (m + k) * width;
      const mirror = m + k + (m + j) * width;
      gram[cell] = (gram[cell] as number) + sum;
      if (cell !== mirror) gram[mirror] = gram[cell] as number;
    }
  }
  outer.forEach(({ of, from: first }, index) => {
    const { block } = outerBlocks[index] as { block: number };
    const own = z[block] as Float64Array;
    const q = blocks[block]?.q ?? 0;
    for (let i = 0; i < rows; i += 1) {
      for (let k = 0; k < q; k += 1) {
        const value = own[i + k * rowsAtOnce] as number;
        if (value === 0) continue;
        const row = first + (of[from + i] as number) * q + k;
        for (let j = 0; j <= p; j += 1) {
          const cell = row + (m + j) * width;
          gram[cell] = (gram[cell] as number) + value * (x[i + j * rowsAtOnce] as number);
          gram[m + j + row * width] = gram[cell] as number;
        }
        outer.forEach(({ of: other, from: start }, second) => {
          const { block: twin } = outerBlocks[second] as { block: number };
          const size = blocks[twin]?.q ?? 0;
          for (let l = 0; l < size; l += 1) {
            const column = start + (other[from + i] as number) * size + l;
            const cell = row + column * width;
            gram[cell] = (gram[cell] as number) + value * ((z[twin] as Float64Array)[i + l * rowsAtOnce] as number);
          }
        });
      }
    }
  });
}

/** Z̃ᵀ of the inner grouping times the outer columns. */
function addCrossed(
  { inner: innerOf, outer }: Parts,
  from: number,
  rows: number,
  { z }: Chunk,
  { q, inner, blocks, outerBlocks }: Shape,
  { b, starts, touched }: Pick<InnerSums, 'b' | 'starts' | 'touched'>,
): void {
  outer.forEach(({ of, from: first }, index) => {
    const { block } = outerBlocks[index] as { block: number };
    const own = z[block] as Float64Array;
    const size = blocks[block]?.q ?? 0;
    for (let i = 0; i < rows; i += 1) {
      const level = innerOf[from + i] as number;
      const place = placeOf(touched[level] as Int32Array, first + (of[from + i] as number) * size);
      for (let l = 0; l < size; l += 1) {
        const value = own[i + l * rowsAtOnce] as number;
        for (const { block: mine, from: start } of inner) {
          const count = blocks[mine]?.q ?? 0;
          for (let k = 0; k < count; k += 1) {
            const cell = (starts[level] as number) + start + k + (place + l) * q;
            b[cell] = (b[cell] as number) + value * ((z[mine] as Float64Array)[i + k * rowsAtOnce] as number);
          }
        }
      }
    }
  });
}

/** Place of a value in an ascending list that holds it. */
function placeOf(list: Int32Array, value: number): number {
  let [low, high] = [0, list.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Levels of one design together. */
function gathered(
  { q, p, levels, outer }: Shape,
  a: Float64Array,
  b: Float64Array,
  starts: Float64Array,
  touched: readonly Int32Array[],
): Design[] {
  const found = new Map<string, number[]>();
  for (let level = 0; level < levels; level += 1) {
    const key = `${bitsOf(a, level * q * q, q * q)};${(touched[level] as Int32Array).join()}`;
    const own = found.get(key);
    if (own) own.push(level);
    else found.set(key, [level]);
  }
  return [...found.values()].map((own) => {
    const first = own[0] as number;
    const sparse = touched[first] as Int32Array;
    const columns = new Int32Array(sparse.length + p + 1);
    columns.set(sparse);
    for (let j = 0; j <= p; j += 1) columns[sparse.length + j] = outer + j;
    const size = q * columns.length;
    const together = new Float64Array(own.length * size);
    own.forEach((level, index) => {
      together.set(b.subarray(starts[level] as number, (starts[level] as number) + size), index * size);
    });
    return {
      ...{ a: a.slice(first * q * q, (first + 1) * q * q), columns, levels: Int32Array.from(own), b: together },
      pairs: own.length > 2 * q ? pairsOf(together, size) : null,
    };
  });
}

/** Numbers as a text that is the same for the same bits; a few at a time, since arguments of a call are limited. */
function bitsOf(a: Float64Array, from: number, length: number): string {
  const bits = new Uint16Array(a.buffer, from * 8, length * 4);
  let made = '';
  for (let at = 0; at < bits.length; at += 4096) made += String.fromCharCode(...bits.subarray(at, at + 4096));
  return made;
}

function pairsOf(b: Float64Array, size: number): Float64Array {
  const made = new Float64Array(size * size);
  for (let from = 0; from < b.length; from += size) {
    for (let j = 0; j < size; j += 1) {
      const factor = b[from + j] as number;
      for (let i = 0; i < size; i += 1)
        made[i + j * size] = (made[i + j * size] as number) + factor * (b[from + i] as number);
    }
  }
  return made;
}
