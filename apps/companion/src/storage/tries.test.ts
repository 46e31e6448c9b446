import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOfPin, mostTries, waitBeforeTry } from './tries.ts';

test('three slips cost nothing; then the wait doubles from half a minute to a quarter of an hour', () => {
  const waits = Array.from({ length: mostTries }, (_, wrong) => waitBeforeTry(wrong, 0, 0) / 1000);
  assert.deepEqual(waits, [0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
});

test('a wait runs out, and turning the clock neither shortens nor lengthens it beyond itself', () => {
  assert.equal(waitBeforeTry(3, 1_000_000, 1_010_000), 20_000);
  assert.equal(waitBeforeTry(3, 1_000_000, 1_030_000), 0);
  assert.equal(waitBeforeTry(3, 1_000_000, 0), 30_000);
});

test('a PIN has six to twelve digits and is no run of them', () => {
  const faults = ['12345', '1234567890123', '12 456', '000000', '123456', '987654', '246810', '493027'].map(faultOfPin);
  assert.deepEqual(faults, ['length', 'length', 'digits', 'simple', 'simple', 'simple', null, null]);
});
