/**
 * Rubin's rules: one estimate from m completed data sets.
 *
 *   Q̄ = mean Q_i,  T = Ū + (1 + 1/m) B,  λ = (1 + 1/m) B / T
 *
 * Degrees of freedom of Barnard & Rubin (1999, Biometrika 86:948): 1 / (1/ν_old + 1/ν_obs), ν_old = (m − 1) / λ²,
 * ν_obs = (ν + 1) / (ν + 3) · ν (1 − λ), ν those of the complete data.
 */
import { tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';

export type CompletedEstimate = { readonly estimate: number; readonly standardError: number };

export type PooledEstimate = {
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly t: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
  /** Ū, B and the share of T that missing values add. */
  readonly within: number;
  readonly between: number;
  readonly missingShare: number;
};

/**
 * @param completeDf degrees of freedom had nothing been missing; may be infinite
 * @throws StatisticsError `too_few_rows` with fewer than 2 imputations, `non_finite`
 */
export function poolEstimates(imputed: readonly CompletedEstimate[], completeDf: number, level = 0.95): PooledEstimate {
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  if (!(completeDf > 0)) throw new RangeError(`Degrees of freedom above 0 are needed, not ${completeDf}`);
  const m = imputed.length;
  if (m < 2) throw new StatisticsError('too_few_rows', `${m} imputations`);
  imputed.forEach(({ estimate, standardError }, index) => {
    if (!Number.isFinite(estimate) || !(standardError > 0 && Number.isFinite(standardError))) {
      throw new StatisticsError('non_finite', `imputation ${index + 1}`);
    }
  });
  const estimate = imputed.reduce((sum, one) => sum + one.estimate, 0) / m;
  const within = imputed.reduce((sum, one) => sum + one.standardError ** 2, 0) / m;
  const between = imputed.reduce((sum, one) => sum + (one.estimate - estimate) ** 2, 0) / (m - 1);
  const extra = (1 + 1 / m) * between;
  const missingShare = extra / (within + extra);
  const old = (m - 1) / missingShare ** 2;
  const observed =
    completeDf === Number.POSITIVE_INFINITY
      ? Number.POSITIVE_INFINITY
      : ((completeDf + 1) / (completeDf + 3)) * completeDf * (1 - missingShare);
  const df = 1 / (1 / old + 1 / observed);
  const standardError = Math.sqrt(within + extra);
  const t = estimate / standardError;
  const half = tQuantile((1 + level) / 2, df) * standardError;
  return {
    estimate,
    standardError,
    df,
    t,
    p: tTwoSided(t, df),
    lower: estimate - half,
    upper: estimate + half,
    within,
    between,
    missingShare,
  };
}
