/** No R package of Debian has these rules: against closed forms for a normal of three visits, and by simulation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromRows, toRows } from '../linear-algebra/matrix.ts';
import { philox } from '../random/philox.ts';
import { fitMultivariateNormal } from './em.ts';
import { jackknife } from './jackknife.ts';
import { type ImputationRule, imputeByReference } from './reference-based.ts';

const covariance = fromRows([
  [4, 2, 1],
  [2, 4, 2],
  [1, 2, 4],
]);
const arms = { active: { mean: [10, 14, 16], covariance }, placebo: { mean: [10, 11, 12], covariance } };
const near = (found: number | undefined, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs((found ?? Number.NaN) - expected) <= tolerance, `${found}, ${expected}`);
const imputed = (rule: ImputationRule, values: (number | null)[], delta?: Record<string, number>) =>
  imputeByReference({
    participants: [{ participant: 'P1', arm: 'active', values }],
    arms,
    reference: 'placebo',
    rule,
    ...(delta ? { delta } : {}),
  })[0];

test('Conditional means of every rule by hand: first two visits seen, 12 and 15', () => {
  // Σ₂₁Σ₁₁⁻¹ = (1, 2) [4 2; 2 4]⁻¹ = (0, ½): only the last visit seen tells.
  near(imputed('MAR', [12, 15, null])?.[2], 16 + 0.5 * (15 - 14));
  near(imputed('J2R', [12, 15, null])?.[2], 12 + 0.5 * (15 - 14));
  near(imputed('CR', [12, 15, null])?.[2], 12 + 0.5 * (15 - 11));
  near(imputed('CIR', [12, 15, null])?.[2], 12 + (14 - 11) + 0.5 * (15 - 14));
  near(imputed('J2R', [12, 15, null], { active: -2 })?.[2], 12.5 - 2);
  near(imputed('CIR', [null, null, null])?.[2], 12);
});

test('Values seen stay; a gap before the last visit seen is imputed under MAR by every rule', () => {
  for (const rule of ['MAR', 'J2R', 'CR', 'CIR'] as const) {
    const made = imputed(rule, [12, null, 15]);
    assert.deepEqual([made?.[0], made?.[2]], [12, 15]);
    // (2, 2) [4 1; 1 4]⁻¹ = (0.4, 0.4).
    near(made?.[1], 14 + 0.4 * 2 + 0.4 * -1);
  }
});

test('Draws have the conditional mean and variance, also where the arms differ in covariance', () => {
  const random = philox('imputation');
  const reference = fromRows([
    [9, 3, 3],
    [3, 9, 3],
    [3, 3, 9],
  ]);
  const participants = Array.from({ length: 20_000 }, (_, i) => ({
    participant: `P${i}`,
    arm: 'active',
    values: [12, 15, null],
  }));
  const made = imputeByReference({
    participants,
    arms: { active: arms.active, placebo: { mean: [10, 11, 12], covariance: reference } },
    reference: 'placebo',
    rule: 'J2R',
    random,
  }).map((row) => row[2] as number);
  const mean = made.reduce((sum, value) => sum + value, 0) / made.length;
  const variance = made.reduce((sum, value) => sum + (value - mean) ** 2, 0) / made.length;
  // R₂₁R₁₁⁻¹ = (¼, ¼); residual variance of the reference 9 − 3/2.
  near(mean, 12 + 0.25 * 2 + 0.25 * 1, 0.06);
  near(variance, 7.5, 0.25);
});

const cell = fc.option(fc.integer({ min: -50, max: 50 }), { nil: null, freq: 3 });

test('EM never lowers the likelihood', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 20, maxLength: 30 }), fc.nat(), (drawn, seed) => {
      const random = philox(String(seed));
      const whole = Array.from({ length: 12 }, () => [random.normal(0, 9), random.normal(1, 9), random.normal(2, 9)]);
      const { path } = fitMultivariateNormal([...whole, ...drawn]);
      path.forEach((value, step) => {
        const before = path[step - 1] ?? value;
        assert.ok(value >= before - 1e-9 * Math.abs(before), `step ${step}: ${before} to ${value}`);
      });
    }),
    { numRuns: 30, seed: 9 },
  );
});

test('With monotone gaps EM arrives at Anderson’s closed form', () => {
  const rows = [
    [1, 2],
    [2, 2.5],
    [3, 5],
    [5, 6],
    [4, null],
    [9, null],
  ];
  const { mean, covariance: found } = fitMultivariateNormal(rows);
  // Anderson (1957): the first visit from all rows; the second by regression among complete rows, slope 11.5 / 8.75 on 2.75, 3.875.
  near(mean[0], 4, 1e-6);
  const slope = (-1.75 * -1.875 + -0.75 * -1.375 + 0.25 * 1.125 + 2.25 * 2.125) / 8.75;
  near(mean[1], 3.875 + slope * (4 - 2.75), 1e-5);
  const first = (9 + 4 + 1 + 1 + 0 + 25) / 6;
  near(toRows(found)[0]?.[0], first, 1e-5);
  near(toRows(found)[0]?.[1], slope * first, 1e-4);
});

test('The jackknife of a mean is its standard error', () => {
  const values = [3, 7, 8, 1, 6];
  const mean = (places: readonly number[]) =>
    places.reduce((sum, place) => sum + (values[place] as number), 0) / places.length;
  const { estimate, standardError } = jackknife(5, mean);
  near(estimate, 5);
  near(standardError, Math.sqrt(34 / 4 / 5));
  assert.throws(() => jackknife(5, (places) => (places.includes(2) ? 1 : Number.NaN)), {
    code: 'non_finite',
    about: 'without participant 3',
  });
});

test('An arm without distribution, a pair of visits never seen together, and too few visits are refused', () => {
  const participants = [{ participant: 'P1', arm: 'other', values: [1, 2, 3] }];
  assert.throws(() => imputeByReference({ participants, arms, reference: 'placebo', rule: 'MAR' }), {
    code: 'empty_condition',
    about: 'other',
  });
  assert.throws(() => imputed('MAR', [1, 2]), { code: 'draw_length', about: 'P1' });
  assert.throws(
    () =>
      fitMultivariateNormal([
        [1, null],
        [2, null],
        [null, 1],
        [null, 3],
      ]),
    { code: 'unseen_visit_pair' },
  );
});
