/**
 * Uniformity of dosage units, as USP <905> decides it (harmonised with Ph. Eur. 2.9.40 and JP 6.02): ten units, and
 * twenty more where ten do not pass.
 */
import { summarise } from './distributions.ts';
import { PharmacologyError } from './errors.ts';
import type { Interval } from './fact.ts';
import { convertForm, convertUnit, formatNumber, type Quantity } from './quantity.ts';

/** k, n and the limits L1 and L2 of the chapter's Table 2; the reference value M is held to `reference`. */
export const uniformityLimits = {
  firstStage: { n: 10, k: 2.4 },
  bothStages: { n: 30, k: 2.0 },
  l1: 15,
  l2: 25,
  reference: { lower: 98.5, upper: 101.5 },
} as const;

export type UniformityDecision = 'passes' | 'test-20-more' | 'fails';

export type Uniformity = {
  readonly stage: 1 | 2;
  readonly decision: UniformityDecision;
  readonly mean: number;
  readonly sd: number;
  /** M, per cent of the label. */
  readonly reference: number;
  /** To one decimal, as its limit is stated. */
  readonly acceptanceValue: number;
  /** No unit of thirty may lie outside; per cent of the label. */
  readonly allowed: Interval;
  readonly outside: number;
  readonly explanation: string;
};

/**
 * Decides from the contents of single units, as per cent of the label; first the ten, then all thirty.
 * AV = |M - mean| + k s. M is the mean where it lies between 98.5 and the larger of 101.5 and the target T; else the
 * nearer of the two. Ten pass at AV <= 15.0; thirty at AV <= 15.0 with no unit outside (1 ± 0.25) M.
 * AV is rounded to one decimal before it is compared (USP General Notices 7.20).
 *
 *     contentUniformity([98, 101, 99, 100, 102, 97, 103, 100, 99, 101]).decision // 'passes'
 *
 * @param target T: the content aimed at when made, per cent of the label. 100 unless a monograph says otherwise.
 * @throws PharmacologyError `bad-uniformity-sample`
 */
export function contentUniformity(percentOfLabel: readonly number[], target = 100): Uniformity {
  const { firstStage, bothStages, l1, l2, reference: held } = uniformityLimits;
  const n = percentOfLabel.length;
  const stage = n === firstStage.n ? 1 : 2;
  const known = n === firstStage.n || n === bothStages.n;
  if (!known || ![...percentOfLabel, target].every((x) => Number.isFinite(x) && x >= 0) || target === 0) {
    throw new PharmacologyError('bad-uniformity-sample', `${n} results, target ${target} %.`);
  }
  const { mean, sd } = summarise(percentOfLabel);
  const reference = Math.min(Math.max(held.upper, target), Math.max(held.lower, mean));
  const k = stage === 1 ? firstStage.k : bothStages.k;
  const acceptanceValue = Math.round((Math.abs(reference - mean) + k * sd) * 10) / 10;
  const allowed = { lower: (1 - l2 / 100) * reference, upper: (1 + l2 / 100) * reference };
  const outside = percentOfLabel.filter((x) => x < allowed.lower || x > allowed.upper).length;
  const decision = decide(stage, acceptanceValue <= l1, outside);
  return {
    ...{ stage, decision, mean, sd, reference, acceptanceValue, allowed, outside },
    explanation: explain(n, decision, acceptanceValue, outside, allowed),
  };
}

function decide(stage: 1 | 2, withinL1: boolean, outside: number): UniformityDecision {
  if (stage === 1) return withinL1 ? 'passes' : 'test-20-more';
  return withinL1 && outside === 0 ? 'passes' : 'fails';
}

const said: Readonly<Record<UniformityDecision, string>> = {
  passes: 'The batch passes.',
  'test-20-more': 'Test 20 more units and decide on all 30.',
  fails: 'The batch fails.',
};

function explain(n: number, decision: UniformityDecision, av: number, outside: number, allowed: Interval): string {
  const strayed =
    n === uniformityLimits.bothStages.n && outside > 0
      ? `; ${outside} outside ${formatNumber(allowed.lower)} to ${formatNumber(allowed.upper)} %`
      : '';
  return `Acceptance value ${av.toFixed(1)} of ${n} units against a limit of 15.0${strayed}. ${said[decision]}`;
}

/**
 * Contents in mass as per cent of the label. Another form than the label's is converted by molar mass: 13.0 µg of the
 * 1:1 tartrate against a label of 10 µg of base is 88.8 %.
 * @throws PharmacologyError `no-molar-relation`, `content-not-known`, `bad-uniformity-sample`
 */
export function percentOfLabel(contents: readonly Quantity[], label: Quantity): number[] {
  if (label.value <= 0) throw new PharmacologyError('bad-uniformity-sample', 'A label of nothing.');
  return contents.map((content) => {
    const held = content.form === label.form ? content : convertForm(content, label.form);
    return (convertUnit(held, label.unit).value / label.value) * 100;
  });
}

/**
 * Weight variation: contents as per cent of the label, estimated from the net weights of the units and the assay of the
 * material: x = w A / (mean w).
 * @param assayPercent A, the mean content by assay, per cent of the label.
 * @throws PharmacologyError `bad-uniformity-sample`
 */
export function contentsByWeight(netGrams: readonly number[], assayPercent: number): number[] {
  const weighed = netGrams.length > 1 && netGrams.every((w) => Number.isFinite(w) && w > 0);
  if (!weighed || !(Number.isFinite(assayPercent) && assayPercent > 0)) {
    throw new PharmacologyError('bad-uniformity-sample', `${netGrams.length} weights, assay ${assayPercent} %.`);
  }
  const { mean } = summarise(netGrams);
  return netGrams.map((weight) => (weight * assayPercent) / mean);
}

/**
 * Which of the two tests a hard capsule of powder needs: weight variation is enough only with 25 mg of drug substance or
 * more that make up a quarter of the fill or more (<905> Table 1). A micro-dose of LSD or psilocybin never is, and so is
 * always assayed unit by unit.
 */
export function uniformityMethod(dose: Quantity, fillGrams: number): 'content' | 'weight' {
  const milligrams = convertUnit(dose, 'mg').value;
  return milligrams >= 25 && milligrams >= 0.25 * fillGrams * 1000 ? 'weight' : 'content';
}
