import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainOf } from './chain.ts';
import type { Arm, ChainProcedure } from './design.ts';
import { RandomizationError } from './errors.ts';
import { mostOf } from './most.ts';
import type { State } from './state.ts';

const armsOf = (...weights: number[]): Arm[] => weights.map((weight, arm) => ({ id: 'ABC'.charAt(arm), weight }));
const ratios = [[1, 1], [2, 1], [4, 2], [3, 2], [1, 1, 1], [1, 2, 1], [1]];
const steps = 14;
/** All alike, so that a minimisation has one level to balance. */
const person = { levels: { site: 'east' } };

const proceduresFor = (total: number): ChainProcedure[] => [
  { kind: 'complete' },
  { kind: 'permutedBlocks', sizes: [total] },
  { kind: 'permutedBlocks', sizes: [2 * total] },
  { kind: 'permutedBlocks', sizes: [2 * total, 3 * total] },
  { kind: 'permutedBlocks', sizes: [3 * total, total] },
  ...[1, 2, 3].map((tolerance) => ({ kind: 'bigStick', tolerance }) as const),
  { kind: 'biasedCoin', favour: 3, against: 1 },
  ...(total > 1 ? [0, 1].map((initial) => ({ kind: 'urn', initial, added: 1 }) as const) : []),
  ...[1, 2, 3].map((blocks) => ({ kind: 'blockUrn', blocks }) as const),
  ...[1, 2, 3].map((tolerance) => ({ kind: 'maximal', tolerance, size: 2 * total }) as const),
  { kind: 'maximal', tolerance: 2, size: 3 * total },
  ...(total < 4
    ? [
        {
          kind: 'minimisation',
          factors: [{ id: 'site', weight: 1 }],
          distance: 'range',
          favour: 4,
          against: 1,
        } as const,
      ]
    : []),
];

/** Every state the chain can be in after each number of steps, with the most of one arm on any way there. */
function exhaustive(arms: readonly Arm[], procedure: ChainProcedure, arm: number): number[] {
  const chain = chainOf(arms, procedure);
  let reached = new Map<string, { state: State; count: number }>([['', { state: chain.start, count: 0 }]]);
  const most = [0];
  for (let step = 0; step < steps; step += 1) {
    const next = new Map<string, { state: State; count: number }>();
    for (const { state, count } of reached.values()) {
      for (const move of chain.moves(state, person)) {
        const key = chain.keyOf(move.to);
        const drawn = count + (move.arm === arm ? 1 : 0);
        if ((next.get(key)?.count ?? -1) < drawn) next.set(key, { state: move.to, count: drawn });
      }
    }
    reached = next;
    most.push(Math.max(...[...next.values()].map(({ count }) => count)));
  }
  return most;
}

for (const ratio of ratios) {
  const arms = armsOf(...ratio);
  const reduced = ratio.join() === '4,2' ? 3 : ratio.reduce((sum, weight) => sum + weight, 0);
  for (const procedure of proceduresFor(reduced)) {
    test(`${ratio.join(':')}, ${JSON.stringify(procedure)}: the most of an arm is what some draw reaches`, () => {
      const told = Array.from({ length: steps + 1 }, (_, count) => mostOf({ arms, procedure }, count));
      for (const arm of arms.keys()) {
        assert.deepEqual(
          told.map((most) => most[arm]),
          exhaustive(arms, procedure, arm),
          `arm ${arm}`,
        );
      }
    });
  }
}

test('the default, big stick with tolerance 3, gives one arm of two at most half the people and one and a half', () => {
  const design = { arms: armsOf(1, 1), procedure: { kind: 'bigStick', tolerance: 3 } as const };
  assert.deepEqual(mostOf(design, 100), [51, 51]);
  assert.deepEqual(mostOf(design, 101), [52, 52]);
});

test('a number of steps that cannot be is refused', () => {
  for (const count of [-1, 1.5, 1_000_001]) {
    assert.throws(
      () => mostOf({ arms: armsOf(1, 1), procedure: { kind: 'complete' } }, count),
      (error) => error instanceof RandomizationError && error.code === 'step.invalid',
    );
  }
});
