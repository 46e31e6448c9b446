/** Dense matrices, column by column in one Float64Array, as in LAPACK. */
export type Matrix = {
  readonly rows: number;
  readonly columns: number;
  /** Element (i, j) at i + j · rows. */
  readonly values: Float64Array;
};

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

export function identity(order: number): Matrix {
  const made = zeros(order, order);
  for (let i = 0; i < order; i += 1) made.values[i + i * order] = 1;
  return made;
}

/** A matrix from columns of one length. */
export function fromColumns(columns: readonly ArrayLike<number>[]): Matrix {
  const rows = columns[0]?.length ?? 0;
  const made = zeros(rows, columns.length);
  columns.forEach((column, j) => {
    if (column.length !== rows) throw new RangeError(`Column ${j + 1} has ${column.length} rows, not ${rows}`);
    made.values.set(column, j * rows);
  });
  return made;
}

/** A matrix from rows, as one writes it down. */
export function fromRows(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  return fromColumns(Array.from({ length: columns }, (_, j) => rows.map((row) => row[j] as number)));
}

export function toRows(matrix: Matrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, i) =>
    Array.from({ length: matrix.columns }, (__, j) => at(matrix, i, j)),
  );
}

export function at({ rows, values }: Matrix, i: number, j: number): number {
  return values[i + j * rows] as number;
}

export function column({ rows, values }: Matrix, j: number): Float64Array {
  return values.subarray(j * rows, (j + 1) * rows);
}

export function transpose(matrix: Matrix): Matrix {
  const made = zeros(matrix.columns, matrix.rows);
  for (let j = 0; j < matrix.columns; j += 1) {
    for (let i = 0; i < matrix.rows; i += 1) made.values[j + i * matrix.columns] = at(matrix, i, j);
  }
  return made;
}

/** A B. @throws RangeError when the inner lengths differ */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.rows) throw new RangeError(`${a.columns} columns cannot meet ${b.rows} rows`);
  const made = zeros(a.rows, b.columns);
  const rows = a.rows;
  for (let j = 0; j < b.columns; j += 1) {
    const to = j * rows;
    for (let k = 0; k < a.columns; k += 1) {
      const factor = b.values[k + j * b.rows] as number;
      if (factor === 0) continue;
      const from = k * rows;
      for (let i = 0; i < rows; i += 1) {
        made.values[to + i] = (made.values[to + i] as number) + (a.values[from + i] as number) * factor;
      }
    }
  }
  return made;
}

/** Sum of products of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** tr(A B) of two symmetric matrices of one order: the sum of their products, element by element. */
export function traceOfProduct(a: Matrix, b: Matrix): number {
  return dot(a.values, b.values);
}
