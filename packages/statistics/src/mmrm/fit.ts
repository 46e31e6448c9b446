/**
 * The mixed model for repeated measures (MMRM): y_i = X_i β + e_i, e_i ~ N(0, Σ[visits seen]), independent between
 * participants; Mallinckrodt et al. (2008, Drug Inf. J. 42:303).
 */
import { StatisticsError } from '../errors.ts';
import { betweenWithinInference } from '../inference/between-within.ts';
import {
  type Coefficients,
  type ContrastTest,
  contrastTest,
  covarianceOfRows,
  eachRow,
  type Term,
  termTests,
} from '../inference/coefficient-tests.ts';
import type { DegreesOfFreedom, Inference } from '../inference/degrees-of-freedom.ts';
import { type Matrix, multiply, transpose } from '../linear-algebra/matrix.ts';
import { marginalResiduals } from '../mixed-model/residuals.ts';
import type { ModelFrame } from '../model-frame/frame.ts';
import { inferenceOf } from './inference.ts';
import type { Method, Model } from './likelihood.ts';
import { maximise } from './maximise.ts';
import { type MmrmDesign, type Prepared, prepareDesign } from './prepare.ts';
import { reduceResponses } from './responses.ts';
import { slopes } from './slopes.ts';
import { type CovarianceStructure, structureOf } from './structure.ts';

export type MmrmOptions = {
  /** @defaultValue 'unstructured' */
  readonly covariance?: CovarianceStructure;
  /** @defaultValue 'REML' */
  readonly method?: Method;
  /** @defaultValue 'satterthwaite'; Kenward-Roger needs REML */
  readonly df?: DegreesOfFreedom;
};

export type Mmrm = {
  readonly formula: string;
  readonly method: Method;
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
  /** Coefficients and elements of Σ. */
  readonly parameters: number;
  /** Rows complete in every column of the model. */
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  /** Rows dropped for each column that lacks values. */
  readonly missing: Readonly<Record<string, number>>;
  readonly subjects: number;
  readonly convergence: { readonly iterations: number; readonly decrement: number };
  /** Covariance of β, p × p; adjusted for Kenward-Roger. */
  covarianceOfBeta(): Matrix;
  /** Tests, with 95 % intervals; computed when asked for. */
  terms(): Term[];
  /** Tests of Lβ = 0 for the rows of L, each of p numbers. */
  contrast(l: readonly ArrayLike<number>[]): ContrastTest;
  /** Estimates and tests row by row, without the joint test. */
  estimates(l: readonly ArrayLike<number>[]): Omit<Term, 'term'>[];
  /** Covariance of the rows of L. */
  covarianceOf(l: readonly ArrayLike<number>[]): number[][];
  /** y − Xβ of the rows used, in their order. */
  residuals(): Float64Array;
  readonly frame: ModelFrame;
};

export type PreparedMmrm = {
  readonly names: readonly string[];
  readonly visits: readonly string[];
  readonly rowsUsed: number;
  /** The response of the data, or another for the same rows, `rowsUsed` long and in their order. */
  fit(responses?: ArrayLike<number>): Mmrm;
  /** For the rows of marginal means, which do not depend on the responses. */
  readonly frame: ModelFrame;
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
    frame: prepared.frame,
    fit: (y = prepared.frame.y) => {
      const responses = reduceResponses(prepared, y);
      if (structure.heterogeneous && responses.still.length > 0) {
        throw new StatisticsError('perfect_fit', `at ${responses.still.join(', ')}`);
      }
      return fitted({ prepared, structure, method, responses }, df, y);
    },
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

function fitted(model: Model, kind: DegreesOfFreedom, y: ArrayLike<number>): Mmrm {
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
  const coefficients = (): Coefficients => ({
    ...{ names, beta, back, level: 0.95, covariance: covariance(), inference: inference() },
  });
  const { rowsDropped, missing, formula } = prepared.frame;
  const frame = y === prepared.frame.y ? prepared.frame : { ...prepared.frame, y: Float64Array.from(y) };
  return {
    ...{ formula: formula.text, method, names, beta, groups, visits: prepared.visits, frame },
    ...{ rowsUsed: rows, rowsDropped, missing, subjects: subjects.length, parameters: parameters + p },
    covariances: here.sigmas.map((sigma) => {
      const size = structure.size;
      return { rows: size, columns: size, values: sigma.map((value) => value * scale * scale) };
    }),
    ...{ logLikelihood: -deviance / 2, covarianceParameters: parameters, aic: deviance + 2 * counted },
    bic: deviance + Math.log(subjects.length) * counted,
    convergence: { iterations, decrement },
    covarianceOfBeta: covariance,
    terms: () => termTests(coefficients()),
    contrast: (l) => contrastTest(coefficients(), l),
    estimates: (l) => eachRow(coefficients(), l),
    covarianceOf: (l) => covarianceOfRows(coefficients(), l),
    residuals: () => marginalResiduals(frame, beta),
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
      const { frame, subjectOf, subjects, back } = model.prepared;
      return betweenWithinInference(frame.fixed, subjectOf, subjects.length, back, here.c);
    }
    case 'residual':
      return { covariance: here.c, test: () => ({ df: model.prepared.rows - model.prepared.p, scale: 1 }) };
    case 'asymptotic':
      return { covariance: here.c, test: () => ({ df: Number.POSITIVE_INFINITY, scale: 1 }) };
  }
}
