/**
 * Mean and covariance of visits that are multivariate normal, some not seen, by maximum likelihood: the EM algorithm of Dempster, Laird &
 * Rubin (1977, JRSS B 39:1), as in Little & Rubin (2020, section 11.2). No step lowers the likelihood.
 */
import { StatisticsError } from '../errors.ts';
import { cholesky, inverseFromCholesky, logDeterminant } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, zeros } from '../linear-algebra/matrix.ts';

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
  const path: number[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    const next = stepFrom(seen, mean, covariance);
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

/** Log likelihood at (mean, covariance), and where one step of EM leads. */
function stepFrom(rows: readonly (readonly (number | null)[])[], mean: readonly number[], covariance: Matrix) {
  const visits = mean.length;
  const n = rows.length;
  let logLikelihood = 0;
  const filled: number[][] = [];
  const extra = zeros(visits, visits);
  for (const row of rows) {
    const known = mean.flatMap((_, j) => (row[j] === null ? [] : [j]));
    const gaps = mean.flatMap((_, j) => (row[j] === null ? [j] : []));
    const own = block(covariance, known, known);
    const factor = cholesky(own);
    if (!factor) throw new StatisticsError('not_converged', 'the covariance is not positive definite');
    const inverse = inverseFromCholesky(factor);
    const left = known.map((j) => (row[j] as number) - (mean[j] as number));
    const solved = left.map((_, s) => left.reduce((sum, value, t) => sum + at(inverse, s, t) * value, 0));
    const distance = left.reduce((sum, value, s) => sum + value * (solved[s] as number), 0);
    logLikelihood -= (known.length * Math.log(2 * Math.PI) + logDeterminant(factor) + distance) / 2;
    const cross = block(covariance, gaps, known);
    const complete = row.map((value) => value ?? 0);
    const slope = multiply(cross, inverse);
    gaps.forEach((j, g) => {
      complete[j] = (mean[j] as number) + solved.reduce((sum, value, s) => sum + at(cross, g, s) * value, 0);
      gaps.forEach((k, h) => {
        let left = at(covariance, j, k);
        for (let s = 0; s < known.length; s += 1) left -= at(slope, g, s) * at(cross, h, s);
        extra.values[j + k * visits] = at(extra, j, k) + left;
      });
    });
    filled.push(complete);
  }
  const next = mean.map((_, j) => filled.reduce((sum, row) => sum + (row[j] as number), 0) / n);
  for (let j = 0; j < visits; j += 1) {
    for (let k = 0; k < visits; k += 1) {
      const sum = filled.reduce(
        (all, row) => all + ((row[j] as number) - (next[j] as number)) * ((row[k] as number) - (next[k] as number)),
        0,
      );
      extra.values[j + k * visits] = (at(extra, j, k) + sum) / n;
    }
  }
  return { logLikelihood, mean: next, covariance: extra };
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
