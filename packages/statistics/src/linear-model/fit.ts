/**
 * Linear models by least squares on Householder's QR (Golub & Van Loan 2013, section 5.3): b = R⁻¹ Qᵀ y, with one step of
 * iterative refinement, covariance s² (RᵀR)⁻¹ and residual degrees of freedom n − p.
 */
import { fUpper } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import {
  type Coefficients,
  type ContrastTest,
  contrastTest,
  covarianceOfRows,
  eachRow,
  type Term,
  termTests,
} from '../inference/coefficient-tests.ts';
import { at, dot, fromColumns, identity, type Matrix, multiply, toRows, transpose } from '../linear-algebra/matrix.ts';
import { type Qr, qr, solveUpper } from '../linear-algebra/qr.ts';
import type { Coding } from '../model-frame/design.ts';
import { type Data, type ModelFrame, modelFrame } from '../model-frame/frame.ts';

export type LinearModelRequest = {
  /** Such as `change ~ baseline + arm`; no random terms. */
  readonly formula: string;
  readonly data: Data;
  /** Reference level by factor; otherwise the first level by code unit. */
  readonly reference?: Readonly<Record<string, string>>;
  /** Coding by factor; treatment coding where none is given. */
  readonly coding?: Readonly<Record<string, Coding>>;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number;
  /** A column is dependent when less than this share of its length is left beside the others; default 1e-7, as in R. */
  readonly tolerance?: number;
};

export type LinearModel = {
  readonly formula: string;
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  readonly terms: readonly Term[];
  /** Covariance of the estimates, p × p, row by row. */
  readonly covariance: readonly (readonly number[])[];
  /** n − p. */
  readonly df: number;
  readonly residualVariance: number;
  /** 1 − RSS / TSS, about the mean where there is an intercept. */
  readonly rSquared: number;
  /** Test that everything beside the intercept is zero; null where nothing is beside it. */
  readonly overall: { readonly f: number; readonly df1: number; readonly df2: number; readonly p: number } | null;
  readonly logLikelihood: number;
  /** Estimates and tests of the rows of L, each of p numbers. */
  estimates(l: readonly ArrayLike<number>[]): Omit<Term, 'term'>[];
  /** Covariance of the rows of L. */
  covarianceOf(l: readonly ArrayLike<number>[]): number[][];
  /** Joint test of Lβ = 0. */
  contrast(l: readonly ArrayLike<number>[]): ContrastTest;
  readonly frame: ModelFrame;
};

const leastLeft = 1e-7;

/** @throws StatisticsError; `rank_deficient` names the columns that follow from others */
export function fitLinearModel(request: LinearModelRequest): LinearModel {
  const level = request.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const frame = modelFrame(request.formula, request.data, request.reference, request.coding);
  if (frame.random.length > 0)
    throw new StatisticsError('formula_syntax', `${request.formula}: a linear model has no random term`);
  const names = frame.fixed.map(({ name }) => name);
  const n = frame.rowsUsed;
  const p = names.length;
  if (n <= p) throw new StatisticsError('too_few_rows', `${n} rows, ${p} coefficients`);
  const design = fromColumns(frame.fixed.map(({ values }) => values));
  const factors = qr(design, request.tolerance ?? leastLeft);
  if (factors.dependent.length > 0) {
    throw new StatisticsError('rank_deficient', factors.dependent.map((j) => names[j]).join(', '));
  }
  const { estimates, residuals } = leastSquares(design, factors, frame.y);
  const rss = dot(residuals, residuals);
  const about = frame.formula.intercept ? frame.y.reduce((sum, y) => sum + y, 0) / n : 0;
  const tss = frame.y.reduce((sum, y) => sum + (y - about) ** 2, 0);
  if (!(rss > 1e-28 * tss)) throw new StatisticsError('perfect_fit', request.formula);
  const df = n - p;
  const residualVariance = rss / df;
  const inverse = solveUpper(factors.r, identity(p));
  const unscaled = multiply(inverse, transpose(inverse));
  const covariance = { ...unscaled, values: unscaled.values.map((value) => value * residualVariance) };
  const inference = { covariance, test: () => ({ df, scale: 1 }) };
  const coefficients: Coefficients = { names, beta: estimates, covariance, back: identity(p), inference, level };
  const df1 = p - (frame.formula.intercept ? 1 : 0);
  const f = (tss - rss) / df1 / residualVariance;
  return {
    formula: request.formula,
    rowsUsed: n,
    rowsDropped: frame.rowsDropped,
    terms: termTests(coefficients),
    covariance: toRows(covariance),
    df,
    residualVariance,
    rSquared: 1 - rss / tss,
    overall: df1 > 0 ? { f, df1, df2: df, p: fUpper(f, df1, df) } : null,
    logLikelihood: (-n / 2) * (Math.log((2 * Math.PI * rss) / n) + 1),
    estimates: (l) => eachRow(coefficients, l),
    covarianceOf: (l) => covarianceOfRows(coefficients, l),
    contrast: (l) => contrastTest(coefficients, l),
    frame,
  };
}

function leastSquares(design: Matrix, factors: Qr, y: Float64Array) {
  const estimates = solve(factors, y);
  const correction = solve(factors, residualsOf(design, estimates, y));
  correction.forEach((by, j) => {
    estimates[j] = (estimates[j] as number) + by;
  });
  return { estimates, residuals: residualsOf(design, estimates, y) };
}

function solve({ q, r }: Qr, y: Float64Array): Float64Array {
  return solveUpper(r, multiply(transpose(q), fromColumns([y]))).values;
}

function residualsOf(design: Matrix, estimates: Float64Array, y: Float64Array): Float64Array {
  return y.map((value, i) => {
    let left = value;
    for (let j = 0; j < design.columns; j += 1) left -= at(design, i, j) * (estimates[j] as number);
    return left;
  });
}

export type AncovaRequest = {
  readonly data: Data;
  readonly outcome: string;
  readonly baseline: string;
  readonly arm: string;
  /** The arm the others are compared with. */
  readonly control: string;
  /** Further columns to adjust for. */
  readonly covariates?: readonly string[];
  readonly level?: number;
};

/** Analysis of covariance: outcome ~ baseline + covariates + arm. `effects` are the arms against the control. */
export function ancova(request: AncovaRequest): { readonly model: LinearModel; readonly effects: readonly Term[] } {
  const { data, outcome, baseline, arm, control, covariates = [], level } = request;
  const quoted = [baseline, ...covariates, arm].map((name) => `\`${name}\``).join(' + ');
  const formula = `\`${outcome}\` ~ ${quoted}`;
  const arms = data[arm];
  if (!arms) throw new StatisticsError('unknown_column', arm);
  const model = fitLinearModel({
    formula,
    data,
    reference: { [arm]: control },
    ...(level === undefined ? {} : { level }),
  });
  const names = new Set(arms.filter((cell) => typeof cell === 'string').map((cell) => `${arm}${cell}`));
  return { model, effects: model.terms.filter(({ term }) => names.has(term)) };
}
