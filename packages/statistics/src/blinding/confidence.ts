/**
 * Bang's index where guesses come with a degree of certainty (Bang, Ni & Davis 2004, 2 × 5 form): strongly right 1, somewhat right
 * ½, somewhat wrong −½, strongly wrong −1, don't know 0. The index is the mean weight, its variance that of a mean over the
 * multinomial cells: (Σ w² p − B²) / n.
 */
import { normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import type { Index } from './indices.ts';

/** Guesses of one condition, by how sure people were. */
export type GradedGuessCounts = {
  readonly stronglyCorrect: number;
  readonly somewhatCorrect: number;
  readonly unsure: number;
  readonly somewhatWrong: number;
  readonly stronglyWrong: number;
};

const weights = {
  stronglyCorrect: 1,
  somewhatCorrect: 0.5,
  unsure: 0,
  somewhatWrong: -0.5,
  stronglyWrong: -1,
} as const;
/** Two-sided 90 % limits: each is the one-sided 95 % limit the authors use. */
const limit = normalQuantile(0.95);

/** @throws StatisticsError `no_guesses`, `bad_counts` */
export function gradedBangIndex(counts: GradedGuessCounts): Index {
  const cells = (Object.keys(weights) as (keyof GradedGuessCounts)[]).map(
    (cell) => [counts[cell], weights[cell]] as const,
  );
  if (!cells.every(([count]) => Number.isSafeInteger(count) && count >= 0)) {
    throw new StatisticsError('bad_counts', JSON.stringify(counts));
  }
  const n = cells.reduce((sum, [count]) => sum + count, 0);
  if (n === 0) throw new StatisticsError('no_guesses');
  const index = cells.reduce((sum, [count, weight]) => sum + count * weight, 0) / n;
  const variance = cells.reduce((sum, [count, weight]) => sum + count * (weight - index) ** 2, 0) / n / n;
  const standardError = Math.sqrt(variance);
  return { index, standardError, lower: index - limit * standardError, upper: index + limit * standardError };
}
