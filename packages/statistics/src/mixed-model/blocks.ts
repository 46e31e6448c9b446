/**
 * The covariance of the random effects: one block for each random term, Var(b) = σ² D with D = Λ Λᵀ for every level of
 * its grouping. θ holds the lower triangles of the Λ, column by column, block after block (Bates et al. 2015, section 2).
 */
import { cholesky } from '../linear-algebra/cholesky.ts';
import { at, identity, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.ts';

export type Block = {
  readonly group: string;
  readonly levels: readonly string[];
  readonly columns: readonly string[];
  /** Effects per level. */
  readonly q: number;
  /** Z = Z̃ R_z: the way back to the columns of the data. */
  readonly rz: Matrix;
  /** First place in θ. */
  readonly from: number;
};

/** A place of θ and, likewise, an element of D on or below the diagonal. */
export type Place = { readonly block: number; readonly row: number; readonly column: number };

export function placesOf(blocks: readonly Pick<Block, 'q'>[]): Place[] {
  return blocks.flatMap(({ q }, block) => {
    const places: Place[] = [];
    for (let column = 0; column < q; column += 1) {
      for (let row = column; row < q; row += 1) places.push({ block, row, column });
    }
    return places;
  });
}

/** Λ of every block. */
export function lambdasOf(theta: Float64Array, blocks: readonly Block[]): Matrix[] {
  let next = 0;
  return blocks.map(({ q }) => {
    const lambda = zeros(q, q);
    for (let j = 0; j < q; j += 1) for (let i = j; i < q; i += 1) lambda.values[i + j * q] = theta[next++] as number;
    return lambda;
  });
}

export function relativeCovariance(lambda: Matrix): Matrix {
  return multiply(lambda, transpose(lambda));
}

/** θ of the nearest D whose eigenvalues are at least `floor`. */
export function thetaNear(ds: readonly Matrix[], floor: number): Float64Array {
  return Float64Array.from(
    ds.flatMap((d) => {
      const lambda = cholesky(raised(d, floor)) ?? identity(d.rows);
      const own: number[] = [];
      for (let j = 0; j < d.columns; j += 1) for (let i = j; i < d.rows; i += 1) own.push(at(lambda, i, j));
      return own;
    }),
  );
}

function raised(d: Matrix, floor: number): Matrix {
  const { values, vectors } = symmetricEigen(d);
  const scaled = { ...vectors, values: vectors.values.slice() };
  for (let k = 0; k < d.columns; k += 1) {
    const value = Math.max(values[k] as number, floor);
    for (let i = 0; i < d.rows; i += 1) scaled.values[i + k * d.rows] = at(vectors, i, k) * value;
  }
  return multiply(scaled, transpose(vectors));
}

/** Standard deviation, relative to the residual, below which a direction of the random effects counts as not varying. */
const boundary = 1e-4;

export function isSingular(lambdas: readonly Matrix[]): boolean {
  return lambdas.some((lambda) => (symmetricEigen(relativeCovariance(lambda)).values[0] ?? 1) < boundary ** 2);
}

/**
 * Derivatives in the elements of D brought to θ: ∂D/∂θ_a = e_r (Λe_c)ᵀ + (Λe_c) e_rᵀ for θ_a in row r, column c of Λ;
 * ∂²D/∂θ_a∂θ_b = e_r e_sᵀ + e_s e_rᵀ for two of one column.
 */
export function chain(
  lambdas: readonly Matrix[],
  places: readonly Place[],
): { first: Float64Array; second(gradient: Float64Array, a: number, b: number): number } {
  const m = places.length;
  const first = new Float64Array(m * m);
  const indexOf = (block: number, i: number, j: number) =>
    places.findIndex((one) => one.block === block && one.row === Math.max(i, j) && one.column === Math.min(i, j));
  places.forEach(({ block, row, column }, a) => {
    const lambda = lambdas[block] as Matrix;
    for (let k = column; k < lambda.rows; k += 1) {
      const e = indexOf(block, row, k);
      first[a + e * m] = (first[a + e * m] as number) + at(lambda, k, column) * (k === row ? 2 : 1);
    }
  });
  return {
    first,
    second: (gradient, a, b) => {
      const [one, other] = [places[a] as Place, places[b] as Place];
      if (one.block !== other.block || one.column !== other.column) return 0;
      return (gradient[indexOf(one.block, one.row, other.row)] as number) * (one.row === other.row ? 2 : 1);
    },
  };
}
