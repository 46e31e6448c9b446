/** Whether placebo and active capsules can be told apart on a scale. */
import { normalCdf, type Sample, studentCdf, studentQuantile, summarise } from './distributions.ts';
import { PharmacologyError } from './errors.ts';
import type { Interval } from './fact.ts';
import { formatNumber } from './quantity.ts';

export type WeightMatchRequest = {
  /** Whole capsules as they are handed out, in grams: what a participant can put on a scale. */
  readonly activeGrams: readonly number[];
  readonly placeboGrams: readonly number[];
  /** The largest difference of the means that counts as none, chosen before weighing. */
  readonly marginGrams: number;
  /** Capsules of one kind that a participant could weigh together; 1 if not given. */
  readonly capsulesTogether?: number;
};

export type WeightMatch = {
  readonly active: Sample;
  readonly placebo: Sample;
  /** Active less placebo. */
  readonly differenceGrams: number;
  /** 90 %: equivalence by two one-sided tests at 5 % is this interval lying within the margin. */
  readonly interval: Interval;
  readonly pValue: number;
  readonly equivalent: boolean;
  readonly scale: ScaleReader;
  readonly explanation: string;
};

/** What a person with a kitchen scale could make of one capsule of each kind. */
export type ScaleReader = {
  readonly resolutionGrams: number;
  /** Chance of naming the heavier kind rightly from one capsule of each, equal readings guessed; 0.5 is chance. */
  readonly auc: number;
  /** Share of the two distributions of readings that is common to both; 1: nothing to be learned. */
  readonly overlap: number;
  /** The same chance with so many capsules of each kind weighed together, by a normal model. */
  readonly together: { readonly capsules: number; readonly auc: number };
};

/** A household scale shows hundredths of a gram. */
export const kitchenScaleGrams = 0.01;
const alpha = 0.05;

/**
 * Two one-sided t tests with unequal variances (Schuirmann 1987; Welch 1947), and what a kitchen scale tells.
 * Equal means are not enough: a difference in spread, or many capsules weighed at once, tells as well.
 *
 * @throws PharmacologyError `bad-weights`
 */
export function weightMatch(request: WeightMatchRequest): WeightMatch {
  assertWeights(request);
  const { activeGrams, placeboGrams, marginGrams, capsulesTogether = 1 } = request;
  const [active, placebo] = [summarise(activeGrams), summarise(placeboGrams)];
  const differenceGrams = active.mean - placebo.mean;
  const { standardError, degrees } = welch(active, placebo);
  const pOf = (distance: number): number =>
    standardError === 0 ? (distance > 0 ? 0 : 1) : 1 - studentCdf(distance / standardError, degrees);
  const pValue = Math.max(pOf(marginGrams + differenceGrams), pOf(marginGrams - differenceGrams));
  const half = standardError === 0 ? 0 : studentQuantile(1 - alpha, degrees) * standardError;
  const interval = { lower: differenceGrams - half, upper: differenceGrams + half };
  const equivalent = pValue < alpha;
  const scale = readScale(request, active, placebo, capsulesTogether);
  return {
    ...{ active, placebo, differenceGrams, interval, pValue, equivalent, scale },
    explanation:
      `Active capsules are ${formatNumber(Math.abs(differenceGrams) * 1000)} mg ` +
      `${differenceGrams < 0 ? 'lighter' : 'heavier'} (90 % interval ${formatNumber(interval.lower * 1000)} to ` +
      `${formatNumber(interval.upper * 1000)} mg, margin ${formatNumber(marginGrams * 1000)} mg): ` +
      `${equivalent ? 'equivalent' : 'not shown to be equivalent'}. With a scale of 0.01 g the heavier kind is named ` +
      `rightly ${Math.round(strength(scale.auc) * 100)} times in 100, by chance 50.`,
  };
}

/** An AUC below one half says as much as one above it. */
const strength = (auc: number): number => Math.max(auc, 1 - auc);

function welch(a: Sample, b: Sample): { standardError: number; degrees: number } {
  const [va, vb] = [a.sd ** 2 / a.n, b.sd ** 2 / b.n];
  const standardError = Math.sqrt(va + vb);
  const degrees = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  return { standardError, degrees };
}

function readScale(request: WeightMatchRequest, active: Sample, placebo: Sample, capsules: number): ScaleReader {
  const read = (grams: number): number => Math.round(grams / kitchenScaleGrams);
  const [a, p] = [request.activeGrams.map(read), request.placeboGrams.map(read)];
  return {
    resolutionGrams: kitchenScaleGrams,
    auc: heavierChance(a, p),
    overlap: commonShare(a, p),
    together: { capsules, auc: aucTogether(active, placebo, capsules) },
  };
}

/** The Mann-Whitney share of pairs in which the first is larger, ties half. */
function heavierChance(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0;
  return wins / (a.length * b.length);
}

/** One less the total variation distance of the two sets of readings. */
function commonShare(a: readonly number[], b: readonly number[]): number {
  const share = (of: readonly number[], value: number): number => of.filter((x) => x === value).length / of.length;
  return [...new Set([...a, ...b])].reduce((sum, value) => sum + Math.min(share(a, value), share(b, value)), 0);
}

/** k capsules differ by k times the difference, with a spread that grows only as √k, read to one step of the scale. */
function aucTogether(active: Sample, placebo: Sample, k: number): number {
  const reading = kitchenScaleGrams ** 2 / 12;
  const spread = Math.sqrt(k * (active.sd ** 2 + placebo.sd ** 2) + 2 * reading);
  return normalCdf((k * (active.mean - placebo.mean)) / spread);
}

function assertWeights({ activeGrams, placeboGrams, marginGrams, capsulesTogether = 1 }: WeightMatchRequest): void {
  for (const grams of [activeGrams, placeboGrams]) {
    if (grams.length < 2 || !grams.every((w) => Number.isFinite(w) && w > 0)) {
      throw new PharmacologyError('bad-weights', `${grams.length} weights.`);
    }
  }
  const counted = Number.isInteger(capsulesTogether) && capsulesTogether >= 1;
  if (!(marginGrams > 0 && Number.isFinite(marginGrams)) || !counted) {
    throw new PharmacologyError('bad-weights', `Margin ${marginGrams} g, ${capsulesTogether} capsules together.`);
  }
}
