/**
 * Digit symbol substitution: a key pairs nine shapes with nine digits; a shape is shown, its digit is chosen, for 90 s. The task is a
 * century old (review: Jaeger 2018, J Clin Psychopharmacol 38:513); shapes and timing are our own, and so norms of
 * published tests do not apply. The key changes from form to form.
 */
import type { Draws } from './draws.ts';
import { accuracy, isRight, median, scored, timesOf } from './measures.ts';
import type { Stimulus, Trial } from './trial.ts';

export const digitSymbolMs = 90_000;
/** Shapes by name, as they are drawn. */
export const shapes = ['arch', 'cross', 'gate', 'hook', 'moon', 'ring', 'stair', 'star', 'wave'] as const;
export const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const practiceShapes = 5;
/** Nobody answers more than three a second. */
const most = 270;

/** Every item names its shape; the digit is what the key of this form gives it. No shape comes twice in a row. */
export function digitSymbolPlan(draws: Draws): Stimulus[] {
  const key = new Map(draws.shuffled(shapes).map((shape, place) => [shape, digits[place] as string]));
  let last = '';
  return Array.from({ length: practiceShapes + most }, (_, index) => {
    const shape = draws.pick(shapes.filter((one) => one !== last));
    last = shape;
    return { practice: index < practiceShapes, stimulus: shape, expected: key.get(shape) as string };
  });
}

export function digitSymbolMeasures(trials: readonly Trial[]): Record<string, number | null> {
  const all = scored(trials);
  const right = all.filter(isRight);
  return {
    correct: all.length === 0 ? null : right.length,
    accuracy: accuracy(all),
    medianMs: median(timesOf(right)),
  };
}
