import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Assay, type Batch, contentUniformity, dosePerCapsule, PharmacologyError } from './index.ts';

const near = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
const code = (expected: string) => (error: unknown) => error instanceof PharmacologyError && error.code === expected;

const assay: Assay = {
  analyte: 'psilocybin',
  contentPerUnit: { value: 8, unit: 'mg/g' },
  cv: 0.08,
  method: 'HPLC-UV',
  date: '2026-01-15',
};
const mushrooms = (part: Partial<Batch> = {}): Batch => ({
  id: 'B-7',
  form: 'dried-psilocybe-cubensis',
  fillWeight: { meanGrams: 0.2, sdGrams: 0, n: 20 },
  ...part,
});
const assayed = (batch: Batch) => {
  const dose = dosePerCapsule(batch);
  assert.ok(dose.basis === 'assay');
  return dose;
};

test('without an assay, 0.2 g of dried mushroom is a span of 0.6 to 2.8 mg with no estimate and no coverage', () => {
  const dose = dosePerCapsule(mushrooms());
  assert.ok(dose.basis === 'literature-range');
  near(dose.lower.value, 0.6);
  near(dose.upper.value, 2.8);
  assert.equal(dose.coverage, null);
  assert.equal('estimate' in dose, false);
  assert.match(dose.explanation, /no assay/);
});

test('the spread of fill weights widens the span', () => {
  const dose = dosePerCapsule(mushrooms({ fillWeight: { meanGrams: 0.2, sdGrams: 0.01, n: 20 } }));
  assert.ok(dose.basis === 'literature-range');
  near(dose.lower.value, (0.2 - 1.959963984540054 * 0.01) * 3);
  near(dose.upper.value, (0.2 + 1.959963984540054 * 0.01) * 14);
});

test('with an assay the dose is weight times content, and the interval follows the stated formula', () => {
  const dose = assayed(mushrooms({ assay, fillWeight: { meanGrams: 0.2, sdGrams: 0.006, n: 1_000_000 } }));
  near(dose.estimate.value, 1.6);
  const s2 = (1 + 1e-6) * 0.03 ** 2;
  const v = 0.08 ** 2 + s2 + 0.08 ** 2 * s2;
  const spread = Math.exp(1.959963984540054 * Math.sqrt(Math.log(1 + v)));
  near(dose.lower.value, 1.6 / spread, 1e-5);
  near(dose.upper.value, 1.6 * spread, 1e-5);
  assert.equal(dose.coverage, 0.95);
});

test('few weighed capsules or few assay samples use the quantiles of Student’s t', () => {
  // cv 0 leaves the weighing alone: t(0.975) is 12.706 for 1, 4.303 for 2, 3.182 for 3 and 2.262 for 9 degrees.
  for (const [n, t, tolerance] of [
    [2, 12.7062, 1e-3],
    [3, 4.30265, 1e-4],
    [4, 3.18245, 1e-4],
    [5, 2.77645, 2e-3],
    [10, 2.26216, 1e-4],
  ] as const) {
    const dose = assayed(mushrooms({ assay: { ...assay, cv: 0 }, fillWeight: { meanGrams: 0.2, sdGrams: 0.002, n } }));
    const sigma = Math.sqrt(Math.log1p((1 + 1 / n) * 0.01 ** 2));
    near(Math.log(dose.upper.value / 1.6) / sigma, t, tolerance);
  }
  const counted = assayed(mushrooms({ assay: { ...assay, n: 3 } }));
  assert.ok(counted.upper.value > assayed(mushrooms({ assay })).upper.value);
});

test('a diluted powder in µg/g is a dose of base in µg', () => {
  const dose = assayed({
    id: 'L-1',
    form: 'lsd-tartrate-1-1',
    fillWeight: { meanGrams: 0.2, sdGrams: 0.004, n: 20 },
    assay: { ...assay, analyte: 'lsd-base', contentPerUnit: { value: 50, unit: 'µg/g' } },
  });
  near(dose.estimate.value, 10);
  assert.equal(dose.estimate.unit, 'µg');
  assert.equal(dose.estimate.form, 'lsd-base');
});

test('a salt without an assay has no dose at all: its dilution is unknown', () => {
  const dose = dosePerCapsule(mushrooms({ form: 'lsd-tartrate-1-1' }));
  assert.equal(dose.basis, 'none');
});

test('an assay narrows what literature allows', () => {
  const without = dosePerCapsule(mushrooms());
  const dose = assayed(mushrooms({ assay }));
  assert.ok(without.basis === 'literature-range');
  assert.ok(dose.lower.value > without.lower.value && dose.upper.value < without.upper.value);
});

test('impossible assays and weights are refused', () => {
  const weights = [{ meanGrams: 0 }, { sdGrams: -1 }, { n: 1 }, { n: 2.5 }, { meanGrams: Number.NaN }];
  for (const part of weights) {
    const fillWeight = { meanGrams: 0.2, sdGrams: 0.01, n: 10, ...part };
    assert.throws(() => dosePerCapsule(mushrooms({ fillWeight })), code('bad-fill-weight'));
  }
  const assays: Partial<Assay>[] = [
    { cv: 1.1 },
    { cv: -0.1 },
    { n: 1 },
    { contentPerUnit: { value: 0, unit: 'mg/g' } },
  ];
  for (const part of assays) {
    assert.throws(() => dosePerCapsule(mushrooms({ assay: { ...assay, ...part } })), code('bad-assay'));
  }
  assert.throws(
    () => dosePerCapsule(mushrooms({ assay: { ...assay, analyte: 'lsd-base' } })),
    code('no-molar-relation'),
  );
});

test('the interval holds the estimate, and grows with the uncertainty', () => {
  const cv = fc.double({ min: 0, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(cv, cv, fc.integer({ min: 2, max: 60 }), (a, b, n) => {
      const at = (c: number) =>
        assayed(mushrooms({ assay: { ...assay, cv: c, n: 10 }, fillWeight: { meanGrams: 0.2, sdGrams: 0.005, n } }));
      for (const dose of [at(a), at(b)]) {
        assert.ok(dose.lower.value > 0 && dose.lower.value <= dose.estimate.value);
        assert.ok(dose.upper.value >= dose.estimate.value);
      }
    }),
  );
});

test('content uniformity follows the acceptance value', () => {
  const even = contentUniformity(Array.from({ length: 10 }, () => 100));
  assert.deepEqual([even.acceptanceValue, even.passes], [0, true]);
  // Mean 95, sd 3.4960 (nine of 95 +/- pattern below): AV = 3.5 + 2.4 s.
  const sample = [90, 100, 92, 98, 95, 95, 91, 99, 94, 96];
  const sd = Math.sqrt(sample.reduce((sum, x) => sum + (x - 95) ** 2, 0) / 9);
  near(contentUniformity(sample).acceptanceValue, 3.5 + 2.4 * sd);
  assert.equal(contentUniformity([70, 130, 80, 120, 90, 110, 100, 100, 75, 125]).passes, false);
  const strayed = [...Array.from({ length: 29 }, () => 100), 130];
  assert.equal(contentUniformity(strayed).acceptanceValue < 15, true);
  assert.equal(contentUniformity(strayed).passes, false);
  assert.throws(() => contentUniformity([100]), code('bad-uniformity-sample'));
});
