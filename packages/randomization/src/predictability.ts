/**
 * How well can somebody guess who sees every past allocation but no future one? The guesser of Blackwell & Hodges (1957):
 * always name the arm that is most behind its share.
 */
import { openWalk } from './allocate.ts';
import { type Arm, type Procedure, reduceRatio } from './design.ts';
import { type DrawSource, integersFrom, seededDraws } from './draws.ts';
import { RandomizationError } from './errors.ts';

export type Predictability = {
  /** Share of allocations guessed right; a tie counts as one guess split evenly among the tied arms. */
  readonly correctGuessRate: number;
  /** Mean over runs of the largest imbalance met: most minus least participants per unit of weight. */
  readonly meanMaxImbalance: number;
  readonly meanFinalImbalance: number;
};

const maxSimulated = 1_000_000;

/** Simulates `runs` strata of `participants` each. The same seed gives the same answer. */
export function predictability(request: {
  readonly arms: readonly Arm[];
  readonly procedure: Procedure;
  readonly participants: number;
  readonly runs: number;
  readonly seed: Uint8Array;
}): Predictability {
  for (const size of [request.participants, request.runs]) {
    if (!Number.isInteger(size) || size < 1 || size > maxSimulated) {
      throw new RandomizationError('simulation.size', `${size}`);
    }
  }
  const source = simulatedDraws(request.seed);
  let [right, largest, final] = [0, 0, 0];
  for (let run = 0; run < request.runs; run += 1) {
    const walk = openWalk(request, source);
    const outcome = guessThrough(reduceRatio(request.arms), request.participants, (step) => walk(step).arm);
    right += outcome.right;
    largest += outcome.maxImbalance;
    final += outcome.finalImbalance;
  }
  return {
    correctGuessRate: right / (request.runs * request.participants),
    meanMaxImbalance: largest / request.runs,
    meanFinalImbalance: final / request.runs,
  };
}

function guessThrough(arms: readonly Arm[], participants: number, allocationAt: (step: number) => string) {
  const tally = new Map(arms.map((arm) => [arm.id, { weight: arm.weight, count: 0 }]));
  let [right, maxImbalance, finalImbalance] = [0, 0, 0];
  for (let step = 0; step < participants; step += 1) {
    const guessed = armsBehind([...tally.values()]);
    const drawn = tally.get(allocationAt(step));
    if (drawn === undefined) throw new RandomizationError('arms.unknown');
    if (guessed.includes(drawn)) right += 1 / guessed.length;
    drawn.count += 1;
    const filled = [...tally.values()].map(({ count, weight }) => count / weight);
    finalImbalance = Math.max(...filled) - Math.min(...filled);
    maxImbalance = Math.max(maxImbalance, finalImbalance);
  }
  return { right, maxImbalance, finalImbalance };
}

type Tally = { readonly weight: number; count: number };

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

/** Fast words for simulation only: xoshiro128** (Blackman & Vigna 2021), its state drawn from the seed. */
function simulatedDraws(seed: Uint8Array): DrawSource {
  const first = seededDraws(seed, 'predictability', '')('step', 0);
  let [a, b, c, d] = [first.below(2 ** 32), first.below(2 ** 32), first.below(2 ** 32), first.below(2 ** 32) | 1];
  const nextWord = () => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  };
  const draws = integersFrom(nextWord);
  return () => draws;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
