/**
 * Exact chances under a procedure: of the next arm for somebody who has seen every past one, and of a whole sequence.
 * They are what a randomisation test weights with, and the strongest guess anybody can make.
 */
import { chainOf } from './chain.ts';
import type { Arm, ChainProcedure, StepwiseProcedure } from './design.ts';
import { RandomizationError } from './errors.ts';
import { nobody, type Participant } from './people.ts';
import type { Chain, State } from './state.ts';

/** A number between 0 and 1, in lowest terms. */
export type Chance = { readonly numerator: bigint; readonly denominator: bigint };

type StepwiseDesign = {
  readonly arms: readonly Arm[];
  readonly procedure: StepwiseProcedure;
  /** Everybody in order, the next one too; for procedures that look at people. */
  readonly people?: readonly Participant[];
};

/** What was drawn, person by person or household by household. */
type Unit = { readonly arm: string; readonly person: Participant };

/** Where the chain may stand, and how likely together with what was seen. */
type Belief = ReadonlyMap<string, { readonly state: State; readonly chance: Chance }>;

const none: Chance = { numerator: 0n, denominator: 1n };
const certain: Chance = { numerator: 1n, denominator: 1n };

/**
 * The chance of every arm at the next step, in the order of the arms.
 * @param past arm ids of the stratum, the first first
 * @throws RandomizationError `history.differs` when the procedure never draws such a past, `arms.unknown`,
 * `factors.level`, or a fault of the design
 */
export function nextChances(design: StepwiseDesign, past: readonly string[] = []): Chance[] {
  const { arms, people } = design;
  const chain = chainOf(arms, chainProcedureOf(design));
  const { units, fits } = unitsOf(design, past);
  const belief = follow(chain, arms, units);
  const seen = totalOf(belief);
  if (!fits || seen.numerator === 0n) throw new RandomizationError('history.differs');
  const person = people?.[past.length] ?? nobody;
  const shared = units.find((unit) => isOneHousehold(design, unit.person, person));
  if (shared !== undefined) return arms.map(({ id }) => (id === shared.arm ? certain : none));
  return arms.map((_, arm) => over(totalOf(step(chain, belief, arm, person)), seen));
}

/** The chance that a stratum begins with these arms. Sequences of one length add up to 1. */
export function sequenceChance(design: StepwiseDesign, sequence: readonly string[]): Chance {
  const chain = chainOf(design.arms, chainProcedureOf(design));
  const { units, fits } = unitsOf(design, sequence);
  const belief = follow(chain, design.arms, units);
  return fits ? totalOf(belief) : none;
}

function chainProcedureOf({ procedure }: StepwiseDesign): ChainProcedure {
  return procedure.kind === 'households' ? procedure.of : procedure;
}

function isOneHousehold({ procedure }: StepwiseDesign, one: Participant, other: Participant): boolean {
  return procedure.kind === 'households' && one.household !== undefined && one.household === other.household;
}

/** The first of every household; `fits`: whoever came later has the same arm. */
function unitsOf(design: StepwiseDesign, sequence: readonly string[]): { units: readonly Unit[]; fits: boolean } {
  const units: Unit[] = [];
  let fits = true;
  for (const [index, arm] of sequence.entries()) {
    if (!design.arms.some(({ id }) => id === arm)) throw new RandomizationError('arms.unknown', arm);
    const person = design.people?.[index] ?? nobody;
    const first = units.find((unit) => isOneHousehold(design, unit.person, person));
    if (first === undefined) units.push({ arm, person });
    else if (first.arm !== arm) fits = false;
  }
  return { units, fits };
}

export function chanceAsNumber({ numerator, denominator }: Chance): number {
  // Digits beyond a double's are cut before the division, so that no part overflows.
  const excess = Math.max(0, denominator.toString(2).length - 1000);
  return Number(numerator >> BigInt(excess)) / Number(denominator >> BigInt(excess));
}

function follow(chain: Chain, arms: readonly Arm[], units: readonly Unit[]): Belief {
  let belief: Belief = new Map([[chain.keyOf(chain.start), { state: chain.start, chance: certain }]]);
  for (const { arm, person } of units) {
    const place = arms.findIndex(({ id }) => id === arm);
    belief = step(chain, belief, place, person);
  }
  return belief;
}

/** The belief after this arm; its chances add up to those of all that was seen. */
function step(chain: Chain, belief: Belief, arm: number, person: Participant): Belief {
  const next = new Map<string, { state: State; chance: Chance }>();
  for (const { state, chance } of belief.values()) {
    const moves = chain.moves(state, person);
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
