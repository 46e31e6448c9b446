/** The allocations of a stratum one after another. A walk never changes: it can be taken up again from any step. */
import { chainOf } from './chain.ts';
import { type Arm, assertDesign, type Procedure, slotsOf } from './design.ts';
import type { DrawSource } from './draws.ts';
import { drawPeriods } from './n-of-1.ts';
import { nobody, type Participant } from './people.ts';
import { type DoseWeek, drawSelfBlindingWeeks, type SelfBlindingArm, shuffled } from './self-blinding.ts';
import { at, type Chain, type State } from './state.ts';

export type Allocation = {
  readonly arm: string;
  /** Content of the dose weeks; only of the self-blinding weeks. */
  readonly sequence?: readonly DoseWeek[];
  /** The treatment of every period, by its place in the block; only of trials in one person. */
  readonly periods?: readonly number[];
};

/** Answers the allocation of the next person, and the walk after it. Called again it answers the same. */
export type Walk = (person?: Participant) => { readonly allocation: Allocation; readonly after: Walk };

type Design = { readonly arms: readonly Arm[]; readonly procedure: Procedure };

/** @param from the step to begin with; other than 0 only for procedures that do not remember */
export function openWalk({ arms, procedure }: Design, source: DrawSource, from = 0): Walk {
  assertDesign(arms, procedure);
  return walkOf(arms, procedure, source, from);
}

/** The allocations of these people, one after another. */
export function* follow(walk: Walk, people: Iterable<Participant>): Generator<Allocation, void, undefined> {
  let rest = walk;
  for (const person of people) {
    const { allocation, after } = rest(person);
    yield allocation;
    rest = after;
  }
}

/** Whether a step can be drawn without those before it. */
export function remembers({ kind }: Procedure): boolean {
  return kind !== 'complete' && kind !== 'selfBlindingWeeks' && kind !== 'nOf1';
}

/** Whether a draw depends on who is drawn, so that those before have to be known to follow it. */
export function looksAtPeople(procedure: Procedure): boolean {
  return procedure.kind === 'minimisation' || procedure.kind === 'households';
}

function walkOf(arms: readonly Arm[], procedure: Procedure, source: DrawSource, from: number): Walk {
  switch (procedure.kind) {
    case 'permutedBlocks':
      return walkBlocks({ slots: slotsOf(arms), sizes: procedure.sizes, source }, { block: [], used: 0, blocks: 0 });
    case 'selfBlindingWeeks':
      return walkAlone((step) => drawSelfBlinding(source, step), from);
    case 'nOf1':
      return walkAlone(
        (step) => ({ arm: at(arms, 0).id, periods: drawPeriods(procedure, source('step', step)) }),
        from,
      );
    case 'households':
      return walkHouseholds(walkOf(arms, procedure.of, source, 0), new Map());
    default:
      return walkChain({ arms, chain: chainOf(arms, procedure), source }, from);
  }
}

type Chained = { readonly arms: readonly Arm[]; readonly chain: Chain; readonly source: DrawSource };

function walkChain(chained: Chained, step: number, state: State = chained.chain.start): Walk {
  const { arms, chain, source } = chained;
  return (person = nobody) => {
    const moves = chain.moves(state, person);
    const total = moves.reduce((sum, { share }) => sum + share, 0n);
    let left = source('step', step).belowBig(total);
    for (const { arm, share, to } of moves) {
      if (left < share) return { allocation: { arm: at(arms, arm).id }, after: walkChain(chained, step + 1, to) };
      left -= share;
    }
    throw new RangeError('the moves of a state have no share');
  };
}

type Blocked = { readonly slots: readonly string[]; readonly sizes: readonly number[]; readonly source: DrawSource };
type Open = { readonly block: readonly string[]; readonly used: number; readonly blocks: number };

function walkBlocks(blocked: Blocked, open: Open): Walk {
  return () => {
    const { block, used, blocks } = open.used === open.block.length ? nextBlock(blocked, open.blocks) : open;
    return { allocation: { arm: at(block, used) }, after: walkBlocks(blocked, { block, used: used + 1, blocks }) };
  };
}

function nextBlock({ slots, sizes, source }: Blocked, blocks: number): Open {
  const draws = source('block', blocks);
  const size = at(sizes, draws.below(sizes.length));
  const whole = Array.from({ length: size }, (_, place) => at(slots, place % slots.length));
  return { block: shuffled(whole, draws), used: 0, blocks: blocks + 1 };
}

function walkAlone(draw: (step: number) => Allocation, step: number): Walk {
  return () => ({ allocation: draw(step), after: walkAlone(draw, step + 1) });
}

/** The first of a household draws for all of it; who comes later changes nothing of what others draw. */
function walkHouseholds(ofHouseholds: Walk, known: ReadonlyMap<string, Allocation>): Walk {
  return (person = nobody) => {
    const { household } = person;
    const shared = household === undefined ? undefined : known.get(household);
    if (shared !== undefined) return { allocation: shared, after: walkHouseholds(ofHouseholds, known) };
    const { allocation, after } = ofHouseholds(person);
    const widened = household === undefined ? known : new Map(known).set(household, allocation);
    return { allocation, after: walkHouseholds(after, widened) };
  };
}

export function drawSelfBlinding(
  source: DrawSource,
  step: number,
): { arm: SelfBlindingArm; sequence: readonly DoseWeek[] } {
  const draws = source('step', step);
  const arm = at(['PL', 'HH', 'MD'] as const, draws.below(3));
  return { arm, sequence: drawSelfBlindingWeeks(arm, draws) };
}
