/**
 * Colour-word task after Stroop (1935, J Exp Psychol 18:643): the colour in which a word is printed is chosen, whatever the word says.
 * Half of the words name their own colour. Interference is the median time of right answers to the others, less that of these.
 */
import type { Draws } from './draws.ts';
import { accuracy, isRight, median, scored, timesOf } from './measures.ts';
import type { Stimulus, Trial } from './trial.ts';

export const colours = ['red', 'green', 'blue', 'yellow'] as const;
export type Colour = (typeof colours)[number];
/** Without an answer the next word comes. */
export const wordMs = 5_000;
const [practiceWords, words] = [8, 64];

/** `word/ink`. Every colour equally often, in every kind; the same ink at most three times in a row. */
export function stroopPlan(draws: Draws): Stimulus[] {
  return [...section(draws, practiceWords, true), ...section(draws, words, false)];
}

function section(draws: Draws, count: number, practice: boolean): Stimulus[] {
  const pairs = Array.from({ length: count }, (_, index): [Colour, Colour] => {
    const ink = colours[(index >> 1) % colours.length] as Colour;
    return [index % 2 === 0 ? ink : draws.pick(colours.filter((other) => other !== ink)), ink];
  });
  let order = draws.shuffled(pairs);
  while (order.some(([, ink], at) => at > 2 && [1, 2, 3].every((back) => order[at - back]?.[1] === ink))) {
    order = draws.shuffled(pairs);
  }
  return order.map(([word, ink]) => ({ practice, stimulus: `${word}/${ink}`, expected: ink }));
}

const isCongruent = ({ stimulus }: Trial): boolean => {
  const [word, ink] = stimulus.split('/');
  return word === ink;
};

export function stroopMeasures(trials: readonly Trial[]): Record<string, number | null> {
  const all = scored(trials);
  const right = all.filter(isRight);
  const same = median(timesOf(right.filter(isCongruent)));
  const other = median(timesOf(right.filter((trial) => !isCongruent(trial))));
  return {
    interference: same === null || other === null ? null : other - same,
    congruentMs: same,
    incongruentMs: other,
    accuracy: accuracy(all),
  };
}
