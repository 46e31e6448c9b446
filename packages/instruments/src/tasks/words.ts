/**
 * Two tasks answered in words. Alternate uses (Guilford 1967): unusual uses of an everyday thing, in two minutes; counted are different
 * ideas (fluency). Divergent association (Olson et al. 2021, PNAS 118:e2022340118): ten nouns as different in meaning as can be; its
 * score is the mean distance of seven words in a model of language (GloVe), which is not shipped: the words are kept, and how many fit.
 */
import type { Draws } from './draws.ts';
import { scored } from './measures.ts';
import type { Stimulus, Trial } from './trial.ts';

export const alternateUsesMs = 120_000;
export const divergentAssociationMs = 240_000;
/** Everyday things by name; texts have them in the person's language. */
export const things = ['brick', 'paperclip', 'newspaper', 'shoe', 'bottle', 'blanket', 'spoon', 'box'] as const;
export const nouns = 10;
export const longestIdea = 120;

export const alternateUsesPlan = (draws: Draws): Stimulus[] => [
  { practice: false, stimulus: draws.pick(things), expected: null },
];

export const divergentAssociationPlan = (): Stimulus[] =>
  Array.from({ length: nouns }, (_, index) => ({ practice: false, stimulus: String(index + 1), expected: null }));

/** Without case, accents and what is no letter or digit: “A hat.” and “a hat” are one idea. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function answersOf(trials: readonly Trial[]): string[] {
  return scored(trials).flatMap(({ response }) =>
    response === null || plain(response) === '' ? [] : [plain(response)],
  );
}

export function alternateUsesMeasures(trials: readonly Trial[]): Record<string, number | null> {
  return { fluency: scored(trials).length === 0 ? null : new Set(answersOf(trials)).size };
}

/** Fitting words are single ones, each once. Fewer than seven cannot be scored by the published rule. */
export function divergentAssociationMeasures(trials: readonly Trial[]): Record<string, number | null> {
  const single = answersOf(trials).filter((word) => !word.includes(' '));
  return { words: scored(trials).length === 0 ? null : new Set(single).size };
}
