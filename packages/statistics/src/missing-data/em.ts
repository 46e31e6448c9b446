/**
 * Mean and covariance of visits that are multivariate normal, some not seen, by maximum likelihood: the EM algorithm of Dempster, Laird &
 * Rubin (1977, JRSS B 39:1), as in Little & Rubin (2020, section 11.2). No step lowers the likelihood.
 */
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky, logDeterminant } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, traceOfProduct, transpose, zeros } from '../linear-algebra/matrix.ts';

export type MultivariateNormal = {
  readonly mean: readonly number[];
  /** J × J, divided by n. */
  readonly covariance: Matrix;
  readonly logLikelihood: number;
  /** Log likelihood before each step. */
  readonly path: readonly number[];
};

const mostSteps = 5000;

/**
 * @param rows one per participant, J visits, null where not seen; rows without any visit tell nothing and are left out
 * @throws StatisticsError `too_few_rows` where a visit was seen in fewer than 2 participants or there are no more participants than
 *   visits, `unseen_visit_pair`, `non_finite`, `not_converged`
 */
export function fitMultivariateNormal(rows: readonly (readonly (number | null)[])[]): MultivariateNormal {
  const seen = rows.filter((row) => row.some((value) => value !== null));
  const visits = seen[0]?.length ?? 0;
  assertSeen(seen, visits);
  let mean = Array.from({ length: visits }, (_, j) => averageOf(seen.map((row) => row[j] ?? null)));
  let covariance = zeros(visits, visits);
  for (let j = 0; j < visits; j += 1) {
    covariance.values[j + j * visits] = averageOf(
      seen.map((row) => (row[j] == null ? null : ((row[j] as number) - (mean[j] as number)) ** 2)),
    );
  }
  const patterns = patternsOf(seen, visits);
  const path: number[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    const next = stepFrom(patterns, mean, covariance);
    const gain = next.logLikelihood - (path.at(-1) ?? Number.NEGATIVE_INFINITY);
    path.push(next.logLikelihood);
    if (step > 0 && gain < 1e-12 * (1 + Math.abs(next.logLikelihood))) {
      return { mean, covariance, logLikelihood: next.logLikelihood, path };
    }
    ({ mean, covariance } = next);
  }
  throw new StatisticsError('not_converged', `after ${mostSteps} steps of EM`);
}

function assertSeen(rows: readonly (readonly (number | null)[])[], visits: number): void {
  if (visits === 0 || rows.length <= visits)
    throw new StatisticsError('too_few_rows', `${rows.length} participants, ${visits} visits`);
  rows.forEach((row, i) => {
    if (row.length !== visits) throw new StatisticsError('draw_length', `participant ${i + 1}`);
    if (row.some((value) => value !== null && !Number.isFinite(value)))
      throw new StatisticsError('non_finite', `participant ${i + 1}`);
  });
  for (let j = 0; j < visits; j += 1) {
    if (rows.filter((row) => row[j] !== null).length < 2) throw new StatisticsError('too_few_rows', `visit ${j + 1}`);
    for (let k = 0; k < j; k += 1) {
      if (!rows.some((row) => row[j] !== null && row[k] !== null)) {
        throw new StatisticsError('unseen_visit_pair', `visits ${k + 1} and ${j + 1}`);
      }
    }
  }
}

function averageOf(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Participants with the same visits: all that EM asks of them. */
type Pattern = {
  readonly n: number;
  readonly known: readonly number[];
  readonly gaps: readonly number[];
  /** Of the visits seen. */
  readonly mean: readonly number[];
  /** Σ (y − ȳ)(y − ȳ)ᵀ of the visits seen. */
  readonly scatter: Matrix;
};

function patternsOf(rows: readonly (readonly (number | null)[])[], visits: number): Pattern[] {
  const all = Array.from({ length: visits }, (_, j) => j);
  const groups = Map.groupBy(rows, (row) => all.map((j) => (row[j] === null ? '0' : '1')).join(''));
  return [...groups.values()].map((own) => {
    const known = all.filter((j) => own[0]?.[j] !== null);
    const mean = known.map((j) => own.reduce((sum, row) => sum + (row[j] as number), 0) / own.length);
    const scatter = zeros(known.length, known.length);
    for (const row of own) {
      const left = known.map((j, s) => (row[j] as number) - (mean[s] as number));
      left.forEach((one, s) => {
        left.forEach((other, t) => {
          scatter.values[s + t * known.length] = at(scatter, s, t) + one * other;
        });
      });
    }
    return { n: own.length, known, gaps: all.filter((j) => own[0]?.[j] === null), mean, scatter };
  });
}

/** Log likelihood at (mean, covariance), and where one step of EM leads. */
function stepFrom(patterns: readonly Pattern[], mean: readonly number[], covariance: Matrix) {
  const visits = mean.length;
  let logLikelihood = 0;
  const filled = patterns.map((pattern) => {
    const { n, known, gaps, scatter } = pattern;
    const factor = cholesky(block(covariance, known, known));
    if (!factor) throw new StatisticsError('not_converged', 'the covariance is not positive definite');
    const inverse = inverseFromCholesky(factor);
    const left = known.map((j, s) => (pattern.mean[s] as number) - (mean[j] as number));
    const distance =
      n *
      left.reduce((sum, one, s) => sum + left.reduce((all, other, t) => all + one * other * at(inverse, s, t), 0), 0);
    const spread = traceOfProduct(inverse, scatter);
    logLikelihood -= (n * (known.length * Math.log(2 * Math.PI) + logDeterminant(factor)) + distance + spread) / 2;
    // Visits not seen are their regression on those seen; `complete` maps the seen ones to all of them.
    const slope = multiply(block(covariance, gaps, known), inverse);
    const complete = zeros(visits, known.length);
    known.forEach((j, s) => {
      complete.values[j + s * visits] = 1;
    });
    gaps.forEach((j, g) => {
      for (let s = 0; s < known.length; s += 1) complete.values[j + s * visits] = at(slope, g, s);
    });
    const means = mean.map((own, j) => own + left.reduce((sum, one, s) => sum + at(complete, j, s) * one, 0));
    const scatterOfAll = multiply(multiply(complete, scatter), transpose(complete));
    const explained = multiply(slope, block(covariance, known, gaps));
    gaps.forEach((j, g) => {
      gaps.forEach((k, h) => {
        scatterOfAll.values[j + k * visits] = at(scatterOfAll, j, k) + n * (at(covariance, j, k) - at(explained, g, h));
      });
    });
    return { n, means, scatter: scatterOfAll };
  });
  const n = filled.reduce((sum, one) => sum + one.n, 0);
  const next = mean.map((_, j) => filled.reduce((sum, one) => sum + one.n * (one.means[j] as number), 0) / n);
  const made = zeros(visits, visits);
  for (const one of filled) {
    for (let j = 0; j < visits; j += 1) {
      for (let k = 0; k < visits; k += 1) {
        const apart =
          ((one.means[j] as number) - (next[j] as number)) * ((one.means[k] as number) - (next[k] as number));
        made.values[j + k * visits] = at(made, j, k) + (at(one.scatter, j, k) + one.n * apart) / n;
      }
    }
  }
  return { logLikelihood, mean: next, covariance: made };
}

function block(of: Matrix, rows: readonly number[], columns: readonly number[]): Matrix {
  const made = zeros(rows.length, columns.length);
  rows.forEach((i, r) => {
    columns.forEach((j, c) => {
      made.values[r + c * rows.length] = at(of, i, j);
    });
  });
  return made;
}
