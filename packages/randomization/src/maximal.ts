/**
 * The maximal procedure (Berger, Ivanova & Knoll 2003, Statist Med 22:3017): every order of `size` allocations that ends
 * balanced and never lets a slot get more than `tolerance` ahead of another is equally likely. The chance of a move is
 * the number of admissible ends behind it, counted exactly. After `size` allocations the next order begins.
 */
import type { Procedure } from './design.ts';
import { type Chain, keyOfSlots, raised, type State } from './state.ts';

export function maximalChain(
  owners: readonly number[],
  { tolerance, size }: Pick<Extract<Procedure, { kind: 'maximal' }>, 'tolerance' | 'size'>,
): Chain {
  const share = size / owners.length;
  const known = new Map<string, bigint>();
  const isAdmissible = (counts: State) =>
    Math.max(...counts) <= share && Math.max(...counts) - Math.min(...counts) <= tolerance;

  /** In how many ways an order can go on from these counts to its balanced end. Slots are alike, so sorted ones do. */
  function endsBehind(counts: State): bigint {
    if (!isAdmissible(counts)) return 0n;
    if (counts.every((count) => count === share)) return 1n;
    const sorted = counts.toSorted((a, b) => a - b);
    const key = sorted.join();
    const counted = known.get(key);
    if (counted !== undefined) return counted;
    const ends = sorted.reduce((sum, _, slot) => sum + endsBehind(raised(sorted, slot)), 0n);
    known.set(key, ends);
    return ends;
  }

  const start = owners.map(() => 0);
  return {
    start,
    keyOf: keyOfSlots(owners),
    moves: (counts) =>
      owners.flatMap((arm, slot) => {
        const to = raised(counts, slot);
        const ends = endsBehind(to);
        return ends > 0n ? [{ arm, share: ends, to: to.every((count) => count === share) ? start : to }] : [];
      }),
  };
}
