import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { philox } from '../random/philox.ts';
import { correctGuessRateCurve, type GuessedValue } from './curve.ts';

const row = fc.record({
  value: fc.double({ min: -100, max: 100, noNaN: true }),
  condition: fc.constantFrom('active', 'placebo'),
  guess: fc.constantFrom('active', 'placebo', 'unsure'),
}) as fc.Arbitrary<GuessedValue>;

const oneOfEach: GuessedValue[] = (['active', 'placebo'] as const).flatMap((condition) =>
  (['active', 'placebo'] as const).map((guess) => ({ condition, guess, value: 1 })),
);

test('At the observed rate the curve is the raw difference, with and without people who do not know', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), fc.boolean(), (drawn, forced) => {
      const kept = forced ? drawn.filter((one) => one.guess !== 'unsure') : drawn;
      const rows = [...kept, ...oneOfEach];
      const known = rows.filter((one) => one.guess !== 'unsure');
      const right = known.filter((one) => one.guess === one.condition).length;
      const { rawDifference, points, observedRate } = correctGuessRateCurve(rows, { points: known.length + 1 });
      const at = points[right];
      assert.ok(at && Math.abs(at.rate - observedRate) < 1e-12);
      assert.ok(Math.abs(at.difference - rawDifference) < 1e-9);
    }),
  );
});

test('When the guess alone moves the outcome, the difference vanishes where guesses are right half the time', () => {
  const make = (condition: 'active' | 'placebo', guess: 'active' | 'placebo', n: number): GuessedValue[] =>
    Array.from({ length: n }, () => ({ condition, guess, value: guess === 'active' ? 10 : 0 }));
  const rows = [
    ...make('active', 'active', 60),
    ...make('active', 'placebo', 40),
    ...make('placebo', 'placebo', 60),
    ...make('placebo', 'active', 40),
  ];
  const { rawDifference, atHalf } = correctGuessRateCurve(rows);
  assert.ok(Math.abs(rawDifference - 2) < 1e-12);
  assert.ok(atHalf && Math.abs(atHalf.difference) < 1e-12);
});

test('The band is reproducible and holds the curve', () => {
  const random = philox('rows');
  const rows: GuessedValue[] = Array.from({ length: 200 }, (_, index) => ({
    value: random.normal(0, 1),
    condition: random.bernoulli(0.5) ? 'active' : 'placebo',
    guess: random.bernoulli(0.5) ? 'active' : 'placebo',
    cluster: String(index % 50),
  }));
  const band = () => correctGuessRateCurve(rows, { resamples: 200, random: philox('band') }).atHalf;
  assert.deepEqual(band(), band());
  const half = band();
  assert.ok(half?.lower != null && half.upper != null && half.lower < half.difference && half.difference < half.upper);
});

test('A condition without rows, and rows without guesses, are refused', () => {
  assert.throws(() => correctGuessRateCurve(oneOfEach.filter((one) => one.condition === 'active')), {
    code: 'empty_condition',
  });
  assert.throws(() => correctGuessRateCurve(oneOfEach.map((one) => ({ ...one, guess: 'unsure' }))), {
    code: 'no_guesses',
  });
});
