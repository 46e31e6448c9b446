/**
 * Linear mixed models by REML or ML with Satterthwaite's degrees of freedom, as lme4 and lmerTest define them
 * (Bates et al. 2015, J. Stat. Softw. 67(1); Kuznetsova, Brockhoff & Christensen 2017, J. Stat. Softw. 82(13)).
 * Without a random term the model is fitted by least squares, with residual degrees of freedom.
 */
import { tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import { inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { type Data, type ModelFrame, modelFrame } from '../model-frame/frame.ts';
import { minimise } from '../optimise/minimise.ts';
import { type CrossProducts, crossProducts } from './cross-products.ts';
import { evaluate, lambdaOf, type Method, profiledDeviance, thetaLength } from './deviance.ts';
import { groupEffects } from './group-effects.ts';
import { satterthwaite } from './satterthwaite.ts';

export type ModelRequest = {
  /** Such as `value ~ condition + (1 | participant)`. */
  readonly formula: string;
  readonly data: Data;
  /** Reference level by factor; otherwise the first level by code unit. */
  readonly reference?: Readonly<Record<string, string>>;
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

export type VarianceComponent = {
  readonly group: string;
  readonly term: string;
  readonly variance: number;
  readonly sd: number;
  /** With the components before it, in order. */
  readonly correlations: readonly number[];
};

export type MixedModel = {
  readonly formula: string;
  readonly method: Method;
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  readonly groups: number;
  readonly terms: readonly Term[];
  /** p × p, row by row. */
  readonly covariance: readonly (readonly number[])[];
  readonly varianceComponents: readonly VarianceComponent[];
  readonly residualVariance: number;
  /** −2 log restricted likelihood, or −2 log likelihood. */
  readonly criterion: number;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  /** A variance is zero or a correlation ±1: the estimate lies on the boundary. */
  readonly singular: boolean;
  readonly converged: true;
  readonly iterations: number;
  /** Predicted group effects (BLUPs) by level, in the order of the random terms. */
  readonly groupEffects: readonly { readonly level: string; readonly effects: readonly number[] }[];
};

/** Relative θ below which a variance counts as zero, as in lme4. */
const boundary = 1e-4;
/** Largest slope of the deviance at what is reported as its minimum. */
const slopeTolerance = 2e-3;

/** @throws StatisticsError; `not_converged` rather than numbers that are not estimates */
export function fitLinearMixedModel(request: ModelRequest): MixedModel {
  const method = request.method ?? 'REML';
  const frame = modelFrame(request.formula, request.data, request.reference);
  const cross = crossProducts(frame);
  const { theta, iterations } = minimumOf(cross, method);
  const at = evaluate(cross, theta);
  const degrees = method === 'REML' ? cross.n - cross.p : cross.n;
  const sigmaScaled = Math.sqrt(at.pwrss / degrees);
  if (!(sigmaScaled > 1e-9)) throw new StatisticsError('perfect_fit', request.formula);
  const unscaled = inverseFromCholesky(at.factor, cross.p);
  const df = cross.q === 0 ? () => cross.n - cross.p : satterthwaite(cross, theta, sigmaScaled, method);
  const { scale } = cross;
  const level = request.level ?? 0.95;
  const terms = frame.fixed.map(({ name }, j): Term => {
    const toOriginal = scale.y / (scale.x[j] as number);
    // The response was centred, which only the intercept feels.
    const shift = frame.formula.intercept && j === 0 ? scale.shift : 0;
    const estimate = (at.beta[j] as number) * toOriginal + shift;
    const standardError = sigmaScaled * Math.sqrt(unscaled[j * cross.p + j] as number) * toOriginal;
    const dfOf = df(j);
    const t = estimate / standardError;
    const half = tQuantile(0.5 + level / 2, dfOf) * standardError;
    return {
      term: name,
      estimate,
      standardError,
      df: dfOf,
      t,
      p: tTwoSided(t, dfOf),
      lower: estimate - half,
      upper: estimate + half,
    };
  });
  const residualVariance = (sigmaScaled * scale.y) ** 2;
  const criterion = originalCriterion(cross, profiledDeviance(cross, theta, method), method);
  const parameters = cross.p + thetaLength(cross.q) + 1;
  const components = varianceComponents(frame, theta, residualVariance);
  return {
    formula: request.formula,
    method,
    rowsUsed: frame.rowsUsed,
    rowsDropped: frame.rowsDropped,
    groups: cross.groups,
    terms,
    covariance: frame.fixed.map((_, i) =>
      frame.fixed.map(
        (__, j) =>
          ((unscaled[i * cross.p + j] as number) * residualVariance) /
          ((scale.x[i] as number) * (scale.x[j] as number)),
      ),
    ),
    varianceComponents: components.list,
    residualVariance,
    criterion,
    logLikelihood: -criterion / 2,
    aic: criterion + 2 * parameters,
    bic: criterion + Math.log(cross.n) * parameters,
    singular: components.singular,
    converged: true,
    iterations,
    groupEffects: groupEffects(frame, cross, theta, at.beta),
  };
}

function minimumOf(cross: CrossProducts, method: Method): { theta: Float64Array; iterations: number } {
  const length = thetaLength(cross.q);
  if (length === 0) return { theta: new Float64Array(0), iterations: 0 };
  const start = new Float64Array(length);
  for (let column = 0, at = 0; column < cross.q; at += cross.q - column, column += 1) start[at] = 1;
  const found = minimise((theta) => profiledDeviance(cross, theta, method), start);
  const steepest = found.gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  if (!(steepest < slopeTolerance)) {
    throw new StatisticsError('not_converged', `largest slope ${steepest} after ${found.iterations} steps`);
  }
  return { theta: positiveDiagonal(found.at, cross.q), iterations: found.iterations };
}

/** A column of Λ and its negative give the same covariance: the one with a diagonal ≥ 0 is reported. */
function positiveDiagonal(theta: Float64Array, q: number): Float64Array {
  const made = Float64Array.from(theta);
  for (let column = 0, at = 0; column < q; at += q - column, column += 1) {
    if ((made[at] as number) >= 0) continue;
    for (let k = 0; k < q - column; k += 1) made[at + k] = -(made[at + k] as number);
  }
  return made;
}

function originalCriterion(cross: CrossProducts, scaled: number, method: Method): number {
  const { scale, n, p } = cross;
  const degrees = method === 'REML' ? n - p : n;
  let columns = 0;
  if (method === 'REML') for (const x of scale.x) columns += 2 * Math.log(x);
  return scaled + 2 * degrees * Math.log(scale.y) + columns + (method === 'REML' ? p * Math.log(1) : 0);
}

function varianceComponents(frame: ModelFrame, theta: Float64Array, residualVariance: number) {
  const { random } = frame;
  if (!random) return { list: [], singular: false };
  const q = random.columns.length;
  const lambda = lambdaOf(theta, q);
  const covariance = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < q; k += 1) sum += (lambda[i * q + k] as number) * (lambda[j * q + k] as number);
    return sum * residualVariance;
  };
  const list = random.columns.map(({ name }, i): VarianceComponent => {
    const variance = covariance(i, i);
    const correlations = Array.from({ length: i }, (_, j) => {
      const product = Math.sqrt(variance * covariance(j, j));
      return product > 0 ? covariance(i, j) / product : 0;
    });
    return { group: random.group, term: name, variance, sd: Math.sqrt(variance), correlations };
  });
  const singular = Array.from({ length: q }, (_, i) => lambda[i * q + i] as number).some((value) => value < boundary);
  return { list, singular };
}
