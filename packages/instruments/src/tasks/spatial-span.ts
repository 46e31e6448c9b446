/**
 * Spatial span after Corsi (1972; procedure and product score: Kessels et al. 2000, Appl Neuropsychol 7:252): blocks light up one after
 * another and are tapped in the same order; two sequences of every length, until both of a length are wrong.
 */
import type { Draws } from './draws.ts';
import { isRight, scored } from './measures.ts';
import type { Stimulus, Trial } from './trial.ts';

/** Nine blocks, in percent of width and height. */
export const blocks: readonly (readonly [x: number, y: number])[] = [
  [14, 16],
  [47, 10],
  [82, 18],
  [28, 40],
  [63, 42],
  [88, 56],
  [12, 70],
  [46, 74],
  [76, 86],
];
/** A block is lit for a second, with half a second between. */
export const [litMs, darkMs] = [1_000, 500];
const [shortest, longest, ofEach] = [2, 9, 2];

/** Blocks by number, joined by hyphens; no block twice in a sequence. One of two for practice. */
export function spatialSpanPlan(draws: Draws): Stimulus[] {
  const sequence = (length: number, practice: boolean): Stimulus => {
    const order = draws.shuffled(Array.from(blocks.keys())).slice(0, length).join('-');
    return { practice, stimulus: order, expected: order };
  };
  const lengths = Array.from({ length: longest - shortest + 1 }, (_, index) => shortest + index);
  return [
    sequence(shortest, true),
    ...lengths.flatMap((length) => Array.from({ length: ofEach }, () => sequence(length, false))),
  ];
}

const lengthOf = ({ stimulus }: Pick<Trial, 'stimulus'>): number => stimulus.split('-').length;

/** Whether both sequences of a length were wrong. */
export function spanIsOver(trials: readonly Trial[]): boolean {
  const all = scored(trials);
  const last = all.at(-1);
  const own = last === undefined ? [] : all.filter((trial) => lengthOf(trial) === lengthOf(last));
  return own.length === ofEach && !own.some(isRight);
}

export function spatialSpanMeasures(trials: readonly Trial[]): Record<string, number | null> {
  const all = scored(trials);
  if (all.length === 0) return { span: null, correct: null, product: null };
  const right = all.filter(isRight);
  const span = Math.max(0, ...right.map(lengthOf));
  return { span, correct: right.length, product: span * right.length };
}
