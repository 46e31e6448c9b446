import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  contentsByWeight,
  contentUniformity,
  PharmacologyError,
  percentOfLabel,
  quantity,
  uniformityMethod,
} from './index.ts';

const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
const refused = (error: unknown) => error instanceof PharmacologyError && error.code === 'bad-uniformity-sample';

/** n units, half of them on either side, with exactly this mean and standard deviation. */
const unitsOf = (n: number, mean: number, sd: number): number[] =>
  Array.from({ length: n }, (_, index) => mean + (index % 2 ? 1 : -1) * sd * Math.sqrt((n - 1) / n));

test('ten units near the label pass: mean 100, squares sum to 30, s = 1.826, AV = 2.4 s = 4.4', () => {
  const found = contentUniformity([98, 101, 99, 100, 102, 97, 103, 100, 99, 101]);
  assert.deepEqual([found.stage, found.decision, found.acceptanceValue], [1, 'passes', 4.4]);
  near(found.sd, Math.sqrt(30 / 9));
  assert.equal(found.reference, 100);
});

test('a low mean costs its distance from 98.5: mean 95, squares sum to 60, AV = 3.5 + 2.4 x 2.582 = 9.7', () => {
  const found = contentUniformity([92, 98, 94, 96, 95, 93, 97, 95, 91, 99]);
  assert.deepEqual([found.reference, found.acceptanceValue, found.decision], [98.5, 9.7, 'passes']);
});

test('the case of the pharmacopoeia’s own questions and answers: mean 105.9, s 5.0, AV 16.4; twenty more are tested', () => {
  const ten = contentUniformity(unitsOf(10, 105.9, 5));
  assert.deepEqual([ten.reference, ten.acceptanceValue, ten.decision], [101.5, 16.4, 'test-20-more']);
  // With thirty the acceptance value is 16.4 again, no unit leaves 76.125 to 126.875, and the batch fails all the same.
  const thirty = contentUniformity(unitsOf(30, 105.9, 6));
  assert.deepEqual([thirty.stage, thirty.acceptanceValue, thirty.outside, thirty.decision], [2, 16.4, 0, 'fails']);
  near(thirty.allowed.lower, 76.125);
  near(thirty.allowed.upper, 126.875);
});

test('thirty units with one stray fail, though their acceptance value is 11.0', () => {
  // Mean 101; squares sum to 29 x 1 + 29² = 870, s = sqrt(30); AV = 2 s; 130 > 1.25 x 101.
  const found = contentUniformity([...Array.from({ length: 29 }, () => 100), 130]);
  assert.deepEqual([found.acceptanceValue, found.outside, found.decision], [11, 1, 'fails']);
  assert.match(found.explanation, /1 outside 75\.8 to 126 %/);
});

test('what ten could not settle, thirty can', () => {
  const wide = unitsOf(10, 100, 7);
  assert.equal(contentUniformity(wide).decision, 'test-20-more');
  assert.equal(contentUniformity([...wide, ...unitsOf(20, 100, 5)]).decision, 'passes');
});

test('a target above 101.5 widens what the mean may be, and no further than the target', () => {
  const reference = (mean: number, target?: number): number =>
    contentUniformity(unitsOf(10, mean, 2), target).reference;
  near(reference(104, 105), 104);
  assert.equal(reference(107, 105), 105);
  assert.equal(reference(104), 101.5);
  assert.equal(reference(97, 105), 98.5);
  assert.equal(reference(101, 90), contentUniformity(unitsOf(10, 101, 2)).reference);
});

test('an acceptance value is rounded to one decimal before it meets its limit of 15.0', () => {
  assert.equal(contentUniformity(unitsOf(10, 100, 15.04 / 2.4)).decision, 'passes');
  assert.equal(contentUniformity(unitsOf(10, 100, 15.06 / 2.4)).decision, 'test-20-more');
});

test('contents in mass are told as per cent of the label, another salt by molar mass', () => {
  const label = quantity(10, 'µg', 'lsd-base');
  const contents = [quantity(10, 'µg', 'lsd-base'), quantity(0.0095, 'mg', 'lsd-base')];
  assert.deepEqual(percentOfLabel(contents, label), [100, 95]);
  near(percentOfLabel([quantity(13, 'µg', 'lsd-tartrate-1-1')], label)[0] ?? 0, 88.8, 0.05);
  assert.throws(() => percentOfLabel([quantity(1, 'mg', 'psilocin')], label), { code: 'no-molar-relation' });
});

test('weight variation estimates contents as w A / mean: 0.19, 0.20 and 0.21 g at 98 % are 93.1, 98.0 and 102.9 %', () => {
  const found = contentsByWeight([0.19, 0.2, 0.21], 98);
  for (const [index, expected] of [93.1, 98, 102.9].entries()) near(found[index] ?? 0, expected);
  assert.throws(() => contentsByWeight([0.2, 0], 98), refused);
});

test('a micro-dose in a capsule needs single-unit assays; 100 mg in 300 mg of powder may be weighed', () => {
  assert.equal(uniformityMethod(quantity(10, 'µg', 'lsd-base'), 0.3), 'content');
  assert.equal(uniformityMethod(quantity(2, 'mg', 'psilocybin'), 0.3), 'content');
  assert.equal(uniformityMethod(quantity(100, 'mg', 'mescaline-hcl'), 0.3), 'weight');
  assert.equal(uniformityMethod(quantity(50, 'mg', 'mescaline-hcl'), 0.3), 'content');
});

test('other numbers of units, and impossible contents, are refused', () => {
  for (const sample of [[100], unitsOf(20, 100, 1), [...unitsOf(9, 100, 1), Number.NaN], [...unitsOf(9, 100, 1), -1]])
    assert.throws(() => contentUniformity(sample), refused);
  assert.throws(() => contentUniformity(unitsOf(10, 100, 1), 0), refused);
});

test('more spread never makes an acceptance value smaller', () => {
  const spread = fc.double({ min: 0, max: 20, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 80, max: 120, noNaN: true }), spread, spread, (mean, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)].map((sd) => contentUniformity(unitsOf(10, mean, sd)));
      assert.ok((low?.acceptanceValue ?? 0) <= (high?.acceptanceValue ?? 0) + 1e-9);
    }),
  );
});
