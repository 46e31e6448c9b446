import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Arm, Procedure } from './design.ts';
import { RandomizationError } from './errors.ts';
import { predictability } from './predictability.ts';

const seed = new Uint8Array(32).fill(5);
const arms: readonly Arm[] = [
  { id: 'A', weight: 1 },
  { id: 'B', weight: 1 },
];
const participants = 100;

/**
 * Reference values: an independent simulation (numpy, 4 000 runs of 100, convergence strategy), rounded to the digits
 * shown. Guess rates are compared within 0.01; imbalances within their rounding and four standard errors of both runs.
 */
const references: readonly [Procedure, number, number, number, number][] = [
  [{ kind: 'complete' }, 0.5, 12.0, 7.9, 0.5],
  [{ kind: 'permutedBlocks', sizes: [2] }, 0.75, 1, 0, 0.01],
  [{ kind: 'permutedBlocks', sizes: [4] }, 0.708, 2, 0, 0.05],
  [{ kind: 'permutedBlocks', sizes: [6] }, 0.68, 2.8, 0.8, 0.1],
  [{ kind: 'permutedBlocks', sizes: [8] }, 0.662, 3.3, 1.0, 0.15],
  [{ kind: 'permutedBlocks', sizes: [2, 4, 6] }, 0.701, 2.6, 0.4, 0.1],
  [{ kind: 'permutedBlocks', sizes: [4, 6, 8] }, 0.679, 3.0, 0.6, 0.12],
  [{ kind: 'maximal', tolerance: 3, size: 100 }, 0.629, 3.0, 0, 0.06],
  [{ kind: 'maximal', tolerance: 4, size: 100 }, 0.606, 3.9, 0, 0.1],
  [{ kind: 'biasedCoin', favour: 2, against: 1 }, 0.623, 5.2, 1.4, 0.2],
  [{ kind: 'urn', initial: 0, added: 1 }, 0.544, 8.4, 4.6, 0.4],
  [{ kind: 'bigStick', tolerance: 2 }, 0.622, 2.0, 1.0, 0.1],
  [{ kind: 'bigStick', tolerance: 3 }, 0.581, 3.0, 1.3, 0.1],
  [{ kind: 'bigStick', tolerance: 4 }, 0.558, 4.0, 2.0, 0.1],
];

for (const [procedure, correct, largest, final, tolerance] of references) {
  test(`${JSON.stringify(procedure)} is guessed right in ${correct} of the cases`, () => {
    const found = predictability({ arms, procedure, participants, runs: 1_500, seed });
    assert.ok(Math.abs(found.correctGuessRate - correct) < 0.01, `${found.correctGuessRate}`);
    assert.ok(Math.abs(found.meanMaxImbalance - largest) < tolerance, `${found.meanMaxImbalance}`);
    assert.ok(Math.abs(found.meanFinalImbalance - final) < tolerance, `${found.meanFinalImbalance}`);
  });
}

test('big stick: simulation and exact Markov chain agree', () => {
  for (const tolerance of [1, 2, 3, 4, 7]) {
    const exact = exactBigStick(tolerance);
    const found = predictability({ arms, procedure: { kind: 'bigStick', tolerance }, participants, runs: 1_500, seed });
    assert.ok(Math.abs(found.correctGuessRate - exact.correct) < 0.005, `${found.correctGuessRate} ${exact.correct}`);
    assert.ok(Math.abs(found.meanFinalImbalance - exact.final) < 0.25, `${found.meanFinalImbalance} ${exact.final}`);
  }
});

test('blocks of 4: the known rate of 17/24', () => {
  const procedure = { kind: 'permutedBlocks', sizes: [4] } as const;
  const { correctGuessRate } = predictability({ arms, procedure, participants, runs: 2_000, seed });
  assert.ok(Math.abs(correctGuessRate - 17 / 24) < 0.004);
});

test('with a ratio of 2:1 the guesser names the larger arm and is right two times in three', () => {
  const unequal = [
    { id: 'A', weight: 2 },
    { id: 'B', weight: 1 },
  ];
  const first = { arms: unequal, procedure: { kind: 'complete' } as const, participants: 1, runs: 4_000, seed };
  assert.ok(Math.abs(predictability(first).correctGuessRate - 2 / 3) < 4 * Math.sqrt(2 / 9 / 4_000));
});

test('the same seed gives the same answer, another seed another', () => {
  const request = { arms, procedure: { kind: 'complete' } as const, participants, runs: 50, seed };
  assert.deepEqual(predictability(request), predictability(request));
  const otherSeed = new Uint8Array(32).fill(6);
  assert.notDeepEqual(predictability(request), predictability({ ...request, seed: otherSeed }));
});

test('a simulation without participants is refused', () => {
  assert.throws(
    () => predictability({ arms, procedure: { kind: 'complete' }, participants: 0, runs: 10, seed }),
    (error) => error instanceof RandomizationError && error.code === 'simulation.size',
  );
});

/** The imbalance is a random walk on −tolerance … tolerance that turns back at its ends. */
function exactBigStick(tolerance: number): { correct: number; final: number } {
  let chances = new Map([[0, 1]]);
  let correct = 0;
  for (let step = 0; step < participants; step += 1) {
    const next = new Map<number, number>();
    const add = (imbalance: number, chance: number) => next.set(imbalance, (next.get(imbalance) ?? 0) + chance);
    for (const [imbalance, chance] of chances) {
      const atEnd = Math.abs(imbalance) === tolerance;
      correct += atEnd ? chance : chance / 2;
      if (imbalance < tolerance) add(imbalance + 1, imbalance === -tolerance ? chance : chance / 2);
      if (imbalance > -tolerance) add(imbalance - 1, imbalance === tolerance ? chance : chance / 2);
    }
    chances = next;
  }
  const final = [...chances].reduce((sum, [imbalance, chance]) => sum + Math.abs(imbalance) * chance, 0);
  return { correct: correct / participants, final };
}
