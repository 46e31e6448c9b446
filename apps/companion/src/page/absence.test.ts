import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAbsent } from './absence.ts';

test('absence begins with the minutes chosen, and a clock turned back counts as absence', () => {
  const minute = 60_000;
  assert.equal(isAbsent(0, 5 * minute - 1, 5), false);
  assert.equal(isAbsent(0, 5 * minute, 5), true);
  assert.equal(isAbsent(10 * minute, 9 * minute, 5), true);
});
