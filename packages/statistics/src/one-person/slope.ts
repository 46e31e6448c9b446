/**
 * The course of one person: y_i = α + β t_i + e_i, with errors that resemble each other the more the closer they are,
 * corr(e_i, e_j) = φ^|t_i − t_j|, 0 ≤ φ < 1 (continuous-time AR(1); Jones & Boadi-Boateng 1991, Biometrics 47:161). φ by REML or ML, α and β
 * by generalised least squares, tests with n − 2 degrees of freedom as nlme::gls has them.
 */
import { tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import { findMinimum } from '../optimise/brent.ts';

export type SlopeRequest = {
  /** In any unit, such as days; each once, in any order. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** @defaultValue 'REML' */
  readonly method?: 'REML' | 'ML';
  /** Coverage; default 0.95. */
  readonly level?: number;
};

export type SlopeTerm = {
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly t: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
};

export type Slope = {
  readonly intercept: SlopeTerm;
  /** In units of the values per unit of time. */
  readonly slope: SlopeTerm;
  /** φ over one unit of time; 0 where errors do not resemble each other. */
  readonly autocorrelation: number;
  readonly residualSd: number;
  readonly logLikelihood: number;
  readonly rows: number;
};

/** @throws StatisticsError `column_lengths`, `non_finite`, `too_few_rows` below 4, `duplicate_visit`, `perfect_fit`, `not_converged` */
export function autocorrelatedSlope({ times, values, method = 'REML', level = 0.95 }: SlopeRequest): Slope {
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const series = ordered(times, values);
  // Correlation over the shortest gap, so that the search does not hang on the unit of time.
  const shortest = series.reduce((least, { gap }) => Math.min(least, gap), Number.POSITIVE_INFINITY);
  const at = (correlation: number) => whitened(series, correlation, shortest);
  const criterion = (correlation: number) => -logLikelihood(at(correlation), method);
  const best = bestCorrelation(criterion);
  const fit = at(best);
  const n = series.length;
  const df = n - 2;
  const sigmaSquared = fit.rss / (method === 'REML' ? df : n);
  const reach = tQuantile((1 + level) / 2, df);
  const term = (estimate: number, variance: number): SlopeTerm => {
    // With n − 2 under ML too, as nlme::gls prints it.
    const standardError = Math.sqrt(variance * (fit.rss / df));
    const t = estimate / standardError;
    const [lower, upper] = [estimate - reach * standardError, estimate + reach * standardError];
    return { estimate, standardError, df, t, p: tTwoSided(t, df), lower, upper };
  };
  return {
    intercept: term(fit.intercept, fit.variances[0]),
    slope: term(fit.slope, fit.variances[1]),
    autocorrelation: best ** (1 / shortest),
    residualSd: Math.sqrt(sigmaSquared),
    logLikelihood: logLikelihood(fit, method),
    rows: n,
  };
}

type Point = { readonly time: number; readonly value: number; readonly gap: number };

function ordered(times: readonly number[], values: readonly number[]): Point[] {
  if (times.length !== values.length) throw new StatisticsError('column_lengths', `${times.length}, ${values.length}`);
  [...times, ...values].forEach((one, i) => {
    if (!Number.isFinite(one)) throw new StatisticsError('non_finite', `row ${(i % times.length) + 1}`);
  });
  if (times.length < 4) throw new StatisticsError('too_few_rows', `${times.length} occasions`);
  const points = times.map((time, i) => ({ time, value: values[i] as number })).sort((a, b) => a.time - b.time);
  return points.map((point, i) => {
    const gap = i === 0 ? Number.POSITIVE_INFINITY : point.time - (points[i - 1]?.time as number);
    if (gap === 0) throw new StatisticsError('duplicate_visit', `time ${point.time}`);
    return { ...point, gap };
  });
}

type Whitened = {
  readonly n: number;
  readonly rss: number;
  readonly intercept: number;
  readonly slope: number;
  /** Diagonal of (X′R⁻¹X)⁻¹. */
  readonly variances: readonly [number, number];
  /** Σ log of the conditional variances, and log |X′R⁻¹X|. */
  readonly logScale: number;
  readonly logInformation: number;
};

/** Each row less what the one before tells of it, over its conditional standard deviation: rows that are independent. */
function whitened(series: readonly Point[], correlation: number, shortest: number): Whitened {
  const middle = series.reduce((sum, { time }) => sum + time, 0) / series.length;
  const level = series.reduce((sum, { value }) => sum + value, 0) / series.length;
  let [s00, s01, s11, sy0, sy1, syy, logScale] = [0, 0, 0, 0, 0, 0, 0];
  series.forEach(({ time, value, gap }, i) => {
    const before = series[i - 1];
    const phi = before ? correlation ** (gap / shortest) : 0;
    const sd = Math.sqrt(1 - phi * phi);
    const one = (1 - phi) / sd;
    const x = (time - middle - phi * ((before?.time ?? 0) - middle)) / sd;
    const y = (value - level - phi * ((before?.value ?? 0) - level)) / sd;
    const [a, b] = before ? [one, x] : [1, time - middle];
    const c = before ? y : value - level;
    s00 += a * a;
    s01 += a * b;
    s11 += b * b;
    sy0 += a * c;
    sy1 += b * c;
    syy += c * c;
    logScale += 2 * Math.log(sd);
  });
  const determinant = s00 * s11 - s01 * s01;
  const slope = (s00 * sy1 - s01 * sy0) / determinant;
  const centred = (s11 * sy0 - s01 * sy1) / determinant;
  const rss = syy - centred * sy0 - slope * sy1;
  if (!(rss > 1e-14 * syy)) throw new StatisticsError('perfect_fit', 'values');
  const [v0, v01, v1] = [s11 / determinant, -s01 / determinant, s00 / determinant];
  return {
    ...{ n: series.length, rss, slope, logScale },
    intercept: level + centred - slope * middle,
    variances: [v0 - 2 * middle * v01 + middle * middle * v1, v1],
    logInformation: Math.log(determinant),
  };
}

function logLikelihood({ n, rss, logScale, logInformation }: Whitened, method: 'REML' | 'ML'): number {
  const free = method === 'REML' ? n - 2 : n;
  const information = method === 'REML' ? logInformation : 0;
  return -(free * (Math.log((2 * Math.PI * rss) / free) + 1) + logScale + information) / 2;
}

/** The likelihood can have two tops, so the best of a grid is refined; on the boundary 0 is the answer. */
function bestCorrelation(criterion: (correlation: number) => number): number {
  const grid = Array.from({ length: 41 }, (_, i) => 0.998 * (i / 40));
  const values = grid.map(criterion);
  const best = values.indexOf(Math.min(...values));
  const low = grid[Math.max(0, best - 1)] as number;
  const high = grid[best + 1] ?? 1 - 1e-9;
  const { x, value } = findMinimum(criterion, low, high);
  if (best === 0 && criterion(0) <= value) return 0;
  if (x > 1 - 1e-6) throw new StatisticsError('not_converged', 'the autocorrelation goes to one');
  return x;
}
