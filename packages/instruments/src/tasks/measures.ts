/** What the scores of several tasks have in common. */
import type { Trial } from './trial.ts';

export const scored = (trials: readonly Trial[]): Trial[] => trials.filter(({ practice }) => !practice);

export const isRight = ({ expected, response }: Trial): boolean => response === expected;

export const timesOf = (trials: readonly Trial[]): number[] => trials.flatMap(({ ms }) => (ms === null ? [] : [ms]));

/** Null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** Percent of trials answered as they should be; null of none. */
export function accuracy(trials: readonly Trial[]): number | null {
  return trials.length === 0 ? null : (100 * trials.filter(isRight).length) / trials.length;
}

/** No hand is so fast: an answer before this belongs to no stimulus (Basner & Dinges 2011, Sleep 34:581). */
export const fastestMs = 100;
