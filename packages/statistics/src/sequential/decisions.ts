/** What an interim look may be asked beside the boundary: conditional power, a blinded new sample size, a safety stop. */
import { betaUpper } from '../distributions/distributions.ts';
import { normalCdf, normalQuantile } from '../distributions/normal.ts';

/**
 * P(Z(1) > critical | Z(t) = z) = Φ((z √t + θ (1 − t) − critical) / √(1 − t)) (Lan & Wittes 1988, Biometrics 44:579).
 * @param drift θ, the expected Z at the end; without it the current trend z / √t goes on
 */
export function conditionalPower(z: number, t: number, critical: number, drift = z / Math.sqrt(t)): number {
  if (!(t > 0 && t < 1)) throw new RangeError(`An information fraction between 0 and 1 is needed, not ${t}`);
  if (![z, critical, drift].every(Number.isFinite))
    throw new RangeError('Finite z, critical value and drift are needed');
  return normalCdf((z * Math.sqrt(t) + drift * (1 - t) - critical) / Math.sqrt(1 - t));
}

/** The Z(t) whose conditional power under the current trend is `power`: z = √t (critical + √(1 − t) Φ⁻¹(power)). */
export function zOfConditionalPower(power: number, t: number, critical: number): number {
  if (!(t > 0 && t < 1)) throw new RangeError(`An information fraction between 0 and 1 is needed, not ${t}`);
  if (!(power > 0 && power < 1)) throw new RangeError(`A power between 0 and 1 is needed, not ${power}`);
  return Math.sqrt(t) * (critical + Math.sqrt(1 - t) * normalQuantile(power));
}

export type BlindedSize = {
  /** One-sample variance of all outcomes, arms not known; units of the outcome squared. */
  readonly pooledVariance: number;
  /** Difference to be detected, same units. */
  readonly difference: number;
  /** One-sided. */
  readonly alpha: number;
  readonly power: number;
  /** Take the planned difference's share Δ²/4 of 1:1 arms off the variance (Gould & Shih 1992). */
  readonly adjusted?: boolean;
  readonly least?: number;
  readonly most?: number;
};

/**
 * Participants per arm, 1:1, by n = 2 σ² (z₁₋α + z_power)² / Δ² from the blinded variance (Kieser & Friede 2003, Stat. Med.
 * 22:3571); rounded up, then held between `least` and `most`.
 */
export function blindedSampleSize(request: BlindedSize): { perArm: number; variance: number; held: boolean } {
  const { pooledVariance, difference, alpha, power, adjusted = false, least = 2, most } = request;
  const variance = pooledVariance - (adjusted ? difference ** 2 / 4 : 0);
  if (!(variance > 0 && Number.isFinite(variance)))
    throw new RangeError(`A variance above 0 is needed, not ${variance}`);
  if (!(Number.isFinite(difference) && difference !== 0)) throw new RangeError('A difference other than 0 is needed');
  const wanted = Math.ceil((2 * variance * (normalQuantile(1 - alpha) + normalQuantile(power)) ** 2) / difference ** 2);
  const perArm = Math.min(most ?? Number.POSITIVE_INFINITY, Math.max(least, wanted));
  return { perArm, variance, held: perArm !== wanted };
}

export type SafetyRule = {
  /** Beta(a, b) before any participant. */
  readonly prior: readonly [number, number];
  /** Rate that is still tolerable. */
  readonly limit: number;
  /** Stop when P(rate > limit | data) is above this. */
  readonly certainty: number;
};

/** P(rate > limit | events among participants): the upper tail of Beta(a + events, b + participants − events). */
export function probabilityAboveLimit(
  { prior: [a, b], limit }: SafetyRule,
  events: number,
  participants: number,
): number {
  const whole = Number.isSafeInteger(events) && Number.isSafeInteger(participants);
  if (!(whole && events >= 0 && participants >= events)) {
    throw new RangeError(`Whole numbers with 0 ≤ events ≤ participants are needed, not ${events} of ${participants}`);
  }
  return betaUpper(limit, a + events, b + participants - events);
}

/** Least number of events that stops, for 1 … `most` participants; null where no number would. */
export function safetyBoundary(rule: SafetyRule, most: number): (number | null)[] {
  if (!(Number.isSafeInteger(most) && most >= 1)) throw new RangeError(`A whole number from 1 is needed, not ${most}`);
  if (!(rule.certainty > 0 && rule.certainty < 1)) throw new RangeError('A certainty between 0 and 1 is needed');
  return Array.from({ length: most }, (_, index) => {
    for (let events = 0; events <= index + 1; events += 1) {
      if (probabilityAboveLimit(rule, events, index + 1) > rule.certainty) return events;
    }
    return null;
  });
}
