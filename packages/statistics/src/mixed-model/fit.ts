/**
 * Linear mixed models by REML or ML with Satterthwaite's degrees of freedom, as lme4 and lmerTest define them
 * (Bates et al. 2015, J. Stat. Softw. 67(1); Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw. 82(13)).
 * Without a random term the model is fitted by least squares, with residual degrees of freedom.
 */
import { tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import { at, identity, multiply, toRows, transpose } from '../linear-algebra/matrix.ts';
import { solveUpper } from '../linear-algebra/qr.ts';
import type { Coding } from '../model-frame/design.ts';
import { type Data, type ModelFrame, modelFrame } from '../model-frame/frame.ts';
import { minimiseByNewton } from '../optimise/newton.ts';
import { type CrossProducts, crossProducts } from './cross-products.ts';
import { type Curvature, curvature } from './curvature.ts';
import { type Method, type Profile, profile, residualDf, thetaLength } from './profile.ts';
import {
  type GroupEffects,
  groupEffects,
  isSingular,
  type VarianceComponent,
  varianceComponents,
} from './random-part.ts';
import { satterthwaite } from './satterthwaite.ts';
import { startingTheta } from './start.ts';

export type ModelRequest = {
  /** Such as `value ~ condition + (1 | participant)`. */
  readonly formula: string;
  readonly data: Data;
  /** Reference level by factor; otherwise the first level by code unit. */
  readonly reference?: Readonly<Record<string, string>>;
  /** Coding by factor; treatment coding where none is given. */
  readonly coding?: Readonly<Record<string, Coding>>;
  readonly method?: Method;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number;
};

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

export type MixedModel = {
  readonly formula: string;
  readonly method: Method;
  /** Rows complete in every column of the model. */
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  readonly groups: number;
  readonly terms: readonly Term[];
  /** Covariance of the estimates, p × p, row by row. */
  readonly covariance: readonly (readonly number[])[];
  readonly varianceComponents: readonly VarianceComponent[];
  readonly residualVariance: number;
  /** −2 log restricted likelihood (lme4's REMLcrit), or −2 log likelihood. */
  readonly criterion: number;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  /** A variance is zero or a correlation ±1: the estimate lies on the boundary. */
  readonly singular: boolean;
  readonly converged: true;
  readonly iterations: number;
  /** gᵀH⁻¹g at the reported minimum: twice what another step could still gain in the criterion. */
  readonly decrement: number;
  /** Predicted group effects (BLUPs) by level, in the order of the variance components. */
  readonly groupEffects: readonly GroupEffects[];
};

/** A residual variance that has shrunk to this share of what the fixed effects leave is on its way to zero. */
const vanished = 1e-8;

/**
 * @example
 *   fitLinearMixedModel({ formula: 'score ~ arm * week + (1 + week | participant)', data, reference: { arm: 'placebo' } })
 * @throws StatisticsError; `not_converged` rather than numbers that are not estimates
 */
export function fitLinearMixedModel(request: ModelRequest): MixedModel {
  const method = request.method ?? 'REML';
  const level = request.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const frame = modelFrame(request.formula, request.data, request.reference, request.coding);
  const cross = crossProducts(frame);
  const { theta, iterations, decrement } = minimumOf(cross, method, request.formula);
  const here = profileAt(cross, theta, method, request.formula);
  const curved = curvature(cross, theta, method, here);
  const residualVariance = here.sigmaSquared * cross.scale ** 2;
  const criterion = originalCriterion(cross, here.deviance, method);
  const parameters = cross.p + thetaLength(cross.q) + 1;
  const { terms, covariance } = estimates(frame, cross, here, curved, level);
  return {
    formula: request.formula,
    method,
    rowsUsed: frame.rowsUsed,
    rowsDropped: frame.rowsDropped,
    groups: cross.groups,
    terms,
    covariance,
    varianceComponents: varianceComponents(frame, cross, theta, residualVariance),
    residualVariance,
    criterion,
    logLikelihood: -criterion / 2,
    aic: criterion + 2 * parameters,
    bic: criterion + Math.log(cross.n) * parameters,
    singular: isSingular(theta, cross.q),
    converged: true,
    iterations,
    decrement,
    groupEffects: groupEffects(frame, cross, theta, here),
  };
}

function minimumOf(cross: CrossProducts, method: Method, formula: string) {
  if (cross.q === 0) return { theta: new Float64Array(0), iterations: 0, decrement: 0 };
  const found = minimiseByNewton(
    (theta) => profile(cross, theta, method)?.deviance ?? Number.POSITIVE_INFINITY,
    (theta) => curvature(cross, theta, method, profileAt(cross, theta, method, formula)),
    startingTheta(cross, method),
  );
  if (!found.converged) {
    if (profileAt(cross, found.at, method, formula).sigmaSquared < vanished) {
      throw new StatisticsError('perfect_fit', formula);
    }
    const what = `${found.iterations} steps, decrement ${found.decrement}, curvature ${found.curvature}`;
    throw new StatisticsError('not_converged', what);
  }
  return { theta: found.at, iterations: found.iterations, decrement: found.decrement };
}

function profileAt(cross: CrossProducts, theta: Float64Array, method: Method, formula: string): Profile {
  const here = profile(cross, theta, method);
  if (!here) throw new StatisticsError('perfect_fit', formula);
  return here;
}

/** Estimates on the scale of the data: β = R⁻¹(projection + scale · β̃), Var(β) = σ² R⁻¹ C R⁻ᵀ. */
function estimates(frame: ModelFrame, cross: CrossProducts, here: Profile, curved: Curvature, level: number) {
  const { p, r, projection, scale } = cross;
  const inverse = solveUpper(r, identity(p));
  const right = Float64Array.from(projection, (own, j) => own + scale * (here.beta[j] as number));
  const beta = solveUpper(r, { rows: p, columns: 1, values: right }).values;
  const variance = here.sigmaSquared * scale ** 2;
  const covariance = toRows(multiply(multiply(inverse, here.c), transpose(inverse))).map((row) =>
    row.map((value) => value * variance),
  );
  const df = cross.q === 0 ? () => cross.n - p : satterthwaite(here, curved);
  const terms = frame.fixed.map(({ name }, j): Term => {
    const contrast = Float64Array.from({ length: p }, (_, k) => at(inverse, j, k));
    return term(name, beta[j] as number, Math.sqrt(covariance[j]?.[j] as number), df(contrast), level);
  });
  return { terms, covariance };
}

function term(name: string, estimate: number, standardError: number, df: number, level: number): Term {
  const t = estimate / standardError;
  const half = tQuantile(0.5 + level / 2, df) * standardError;
  const [lower, upper] = [estimate - half, estimate + half];
  return { term: name, estimate, standardError, df, t, p: tTwoSided(t, df), lower, upper };
}

/** The criterion in the units of the response and the columns: what the change of coordinates took out comes back. */
function originalCriterion(cross: CrossProducts, deviance: number, method: Method): number {
  let columns = 0;
  for (let j = 0; j < cross.p; j += 1) columns += 2 * Math.log(at(cross.r, j, j));
  return deviance + 2 * residualDf(cross, method) * Math.log(cross.scale) + (method === 'REML' ? columns : 0);
}
