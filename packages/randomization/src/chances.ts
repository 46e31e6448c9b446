/**
 * Exact chances under a procedure: of the next arm for somebody who has seen every past one, and of a whole sequence.
 * They are what a randomisation test weights with, and the strongest guess anybody can make.
 */
import { chainOf } from './chain.ts';
import type { Arm, StepwiseProcedure } from './design.ts';
import { RandomizationError } from './errors.ts';
import type { Chain, State } from './state.ts';

/** A number between 0 and 1, in lowest terms. */
export type Chance = { readonly numerator: bigint; readonly denominator: bigint };

type StepwiseDesign = { readonly arms: readonly Arm[]; readonly procedure: StepwiseProcedure };

/** Where the chain may stand, and how likely together with what was seen. */
type Belief = ReadonlyMap<string, { readonly state: State; readonly chance: Chance }>;

const none: Chance = { numerator: 0n, denominator: 1n };

/**
 * The chance of every arm at the next step, in the order of the arms.
 * @param past arm ids of the stratum, the first first
 * @throws RandomizationError `history.differs` when the procedure never draws such a past, `arms.unknown`, or a fault of
 * the design
 */
export function nextChances({ arms, procedure }: StepwiseDesign, past: readonly string[] = []): Chance[] {
  const chain = chainOf(arms, procedure);
  const belief = follow(chain, arms, past);
  const seen = totalOf(belief);
  if (seen.numerator === 0n) throw new RandomizationError('history.differs');
  return arms.map((_, arm) => over(totalOf(step(chain, belief, arm)), seen));
}

/** The chance that a stratum begins with these arms. Sequences of one length add up to 1. */
export function sequenceChance({ arms, procedure }: StepwiseDesign, sequence: readonly string[]): Chance {
  return totalOf(follow(chainOf(arms, procedure), arms, sequence));
}

export function chanceAsNumber({ numerator, denominator }: Chance): number {
  // Digits beyond a double's are cut before the division, so that no part overflows.
  const excess = Math.max(0, denominator.toString(2).length - 1000);
  return Number(numerator >> BigInt(excess)) / Number(denominator >> BigInt(excess));
}

function follow(chain: Chain, arms: readonly Arm[], sequence: readonly string[]): Belief {
  const ids = arms.map(({ id }) => id);
  let belief: Belief = new Map([
    [chain.keyOf(chain.start), { state: chain.start, chance: { numerator: 1n, denominator: 1n } }],
  ]);
  for (const id of sequence) {
    const arm = ids.indexOf(id);
    if (arm === -1) throw new RandomizationError('arms.unknown', id);
    belief = step(chain, belief, arm);
  }
  return belief;
}

/** The belief after this arm; its chances add up to those of all that was seen. */
function step(chain: Chain, belief: Belief, arm: number): Belief {
  const next = new Map<string, { state: State; chance: Chance }>();
  for (const { state, chance } of belief.values()) {
    const moves = chain.moves(state);
    const total = moves.reduce((sum, { share }) => sum + share, 0n);
    for (const move of moves) {
      if (move.arm !== arm) continue;
      const key = chain.keyOf(move.to);
      const taken = times(chance, { numerator: move.share, denominator: total });
      next.set(key, { state: move.to, chance: plus(next.get(key)?.chance ?? none, taken) });
    }
  }
  return next;
}

function totalOf(belief: Belief): Chance {
  return [...belief.values()].reduce((sum, { chance }) => plus(sum, chance), none);
}

function plus(a: Chance, b: Chance): Chance {
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

function times(a: Chance, b: Chance): Chance {
  return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
}

function over(a: Chance, b: Chance): Chance {
  return reduced(a.numerator * b.denominator, a.denominator * b.numerator);
}

function reduced(numerator: bigint, denominator: bigint): Chance {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
