/**
 * Every procedure that draws people arm by arm as one thing: a chain of states whose moves carry whole-number shares. From it follow the
 * draw, the exact chances of the next arm, of a whole sequence, and how predictable the procedure is.
 *
 * An arm of weight w owns w slots; most procedures treat slots alike, which keeps the ratio at every step. Which slot of
 * an arm was taken is not seen in the arms, so what the past tells is a belief over states (`chances.ts`).
 */
import { type Arm, assertDesign, type ChainProcedure, type Procedure, reduceRatio, slotsOf } from './design.ts';
import { maximalChain } from './maximal.ts';
import { minimisationChain } from './minimisation.ts';
import { at, type Chain, keyOfSlots, keyOfState, type Move, raised, type State } from './state.ts';

export function chainOf(arms: readonly Arm[], procedure: ChainProcedure): Chain {
  assertDesign(arms, procedure);
  const owners = ownersOf(arms);
  switch (procedure.kind) {
    case 'complete':
      return { start: [], keyOf: keyOfState, moves: () => owners.map((arm) => ({ arm, share: 1n, to: [] })) };
    case 'permutedBlocks':
      return blocksChain(weightsOf(arms), procedure.sizes);
    case 'bigStick':
      return bigStickChain(owners, procedure.tolerance);
    case 'biasedCoin':
      return slotChain(owners, biasedCoinShare(procedure));
    case 'urn':
      return slotChain(owners, urnShare(procedure));
    case 'blockUrn':
      return blockUrnChain(weightsOf(arms), procedure.blocks);
    case 'maximal':
      return maximalChain(owners, procedure);
    case 'minimisation':
      return minimisationChain(owners, procedure);
  }
}

/** The arm that owns each slot: 2:1 becomes 0, 0, 1. */
function ownersOf(arms: readonly Arm[]): readonly number[] {
  const ids = arms.map(({ id }) => id);
  return slotsOf(arms).map((id) => ids.indexOf(id));
}

function weightsOf(arms: readonly Arm[]): readonly number[] {
  return reduceRatio(arms).map(({ weight }) => weight);
}

/** A state is how often every slot was drawn. */
function slotChain(owners: readonly number[], shareOf: (counts: readonly number[], slot: number) => number): Chain {
  return {
    start: owners.map(() => 0),
    keyOf: keyOfSlots(owners),
    moves: (counts) =>
      owners.flatMap((arm, slot) => {
        const share = shareOf(counts, slot);
        return share > 0 ? [{ arm, share: BigInt(share), to: raised(counts, slot) }] : [];
      }),
  };
}

/**
 * Big stick (Soares & Wu 1983) for any whole-number ratio: a slot may be drawn as long as it would then be at most
 * `tolerance` ahead of the emptiest slot; slots that may are equally likely. Two slots give the original procedure.
 */
function bigStickChain(owners: readonly number[], tolerance: number): Chain {
  return slotChain(owners, (counts, slot) => (at(counts, slot) < Math.min(...counts) + tolerance ? 1 : 0));
}

/**
 * Efron 1971 (Biometrika 58:403): with two slots that differ, the emptier one has `favour` chances against `against`;
 * 2 and 1 are his p = 2/3. With more slots every slot at the smallest count has `favour` chances, all others `against`.
 */
function biasedCoinShare({ favour, against }: Extract<Procedure, { kind: 'biasedCoin' }>) {
  return (counts: readonly number[], slot: number) => (at(counts, slot) === Math.min(...counts) ? favour : against);
}

/**
 * Wei 1977 (JASA 72:382), UD(initial, added): a drawn ball goes back with `added` balls of every other slot, so that
 * slot s holds initial + added · (n − n_s) balls. An empty urn draws every slot alike.
 */
function urnShare({ initial, added }: Extract<Procedure, { kind: 'urn' }>) {
  return (counts: readonly number[], slot: number) => {
    const drawn = counts.reduce((sum, count) => sum + count, 0);
    return initial === 0 && drawn === 0 ? 1 : initial + added * (drawn - at(counts, slot));
  };
}

/**
 * Zhao & Weng 2011 (Contemp Clin Trials 32:953): an urn of `blocks` balanced sets gives its balls without return; as soon
 * as every arm has had another whole set, the set comes back. Arm i of weight w_i has w_i (blocks + k) − n_i balls, where
 * k is the number of whole sets drawn.
 */
function blockUrnChain(weights: readonly number[], blocks: number): Chain {
  return {
    start: weights.map(() => 0),
    keyOf: keyOfState,
    moves: (counts) =>
      weights.flatMap((weight, arm) => {
        const left = weight * blocks - at(counts, arm);
        return left > 0 ? [{ arm, share: BigInt(left), to: withoutWholeSets(raised(counts, arm), weights) }] : [];
      }),
  };
}

function withoutWholeSets(counts: State, weights: readonly number[]): State {
  const whole = Math.min(...counts.map((count, arm) => Math.floor(count / at(weights, arm))));
  return counts.map((count, arm) => count - whole * at(weights, arm));
}

/** A state is what the block has left of every arm; nothing left opens a block, all sizes equally likely. */
function blocksChain(weights: readonly number[], sizes: readonly number[]): Chain {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const fresh = sizes.map((size) => weights.map((weight) => (weight * size) / total));
  return {
    start: weights.map(() => 0),
    keyOf: keyOfState,
    moves(left) {
      if (left.some((count) => count > 0)) return movesWithin(left, left);
      // The first place of a block keeps the ratio whatever its size, so shares of all sizes are the weights.
      return fresh.flatMap((block) => movesWithin(block, weights));
    },
  };
}

function movesWithin(left: State, shares: readonly number[]): Move[] {
  return left.flatMap((count, arm) =>
    count > 0 ? [{ arm, share: BigInt(at(shares, arm)), to: left.with(arm, count - 1) }] : [],
  );
}
