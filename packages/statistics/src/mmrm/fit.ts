/**
 * The mixed model for repeated measures (MMRM): y_i = X_i β + e_i, e_i ~ N(0, Σ[visits seen]), independent between
 * participants; Mallinckrodt et al. (2008, Drug Inf. J. 42:303).
 */
import { fUpper, tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, solveLower } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, transpose, zeros } from '../linear-algebra/matrix.ts';
import { betweenWithin, coefficientRows } from './between-within.ts';
import { type DegreesOfFreedom, type Inference, inferenceOf } from './inference.ts';
import { type Method, type Model, slopes } from './likelihood.ts';
import { maximise } from './maximise.ts';
import { type MeanRow, meanRows } from './means.ts';
import { type MmrmDesign, type Prepared, prepareDesign } from './prepare.ts';
import { reduceResponses } from './responses.ts';
import { type CovarianceStructure, structureOf } from './structure.ts';

export type MmrmOptions = {
  /** @defaultValue 'unstructured' */
  readonly covariance?: CovarianceStructure;
  /** @defaultValue 'REML' */
  readonly method?: Method;
  /** @defaultValue 'satterthwaite'; Kenward-Roger needs REML */
  readonly df?: DegreesOfFreedom;
};

export type MmrmTerm = {
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
  readonly rows: readonly Omit<MmrmTerm, 'term'>[];
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
};

export type Mmrm = {
  readonly names: readonly string[];
  readonly beta: Float64Array;
  readonly visits: readonly string[];
  readonly groups: readonly string[];
  /** Σ by group, T × T, in the squared unit of the response. */
  readonly covariances: readonly Matrix[];
  readonly logLikelihood: number;
  readonly covarianceParameters: number;
  readonly aic: number;
  readonly bic: number;
  readonly rowsUsed: number;
  readonly subjects: number;
  readonly convergence: { readonly iterations: number; readonly decrement: number };
  /** Covariance of β, p × p; adjusted for Kenward-Roger. */
  covarianceOfBeta(): Matrix;
  /** Tests, with 95 % intervals; computed when asked for. */
  terms(): MmrmTerm[];
  /** Tests of Lβ = 0 for the rows of L, each of p numbers. */
  contrast(l: readonly ArrayLike<number>[]): ContrastTest;
};

export type PreparedMmrm = {
  readonly names: readonly string[];
  readonly visits: readonly string[];
  readonly rowsUsed: number;
  /** The response of the data, or another for the same rows, `rowsUsed` long and in their order. */
  fit(responses?: ArrayLike<number>): Mmrm;
  /** Rows of L for the estimated marginal means of combinations of factors; differences of rows are contrasts. */
  meanRows(by: readonly string[]): MeanRow[];
};

/**
 * The design once, for one fit or many: simulations, permutations and imputations refit new responses alone.
 * @throws StatisticsError naming the term, participant or visit
 */
export function prepareMmrm(design: MmrmDesign, options: MmrmOptions = {}): PreparedMmrm {
  const prepared = prepareDesign(design);
  const { covariance = 'unstructured', method = 'REML', df = 'satterthwaite' } = options;
  if (df.startsWith('kenward-roger') && method === 'ML') throw new StatisticsError('needs_reml', df);
  const structure = structureOf(covariance, prepared.times);
  if (covariance === 'unstructured') assertPairsSeen(prepared);
  return {
    names: prepared.frame.fixed.map(({ name }) => name),
    visits: prepared.visits,
    rowsUsed: prepared.rows,
    meanRows: (by) => meanRows(prepared.frame.formula, prepared.frame.variables, by),
    fit: (y = prepared.frame.y) => fitted({ prepared, structure, method, responses: reduceResponses(prepared, y) }, df),
  };
}

/** One fit of `formula` with the covariance asked for. */
export function fitMmrm(request: MmrmDesign & MmrmOptions): Mmrm {
  return prepareMmrm(request, request).fit();
}

/** Two visits that no participant of a group has both leave their covariance unknown. */
function assertPairsSeen({ patterns, visits, groups }: Prepared): void {
  const t = visits.length;
  groups.forEach((group, g) => {
    const seen = new Uint8Array(t * t);
    for (const pattern of patterns) {
      if (pattern.group !== g) continue;
      for (const a of pattern.visits) for (const b of pattern.visits) seen[a + b * t] = 1;
    }
    const missing = seen.indexOf(0);
    if (missing < 0) return;
    const pair = `${visits[missing % t]} and ${visits[Math.floor(missing / t)]}`;
    throw new StatisticsError('unseen_visit_pair', groups.length > 1 ? `${pair} in ${group}` : pair);
  });
}

function fitted(model: Model, kind: DegreesOfFreedom): Mmrm {
  const { prepared, responses, structure, method } = model;
  const { p, rows, back, groups, subjects } = prepared;
  const { theta, here, iterations, decrement } = maximise(model);
  const { scale } = responses;
  const delta = here.delta.map((value, j) => (responses.ordinary[j] as number) + value * scale);
  const beta = multiply(back, { rows: p, columns: 1, values: delta }).values;
  const free = method === 'REML' ? rows - p : rows;
  const deviance = here.deviance + 2 * free * Math.log(scale) + (method === 'REML' ? 2 * prepared.logBasis : 0);
  const parameters = structure.parameters * groups.length;
  const counted = parameters + (method === 'REML' ? 0 : p);
  let made: Inference | null = null;
  const inference = (): Inference => {
    made ??= inferenceFor(model, theta, here, kind);
    return made;
  };
  const names = prepared.frame.fixed.map(({ name }) => name);
  const covariance = () => {
    const turned = multiply(multiply(back, inference().covariance), transpose(back));
    return { ...turned, values: turned.values.map((value) => value * scale * scale) };
  };
  const tested = (l: Matrix) => testRows(l, back, beta, covariance(), inference());
  return {
    ...{ names, beta, groups, visits: prepared.visits, rowsUsed: rows, subjects: subjects.length },
    covariances: here.sigmas.map((sigma) => {
      const size = structure.size;
      return { rows: size, columns: size, values: sigma.map((value) => value * scale * scale) };
    }),
    ...{ logLikelihood: -deviance / 2, covarianceParameters: parameters, aic: deviance + 2 * counted },
    bic: deviance + Math.log(subjects.length) * counted,
    convergence: { iterations, decrement },
    covarianceOfBeta: covariance,
    terms: () => {
      const l = zeros(p, p);
      for (let j = 0; j < p; j += 1) l.values[j + j * p] = 1;
      return tested(l).map((row, j) => ({ term: names[j] as string, ...row }));
    },
    contrast: (rowsOfL) => contrast(matrixOf(rowsOfL, p), back, beta, covariance(), inference()),
  };
}

function inferenceFor(
  model: Model,
  theta: Float64Array,
  here: ReturnType<typeof maximise>['here'],
  kind: DegreesOfFreedom,
): Inference {
  switch (kind) {
    case 'satterthwaite':
    case 'kenward-roger':
    case 'kenward-roger-linear':
      return inferenceOf(model, theta, here, slopes(model, theta, here, true), kind);
    case 'between-within': {
      const own = betweenWithin(model.prepared);
      return { covariance: here.c, test: (l) => ({ df: coefficientRows(l, model.prepared, own), scale: 1 }) };
    }
    case 'residual':
      return { covariance: here.c, test: () => ({ df: model.prepared.rows - model.prepared.p, scale: 1 }) };
    case 'asymptotic':
      return { covariance: here.c, test: () => ({ df: Number.POSITIVE_INFINITY, scale: 1 }) };
  }
}

function matrixOf(rows: readonly ArrayLike<number>[], p: number): Matrix {
  const l = zeros(rows.length, p);
  rows.forEach((row, i) => {
    if (row.length !== p) throw new StatisticsError('column_lengths', `row ${i + 1} of the contrast`);
    for (let j = 0; j < p; j += 1) l.values[i + j * rows.length] = row[j] as number;
  });
  return l;
}

function testRows(l: Matrix, back: Matrix, beta: Float64Array, covariance: Matrix, inference: Inference) {
  return Array.from({ length: l.rows }, (_, row) => {
    const own = zeros(1, l.columns);
    for (let j = 0; j < l.columns; j += 1) own.values[j] = at(l, row, j);
    const estimate = multiply(own, { rows: beta.length, columns: 1, values: beta }).values[0] as number;
    const variance = multiply(multiply(own, covariance), transpose(own)).values[0] as number;
    const standardError = Math.sqrt(variance);
    const { df } = inference.test(multiply(own, back));
    const t = estimate / standardError;
    const half = tQuantile(0.975, df) * standardError;
    return { estimate, standardError, df, t, p: tTwoSided(t, df), lower: estimate - half, upper: estimate + half };
  });
}

function contrast(l: Matrix, back: Matrix, beta: Float64Array, covariance: Matrix, inference: Inference): ContrastTest {
  const rows = testRows(l, back, beta, covariance, inference);
  const value = multiply(l, { rows: beta.length, columns: 1, values: beta });
  const spread = multiply(multiply(l, covariance), transpose(l));
  const solvedRows = solveSpread(spread, value);
  const { df, scale } = inference.test(multiply(l, back));
  const f = (scale * solvedRows) / l.rows;
  return { rows, f, df1: l.rows, df2: df, p: fUpper(f, l.rows, df) };
}

/** vᵀA⁻¹v. */
function solveSpread(a: Matrix, v: Matrix): number {
  const factor = cholesky(a);
  if (!factor) throw new StatisticsError('rank_deficient', 'rows of the contrast');
  const half = solveLower(factor, v).values;
  return half.reduce((sum, one) => sum + one * one, 0);
}
