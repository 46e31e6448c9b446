/**
 * Has one person changed by more than the instrument's error, and into the range of people who are well?
 *
 * With test-retest reliability r, SD s of the reference group, change d = post − pre, S_E = s √(1 − r):
 *   Jacobson & Truax (1991, J. Consult. Clin. Psychol. 59:12)    d / (S_E √2)
 *   Gulliksen, Lord & Novick (Hsu 1989)                          [(post − M) − r (pre − M)] / (s √(1 − r²))
 *   Edwards & Nunnally (1978)                                    [post − (r (pre − M) + M)] / S_E
 *   Hageman & Arrindell (1999, Behav. Res. Ther. 37:1169)        [d r_d + (M_post − M_pre)(1 − r_d)] / √(r_d S_d²(1 − r_d))
 *      with r_d = (s_pre² r_pre + s_post² r_post − 2 s_pre s_post c) / (s_pre² + s_post² − 2 s_pre s_post c), c the pre-post correlation
 * Each is about standard normal where nothing has changed.
 */
import { normalQuantile } from '../distributions/normal.ts';

export type Change = { readonly pre: number; readonly post: number };

export type ReliableChange = {
  readonly index: number;
  /** The change, in units of the score, that is just reliable; null where it depends on where the person began. */
  readonly leastChange: number | null;
  readonly verdict: 'up' | 'none' | 'down';
};

export type ReferenceGroup = {
  readonly mean: number;
  readonly sd: number;
  /** Test-retest reliability or internal consistency, 0 < r < 1. */
  readonly reliability: number;
};

export type ReliableChangeMethod = 'jacobsonTruax' | 'gulliksenLordNovick' | 'edwardsNunnally';

/** @throws RangeError when a score is not finite, the SD is not above 0 or the reliability not between 0 and 1 */
export function reliableChange(
  { pre, post }: Change,
  { mean, sd, reliability: r }: ReferenceGroup,
  options: { readonly method?: ReliableChangeMethod; readonly level?: number } = {},
): ReliableChange {
  const { method = 'jacobsonTruax', level = 0.95 } = options;
  assertFinite(pre, post, mean);
  assertSpread(sd);
  assertReliability(r);
  const critical = criticalOf(level);
  const measurement = sd * Math.sqrt(1 - r);
  if (method === 'jacobsonTruax') {
    const error = measurement * Math.SQRT2;
    return verdictOf((post - pre) / error, critical, critical * error);
  }
  const expected = mean + r * (pre - mean);
  const error = method === 'gulliksenLordNovick' ? sd * Math.sqrt(1 - r * r) : measurement;
  return verdictOf((post - expected) / error, critical, null);
}

export type GroupChange = {
  readonly meanPre: number;
  readonly meanPost: number;
  readonly sdPre: number;
  readonly sdPost: number;
  readonly reliabilityPre: number;
  readonly reliabilityPost: number;
  /** Correlation of pre with post. */
  readonly correlation: number;
};

/**
 * Hageman and Arrindell's index, with the change of the group taken as what is known of a person's change beside the score.
 * @throws RangeError when the reliability of differences is not between 0 and 1, so that it has no index
 */
export function hagemanArrindell({ pre, post }: Change, group: GroupChange, level = 0.95): ReliableChange {
  const { meanPre, meanPost, sdPre, sdPost, reliabilityPre, reliabilityPost, correlation } = group;
  assertFinite(pre, post, meanPre, meanPost);
  assertSpread(sdPre);
  assertSpread(sdPost);
  assertReliability(reliabilityPre);
  assertReliability(reliabilityPost);
  if (!(correlation > -1 && correlation < 1))
    throw new RangeError(`Not a correlation between −1 and 1: ${correlation}`);
  const shared = 2 * sdPre * sdPost * correlation;
  const variance = sdPre ** 2 + sdPost ** 2 - shared;
  const reliability = (sdPre ** 2 * reliabilityPre + sdPost ** 2 * reliabilityPost - shared) / variance;
  assertReliability(reliability);
  const expected = (post - pre) * reliability + (meanPost - meanPre) * (1 - reliability);
  const index = expected / Math.sqrt(reliability * (1 - reliability) * variance);
  return verdictOf(index, criticalOf(level), null);
}

/**
 * Jacobson and Truax's cut-offs between two groups: a, 2 SD from the mean of the unwell; b, within 2 SD of the well; c, where both
 * are as likely, (s₀ M₁ + s₁ M₀) / (s₀ + s₁), M₀, s₀ of the well.
 */
export function clinicalCutoffs(
  unwell: { readonly mean: number; readonly sd: number },
  well: { readonly mean: number; readonly sd: number },
): { readonly a: number; readonly b: number; readonly c: number } {
  assertFinite(unwell.mean, well.mean);
  assertSpread(unwell.sd);
  assertSpread(well.sd);
  const towards = Math.sign(well.mean - unwell.mean);
  return {
    a: unwell.mean + 2 * towards * unwell.sd,
    b: well.mean - 2 * towards * well.sd,
    c: (well.sd * unwell.mean + unwell.sd * well.mean) / (well.sd + unwell.sd),
  };
}

export type ClinicalChange = 'recovered' | 'improved' | 'unchanged' | 'deteriorated';

/** Recovered: reliably better and across the cut-off. `better` says which way the score goes when things go well. */
export function clinicalChange(
  { pre, post }: Change,
  { verdict }: ReliableChange,
  cutoff: number,
  better: 'up' | 'down',
): ClinicalChange {
  assertFinite(pre, post, cutoff);
  if (verdict === 'none') return 'unchanged';
  if (verdict !== better) return 'deteriorated';
  const wellAt = (score: number) => (better === 'up' ? score >= cutoff : score <= cutoff);
  return !wellAt(pre) && wellAt(post) ? 'recovered' : 'improved';
}

function verdictOf(index: number, critical: number, leastChange: number | null): ReliableChange {
  return { index, leastChange, verdict: index >= critical ? 'up' : index <= -critical ? 'down' : 'none' };
}

function criticalOf(level: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  return normalQuantile((1 + level) / 2);
}

function assertFinite(...values: readonly number[]): void {
  for (const value of values) if (!Number.isFinite(value)) throw new RangeError(`A score is not finite: ${value}`);
}

function assertSpread(sd: number): void {
  if (!(sd > 0 && Number.isFinite(sd))) throw new RangeError(`A standard deviation above 0 is needed, not ${sd}`);
}

function assertReliability(r: number): void {
  if (!(r > 0 && r < 1)) throw new RangeError(`A reliability between 0 and 1 is needed, not ${r}`);
}
