/** What packing one's own capsules is made of: the plan, the steps and their order, what the scale can tell. */

/** Done one after the other. Up to `shuffled` by who packs; from `sorted` on always by the participant. */
export const packingSteps = ['printed', 'filled', 'weighed', 'shuffled', 'sorted', 'sealed'] as const;
export type PackingStep = (typeof packingSteps)[number];

export const packingModes = ['self', 'helper'] as const;
export type PackingMode = (typeof packingModes)[number];

/** Which token is for which week. It says nothing of what any of them holds. */
export type EnvelopePlan = {
  /** Week 1 first. */
  readonly weeks: readonly string[];
  /** In an order of their own. */
  readonly leftovers: readonly string[];
};

export type OpenedEnvelope = { readonly week: number; readonly envelope: string };

export type PackingState = EnvelopePlan & {
  readonly mode: PackingMode;
  readonly done: readonly PackingStep[];
  readonly sealCode: string | null;
  readonly opened: readonly OpenedEnvelope[];
  readonly leftoversChecked: boolean;
  /** Accounts of team members who packed: they do not rate this person. */
  readonly packers: readonly string[];
};

/** Who acts with the helper's code: another person than the participant, and no account of the study. */
export const packingHelper = { id: 'packing-helper', role: 'system' } as const;

export const weighedCapsules = 3;

export const weighFindings = ['scaleTooCoarse', 'notOfThisScale', 'weightsDiffer'] as const;
export type WeighFinding = (typeof weighFindings)[number];

/** Share of the mean within which capsules of one batch lie: USP <2091>, weight variation of hard capsules. */
const toleratedShare = 0.1;

/**
 * What three weighed capsules say, milligrams. Two equal capsules may differ by half a division each on the display, so
 * a difference counts only beyond that.
 */
export function findingsOfWeights(weights: readonly number[], resolutionMg: number): readonly WeighFinding[] {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  const found: WeighFinding[] = [];
  if (resolutionMg > toleratedShare * mean) found.push('scaleTooCoarse');
  const steps = weights.map((weight) => weight / resolutionMg);
  if (steps.some((step) => Math.abs(step - Math.round(step)) > 0.01)) found.push('notOfThisScale');
  const limit = toleratedShare * mean + resolutionMg / 2;
  if (weights.some((weight) => Math.abs(weight - mean) > limit)) found.push('weightsDiffer');
  return found;
}

/** How an opened envelope departs from the plan; empty: it is the one of that week, and the first. */
export const envelopeFlags = ['otherWeek', 'leftover', 'secondInWeek', 'openedBefore'] as const;
export type EnvelopeFlag = (typeof envelopeFlags)[number];

export function flagsOfOpening(
  { weeks, opened }: Pick<PackingState, 'weeks' | 'opened'>,
  { week, envelope }: OpenedEnvelope,
): readonly EnvelopeFlag[] {
  const planned = weeks.indexOf(envelope);
  const flags: EnvelopeFlag[] = [];
  if (planned === -1) flags.push('leftover');
  else if (planned !== week - 1) flags.push('otherWeek');
  if (opened.some((one) => one.week === week)) flags.push('secondInWeek');
  if (opened.some((one) => one.envelope === envelope)) flags.push('openedBefore');
  return flags;
}
