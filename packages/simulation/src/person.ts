/** A virtual person: traits drawn once, and what a day with a capsule does to them. */
import type { Random } from '@limen/statistics';
import type { RatingEffect, Settings } from './settings.ts';

export type Person = {
  readonly index: number;
  readonly age: number;
  readonly sex: 'female' | 'male';
  /** Expectation of benefit before the first capsule, 0-100 (mean 68, SD 19 in the self-blinding trial). */
  readonly expectation: number;
  /** Standardised burden of symptoms: 0 is average. */
  readonly severity: number;
  readonly drugMultiplier: number;
  readonly cueStrength: number;
  readonly cueCriterion: number;
  readonly doseAdherence: number;
  readonly answerAdherence: number;
  /** Study week after which the person leaves, or null. */
  readonly leavesAfterWeek: number | null;
  /** Standardised person level per rating. */
  readonly levels: Readonly<Record<string, number>>;
  readonly qualifies: boolean;
};

export type Content = 'active' | 'placebo';

/** What one capsule day was like: the cue felt, the belief formed, and the level of every rating. */
export type CapsuleDay = {
  readonly content: Content;
  readonly cue: number;
  readonly belief: Content | 'unsure';
  readonly confidence: number;
  readonly sideEffects: boolean;
};

const ratingRange = { low: 0, high: 100 } as const;

export function drawPerson(index: number, weeks: number, settings: Settings, random: Random): Person {
  const traits = random.fork(`person/${index}`);
  const age = Math.round(clamp(traits.normal(34, 10), 21, 68));
  const sex = traits.bernoulli(0.31) ? 'female' : 'male';
  const expectation = clamp(traits.normal(68, 19), 0, 100);
  const severity = traits.normal(0, 1);
  const levels: Record<string, number> = {};
  for (const item of Object.keys(settings.ratings)) levels[item] = traits.normal(0, 1);
  const hazard = traits.exponential(settings.weeklyDropout > 0 ? settings.weeklyDropout : 1e-9);
  return {
    index,
    age,
    sex,
    expectation,
    severity,
    levels,
    drugMultiplier: logNormal(traits, settings.drugHeterogeneity),
    cueStrength: settings.cueStrength * logNormal(traits, settings.cueHeterogeneity),
    cueCriterion: settings.cueCriterion + traits.normal(0, 0.3),
    doseAdherence: nearby(traits, settings.adherence.dose),
    answerAdherence: nearby(traits, settings.adherence.answer),
    leavesAfterWeek: hazard < weeks ? Math.floor(hazard) : null,
    qualifies: !traits.bernoulli(settings.ineligible),
  };
}

/** Signal detection: the cue is standard normal, shifted by the person's cue strength where the capsule is active. */
export function liveCapsuleDay(
  person: Person,
  content: Content,
  activeDosesBefore: number,
  settings: Settings,
  random: Random,
): CapsuleDay {
  const strength = person.cueStrength * Math.max(0, 1 - settings.toleranceLoss) ** activeDosesBefore;
  const cue = random.normal(0, 1) + (content === 'active' ? strength : 0);
  const distance = cue - person.cueCriterion;
  const near = Math.abs(distance) < 0.5;
  const unsure = near && random.bernoulli(settings.unsure);
  return {
    content,
    cue,
    belief: unsure ? 'unsure' : distance > 0 ? 'active' : 'placebo',
    confidence: Math.round(clamp(45 + 22 * Math.abs(distance) + random.normal(0, 10), 0, 100)),
    sideEffects: random.bernoulli(settings.sideEffects[content]),
  };
}

/** A rating on a day, 0-100; `day` is null away from capsules. */
export function rate(
  item: string,
  effect: RatingEffect,
  person: Person,
  day: CapsuleDay | null,
  random: Random,
): number {
  const drug = day?.content === 'active' ? effect.drug * person.drugMultiplier : 0;
  const belief = day?.belief === 'active' ? effect.belief : day?.belief === 'unsure' ? effect.belief / 2 : 0;
  const level = effect.mean + (person.levels[item] ?? 0) * effect.personSd;
  const value = level + drug + belief + random.normal(0, effect.daySd);
  return Math.round(clamp(value, ratingRange.low, ratingRange.high));
}

/** Log-normal with mean 1. */
function logNormal(random: Random, logSd: number): number {
  return Math.exp(random.normal(-(logSd * logSd) / 2, logSd));
}

function nearby(random: Random, probability: number): number {
  if (probability <= 0 || probability >= 1) return clamp(probability, 0, 1);
  const logit = Math.log(probability / (1 - probability)) + random.normal(0, 0.6);
  return 1 / (1 + Math.exp(-logit));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
