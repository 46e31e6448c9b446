/** One thing about a study or its world changed step by step. */
import { type Settings, scaleEffects } from './settings.ts';

export const sweepable = {
  drug: 'times the effect of the drug',
  belief: 'times the effect of belief',
  cue: 'times how well an active capsule is felt',
  participants: 'participants',
  dropout: 'of those in the study who leave each week',
  adherence: 'of capsules taken',
  batch: 'log-standard deviation of what batches contain',
  heterogeneity: 'log-standard deviation of the effect between people',
} as const;

export type Sweepable = keyof typeof sweepable;

export type World = { readonly participants: number; readonly settings: Settings };

/** The world with one thing set to `value`. */
export function worldWith(world: World, name: Sweepable, value: number): World {
  const { settings } = world;
  const change = (changes: Partial<Settings>): World => ({ ...world, settings: { ...settings, ...changes } });
  switch (name) {
    case 'participants':
      return { ...world, participants: Math.round(value) };
    case 'drug':
      return { ...world, settings: scaleEffects(settings, { drug: value }) };
    case 'belief':
      return { ...world, settings: scaleEffects(settings, { belief: value }) };
    case 'cue':
      return change({ cueStrength: settings.cueStrength * value });
    case 'dropout':
      return change({ weeklyDropout: value });
    case 'adherence':
      return change({ adherence: { ...settings.adherence, dose: value } });
    case 'batch':
      return change({ potency: { ...settings.potency, batchLogSd: value } });
    case 'heterogeneity':
      return change({ drugHeterogeneity: value });
    default:
      return name satisfies never;
  }
}
