import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiSquareUpper } from '../distributions/distributions.ts';
import { philox, philoxBlock, type Random } from './philox.ts';

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

test('The bits of a stream never change, so a study made from a seed can be made again', () => {
  const random = philox('limen', 'golden');
  const drawn = [
    random.uniform(),
    random.normal(0, 1),
    random.normal(10, 3),
    random.exponential(2),
    random.integer(1, 6),
    random.shuffle([1, 2, 3, 4, 5]),
    random.fork('a').uniform(),
    philox(7n).uniform(),
    philox(new Uint8Array([7])).uniform(),
  ];
  assert.deepEqual(drawn, [
    0.5426430172875257,
    -1.2867880644877174,
    8.345733381562686,
    0.2165708074439934,
    2,
    [2, 3, 1, 4, 5],
    0.8010423731367705,
    0.4184230088878943,
    0.8026425854867275,
  ]);
});

test('Seeds and names cannot be written so that they run into each other', () => {
  const first = (random: Random) => random.uniform();
  const all = [
    first(philox('a', 'b')),
    first(philox('a\u0000b')),
    first(philox('a\u0000b', '')),
    first(philox('a', 'b\u0001c')),
    first(philox('a', 'b').fork('c')),
    first(philox('7')),
    first(philox(7n)),
    first(philox(new Uint8Array([7]))),
  ];
  assert.equal(new Set(all).size, all.length - 1);
});

test('Uniform numbers fill twenty equal boxes evenly, in every stream', () => {
  for (let stream = 0; stream < 5; stream += 1) {
    const random = philox('boxes', String(stream));
    const boxes = new Array<number>(20).fill(0);
    for (let draw = 0; draw < 20_000; draw += 1) {
      const box = Math.floor(random.uniform() * 20);
      boxes[box] = (boxes[box] ?? 0) + 1;
    }
    const statistic = boxes.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chiSquareUpper(statistic, 19) > 1e-4, `${statistic}`);
  }
});

test('Bounds that make no sense are refused', () => {
  const random = philox('refused');
  assert.throws(() => random.integer(3, 2), RangeError);
  assert.throws(() => random.integer(0.5, 2), RangeError);
  assert.throws(() => random.bernoulli(1.1), RangeError);
  assert.throws(() => random.exponential(0), RangeError);
  assert.throws(() => random.choice([]), RangeError);
});
