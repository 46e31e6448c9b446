import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isQuiet, localTime, mayRemind } from './when.ts';

test('quiet hours go over midnight, lie within a day, or are none', () => {
  const quiet = (from: number, until: number) => [...Array(24).keys()].filter((hour) => isQuiet(hour, from, until));
  assert.deepEqual(quiet(22, 7), [0, 1, 2, 3, 4, 5, 6, 22, 23]);
  assert.deepEqual(quiet(12, 14), [12, 13]);
  assert.deepEqual(quiet(8, 8), []);
});

test('a reminder waits for its hour and for the end of the quiet ones', () => {
  const wish = { hour: 6, quietFrom: 22, quietUntil: 8 };
  assert.deepEqual(
    [5, 6, 7, 8, 21, 22].filter((hour) => mayRemind(wish, hour)),
    [8, 21],
  );
});

test('the hour is the person’s own, on the days the clocks change too', () => {
  assert.deepEqual(localTime('Europe/Berlin', '2026-03-29T00:59:00.000Z'), { date: '2026-03-29', hour: 1 });
  assert.deepEqual(localTime('Europe/Berlin', '2026-03-29T01:00:00.000Z'), { date: '2026-03-29', hour: 3 });
  assert.deepEqual(localTime('Pacific/Auckland', '2026-03-29T23:00:00.000Z'), { date: '2026-03-30', hour: 12 });
});
