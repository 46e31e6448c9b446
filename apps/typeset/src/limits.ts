/** Checks of what callers give, each with an error that names the part. */
import { TypesetError } from './errors.ts';

export function between(name: string, number: number, least: number, most: number): void {
  if (Number.isInteger(number) && number >= least && number <= most) return;
  throw new TypesetError('bad_input', `${name} is ${number}; it must be ${least} to ${most}.`);
}

/** In alphabetical order of code units, which is the same everywhere. Refuses one that stands twice. */
export function distinct(name: string, values: readonly string[]): readonly string[] {
  const sorted = [...values].sort();
  const twice = sorted.find((value, index) => value === sorted[index + 1]);
  if (twice !== undefined) throw new TypesetError('bad_input', `The ${name} ${twice} stands twice.`);
  return sorted;
}
