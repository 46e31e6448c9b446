/** Against rpact and mvtnorm, by `validation/trial-methods.R`, and against published tables. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalCdf } from '../distributions/normal.ts';
import { crossingProbabilities, sequentialBoundaries } from './boundaries.ts';
import {
  blindedSampleSize,
  conditionalPower,
  probabilityAboveLimit,
  safetyBoundary,
  zOfConditionalPower,
} from './decisions.ts';
import { type Spending, spentError } from './spending.ts';

type Bounds = { kind: Spending['kind']; gamma: number; alpha: number; t: number[]; z: number[]; spent: number[] };
type Power = { t: number[]; z: number[]; drift: number; above: number[] };
const file = new URL('../../../../validation/references/trial-methods.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as { bounds: readonly Bounds[]; power: readonly Power[] };

const near = (found: number | undefined, expected: number, within: number) =>
  assert.ok(Math.abs((found ?? Number.NaN) - expected) <= within, `${found} is not ${expected}`);

for (const { kind, gamma, alpha, t, z, spent } of known.bounds) {
  test(`${kind} boundaries at ${t} as in rpact`, () => {
    const looks = sequentialBoundaries({ fractions: t, alpha, sides: 1, spending: { kind, gamma } });
    looks.forEach((look, k) => {
      near(look.spent, spent[k] as number, 2e-8);
      near(look.z, z[k] as number, 1e-5);
    });
  });
}

test('First exits under a drift as by Miwa’s algorithm in mvtnorm', () => {
  for (const { t, z, drift, above } of known.power) {
    const found = crossingProbabilities(t, z, drift);
    above.forEach((p, k) => {
      near(found.above[k], p, 1e-7);
    });
  }
});

// Their program integrates on a coarser grid: its fourth decimal is up to 1.2e-4 from rpact's, mvtnorm's and ours.
test('Two-sided boundaries of five equal looks as Lan and DeMets’ program prints them', () => {
  const fractions = [0.2, 0.4, 0.6, 0.8, 1];
  const z = (kind: 'obrien-fleming' | 'pocock') =>
    sequentialBoundaries({ fractions, alpha: 0.05, sides: 2, spending: { kind } }).map((look) => look.z);
  [4.8769, 3.3569, 2.6803, 2.2898, 2.031].forEach((bound, k) => {
    near(z('obrien-fleming')[k], bound, 1.5e-4);
  });
  [2.438, 2.4268, 2.4101, 2.3966, 2.3859].forEach((bound, k) => {
    near(z('pocock')[k], bound, 1.5e-4);
  });
});

test('Pocock’s constant for five looks spends 0.05 (Jennison and Turnbull 2000, table 2.1)', () => {
  const bound = Array<number>(5).fill(2.413);
  const { above, below } = crossingProbabilities(
    [0.2, 0.4, 0.6, 0.8, 1],
    bound,
    0,
    bound.map((z) => -z),
  );
  near(above.reduce((sum, p) => sum + p, 0) * 2, 0.05, 5e-5);
  above.forEach((p, k) => {
    near(below[k], p, 1e-12);
  });
});

test('Boundaries spend what they were given, whatever the spacing', () => {
  const spacing = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      spacing,
      fc.double({ min: -4, max: 4, noNaN: true }),
      fc.constantFrom(0.01, 0.025),
      (steps, gamma, alpha) => {
        const all = steps.reduce((sum, step) => sum + step, 0);
        let sum = 0;
        const fractions = steps.map((step) => {
          sum += step / all;
          return Math.min(sum, 1);
        });
        const spending = { kind: 'hwang-shih-decani', gamma } as const;
        const looks = sequentialBoundaries({ fractions, alpha, sides: 1, spending });
        const { above } = crossingProbabilities(
          fractions,
          looks.map(({ z }) => z),
          0,
        );
        near(
          above.reduce((total, p) => total + p, 0),
          spentError(spending, alpha, fractions.at(-1) ?? 0),
          1e-11,
        );
      },
    ),
    { numRuns: 20 },
  );
});

test('One look is the fixed design', () => {
  const [look] = sequentialBoundaries({ fractions: [1], alpha: 0.05, sides: 2, spending: { kind: 'pocock' } });
  near(look?.z, 1.959963984540054, 1e-12);
});

test('Conditional power under the trend and under a given drift', () => {
  near(conditionalPower(1.5, 0.5, 1.96), normalCdf((1.5 / Math.SQRT1_2 - 1.96) / Math.SQRT1_2), 1e-12);
  near(conditionalPower(0, 0.5, 1.96, 0), normalCdf(-1.96 / Math.SQRT1_2), 1e-14);
  assert.throws(() => conditionalPower(1, 1, 2), RangeError);
  assert.throws(() => conditionalPower(Number.NaN, 0.5, 2), RangeError);
});

test('The Z of a conditional power has that power', () => {
  for (const t of [0.1, 0.5, 0.9])
    for (const power of [0.01, 0.2, 0.5, 0.99])
      near(conditionalPower(zOfConditionalPower(power, t, 1.96), t, 1.96), power, 1e-12);
  assert.throws(() => zOfConditionalPower(0, 0.5, 2), RangeError);
  assert.throws(() => zOfConditionalPower(0.2, 1, 2), RangeError);
});

test('A blinded sample size grows with the variance and stays within its limits', () => {
  const plan = { pooledVariance: 100, difference: 5, alpha: 0.025, power: 0.9 };
  assert.deepEqual(blindedSampleSize(plan), { perArm: 85, variance: 100, held: false });
  assert.equal(blindedSampleSize({ ...plan, adjusted: true }).variance, 93.75);
  assert.deepEqual(blindedSampleSize({ ...plan, most: 60 }), { perArm: 60, variance: 100, held: true });
  assert.throws(() => blindedSampleSize({ ...plan, pooledVariance: 0 }), RangeError);
});

test('The safety rule stops at the least count whose posterior is sure enough', () => {
  const rule = { prior: [1, 1], limit: 0.2, certainty: 0.9 } as const;
  // Uniform prior, all n with the event: P(rate > 0.2) = 1 − 0.2ⁿ⁺¹.
  near(probabilityAboveLimit(rule, 3, 3), 1 - 0.2 ** 4, 1e-14);
  const bounds = safetyBoundary(rule, 12);
  bounds.forEach((events, index) => {
    assert.ok(events !== null && probabilityAboveLimit(rule, events, index + 1) > 0.9);
    assert.ok(events === 0 || probabilityAboveLimit(rule, events - 1, index + 1) <= 0.9);
  });
  assert.throws(() => probabilityAboveLimit(rule, 4, 3), RangeError);
});

test('Fractions, errors and bounds that make no sense are refused', () => {
  const spending = { kind: 'pocock' } as const;
  assert.throws(() => sequentialBoundaries({ fractions: [0.5, 0.4], alpha: 0.05, sides: 1, spending }), RangeError);
  assert.throws(() => sequentialBoundaries({ fractions: [], alpha: 0.05, sides: 1, spending }), RangeError);
  assert.throws(() => sequentialBoundaries({ fractions: [1], alpha: 0, sides: 1, spending }), RangeError);
  assert.throws(() => crossingProbabilities([0.5, 1], [2], 0), RangeError);
  assert.throws(() => crossingProbabilities([0.5, 1], [2, 2], 0, [3, 2]), RangeError);
  assert.throws(() => crossingProbabilities([0.5, 1], [2, 2], Number.NaN), RangeError);
});
