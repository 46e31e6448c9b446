/** A number, or why there is none: what cannot be computed is answered as such. */
import { StatisticsError } from '@limen/statistics';
import type { Possible } from './results.ts';

/** @throws what `compute` throws beyond StatisticsError */
export function possible<T extends object>(compute: () => T): Possible<T> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { notPossible: error.message };
  }
}

export function isPossible<T extends object>(value: Possible<T>): value is T {
  return !('notPossible' in value);
}
