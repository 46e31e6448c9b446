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
  /** Of the largest dose of the protocol, what the capsule held: 0 for a placebo. */
  readonly potency: number;
  readonly confidence: number;
  readonly sideEffects: boolean;
};

const ratingRange = { min: 0, max: 100 } as const;

export function drawPerson(index: number, weeks: number, settings: Settings, random: Random): Person {
  const traits = random.fork(`person/${index}`);
  const age = Math.round(clamp(traits.normal(34, 10), 21, 68));
  const sex = traits.bernoulli(0.31) ? 'female' : 'male';
  const expectation = clamp(traits.normal(settings.expectation.mean, settings.expectation.sd), 0, 100);
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

/** The cue of a capsule that holds no substance under study and is felt all the same is that of `felt` of a full one. */
export type Held = { readonly content: Content; readonly potency: number; readonly felt: number };

export const usual: Readonly<Record<Content, Held>> = {
  active: { content: 'active', potency: 1, felt: 1 },
  placebo: { content: 'placebo', potency: 0, felt: 0 },
};

/** What a rating takes from a capsule. */
export type Felt = Pick<CapsuleDay, 'content' | 'potency' | 'cue' | 'belief'>;

/** Signal detection: the cue is standard normal, shifted by the person's cue strength as far as the capsule is felt. */
export function feelCapsule(
  person: Person,
  { content, potency, felt }: Held,
  activeDosesBefore: number,
  settings: Settings,
  random: Random,
): Felt {
  const strength = person.cueStrength * Math.max(0, 1 - settings.toleranceLoss) ** activeDosesBefore;
  const cue = random.normal(0, 1) + felt * strength;
  const distance = cue - person.cueCriterion;
  const unsure = Math.abs(distance) < 0.5 && random.bernoulli(settings.unsure);
  return { content, potency, cue, belief: unsure ? 'unsure' : distance > 0 ? 'active' : 'placebo' };
}

/** The same with what else a day with a capsule brings. */
export function liveCapsuleDay(
  person: Person,
  held: Held,
  activeDosesBefore: number,
  settings: Settings,
  random: Random,
): CapsuleDay {
  const felt = feelCapsule(person, held, activeDosesBefore, settings, random);
  const distance = Math.abs(felt.cue - person.cueCriterion);
  return {
    ...felt,
    confidence: Math.round(clamp(45 + 22 * distance + random.normal(0, 10), 0, 100)),
    sideEffects: random.bernoulli(settings.sideEffects[felt.content]),
  };
}

export type Rated = {
  readonly item: string;
  readonly effect: RatingEffect;
  readonly person: Person;
  /** null before the first capsule. */
  readonly day: Pick<Felt, 'potency' | 'belief'> | null;
  /** Study week, from 1. */
  readonly week: number;
  readonly settings: Pick<Settings, 'expectancyBias' | 'expectation'>;
  /** Of the score; 0 to 100 where absent. */
  readonly range?: { readonly min: number; readonly max: number };
};

/** A rating: level + drug + belief + placebo response + expectancy + noise, within the range of the scale. */
export function rate(rated: Rated, random: Random): number {
  const { effect, person, day, week, settings, range = ratingRange } = rated;
  const expects = (person.expectation - settings.expectation.mean) / (settings.expectation.sd || 1);
  const drug = day === null ? 0 : effect.drug * person.drugMultiplier * day.potency;
  const believes = day?.belief === 'active' ? 1 : day?.belief === 'unsure' ? 0.5 : 0;
  const belief = believes * effect.belief * Math.max(0, 1 + settings.expectancyBias * expects);
  const settled = day === null ? 0 : effect.placeboResponse * (1 - Math.exp(-week / 2)) + effect.expectancy * expects;
  const level = effect.mean + (person.levels[rated.item] ?? 0) * effect.personSd;
  const value = clamp(level + drug + belief + settled + random.normal(0, effect.daySd), range.min, range.max);
  return range.max - range.min >= 10 ? Math.round(value) : value;
}

/** Log-normal with mean 1. */
export function logNormal(random: Random, logSd: number): number {
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
