import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { portableLog } from './portable-log.ts';

test('The portable logarithm is the logarithm, to the last digits', () => {
  assert.equal(portableLog(1), 0);
  assert.equal(portableLog(2), Math.LN2);
  fc.assert(
    fc.property(fc.double({ min: 2 ** -60, max: 1e6, noNaN: true }), (x) => {
      const expected = Math.log(x);
      assert.ok(Math.abs(portableLog(x) - expected) <= 4e-16 * Math.abs(expected), `log ${x}`);
    }),
    { numRuns: 2000 },
  );
});
