/**
 * Linear mixed models y = Xβ + Zb + ε, b ~ N(0, σ²D), ε ~ N(0, σ²I), by REML or ML, as lme4 and lmerTest define them
 * (Bates, Mächler, Bolker & Walker 2015, J. Stat. Softw. 67(1); Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw.
 * 82(13)): any number of random terms, on one grouping or on crossed or nested ones. Without a random term the model is
 * fitted by least squares, with residual degrees of freedom.
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
import { at, identity, type Matrix, multiply, toRows, transpose } from '../linear-algebra/matrix.ts';
import { solveUpper } from '../linear-algebra/qr.ts';
import type { Coding } from '../model-frame/design.ts';
import { type Data, type ModelFrame, modelFrame } from '../model-frame/frame.ts';
import { minimiseByNewton } from '../optimise/newton.ts';
import { isSingular, lambdasOf } from './blocks.ts';
import { curvature, type Method, type Profile, profile, residualDf } from './deviance.ts';
import { kenwardRogerInference, satterthwaiteInference } from './inference.ts';
import { type GroupEffects, groupEffects, type VarianceComponent, varianceComponents } from './random-part.ts';
import { type Reduction, reduce } from './reduction.ts';
import { type Residuals, residualsOf } from './residuals.ts';
import { startingTheta } from './start.ts';

export type ModelRequest = {
  /** Such as `value ~ condition + (1 + day | site/participant)`. */
  readonly formula: string;
  readonly data: Data;
  /** Reference level by factor; otherwise the first level by code unit. */
  readonly reference?: Readonly<Record<string, string>>;
  /** Coding by factor; treatment coding where none is given. */
  readonly coding?: Readonly<Record<string, Coding>>;
  /** @defaultValue 'REML' */
  readonly method?: Method;
  /** @defaultValue 'satterthwaite'; Kenward-Roger needs REML, between-within counts the widest grouping's levels */
  readonly df?: DegreesOfFreedom;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number;
};

export type MixedModel = {
  readonly formula: string;
  readonly method: Method;
  readonly df: DegreesOfFreedom;
  /** Rows complete in every column of the model. */
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  /** Rows dropped for each column that lacks values. */
  readonly missing: Readonly<Record<string, number>>;
  /** Levels of the first grouping of the formula, 0 without one. */
  readonly groups: number;
  /** Levels by grouping. */
  readonly groupings: Readonly<Record<string, number>>;
  readonly terms: readonly Term[];
  /** Covariance of the estimates, p × p, row by row; adjusted for Kenward-Roger. */
  readonly covariance: readonly (readonly number[])[];
  readonly varianceComponents: readonly VarianceComponent[];
  readonly residualVariance: number;
  /** −2 log restricted likelihood (lme4's REMLcrit), or −2 log likelihood. */
  readonly criterion: number;
  readonly logLikelihood: number;
  /** Coefficients, elements of the covariance of random effects, and the residual variance. */
  readonly parameters: number;
  readonly aic: number;
  readonly bic: number;
  /** A variance is zero or a correlation ±1: the estimate lies on the boundary. */
  readonly singular: boolean;
  readonly converged: true;
  readonly iterations: number;
  /** gᵀH⁻¹g at the reported minimum: twice what another step could still gain in the criterion. */
  readonly decrement: number;
  /** Predicted group effects (BLUPs) with their conditional covariance, by grouping and level; computed when read. */
  readonly groupEffects: readonly GroupEffects[];
  /** Fitted values and residuals of the rows used; computed when asked for. */
  residuals(): Residuals;
  /** Test of Lβ = 0 for the rows of L, each of p numbers. */
  contrast(l: readonly ArrayLike<number>[]): ContrastTest;
  /** Estimates and tests row by row, without the joint test. */
  estimates(l: readonly ArrayLike<number>[]): Omit<Term, 'term'>[];
  /** Covariance of the rows of L. */
  covarianceOf(l: readonly ArrayLike<number>[]): number[][];
  readonly frame: ModelFrame;
};

/** A residual variance that has shrunk to this share of what the fixed effects leave is on its way to zero. */
const vanished = 1e-8;

/**
 * @example
 *   fitLinearMixedModel({ formula: 'score ~ arm * week + (1 + week | participant)', data, reference: { arm: 'placebo' } })
 * @throws StatisticsError; `not_converged` rather than numbers that are not estimates
 */
export function fitLinearMixedModel(request: ModelRequest): MixedModel {
  const { formula, method = 'REML', df = 'satterthwaite', level = 0.95 } = request;
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  if (df.startsWith('kenward-roger') && method === 'ML') throw new StatisticsError('needs_reml', df);
  const frame = modelFrame(formula, request.data, request.reference, request.coding);
  const reduction = reduce(frame);
  const { theta, iterations, decrement } = minimumOf(reduction, method, formula);
  const here = profileAt(reduction, theta, method, formula);
  const lambdas = lambdasOf(theta, reduction.blocks);
  const residualVariance = here.sigmaSquared * reduction.scale ** 2;
  const criterion = originalCriterion(reduction, here.deviance, method);
  const parameters = reduction.p + theta.length + 1;
  const coefficients = coefficientsOf(frame, reduction, theta, here, { method, df, level });
  let effects: readonly GroupEffects[] | null = null;
  const predicted = () => {
    effects ??= groupEffects(reduction, lambdas, here, residualVariance);
    return effects;
  };
  return {
    ...{ formula, method, df, frame },
    ...{ rowsUsed: frame.rowsUsed, rowsDropped: frame.rowsDropped, missing: frame.missing },
    groups: frame.random[0]?.levels.length ?? 0,
    groupings: Object.fromEntries(frame.random.map(({ group, levels }) => [group, levels.length])),
    terms: termTests(coefficients),
    covariance: toRows(coefficients.covariance),
    varianceComponents: varianceComponents(reduction, lambdas, residualVariance),
    ...{ residualVariance, criterion, parameters, logLikelihood: -criterion / 2 },
    aic: criterion + 2 * parameters,
    bic: criterion + Math.log(reduction.n) * parameters,
    singular: isSingular(lambdas),
    converged: true,
    ...{ iterations, decrement },
    get groupEffects() {
      return predicted();
    },
    residuals: () => residualsOf(frame, coefficients.beta, predicted()),
    contrast: (l) => contrastTest(coefficients, l),
    estimates: (l) => eachRow(coefficients, l),
    covarianceOf: (l) => covarianceOfRows(coefficients, l),
  };
}

function minimumOf(reduction: Reduction, method: Method, formula: string) {
  if (reduction.blocks.length === 0) return { theta: new Float64Array(0), iterations: 0, decrement: 0 };
  const found = minimiseByNewton(
    (theta) => profile(reduction, theta, method)?.deviance ?? Number.POSITIVE_INFINITY,
    (theta) => curvature(reduction, theta, method, profileAt(reduction, theta, method, formula)),
    startingTheta(reduction, method),
  );
  if (!found.converged) {
    if (profileAt(reduction, found.at, method, formula).sigmaSquared < vanished) {
      throw new StatisticsError('perfect_fit', formula);
    }
    const what = `${found.iterations} steps, decrement ${found.decrement}, curvature ${found.curvature}`;
    throw new StatisticsError('not_converged', what);
  }
  return { theta: found.at, iterations: found.iterations, decrement: found.decrement };
}

function profileAt(reduction: Reduction, theta: Float64Array, method: Method, formula: string): Profile {
  const here = profile(reduction, theta, method, 2);
  if (!here) throw new StatisticsError('perfect_fit', formula);
  return here;
}

/** On the scale of the data: β = R⁻¹(projection + scale · β̃), Var(β) = σ² R⁻¹ C R⁻ᵀ. */
function coefficientsOf(
  frame: ModelFrame,
  reduction: Reduction,
  theta: Float64Array,
  here: Profile,
  { method, df, level }: { method: Method; df: DegreesOfFreedom; level: number },
): Coefficients {
  const { p, r, projection, scale } = reduction;
  const back = solveUpper(r, identity(p));
  const right = Float64Array.from(projection, (own, j) => own + scale * (here.beta[j] as number));
  const beta = solveUpper(r, { rows: p, columns: 1, values: right }).values;
  const inference = inferenceOf(frame, reduction, theta, here, method, df, back);
  const unscaled = multiply(multiply(back, inference.covariance), transpose(back));
  const covariance = { ...unscaled, values: unscaled.values.map((value) => value * scale ** 2) };
  return { names: frame.fixed.map(({ name }) => name), beta, covariance, back, inference, level };
}

function inferenceOf(
  frame: ModelFrame,
  reduction: Reduction,
  theta: Float64Array,
  here: Profile,
  method: Method,
  df: DegreesOfFreedom,
  back: Matrix,
): Inference {
  const { n, p, levels, inner } = reduction;
  const covariance = { ...here.c, values: here.c.values.map((value) => value * here.sigmaSquared) };
  const fixed = (own: number): Inference => ({ covariance, test: () => ({ df: own, scale: 1 }) });
  if (df === 'asymptotic') return fixed(Number.POSITIVE_INFINITY);
  const own = inner[0];
  if (df === 'residual' || !own) return fixed(n - p);
  switch (df) {
    case 'satterthwaite':
      return satterthwaiteInference(here, curvature(reduction, theta, method, here));
    case 'between-within':
      return betweenWithinInference(
        frame.fixed,
        frame.random[own.block]?.of ?? new Int32Array(n),
        levels,
        back,
        covariance,
      );
    case 'kenward-roger':
    case 'kenward-roger-linear':
      return kenwardRogerInference(reduction, theta, here);
  }
}

/** The criterion in the units of the response and the columns: what the change of coordinates took out comes back. */
function originalCriterion(reduction: Reduction, deviance: number, method: Method): number {
  let columns = 0;
  for (let j = 0; j < reduction.p; j += 1) columns += 2 * Math.log(at(reduction.r, j, j));
  return deviance + 2 * residualDf(reduction, method) * Math.log(reduction.scale) + (method === 'REML' ? columns : 0);
}
