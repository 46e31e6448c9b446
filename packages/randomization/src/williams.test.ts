import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomizationError, williamsOrders } from './index.ts';

const sizes = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

function tally(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

for (const size of sizes) {
  const orders = williamsOrders(size);
  const times = size % 2 === 0 ? 1 : 2;

  test(`${size} treatments: each order holds all of them, and no order comes twice`, () => {
    assert.equal(orders.length, size * times);
    assert.equal(new Set(orders.map(String)).size, size * times);
    for (const order of orders) assert.deepEqual(new Set(order), new Set(Array(size).keys()));
  });

  test(`${size} treatments: each stands in each period ${times} ×, and follows each other ${times} ×`, () => {
    const places = tally(orders.flatMap((order) => order.map((treatment, period) => `${period}: ${treatment}`)));
    assert.equal(places.size, size * size);
    assert.deepEqual(new Set(places.values()), new Set([times]));
    const followed = tally(orders.flatMap((order) => order.slice(1).map((next, before) => `${order[before]} ${next}`)));
    assert.equal(followed.size, size * (size - 1));
    assert.deepEqual(new Set(followed.values()), new Set([times]));
  });
}

test('the square of four is the one of the textbooks, up to the names', () => {
  assert.deepEqual(williamsOrders(4), [
    [0, 3, 1, 2],
    [1, 0, 2, 3],
    [2, 1, 3, 0],
    [3, 2, 0, 1],
  ]);
});

test('one treatment, more than twelve and half a treatment are refused', () => {
  for (const wrong of [1, 13, 2.5, Number.NaN]) {
    assert.throws(
      () => williamsOrders(wrong),
      (error) => error instanceof RandomizationError && error.code === 'williams.treatments',
    );
  }
});
