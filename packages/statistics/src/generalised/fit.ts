/**
 * Generalised linear models with or without a random intercept, by maximum likelihood.
 *
 *   binomial  logit P(Y = 1)  = xᵀβ + b_g        poisson  log E(Y) = xᵀβ + b_g
 *   ordinal   logit P(Y ≤ k) = θ_k − xᵀβ − b_g    b_g ~ N(0, σ²)
 *
 * The signs are those of lme4's `glmer` and of ordinal's `clmm`: a positive β means more, higher.
 */
import { chiSquareUpper } from '../distributions/distributions.ts';
import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, fromColumns, type Matrix, toRows } from '../linear-algebra/matrix.ts';
import { qr } from '../linear-algebra/qr.ts';
import { type Data, type ModelFrame, modelFrame } from '../model-frame/frame.ts';
import { minimiseByNewton } from '../optimise/newton.ts';
import { transformed } from './centre.ts';
import { derivativesAt, negativeLogLikelihood, type Observations, posteriors } from './marginal.ts';
import { type GeneralisedFamily, observationsOf } from './observations.ts';

export type GeneralisedRequest = {
  /** Such as `detected ~ dose + (1 | participant)`. An ordinal response is coded in whole numbers. */
  readonly formula: string;
  readonly data: Data;
  readonly family: GeneralisedFamily;
  readonly reference?: Readonly<Record<string, string>>;
  /** Nodes of the quadrature; by default 25, or 51 or 101 where the likelihood still changes with more. */
  readonly nodes?: number;
  /** Coverage of the intervals; default 0.95. */
  readonly level?: number;
};

export type GeneralisedTerm = {
  /** Name of the design column; a threshold is `k|k+1`. */
  readonly term: string;
  /** Log odds (binomial, ordinal) or log rate (poisson). */
  readonly estimate: number;
  readonly standardError: number;
  readonly z: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
};

export type GeneralisedModel = {
  readonly formula: string;
  readonly family: GeneralisedFamily;
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  /** Thresholds first in ordinal models. */
  readonly terms: readonly GeneralisedTerm[];
  /** Covariance of the estimates from the observed information, σ included where there is one; row by row. */
  readonly covariance: readonly (readonly number[])[];
  readonly logLikelihood: number;
  readonly aic: number;
  /** Null without a random intercept. */
  readonly random: RandomIntercept | null;
};

export type RandomIntercept = {
  readonly group: string;
  readonly standardDeviation: number;
  /** The estimate lies on the boundary σ = 0; then the errors are those of the model without it. */
  readonly singular: boolean;
  /** σ = 0 against σ > 0: the likelihood ratio is a mixture of χ²₀ and χ²₁ (Self & Liang 1987). */
  readonly test: { readonly chiSquare: number; readonly p: number };
  /** Mode of b_g and its conditional standard deviation. */
  readonly effects: readonly { readonly group: string; readonly effect: number; readonly standardDeviation: number }[];
};

/** Below this a standard deviation is on its boundary. */
const boundary = 1e-5;

/**
 * @throws StatisticsError of the frame; `bad_response`, `rank_deficient`, `too_few_rows`; `not_converged` naming the term that
 *   separates the responses, or the reason
 */
export function fitGeneralisedModel(request: GeneralisedRequest): GeneralisedModel {
  const { family, nodes, level = 0.95 } = request;
  if (nodes !== undefined && !(Number.isInteger(nodes) && nodes >= 1 && nodes <= 101))
    throw new RangeError(`Nodes from 1 to 101, not ${nodes}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const frame = modelFrame(request.formula, request.data, request.reference);
  assertFrame(frame, request.formula);
  const { observations, names, start, back } = observationsOf(frame, family);
  const plain = maximum(
    { ...observations, randomIntercept: false, groups: Array.from(frame.y, (_, i) => Int32Array.of(i)) },
    start,
    1,
    names,
  );
  const [part] = frame.random;
  if (!part) return assembled(request, frame, names, plain, back, null, level);
  const fit = integrated(observations, Float64Array.of(...plain.at, 0.8), nodes, names);
  const sigma = Math.abs(fit.at[names.length] as number);
  const singular = sigma < boundary;
  const used = singular ? plain : fit;
  const chiSquare = Math.max(0, 2 * (plain.value - used.value));
  const { levels } = part;
  const random: RandomIntercept = {
    group: part.group,
    standardDeviation: singular ? 0 : sigma,
    singular,
    test: { chiSquare, p: singular ? 1 : chiSquareUpper(chiSquare, 1) / 2 },
    effects: singular
      ? levels.map((group) => ({ group, effect: 0, standardDeviation: 0 }))
      : posteriors(observations, fit.at).map(({ mode, scale }, g) => ({
          group: levels[g] as string,
          effect: (fit.at[names.length] as number) * mode,
          standardDeviation: sigma * scale,
        })),
  };
  return assembled(request, frame, names, used, back, random, level);
}

function assertFrame(frame: ModelFrame, formula: string): void {
  const [part, ...further] = frame.random;
  if (further.length > 0 || (part && (part.columns.length !== 1 || part.columns[0]?.name !== '(Intercept)'))) {
    throw new StatisticsError('formula_syntax', `${formula}: a random intercept only`);
  }
  if (frame.rowsUsed <= frame.fixed.length) {
    throw new StatisticsError('too_few_rows', `${frame.rowsUsed} rows, ${frame.fixed.length} coefficients`);
  }
  const { dependent } = qr(fromColumns(frame.fixed.map(({ values }) => values)));
  if (dependent.length > 0) {
    throw new StatisticsError('rank_deficient', dependent.map((j) => frame.fixed[j]?.name).join(', '));
  }
}

type Maximum = { readonly at: Float64Array; readonly value: number; readonly covariance: ReturnType<typeof cholesky> };

function maximum(data: Observations, start: Float64Array, nodes: number, names: readonly string[]): Maximum {
  const found = minimiseByNewton(
    (x) => negativeLogLikelihood(data, x, nodes),
    (x) => derivativesAt(data, x, nodes),
    start,
  );
  const { hessian, value } = derivativesAt(data, found.at, nodes);
  const factor = cholesky(hessian);
  const fit = { at: found.at, value, covariance: factor && inverseFromCholesky(factor) };
  // On the boundary σ = 0 the fit without a random intercept is the one that is used, and that has been looked at.
  const sigma = data.randomIntercept ? Math.abs(found.at[names.length] as number) : null;
  if (sigma === null || sigma >= boundary) assertApart(fit, data, names);
  if (!found.converged) {
    throw new StatisticsError(
      'not_converged',
      `after ${found.iterations} steps, decrement ${found.decrement.toExponential(1)}`,
    );
  }
  return fit;
}

/** The fit with as many nodes as the integral needs. */
function integrated(
  data: Observations,
  start: Float64Array,
  nodes: number | undefined,
  names: readonly string[],
): Maximum {
  if (nodes !== undefined) return maximum(data, start, nodes, names);
  let fit = maximum(data, start, 25, names);
  for (const more of [51, 101]) {
    if (Math.abs(negativeLogLikelihood(data, fit.at, more) - fit.value) < 1e-10 * Math.abs(fit.value)) break;
    fit = maximum(data, fit.at, more, names);
  }
  return fit;
}

/**
 * A coefficient whose error dwarfs the spread of its column has run to infinity: the responses are separated. Columns are about their
 * means, so intercept and thresholds, which stand first, run with it; the last to do so is named.
 */
function assertApart({ covariance }: Maximum, { upper }: Observations, names: readonly string[]): void {
  const apart = names.findLast((_, j) => {
    let spread = 0;
    for (let i = 0; i < upper.rows; i += 1) spread = Math.max(spread, Math.abs(at(upper, i, j)));
    return !covariance || Math.sqrt(at(covariance, j, j)) * (spread || 1) > 1000;
  });
  if (apart !== undefined) {
    throw new StatisticsError('not_converged', `${apart}: it separates the responses, so its estimate is infinite`);
  }
}

function assembled(
  request: GeneralisedRequest,
  frame: ModelFrame,
  names: readonly string[],
  fit: Maximum,
  back: Matrix,
  random: RandomIntercept | null,
  level: number,
): GeneralisedModel {
  if (!fit.covariance) throw new StatisticsError('not_converged', 'the information is not positive definite');
  const { estimate: coefficients, covariance } = transformed(back, fit.at, fit.covariance);
  const quantile = normalQuantile((1 + level) / 2);
  const parameters = names.length + (random ? 1 : 0);
  return {
    formula: request.formula,
    family: request.family,
    rowsUsed: frame.rowsUsed,
    rowsDropped: frame.rowsDropped,
    terms: names.map((term, j) => {
      const estimate = coefficients[j] as number;
      const standardError = Math.sqrt(at(covariance, j, j));
      const z = estimate / standardError;
      const half = quantile * standardError;
      return {
        term,
        estimate,
        standardError,
        z,
        p: 2 * normalCdf(-Math.abs(z)),
        lower: estimate - half,
        upper: estimate + half,
      };
    }),
    covariance: toRows(covariance),
    logLikelihood: -fit.value,
    aic: 2 * fit.value + 2 * parameters,
    random,
  };
}
