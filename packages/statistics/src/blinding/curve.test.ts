import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { philox } from '../random/philox.ts';
import { correctGuessRateCurve, differenceAtRate, type GuessedValue, quantile } from './curve.ts';

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
      const { rawDifference, observedRate } = correctGuessRateCurve(rows);
      assert.equal(observedRate, right / known.length);
      const found = differenceAtRate(rows, observedRate) ?? Number.NaN;
      assert.ok(Math.abs(found - rawDifference) < 1e-12, `${found} is not ${rawDifference}`);
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

test('The curve does not change with the order of rows, and moves and stretches with the outcome', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer(),
      (drawn, factor, seed) => {
        const rows = [...drawn, ...oneOfEach];
        const moved = philox(String(seed))
          .shuffle(rows)
          .map((one) => ({ ...one, value: factor * one.value + 7 }));
        for (const rate of [0, 0.3, 0.5, 1]) {
          const [own, other] = [differenceAtRate(rows, rate), differenceAtRate(moved, rate)];
          assert.ok(own !== null && other !== null && Math.abs(other - factor * own) < 1e-10);
        }
      },
    ),
  );
});

test('Without unsure rows the six strata are four', () => {
  const rows: GuessedValue[] = [3, 5, 8, 4, 9, 2, 7, 1].map((value, index) => ({
    value,
    condition: index < 4 ? 'active' : 'placebo',
    guess: index % 3 === 0 ? 'placebo' : 'active',
  }));
  // AA 5 8, AP 3 4, PA 9 2 1, PP 7 by hand: r = 1/3, s = 2/5, c = 1/2.
  const active = (6.5 * 0.5 * (2 / 3) + 3.5 * 0.5 * 0.4) / (0.5 * (2 / 3) + 0.5 * 0.4);
  const placebo = (7 * 0.5 * (1 / 3) + 4 * 0.5 * 0.6) / (0.5 * (1 / 3) + 0.5 * 0.6);
  assert.ok(Math.abs((differenceAtRate(rows, 0.5) ?? 0) - (active - placebo)) < 1e-12);
});

test('Strata that are empty or small are said', () => {
  const { notes, smallestStratum } = correctGuessRateCurve(
    [...oneOfEach, ...oneOfEach].filter((one) => one.condition !== 'placebo' || one.guess !== 'active'),
  );
  assert.equal(smallestStratum, 0);
  assert.deepEqual(
    notes.map(({ code, about }) => `${code} ${about}`),
    ['small_stratum AA', 'small_stratum AP', 'small_stratum PP', 'empty_stratum PA'],
  );
});

test('Where nobody guessed wrong there is no curve below a rate of one', () => {
  const rows = oneOfEach.filter((one) => one.condition === one.guess);
  const { atHalf, points, rawDifference } = correctGuessRateCurve(rows);
  assert.equal(atHalf, null);
  assert.deepEqual(
    points.map(({ rate, difference }) => [rate, difference]),
    [[1, rawDifference]],
  );
});

test('A draw in which a stratum runs empty is said', () => {
  const { notes } = correctGuessRateCurve([...oneOfEach, ...oneOfEach], { resamples: 100, random: philox('few') });
  assert.ok(notes.some(({ code }) => code === 'band_incomplete'));
});

test('A value that is not finite is refused', () => {
  assert.throws(
    () => correctGuessRateCurve([...oneOfEach, { value: Number.NaN, condition: 'active', guess: 'active' }]),
    {
      code: 'non_finite',
    },
  );
});

test('Quantiles of type 7', () => {
  assert.equal(quantile([1, 2, 4, 8], 0.5), 3);
  assert.equal(quantile([1, 2, 4, 8], 0.25), 1.75);
  assert.equal(quantile([5], 0.9), 5);
});

test('The band is over participants: their rows written twice change nothing', () => {
  const random = philox('people');
  const people: GuessedValue[] = Array.from({ length: 60 }, (_, index) => ({
    value: Math.round(random.normal(0, 8)),
    condition: index % 2 === 0 ? 'active' : 'placebo',
    guess: random.bernoulli(0.5) ? 'active' : 'placebo',
    cluster: `P${index}`,
  }));
  const band = (rows: readonly GuessedValue[]) => {
    const { atHalf } = correctGuessRateCurve(rows, { resamples: 100, random: philox('band') });
    return [atHalf?.lower ?? Number.NaN, atHalf?.upper ?? Number.NaN];
  };
  const [once, twice] = [band(people), band([...people, ...people])];
  once.forEach((limit, side) => {
    assert.ok(Math.abs(limit - (twice[side] as number)) < 1e-12);
  });
});
