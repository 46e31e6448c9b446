/**
 * Generalised estimating equations (Liang & Zeger 1986, Biometrika 73:13): Σ D_gᵀ V_g⁻¹ (y_g − μ_g) = 0 with
 * V_g = φ A^½ R(α) A^½. Errors are robust: B⁻¹ M B⁻¹, where Mancl & DeRouen (2001, Biometrics 57:126) take the leverage out of the
 * residuals, (I − H_g)⁻¹ (y_g − μ_g), so that they are not too small with few participants.
 *
 * φ = Σ r² / N with Pearson residuals r. α exchangeable: mean of r_s r_t / φ over pairs. α AR(1) solves
 * Σ k α^(k−1) (r_s r_t / φ − α^k) = 0 over pairs k visits apart. All three as geepack has them.
 */
import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky, solveCholesky } from '../linear-algebra/cholesky.ts';
import {
  at,
  fromColumns,
  identity,
  type Matrix,
  multiply,
  toRows,
  transpose,
  zeros,
} from '../linear-algebra/matrix.ts';
import { qr, solveUpper } from '../linear-algebra/qr.ts';
import { type Data, type ModelFrame, modelFrame } from '../model-frame/frame.ts';
import { backFrom, centred, transformed } from './centre.ts';
import { logistic } from './kernel.ts';

export type GeeRequest = {
  /** Such as `detected ~ dose + arm`. */
  readonly formula: string;
  readonly data: Data;
  readonly family: 'binomial' | 'poisson' | 'gaussian';
  /** The column of participants. */
  readonly group: string;
  readonly correlation: 'independence' | 'exchangeable' | 'ar1';
  /** Column of visit numbers for AR(1); otherwise rows of a participant follow each other in their order. */
  readonly visit?: string;
  readonly errors?: 'robust' | 'manclDeRouen';
  readonly reference?: Readonly<Record<string, string>>;
  readonly level?: number;
};

export type GeeTerm = {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly z: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
};

export type GeeModel = {
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  readonly participants: number;
  readonly terms: readonly GeeTerm[];
  /** Robust covariance of the estimates, row by row. */
  readonly covariance: readonly (readonly number[])[];
  /** α; zero for independence. */
  readonly correlation: number;
  /** φ. */
  readonly scale: number;
};

type Cluster = { readonly rows: readonly number[]; readonly times: readonly number[] };

const mostRounds = 200;
/** Squares of residuals below this share of those of the responses are rounding. */
const nothingLeft = 1e-26;

/** @throws StatisticsError of the frame; `one_group`, `duplicate_visit`, `bad_response`, `rank_deficient`, `perfect_fit`, `not_converged` */
export function fitGee(request: GeeRequest): GeeModel {
  const { family, correlation, errors = 'manclDeRouen', level = 0.95 } = request;
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const { frame, clusters } = framed(request);
  assertResponse(frame, family);
  const names = frame.fixed.map(({ name }) => name);
  const { columns, means } = centred(frame);
  const design = fromColumns(columns);
  const factors = qr(design);
  if (factors.dependent.length > 0) {
    throw new StatisticsError('rank_deficient', factors.dependent.map((j) => names[j]).join(', '));
  }
  if (frame.rowsUsed <= names.length) throw new StatisticsError('too_few_rows', `${frame.rowsUsed} rows`);
  let beta = solveUpper(
    factors.r,
    multiply(transpose(factors.q), fromColumns([frame.y.map((y) => startOf(family, y))])),
  ).values;
  const squares = family === 'gaussian' ? frame.y.reduce((sum, y) => sum + y * y, 0) / frame.rowsUsed : 1;
  let [alpha, scale] = [0, 1];
  for (let round = 0; round < mostRounds; round += 1) {
    const parts = partsAt(design, frame.y, beta, family);
    if (round >= 5) {
      scale = parts.pearson.reduce((sum, r) => sum + r * r, 0) / frame.rowsUsed;
      if (!(scale > nothingLeft * squares)) throw new StatisticsError('perfect_fit', frame.formula.response);
      alpha = correlationOf(correlation, clusters, parts.pearson, scale);
    }
    const weighted = weigh(clusters, parts, alpha, correlation);
    if (!weighted) throw new StatisticsError('not_converged', `correlation ${alpha} gives no valid covariance`);
    const step = multiply(weighted.bread, weighted.score).values;
    beta = beta.map((value, j) => value + (step[j] as number));
    if (!beta.every(Number.isFinite)) throw new StatisticsError('not_converged', 'the estimates run to infinity');
    const gain = step.reduce((most, by, j) => Math.max(most, Math.abs(by) / Math.sqrt(at(weighted.bread, j, j))), 0);
    // Intercepts stand first and run with the column that separates.
    const runaway = names.findLast(
      (_, j) => Math.sqrt(at(weighted.bread, j, j)) * largest(design, j) > 1000 && family !== 'gaussian',
    );
    if (runaway) throw new StatisticsError('not_converged', `${runaway}: it separates the responses`);
    if (round > 6 && gain < 1e-10) {
      const covariance = sandwich(clusters, design, frame.y, beta, family, alpha, correlation, errors);
      const back = backFrom(means, anchorOf(names), -1);
      const own = transformed(back, beta, covariance);
      assertErrors(covariance, weighted.bread, design, frame.y, family, names);
      assertErrors(own.covariance, transformed(back, beta, weighted.bread).covariance, null, frame.y, family, names);
      return assembled(frame, clusters, names, own.estimate, own.covariance, alpha, scale, level);
    }
  }
  throw new StatisticsError('not_converged', `after ${mostRounds} steps`);
}

function anchorOf(names: readonly string[]): number[] {
  const intercept = names.indexOf('(Intercept)');
  return intercept < 0 ? [] : [intercept];
}

/** An error of nothing, where rows that decide a coefficient leave no residual, or one that dwarfs its column, is no estimate's. */
function assertErrors(
  covariance: Matrix,
  bread: Matrix,
  /** The columns, where an error may be held against their spread. */
  design: Matrix | null,
  y: Float64Array,
  family: GeeRequest['family'],
  names: readonly string[],
): void {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const spread = family === 'gaussian' ? y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length : 1;
  names.forEach((name, j) => {
    const robust = at(covariance, j, j);
    if (!(robust > 1e-16 * spread * at(bread, j, j))) throw new StatisticsError('perfect_fit', name);
    if (design && family !== 'gaussian' && Math.sqrt(robust) * largest(design, j) > 1000) {
      throw new StatisticsError('not_converged', `${name}: it separates the responses`);
    }
  });
}

function framed({ formula, data, group, visit, reference }: GeeRequest) {
  for (const name of visit === undefined ? [group] : [group, visit]) {
    if (!data[name]) throw new StatisticsError('unknown_column', name);
  }
  // The random term makes the frame group its rows; a numeric visit is carried along as a further column.
  const carried = visit === undefined ? '' : ` + \`${visit}\``;
  const frame = modelFrame(`${formula} + (1${carried} | \`${group}\`)`, data, reference);
  const [random, ...further] = frame.random;
  if (!random || further.length > 0) throw new StatisticsError('one_group', group);
  const time = random.columns.find(({ name }) => name !== '(Intercept)')?.values;
  const clusters = random.levels.map((): { rows: number[]; times: number[] } => ({ rows: [], times: [] }));
  for (let i = 0; i < frame.rowsUsed; i += 1) {
    const level = random.of[i] as number;
    const own = clusters[level];
    const at = time ? (time[i] as number) : (own?.rows.length ?? 0);
    if (own?.times.includes(at)) throw new StatisticsError('duplicate_visit', `${random.levels[level]}: ${at}`);
    own?.rows.push(i);
    own?.times.push(at);
  }
  return { frame, clusters: clusters as readonly Cluster[] };
}

function assertResponse({ y, formula }: ModelFrame, family: GeeRequest['family']): void {
  const fits = (value: number) =>
    family === 'gaussian' ||
    (family === 'binomial' ? value === 0 || value === 1 : Number.isSafeInteger(value) && value >= 0);
  const odd = y.find((value) => !fits(value));
  if (odd !== undefined) throw new StatisticsError('bad_response', `${formula.response}: ${odd}`);
}

/** Responses drawn a little towards the middle, on the scale of the link: a start for any design. */
function startOf(family: GeeRequest['family'], y: number): number {
  if (family === 'gaussian') return y;
  return family === 'binomial' ? (y === 1 ? 1 : -1) : Math.log(y + 0.5);
}

type Parts = { readonly scaledDesign: Matrix; readonly pearson: Float64Array };

/** Rows of A^(−½) D and Pearson residuals A^(−½) (y − μ). */
function partsAt(design: Matrix, y: Float64Array, beta: Float64Array, family: GeeRequest['family']): Parts {
  const n = y.length;
  const eta = multiply(design, fromColumns([beta])).values;
  const scaledDesign = zeros(n, design.columns);
  const pearson = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const linear = eta[i] as number;
    const mean = family === 'gaussian' ? linear : family === 'binomial' ? logistic(linear) : Math.exp(linear);
    const variance = family === 'gaussian' ? 1 : family === 'binomial' ? mean * logistic(-linear) : mean;
    // With the canonical link dμ/dη is the variance function.
    const root = Math.sqrt(variance);
    pearson[i] = ((y[i] as number) - mean) / root;
    for (let j = 0; j < design.columns; j += 1) scaledDesign.values[i + j * n] = root * at(design, i, j);
  }
  return { scaledDesign, pearson };
}

function correlationOf(
  kind: GeeRequest['correlation'],
  clusters: readonly Cluster[],
  r: Float64Array,
  scale: number,
): number {
  if (kind === 'independence') return 0;
  const sums = new Map<number, { pairs: number; sum: number }>();
  for (const { rows, times } of clusters) {
    rows.forEach((row, s) => {
      for (let t = 0; t < s; t += 1) {
        const apart = kind === 'ar1' ? Math.abs((times[s] as number) - (times[t] as number)) : 1;
        const own = sums.get(apart) ?? { pairs: 0, sum: 0 };
        own.pairs += 1;
        own.sum += ((r[row] as number) * (r[rows[t] as number] as number)) / scale;
        sums.set(apart, own);
      }
    });
  }
  if (sums.size === 0)
    throw new StatisticsError('too_few_rows', 'no participant has two rows, so there is no correlation');
  if (kind === 'exchangeable') return [...sums.values()].reduce((all, { pairs, sum }) => all + sum / pairs, 0);
  const slope = (alpha: number) =>
    [...sums].reduce((all, [k, { pairs, sum }]) => all + k * alpha ** (k - 1) * (sum - pairs * alpha ** k), 0);
  let [low, high] = [0, 1 - 1e-12];
  if (slope(low) < 0) [low, high] = [-1 + 1e-12, 0];
  for (let round = 0; round < 200 && high - low > 1e-15; round += 1) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Lower factor of R(α) among the visits a participant has. */
function factorOf(kind: GeeRequest['correlation'], times: readonly number[], alpha: number): Matrix | null {
  const n = times.length;
  const made = identity(n);
  if (kind === 'independence') return made;
  for (let s = 0; s < n; s += 1) {
    for (let t = 0; t < n; t += 1) {
      if (s === t) continue;
      const apart = Math.abs((times[s] as number) - (times[t] as number));
      made.values[s + t * n] = kind === 'exchangeable' ? alpha : alpha ** apart;
    }
  }
  return cholesky(made);
}

/** Rows of one participant: A^(−½) D, R⁻¹ A^(−½) D, and the residuals. */
function clusterParts({ rows, times }: Cluster, parts: Parts, alpha: number, kind: GeeRequest['correlation']) {
  const factor = factorOf(kind, times, alpha);
  if (!factor) return null;
  const d = fromColumns(
    Array.from({ length: parts.scaledDesign.columns }, (_, j) => rows.map((row) => at(parts.scaledDesign, row, j))),
  );
  return { d, wd: solveCholesky(factor, d), r: fromColumns([rows.map((row) => parts.pearson[row] as number)]) };
}

function weigh(clusters: readonly Cluster[], parts: Parts, alpha: number, kind: GeeRequest['correlation']) {
  const p = parts.scaledDesign.columns;
  const information = zeros(p, p);
  const score = zeros(p, 1);
  for (const cluster of clusters) {
    const own = clusterParts(cluster, parts, alpha, kind);
    if (!own) return null;
    add(information, multiply(transpose(own.d), own.wd));
    add(score, multiply(transpose(own.wd), own.r));
  }
  const factor = cholesky(information);
  return factor && { bread: inverseFromCholesky(factor), score };
}

function sandwich(
  clusters: readonly Cluster[],
  design: Matrix,
  y: Float64Array,
  beta: Float64Array,
  family: GeeRequest['family'],
  alpha: number,
  kind: GeeRequest['correlation'],
  errors: 'robust' | 'manclDeRouen',
): Matrix {
  const parts = partsAt(design, y, beta, family);
  const bread = weigh(clusters, parts, alpha, kind)?.bread;
  const meat = zeros(design.columns, design.columns);
  for (const cluster of clusters) {
    const own = clusterParts(cluster, parts, alpha, kind);
    if (!own || !bread) throw new StatisticsError('not_converged', 'the information is singular');
    let left = own.r;
    if (errors === 'manclDeRouen') {
      const hat = multiply(multiply(own.d, bread), transpose(own.wd));
      const rest = { ...hat, values: hat.values.map((value, k) => (k % (hat.rows + 1) === 0 ? 1 : 0) - value) };
      const { q, r, dependent } = qr(rest, 1e-12);
      if (dependent.length > 0)
        throw new StatisticsError('rank_deficient', 'one participant alone decides a coefficient');
      left = solveUpper(r, multiply(transpose(q), left));
    }
    const u = multiply(transpose(own.wd), left);
    add(meat, multiply(u, transpose(u)));
  }
  if (!bread) throw new StatisticsError('not_converged', 'the information is singular');
  return multiply(multiply(bread, meat), bread);
}

function add(to: Matrix, other: Matrix): void {
  other.values.forEach((value, k) => {
    to.values[k] = (to.values[k] as number) + value;
  });
}

function largest(design: Matrix, j: number): number {
  let most = 0;
  for (let i = 0; i < design.rows; i += 1) most = Math.max(most, Math.abs(at(design, i, j)));
  return most;
}

function assembled(
  frame: ModelFrame,
  clusters: readonly Cluster[],
  names: readonly string[],
  beta: Float64Array,
  covariance: Matrix,
  alpha: number,
  scale: number,
  level: number,
): GeeModel {
  const quantile = normalQuantile((1 + level) / 2);
  const terms = names.map((term, j) => {
    const estimate = beta[j] as number;
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
  });
  const { rowsUsed, rowsDropped } = frame;
  return {
    rowsUsed,
    rowsDropped,
    participants: clusters.length,
    terms,
    covariance: toRows(covariance),
    correlation: alpha,
    scale,
  };
}
