/** Proportional hazards (Cox 1972) with Efron's (1977) treatment of ties. */
import { chiSquareUpper } from '../distributions/distributions.ts';
import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, toRows, zeros } from '../linear-algebra/matrix.ts';
import { type Data, modelFrame } from '../model-frame/frame.ts';

export type CoxRequest = {
  /** Such as `days ~ arm + baseline`: the response is the time. */
  readonly formula: string;
  readonly data: Data;
  /** The column that is 1 where the event was seen and 0 where the person was censored. */
  readonly event: string;
  readonly reference?: Readonly<Record<string, string>>;
  readonly level?: number;
};

export type HazardTerm = {
  readonly term: string;
  /** Log hazard ratio, its error and test. */
  readonly estimate: number;
  readonly standardError: number;
  readonly z: number;
  readonly p: number;
  readonly hazardRatio: { readonly estimate: number; readonly lower: number; readonly upper: number };
};

export type CoxModel = {
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  readonly events: number;
  readonly terms: readonly HazardTerm[];
  readonly covariance: readonly (readonly number[])[];
  /** Partial log likelihood without and with the terms. */
  readonly logLikelihood: readonly [number, number];
  readonly likelihoodRatio: { readonly chiSquare: number; readonly df: number; readonly p: number };
};

const mostRounds = 60;

/** @throws StatisticsError of the frame; `empty_condition` without events, `rank_deficient`, `not_converged` (a term that separates) */
export function fitCox(request: CoxRequest): CoxModel {
  const { level = 0.95, event } = request;
  const seen = request.data[event];
  if (seen === undefined) throw new StatisticsError('unknown_column', event);
  const frame = modelFrame(`${request.formula} + ${event}`, request.data, request.reference);
  if (frame.random.length > 0) throw new StatisticsError('formula_syntax', `${request.formula}: no random terms`);
  const columns = frame.fixed.filter(({ name }) => name !== '(Intercept)' && name !== event);
  const status = frame.fixed.find(({ name }) => name === event)?.values;
  if (status === undefined || [...status].some((value) => value !== 0 && value !== 1)) {
    throw new StatisticsError('mixed_column', event);
  }
  const data = inOrder(
    frame.y,
    status,
    columns.map(({ values }) => values),
  );
  const events = data.event.reduce((sum, value) => sum + value, 0);
  if (events === 0) throw new StatisticsError('empty_condition', event);
  const fit = maximise(
    data,
    columns.map(({ name }) => name),
  );
  const z = normalQuantile((1 + level) / 2);
  const chiSquare = 2 * (fit.logLikelihood - fit.null);
  return {
    rowsUsed: frame.rowsUsed,
    rowsDropped: frame.rowsDropped,
    events,
    terms: columns.map(({ name }, j) => {
      const estimate = fit.beta[j] as number;
      const standardError = Math.sqrt(at(fit.covariance, j, j));
      const half = z * standardError;
      return {
        term: name,
        estimate,
        standardError,
        z: estimate / standardError,
        p: 2 * normalCdf(-Math.abs(estimate / standardError)),
        hazardRatio: {
          estimate: Math.exp(estimate),
          lower: Math.exp(estimate - half),
          upper: Math.exp(estimate + half),
        },
      };
    }),
    covariance: toRows(fit.covariance),
    logLikelihood: [fit.null, fit.logLikelihood],
    likelihoodRatio: { chiSquare, df: columns.length, p: chiSquareUpper(Math.max(0, chiSquare), columns.length) },
  };
}

type Ordered = { readonly time: Float64Array; readonly event: Float64Array; readonly x: readonly Float64Array[] };

/** Latest first, so that risk sets grow as the rows are walked; columns are centred, which changes no estimate. */
function inOrder(time: Float64Array, event: Float64Array, columns: readonly Float64Array[]): Ordered {
  if (time.some((value) => !(value > 0))) throw new StatisticsError('non_finite', 'time');
  const order = [...time.keys()].sort((a, b) => (time[b] as number) - (time[a] as number));
  const sorted = (values: Float64Array) => Float64Array.from(order, (row) => values[row] as number);
  return {
    time: sorted(time),
    event: sorted(event),
    x: columns.map((values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return sorted(values).map((value) => value - mean);
    }),
  };
}

type Slope = { readonly logLikelihood: number; readonly score: Float64Array; readonly information: Matrix };

/** The partial likelihood and its derivatives; d tied events leave the risk set one by one, in equal parts. */
function slopeAt({ time, event, x }: Ordered, beta: Float64Array): Slope {
  const p = x.length;
  const n = time.length;
  const [score, information] = [new Float64Array(p), zeros(p, p)];
  let logLikelihood = 0;
  let [risk, tied] = [moments(p), moments(p)];
  for (let start = 0; start < n; ) {
    let end = start;
    tied = moments(p);
    let deaths = 0;
    for (; end < n && time[end] === time[start]; end += 1) {
      const eta = x.reduce((sum, values, j) => sum + (values[end] as number) * (beta[j] as number), 0);
      addRow(risk, x, end, Math.exp(eta));
      if (event[end] !== 1) continue;
      deaths += 1;
      logLikelihood += eta;
      addRow(tied, x, end, Math.exp(eta));
      for (let j = 0; j < p; j += 1) score[j] = (score[j] as number) + (x[j]?.[end] as number);
    }
    for (let left = 0; left < deaths; left += 1) {
      const share = left / deaths;
      const total = risk.sum - share * tied.sum;
      logLikelihood -= Math.log(total);
      for (let j = 0; j < p; j += 1) {
        const mean = ((risk.first[j] as number) - share * (tied.first[j] as number)) / total;
        score[j] = (score[j] as number) - mean;
        for (let k = 0; k <= j; k += 1) {
          const other = ((risk.first[k] as number) - share * (tied.first[k] as number)) / total;
          const second = ((risk.second[j * p + k] as number) - share * (tied.second[j * p + k] as number)) / total;
          const value = at(information, j, k) + second - mean * other;
          information.values[k * p + j] = value;
          information.values[j * p + k] = value;
        }
      }
    }
    start = end;
  }
  return { logLikelihood, score, information };
}

type Moments = { sum: number; readonly first: Float64Array; readonly second: Float64Array };
const moments = (p: number): Moments => ({ sum: 0, first: new Float64Array(p), second: new Float64Array(p * p) });

function addRow(to: Moments, x: readonly Float64Array[], row: number, weight: number): void {
  const p = x.length;
  to.sum += weight;
  for (let j = 0; j < p; j += 1) {
    const value = (x[j]?.[row] as number) * weight;
    to.first[j] = (to.first[j] as number) + value;
    for (let k = 0; k <= j; k += 1) {
      to.second[j * p + k] = (to.second[j * p + k] as number) + value * (x[k]?.[row] as number);
    }
  }
}

function maximise(data: Ordered, names: readonly string[]) {
  const p = data.x.length;
  let beta = new Float64Array(p);
  let here = slopeAt(data, beta);
  const start = here.logLikelihood;
  for (let round = 0; round < mostRounds; round += 1) {
    const factor = cholesky(here.information);
    if (factor === null) {
      // At the start it is the design; later the information has vanished, as a coefficient has gone to infinity.
      if (round === 0) throw new StatisticsError('rank_deficient', names.join(', '));
      throw new StatisticsError('not_converged', `${names[farthest(data, beta)]}: ${ordersEvents}`);
    }
    const covariance = inverseFromCholesky(factor);
    const step = beta.map((_, j) => here.score.reduce((sum, value, k) => sum + at(covariance, j, k) * value, 0));
    const gain = step.reduce((sum, value, j) => sum + value * (here.score[j] as number), 0);
    if (gain < 1e-18 * Math.max(1, Math.abs(here.logLikelihood))) {
      assertFinite(data, covariance, names);
      return { beta, covariance, logLikelihood: here.logLikelihood, null: start };
    }
    let share = 1;
    let next = here;
    for (; share > 1e-6; share /= 2) {
      const tried = beta.map((value, j) => value + share * (step[j] as number));
      next = slopeAt(data, tried);
      if (next.logLikelihood > here.logLikelihood - 1e-12 * Math.abs(here.logLikelihood)) {
        beta = tried;
        break;
      }
    }
    if (share <= 1e-6) {
      throw new StatisticsError('not_converged', `${names.join(', ')}: a step could gain ${gain.toExponential(1)}`);
    }
    here = next;
  }
  throw new StatisticsError('not_converged', `${names[farthest(data, beta)]}: ${ordersEvents}`);
}

const ordersEvents = 'it orders the events, so its estimate is infinite';

/** The coefficient that moves the log hazard most. */
function farthest({ x }: Ordered, beta: Float64Array): number {
  const reach = x.map((values, j) => Math.abs(beta[j] as number) * spreadOf(values));
  return reach.indexOf(Math.max(...reach));
}

/** Where the likelihood only rises towards a limit the information fades: an error that dwarfs the spread of its column is no estimate's. */
function assertFinite({ x }: Ordered, covariance: Matrix, names: readonly string[]): void {
  x.forEach((values, j) => {
    if (!(Math.sqrt(at(covariance, j, j)) * spreadOf(values) < 1000)) {
      throw new StatisticsError('not_converged', `${names[j]}: ${ordersEvents}`);
    }
  });
}

const spreadOf = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
