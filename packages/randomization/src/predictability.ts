/** How well can somebody guess who sees every past allocation but no future one, and how balanced are the arms? */
import { chainOf } from './chain.ts';
import { type Arm, assertDesign, type ChainProcedure, type Procedure, reduceRatio } from './design.ts';
import type { Draws } from './draws.ts';
import { RandomizationError } from './errors.ts';
import { nobody, type Participant } from './people.ts';
import { simulatedDraws } from './simulated-draws.ts';
import { at, type Chain, type Move, type State } from './state.ts';

export type Predictability = {
  /**
   * Share of allocations guessed right by the guesser of Blackwell & Hodges (1957), who always names the arm that is most
   * behind its share, and for somebody of a known household its arm; a tie counts as one guess split evenly.
   */
  readonly correctGuessRate: number;
  /** The same for somebody who knows all that the procedure remembers, levels of factors and open blocks included. */
  readonly informedGuessRate: number;
  /** Mean over runs of the largest imbalance met: most minus least participants per unit of weight. */
  readonly meanMaxImbalance: number;
  readonly meanFinalImbalance: number;
  /** Mean over runs of the largest imbalance among people of one level, at the end; null where there are no factors. */
  readonly meanFinalMarginalImbalance: number | null;
};

type Request = {
  readonly arms: readonly Arm[];
  readonly procedure: Procedure;
  /** Of a trial in one person: the periods to guess. */
  readonly participants: number;
  readonly runs: number;
  readonly seed: Uint8Array;
  /** Who comes, the first first; over and over if there are fewer than participants. Needed by a minimisation. */
  readonly people?: readonly Participant[];
};

const maxSimulated = 1_000_000;

/** Simulates `runs` strata of `participants` each. The same seed gives the same answer. */
export function predictability(request: Request): Predictability {
  for (const size of [request.participants, request.runs]) {
    if (!Number.isInteger(size) || size < 1 || size > maxSimulated) {
      throw new RandomizationError('simulation.size', `${size}`);
    }
  }
  assertDesign(request.arms, request.procedure);
  const { arms, procedure, households } = asChain(request);
  const draws = simulatedDraws(request.seed, 'predictability');
  const given = request.people ?? [];
  const people = Array.from({ length: request.participants }, (_, step) => given[step % given.length] ?? nobody);
  const simulated = { arms: reduceRatio(arms), chain: chainOf(arms, procedure), people, households, draws };
  const totals = { right: 0, informed: 0, maxImbalance: 0, finalImbalance: 0, marginal: 0 };
  for (let run = 0; run < request.runs; run += 1) {
    const outcome = guessThrough(simulated);
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += outcome[key];
  }
  const { runs, participants } = request;
  return {
    correctGuessRate: totals.right / (runs * participants),
    informedGuessRate: totals.informed / (runs * participants),
    meanMaxImbalance: totals.maxImbalance / runs,
    meanFinalImbalance: totals.finalImbalance / runs,
    meanFinalMarginalImbalance: procedure.kind === 'minimisation' ? totals.marginal / runs : null,
  };
}

/** Weeks of self-blinding draw their arm like a coin; the periods of one person are blocks. */
function asChain({ arms, procedure }: Request): {
  arms: readonly Arm[];
  procedure: ChainProcedure;
  households: boolean;
} {
  switch (procedure.kind) {
    case 'selfBlindingWeeks':
      return { arms, procedure: { kind: 'complete' }, households: false };
    case 'nOf1': {
      const treatments = procedure.block.map((weight, place) => ({ id: `${place}`, weight }));
      const size = procedure.block.reduce((sum, periods) => sum + periods, 0);
      return { arms: treatments, procedure: { kind: 'permutedBlocks', sizes: [size] }, households: false };
    }
    case 'households':
      return { arms, procedure: procedure.of, households: true };
    default:
      return { arms, procedure, households: false };
  }
}

type Simulated = {
  readonly arms: readonly Arm[];
  readonly chain: Chain;
  readonly people: readonly Participant[];
  readonly households: boolean;
  readonly draws: Draws;
};

function guessThrough({ arms, chain, people, households, draws }: Simulated) {
  const tally: Tally[] = arms.map(({ weight }) => ({ weight, count: 0 }));
  const levels = new Map<string, Tally[]>();
  const known = new Map<string, number>();
  let state: State = chain.start;
  let [right, informed, maxImbalance] = [0, 0, 0];
  for (const person of people) {
    const home = households ? person.household : undefined;
    let drawn = home === undefined ? undefined : known.get(home);
    if (drawn === undefined) {
      const moves = chain.moves(state, person);
      const guessed = armsBehind(tally);
      const move = drawMove(moves, draws);
      [drawn, state] = [move.arm, move.to];
      if (home !== undefined) known.set(home, drawn);
      if (guessed.includes(at(tally, drawn))) right += 1 / guessed.length;
      informed += likeliest(moves, arms.length);
    } else {
      right += 1;
      informed += 1;
    }
    for (const counted of [tally, ...talliesOf(levels, person, arms)]) at(counted, drawn).count += 1;
    maxImbalance = Math.max(maxImbalance, imbalanceOf(tally));
  }
  const marginal = Math.max(0, ...[...levels.values()].map(imbalanceOf));
  return { right, informed, maxImbalance, finalImbalance: imbalanceOf(tally), marginal };
}

function drawMove(moves: readonly Move[], draws: Draws): Move {
  let left = draws.belowBig(moves.reduce((sum, { share }) => sum + share, 0n));
  for (const move of moves) {
    if (left < move.share) return move;
    left -= move.share;
  }
  throw new RangeError('the moves of a state have no share');
}

/** The chance of the likeliest arm. */
function likeliest(moves: readonly Move[], arms: number): number {
  const shares = Array<bigint>(arms).fill(0n);
  for (const { arm, share } of moves) shares[arm] = at(shares, arm) + share;
  const total = shares.reduce((sum, share) => sum + share, 0n);
  return Math.max(...shares.map((share) => Number((share * 1_000_000_000n) / total) / 1e9));
}

type Tally = { readonly weight: number; count: number };

function talliesOf(levels: Map<string, Tally[]>, { levels: own = {} }: Participant, arms: readonly Arm[]): Tally[][] {
  return Object.entries(own).map((level) => {
    const name = JSON.stringify(level);
    const tally = levels.get(name) ?? arms.map(({ weight }) => ({ weight, count: 0 }));
    levels.set(name, tally);
    return tally;
  });
}

function imbalanceOf(tally: readonly Tally[]): number {
  const filled = tally.map(({ count, weight }) => count / weight);
  return Math.max(...filled) - Math.min(...filled);
}

/** The arms with the lowest filling; of those the heaviest, since the ratio is public. */
function armsBehind(tally: readonly Tally[]): readonly Tally[] {
  let behind: Tally[] = [];
  for (const arm of tally) {
    const first = behind[0];
    const order =
      first === undefined ? -1 : arm.count * first.weight - first.count * arm.weight || first.weight - arm.weight;
    if (order < 0) behind = [arm];
    else if (order === 0) behind.push(arm);
  }
  return behind;
}
