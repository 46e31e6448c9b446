/** What a procedure remembers, and the moves from there. */
import type { Participant } from './people.ts';

/** Whole numbers of a state; what they count is the chain's own matter. Equal numbers are equal states. */
export type State = readonly number[];

export type Move = {
  /** Place of the arm in the design. */
  readonly arm: number;
  /** Chance of the move is its share of all moves' shares; exact, never negative. */
  readonly share: bigint;
  readonly to: State;
};

export type Chain = {
  readonly start: State;
  /** @throws RandomizationError `factors.level` where the procedure needs a factor that the person lacks */
  moves(state: State, person: Participant): readonly Move[];
  /** States of one key have the same chances of arms, now and later. */
  keyOf(state: State): string;
};

/** The key of states in which every slot counts `owners[slot]`'s arm: slots of one arm are alike. */
export function keyOfSlots(owners: readonly number[]) {
  const arms = [...new Set(owners)];
  return (counts: State) =>
    arms
      .map((arm) =>
        counts
          .filter((_, slot) => owners[slot] === arm)
          .toSorted((a, b) => a - b)
          .join(),
      )
      .join(';');
}

/** The key of states that hold one row of counts per slot for each of several lists. */
export function keyOfColumns(owners: readonly number[]) {
  const arms = [...new Set(owners)];
  return (state: State) => {
    const columnOf = (slot: number) => state.filter((_, place) => place % owners.length === slot).join();
    const slotsOfArm = (arm: number) => [...owners.keys()].filter((slot) => owners[slot] === arm);
    return arms.map((arm) => slotsOfArm(arm).map(columnOf).sort().join('|')).join(';');
  };
}

export const keyOfState = (state: State): string => state.join();

export function raised(counts: State, place: number): State {
  return counts.with(place, at(counts, place) + 1);
}

export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}
