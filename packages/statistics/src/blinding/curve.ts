/**
 * The correct-guess-rate curve: the difference between conditions as it would be if a share c of the guesses were right,
 * by re-weighting the strata of condition and guess (Szigeti et al. 2023 in exact form, without resampling scores).
 *
 * Strata: active guessed active (AA), active guessed placebo (AP), placebo guessed placebo (PP), placebo guessed active
 * (PA). With r = PP / (PP + AA) and s = AP / (AP + PA) the weights are AA c(1−r), PP c r, AP (1−c) s, PA (1−c)(1−s), and
 * Δ(c) is the weighted active mean minus the weighted placebo mean, each arm renormalised. At the observed rate
 * Δ is the raw difference. Rows without a guess keep their share of each arm (six strata).
 */
import { StatisticsError } from '../errors.ts';
import type { Random } from '../random/philox.ts';

export type GuessedValue = {
  readonly value: number;
  readonly condition: 'active' | 'placebo';
  readonly guess: 'active' | 'placebo' | 'unsure';
  /** Rows of one participant are resampled together. */
  readonly cluster?: string;
};

type Stratum = { n: number; sum: number };
type Strata = Record<'AA' | 'AP' | 'AU' | 'PA' | 'PP' | 'PU', Stratum>;

export type CurvePoint = {
  /** Correct-guess rate. */
  readonly rate: number;
  readonly difference: number;
  readonly lower: number | null;
  readonly upper: number | null;
};

export type GuessRateCurve = {
  readonly observedRate: number;
  readonly rawDifference: number;
  /** The difference if guesses were right half the time; null where a stratum needed for it is empty. */
  readonly atHalf: CurvePoint | null;
  readonly points: readonly CurvePoint[];
  readonly strata: Readonly<Record<keyof Strata, { readonly n: number; readonly mean: number | null }>>;
  /** Rows in the smallest of the four guessed strata; below 15 the curve rests on very little. */
  readonly smallestStratum: number;
  /** What a reader must know before reading the curve; empty when there is nothing. */
  readonly notes: readonly CurveNote[];
};

export type StratumName = keyof Strata;

export type CurveNote = {
  /** `empty_stratum`: the curve is left out where it would need it. `band_incomplete`: some draws had no answer. */
  readonly code: 'empty_stratum' | 'small_stratum' | 'band_incomplete';
  /** Stratum, or rate, it is about. */
  readonly about: string;
  readonly message: string;
};

/** Below this many rows in a stratum the adjustment is not to be trusted. */
export const smallStratum = 15;

const keys = {
  active: { active: 'AA', placebo: 'AP', unsure: 'AU' },
  placebo: { active: 'PA', placebo: 'PP', unsure: 'PU' },
} as const;

/**
 * @param options.random with `resamples`, draws participants with replacement for the 95 % band (percentiles)
 * @param options.points evenly from 0 to 1, both ends included; default 41
 * @throws StatisticsError `empty_condition`, `no_guesses`, `non_finite`
 */
export function correctGuessRateCurve(
  rows: readonly GuessedValue[],
  options: { readonly points?: number; readonly resamples?: number; readonly random?: Random } = {},
): GuessRateCurve {
  const strata = count(rows);
  assertUsable(strata);
  const guesses = strata.AA.n + strata.AP.n + strata.PP.n + strata.PA.n;
  const points = options.points ?? 41;
  if (!(Number.isInteger(points) && points >= 2)) throw new RangeError(`Two points or more are needed, not ${points}`);
  const grid = Array.from({ length: points }, (_, index) => index / (points - 1));
  const at = [...grid, 0.5];
  const bands = options.random && options.resamples ? bandsOf(rows, at, options.resamples, options.random) : null;
  const curve = at.flatMap((rate, index): CurvePoint[] => {
    const difference = differenceAt(strata, rate);
    if (difference === null) return [];
    const band = bands?.[index] ?? null;
    return [{ rate, difference, lower: band?.lower ?? null, upper: band?.upper ?? null }];
  });
  const half = differenceAt(strata, 0.5) === null ? null : (curve.at(-1) ?? null);
  return {
    observedRate: (strata.AA.n + strata.PP.n) / guesses,
    rawDifference: meanOf(strata.AA, strata.AP, strata.AU) - meanOf(strata.PP, strata.PA, strata.PU),
    atHalf: half,
    points: half ? curve.slice(0, -1) : curve,
    strata: Object.fromEntries(
      Object.entries(strata).map(([name, { n, sum }]) => [name, { n, mean: n > 0 ? sum / n : null }]),
    ) as GuessRateCurve['strata'],
    smallestStratum: Math.min(strata.AA.n, strata.AP.n, strata.PP.n, strata.PA.n),
    notes: [...stratumNotes(strata), ...bandNotes(bands, at, options.resamples ?? 0)],
  };
}

/**
 * Δ(c) at one rate, 0 ≤ c ≤ 1; null where a stratum that it needs has no rows.
 * @throws StatisticsError as `correctGuessRateCurve`
 */
export function differenceAtRate(rows: readonly GuessedValue[], rate: number): number | null {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`A rate between 0 and 1 is needed, not ${rate}`);
  const strata = count(rows);
  assertUsable(strata);
  return differenceAt(strata, rate);
}

function assertUsable(strata: Strata): void {
  if (strata.AA.n + strata.AP.n + strata.AU.n === 0) throw new StatisticsError('empty_condition', 'active');
  if (strata.PP.n + strata.PA.n + strata.PU.n === 0) throw new StatisticsError('empty_condition', 'placebo');
  if (strata.AA.n + strata.AP.n + strata.PP.n + strata.PA.n === 0) throw new StatisticsError('no_guesses');
}

const described = {
  AA: 'active, guessed active',
  AP: 'active, guessed placebo',
  PP: 'placebo, guessed placebo',
  PA: 'placebo, guessed active',
} as const;

function stratumNotes(strata: Strata): CurveNote[] {
  return (Object.keys(described) as (keyof typeof described)[]).flatMap((about): CurveNote[] => {
    const { n } = strata[about];
    if (n >= smallStratum) return [];
    if (n > 0) return [{ code: 'small_stratum', about, message: `Only ${n} rows: ${described[about]}.` }];
    return [{ code: 'empty_stratum', about, message: `No rows: ${described[about]}.` }];
  });
}

function bandNotes(bands: readonly Band[] | null, at: readonly number[], resamples: number): CurveNote[] {
  const worst = (bands ?? []).reduce((least, { draws }) => (draws > 0 ? Math.min(least, draws) : least), resamples);
  if (!bands || worst === resamples) return [];
  const rates = at.filter((_, index) => bands[index]?.draws === worst);
  const message = `The band at a rate of ${rates[0]} rests on ${worst} of ${resamples} draws; the others had an empty stratum.`;
  return [{ code: 'band_incomplete', about: String(rates[0]), message }];
}

/** Δ(c); null where an arm would have no weight, or weight on a stratum without rows. */
function differenceAt(strata: Strata, c: number): number | null {
  const { AA, AP, AU, PA, PP, PU } = strata;
  const right = AA.n + PP.n;
  const wrong = AP.n + PA.n;
  if ((right === 0 && c > 0) || (wrong === 0 && c < 1)) return null;
  const r = right === 0 ? 0 : PP.n / right;
  const s = wrong === 0 ? 0 : AP.n / wrong;
  const guesses = right + wrong;
  const total = guesses + AU.n + PU.n;
  const known = guesses / total;
  const active = weightedMean([
    [known * c * (1 - r), AA],
    [known * (1 - c) * s, AP],
    [AU.n / total, AU],
  ]);
  const placebo = weightedMean([
    [known * c * r, PP],
    [known * (1 - c) * (1 - s), PA],
    [PU.n / total, PU],
  ]);
  return active === null || placebo === null ? null : active - placebo;
}

function weightedMean(parts: readonly (readonly [number, Stratum])[]): number | null {
  let weight = 0;
  let sum = 0;
  for (const [share, { n, sum: own }] of parts) {
    if (share === 0) continue;
    if (n === 0) return null;
    weight += share;
    sum += (share * own) / n;
  }
  return weight > 0 ? sum / weight : null;
}

function meanOf(...strata: readonly Stratum[]): number {
  return strata.reduce((sum, one) => sum + one.sum, 0) / strata.reduce((sum, one) => sum + one.n, 0);
}

function emptyStrata(): Strata {
  const empty = () => ({ n: 0, sum: 0 });
  return { AA: empty(), AP: empty(), AU: empty(), PA: empty(), PP: empty(), PU: empty() };
}

function count(rows: readonly GuessedValue[]): Strata {
  const strata = emptyStrata();
  rows.forEach(({ condition, guess, value }, index) => {
    if (!Number.isFinite(value)) throw new StatisticsError('non_finite', `value, row ${index + 1}`);
    const stratum = strata[keys[condition][guess]];
    stratum.n += 1;
    stratum.sum += value;
  });
  return strata;
}

const names = ['AA', 'AP', 'AU', 'PA', 'PP', 'PU'] as const satisfies readonly StratumName[];

type Band = { readonly lower: number | null; readonly upper: number | null; readonly draws: number };

/** Percentile band over draws of clusters with replacement; none where fewer than half of the draws have an answer. */
function bandsOf(rows: readonly GuessedValue[], at: readonly number[], resamples: number, random: Random): Band[] {
  const clusters = [...Map.groupBy(rows, (row, index) => row.cluster ?? index).values()].map(count);
  const drawn = at.map((): number[] => []);
  for (let resample = 0; resample < resamples; resample += 1) {
    const strata = emptyStrata();
    for (let draw = 0; draw < clusters.length; draw += 1) {
      const chosen = random.choice(clusters);
      for (const name of names) {
        strata[name].n += chosen[name].n;
        strata[name].sum += chosen[name].sum;
      }
    }
    at.forEach((rate, index) => {
      const difference = differenceAt(strata, rate);
      if (difference !== null) drawn[index]?.push(difference);
    });
  }
  return drawn.map((differences) => {
    const draws = differences.length;
    if (draws < resamples / 2) return { lower: null, upper: null, draws };
    differences.sort((a, b) => a - b);
    return { lower: quantile(differences, 0.025), upper: quantile(differences, 0.975), draws };
  });
}

/** Type 7 of Hyndman & Fan (1996), of sorted values. */
export function quantile(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) throw new RangeError('No values');
  const place = p * (sorted.length - 1);
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (place - Math.floor(place)) * (high - low);
}
