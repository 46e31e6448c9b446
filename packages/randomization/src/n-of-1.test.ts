import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate } from './allocate.ts';
import { countOfPeriodOrders } from './n-of-1.ts';
import { predictability } from './predictability.ts';

const arms = [{ id: 'own', weight: 1 }];
const request = { seed: new Uint8Array(32).fill(6), studyId: 'n-of-1', stratum: 'all', arms };
const periodsAt = (cycles: number, block: readonly number[], step: number) =>
  allocate({ ...request, procedure: { kind: 'nOf1', cycles, block }, step }).periods ?? [];

test('every cycle holds each treatment in its number of periods', () => {
  for (const block of [
    [1, 1],
    [1, 2],
    [1, 1, 1],
    [2, 2],
  ]) {
    const size = block.reduce((sum, periods) => sum + periods, 0);
    for (let step = 0; step < 50; step += 1) {
      const periods = periodsAt(3, block, step);
      assert.equal(periods.length, 3 * size);
      for (let from = 0; from < periods.length; from += size) {
        const cycle = periods.slice(from, from + size);
        assert.deepEqual(
          block.map((_, treatment) => cycle.filter((one) => one === treatment).length),
          block,
        );
      }
    }
  }
});

test('orders are counted exactly, and all are drawn alike', () => {
  assert.equal(countOfPeriodOrders({ cycles: 3, block: [1, 1] }), 8n);
  assert.equal(countOfPeriodOrders({ cycles: 2, block: [1, 2] }), 9n);
  assert.equal(countOfPeriodOrders({ cycles: 4, block: [1, 1, 1] }), 1296n);
  assert.equal(countOfPeriodOrders({ cycles: 50, block: [6, 6] }), 924n ** 50n);
  const people = 3_600;
  const counts = new Map<string, number>();
  for (let step = 0; step < people; step += 1) {
    const order = periodsAt(2, [1, 2], step).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 9);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - people / 9) ** 2 / (people / 9), 0);
  // 8 degrees of freedom: mean 8, variance 16; five standard deviations, and the seed is fixed.
  assert.ok(chiSquare < 8 + 5 * 4, `${chiSquare}`);
});

test('a person’s order is drawn without regard to the others', () => {
  assert.notDeepEqual(periodsAt(6, [1, 1], 0), periodsAt(6, [1, 1], 1));
});

test('who has seen the first period of a pair knows the second', () => {
  const seed = new Uint8Array(32).fill(1);
  const guessed = predictability({
    ...{ arms, procedure: { kind: 'nOf1', cycles: 3, block: [1, 1] }, participants: 6, runs: 2_000, seed },
  });
  assert.equal(guessed.informedGuessRate, 0.75);
  assert.equal(guessed.correctGuessRate, 0.75);
});
