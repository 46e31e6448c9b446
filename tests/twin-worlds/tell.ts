/** A difference between two worlds, for a person to read. */
import type { Difference } from './pair.ts';

/** `what`: the seed of the scenario, or what else was compared. */
export function describe(what: string, difference: Difference | null): string {
  if (difference === null) return `${what}: no difference`;
  const { at, one, other } = difference;
  return `${what}: the worlds differ at\n  ${at}\n  one:   …${one}\n  other: …${other}`;
}
