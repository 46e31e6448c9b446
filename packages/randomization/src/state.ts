/** What a procedure remembers, and the moves from there. */

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
  moves(state: State): readonly Move[];
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

export const keyOfState = (state: State): string => state.join();

export function raised(counts: State, place: number): State {
  return counts.with(place, at(counts, place) + 1);
}

export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}
