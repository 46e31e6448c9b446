/** The smallest trial that finds what is asked for: power at a few sizes, read off a curve through them. */
import { normalQuantile } from '@limen/statistics';

/** Power found at one size, by simulation. */
export type SizeTried = { readonly participants: number; readonly power: number; readonly trials: number };

export type SizeSearch = {
  readonly target: number;
  /** Two-sided. */
  readonly alpha: number;
  /** Arms' weights together: sizes are multiples of it. */
  readonly step: number;
  readonly largest: number;
};

/**
 * The size to try next; null when the search is over. Power is Φ(δ√n − z) for a two-sided test at level α, so each size
 * tried gives δ; they are averaged by what each tells of δ (delta method). Ends when a size within
 * 3 % has been tried: closer than that, the trials simulated do not tell sizes apart.
 */
export function nextSize(tried: readonly SizeTried[], { target, alpha, step, largest }: SizeSearch): number | null {
  const z = normalQuantile(1 - alpha / 2);
  const known = tried.map(({ participants, power, trials }) => {
    // A share of 0 or 1 is drawn in by half a trial.
    const share = Math.min(1 - 0.5 / trials, Math.max(0.5 / trials, power));
    const quantile = normalQuantile(share);
    const slope = Math.exp(-(quantile ** 2) / 2) / Math.sqrt(2 * Math.PI);
    const weight = (participants * trials * slope ** 2) / (share * (1 - share));
    return { delta: (quantile + z) / Math.sqrt(participants), weight };
  });
  const total = known.reduce((sum, { weight }) => sum + weight, 0);
  const delta = known.reduce((sum, one) => sum + one.weight * one.delta, 0) / total;
  const wanted = delta > 0 ? ((normalQuantile(target) + z) / delta) ** 2 : Number.POSITIVE_INFINITY;
  const size = Math.min(largest, Math.max(2 * step, Math.ceil(wanted / step) * step));
  return tried.some(({ participants }) => Math.abs(participants - size) <= 0.03 * size) ? null : size;
}
