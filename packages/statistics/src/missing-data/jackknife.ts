/**
 * Variance of an estimate by leaving out one participant at a time (Wolbers et al. 2022, Pharm. Stat. 21:1246, for
 * conditional-mean imputation): (n − 1) / n Σ (θ₍ᵢ₎ − θ̄)². Model, imputation and analysis are repeated on each subset.
 */
import { StatisticsError } from '../errors.ts';

/**
 * @param estimate analysis of the participants at these places; all of 0 … n − 1 give the estimate itself
 * @throws StatisticsError `too_few_rows` with fewer than 3 participants, `non_finite` naming the one left out
 */
export function jackknife(
  n: number,
  estimate: (places: readonly number[]) => number,
): { readonly estimate: number; readonly standardError: number } {
  if (!(Number.isInteger(n) && n >= 3)) throw new StatisticsError('too_few_rows', `${n} participants`);
  const all = Array.from({ length: n }, (_, place) => place);
  const without = all.map((out) => finite(estimate(all.toSpliced(out, 1)), `without participant ${out + 1}`));
  const mean = without.reduce((sum, value) => sum + value, 0) / n;
  const variance = ((n - 1) / n) * without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { estimate: finite(estimate(all), 'all participants'), standardError: Math.sqrt(variance) };
}

function finite(value: number, about: string): number {
  if (!Number.isFinite(value)) throw new StatisticsError('non_finite', about);
  return value;
}
