/**
 * Minimisation with a random element (Pocock & Simon 1975, Biometrics 31:103). For a new person every slot is tried: how
 * far would the counts of the slots lie apart among people of the same level, added up over the factors by weight? The
 * slots with the least distance are favoured; where several are least they are alike.
 *
 * An arm of weight w owns w slots, the “fake arms” of Kuznetsova & Tymofyeyev 2012 (Statist Med 31:701). As slots are
 * alike before anything is drawn, every step keeps the ratio, which the biased-coin minimisation of Han, Enas & McEntegart
 * 2009 (Statist Med 28:3329) does not.
 */
import type { Minimisation } from './design.ts';
import { RandomizationError } from './errors.ts';
import type { Participant } from './people.ts';
import { type Chain, keyOfColumns, type State } from './state.ts';

type Cell = { readonly weight: number; readonly counts: readonly number[]; readonly from: number };

/** A state holds one count per slot for every level, in the order in which levels were first met. */
export function minimisationChain(owners: readonly number[], procedure: Minimisation): Chain {
  const slots = owners.length;
  const places = new Map<string, number>();
  const placeOf = (factor: string, level: string) => {
    const name = JSON.stringify([factor, level]);
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  };
  const cellsOf = (state: State, person: Participant): Cell[] =>
    procedure.factors.map(({ id, weight }) => {
      const from = placeOf(id, levelOf(person, id)) * slots;
      return { weight, from, counts: owners.map((_, slot) => state[from + slot] ?? 0) };
    });
  return {
    start: [],
    keyOf: keyOfColumns(owners),
    moves(state, person) {
      const cells = cellsOf(state, person);
      const distances = owners.map((_, slot) =>
        cells.reduce((sum, { weight, counts }) => sum + weight * distanceBy[procedure.distance](counts, slot), 0),
      );
      const least = Math.min(...distances);
      const favoured = (slot: number) => distances[slot] === least;
      // One favoured slot among k has favour : against as a whole; the others share what is left.
      const share = (slot: number) => BigInt(favoured(slot) ? procedure.favour * (slots - 1) : procedure.against);
      return owners.map((arm, slot) => ({ arm, share: share(slot), to: counted(state, cells, slot) }));
    },
  };
}

/** How far apart counts lie once a slot has one more. */
const distanceBy = {
  range(counts: readonly number[], slot: number) {
    const after = counts.map((count, other) => (other === slot ? count + 1 : count));
    return Math.max(...after) - Math.min(...after);
  },
  // Of k counts the variance after one more at s is that before, plus (2 c_s + 1) / k, less what is the same for every s.
  variance: (counts: readonly number[], slot: number) => 2 * (counts[slot] ?? 0) + 1,
} as const;

function counted(state: State, cells: readonly Cell[], slot: number): State {
  const slots = cells[0]?.counts.length ?? 0;
  const length = Math.max(state.length, ...cells.map(({ from }) => from + slots));
  const after = Array.from({ length }, (_, place) => state[place] ?? 0);
  for (const { from } of cells) after[from + slot] = (after[from + slot] ?? 0) + 1;
  return after;
}

function levelOf({ levels }: Participant, factor: string): string {
  const level = levels?.[factor];
  if (level === undefined || level === '') throw new RandomizationError('factors.level', factor);
  if (!level.isWellFormed()) throw new RandomizationError('text.malformed');
  return level;
}
