import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philox, philoxBlock } from './philox.ts';

test('Philox4x32-10 gives the known answers of the Random123 distribution', () => {
  assert.deepEqual(philoxBlock([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  const ones = 0xffffffff;
  assert.deepEqual(
    philoxBlock([ones, ones, ones, ones], [ones, ones]),
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  );
  assert.deepEqual(
    philoxBlock([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  );
});

test('The same seed and stream give the same numbers, another stream gives others', () => {
  const numbers = (seed: string, stream: string) => {
    const random = philox(seed, stream);
    return Array.from({ length: 5 }, () => random.uniform());
  };
  assert.deepEqual(numbers('a', 'b'), numbers('a', 'b'));
  assert.notDeepEqual(numbers('a', 'b'), numbers('a', 'c'));
  assert.notDeepEqual(numbers('a', 'b'), numbers('ab', ''));
});

test('Normal numbers have the moments asked for', () => {
  const random = philox('moments');
  const drawn = Array.from({ length: 40_000 }, () => random.normal(3, 2));
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
  assert.ok(Math.abs(mean - 3) < 0.05, `mean ${mean}`);
  assert.ok(Math.abs(variance - 4) < 0.15, `variance ${variance}`);
});

test('Whole numbers stay within their bounds and reach both', () => {
  const random = philox('bounds');
  const drawn = new Set(Array.from({ length: 500 }, () => random.integer(2, 5)));
  assert.deepEqual([...drawn].sort(), [2, 3, 4, 5]);
});
