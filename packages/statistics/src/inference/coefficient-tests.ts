/** Tests and intervals of Lβ, the same for every model that has coefficients, their covariance and degrees of freedom. */
import { fUpper, tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, solveLower } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, toRows, transpose, zeros } from '../linear-algebra/matrix.ts';
import type { Inference } from './degrees-of-freedom.ts';

export type Term = {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly t: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
};

export type ContrastTest = {
  /** One per row of L. */
  readonly rows: readonly Omit<Term, 'term'>[];
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
};

/** β = back δ, with inference in the coordinates δ and `covariance` that of β. */
export type Coefficients = {
  readonly names: readonly string[];
  readonly beta: Float64Array;
  readonly covariance: Matrix;
  readonly back: Matrix;
  readonly inference: Inference;
  /** Coverage of the intervals. */
  readonly level: number;
};

export function termTests(coefficients: Coefficients): Term[] {
  const { names, beta } = coefficients;
  const l = zeros(beta.length, beta.length);
  for (let j = 0; j < beta.length; j += 1) l.values[j + j * beta.length] = 1;
  return rowTests(coefficients, l).map((row, j) => ({ term: names[j] as string, ...row }));
}

/** @throws StatisticsError `column_lengths`, `rank_deficient` where a row follows from others */
export function contrastTest(coefficients: Coefficients, rowsOfL: readonly ArrayLike<number>[]): ContrastTest {
  const { beta, covariance, back, inference } = coefficients;
  const l = matrixOf(rowsOfL, beta.length);
  const rows = rowTests(coefficients, l);
  const value = multiply(l, { rows: beta.length, columns: 1, values: beta });
  const factor = cholesky(multiply(multiply(l, covariance), transpose(l)));
  if (!factor) throw new StatisticsError('rank_deficient', 'rows of the contrast');
  const squares = solveLower(factor, value).values.reduce((sum, one) => sum + one * one, 0);
  const { df, scale } = inference.test(multiply(l, back));
  const f = (scale * squares) / l.rows;
  return { rows, f, df1: l.rows, df2: df, p: fUpper(f, l.rows, df) };
}

/** One test per row; rows may follow from each other. */
export function eachRow(coefficients: Coefficients, rowsOfL: readonly ArrayLike<number>[]): Omit<Term, 'term'>[] {
  return rowTests(coefficients, matrixOf(rowsOfL, coefficients.beta.length));
}

/** L Var(β̂) Lᵀ, row by row. */
export function covarianceOfRows(coefficients: Coefficients, rowsOfL: readonly ArrayLike<number>[]): number[][] {
  const l = matrixOf(rowsOfL, coefficients.beta.length);
  return toRows(multiply(multiply(l, coefficients.covariance), transpose(l)));
}

function matrixOf(rows: readonly ArrayLike<number>[], p: number): Matrix {
  const l = zeros(rows.length, p);
  rows.forEach((row, i) => {
    if (row.length !== p) throw new StatisticsError('column_lengths', `row ${i + 1} of the contrast`);
    for (let j = 0; j < p; j += 1) l.values[i + j * rows.length] = row[j] as number;
  });
  return l;
}

function rowTests({ beta, covariance, back, inference, level }: Coefficients, l: Matrix): Omit<Term, 'term'>[] {
  return Array.from({ length: l.rows }, (_, row) => {
    const own = zeros(1, l.columns);
    for (let j = 0; j < l.columns; j += 1) own.values[j] = at(l, row, j);
    const estimate = multiply(own, { rows: beta.length, columns: 1, values: beta }).values[0] as number;
    const variance = multiply(multiply(own, covariance), transpose(own)).values[0] as number;
    const standardError = Math.sqrt(variance);
    const { df } = inference.test(multiply(own, back));
    const t = estimate / standardError;
    const half = tQuantile((1 + level) / 2, df) * standardError;
    return { estimate, standardError, df, t, p: tTwoSided(t, df), lower: estimate - half, upper: estimate + half };
  });
}
