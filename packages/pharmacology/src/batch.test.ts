import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Assay, type Batch, dosePerCapsule, forms, molarMass, PharmacologyError } from './index.ts';

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
    [2, 12.7062, 1e-4],
    [3, 4.30265, 1e-4],
    [4, 3.18245, 1e-4],
    [5, 2.77645, 1e-4],
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

test('the interval is the middle 95 % of a million capsules drawn from the same content and weights', () => {
  const { doses } = JSON.parse(
    readFileSync(new URL('../../../validation/references/batches.json', import.meta.url), 'utf8'),
  ) as { doses: Record<'contentCv' | 'weightCv' | 'mean' | 'lower' | 'upper', number>[] };
  for (const { contentCv: cv, weightCv, mean, lower, upper } of doses) {
    const fillWeight = { meanGrams: 0.2, sdGrams: 0.2 * weightCv, n: 1_000_000 };
    const dose = assayed(mushrooms({ assay: { ...assay, cv }, fillWeight }));
    near(dose.estimate.value, mean, 0.002);
    // The interval is laid around the estimate, the mean; the middle of the draws is the median, lower by v/2.
    const v = Math.log1p(cv ** 2 + weightCv ** 2 + cv ** 2 * weightCv ** 2);
    near(dose.lower.value * Math.exp(-v / 2), lower, 0.005);
    near(dose.upper.value * Math.exp(-v / 2), upper, 0.005);
  }
});

test('from six samples and ten weighed capsules, the next capsule lies in the interval 95 times in 100', () => {
  const normal = normalDraws(7);
  const draw = (mean: number, cv: number, n: number): number[] =>
    Array.from({ length: n }, () => mean * Math.exp(cv * normal()));
  const rounds = 10_000;
  let inside = 0;
  for (let round = 0; round < rounds; round += 1) {
    const [contents, weights] = [summary(draw(8, 0.1, 6)), summary(draw(0.2, 0.03, 10))];
    const { lower, upper } = assayed(
      mushrooms({
        assay: { ...assay, contentPerUnit: { value: contents.mean, unit: 'mg/g' }, cv: contents.cv, n: 6 },
        fillWeight: { meanGrams: weights.mean, sdGrams: weights.cv * weights.mean, n: 10 },
      }),
    );
    const [next = 0] = draw(8, 0.1, 1);
    const dose = next * (draw(0.2, 0.03, 1)[0] ?? 0);
    if (dose >= lower.value && dose <= upper.value) inside += 1;
  }
  near(inside / rounds, 0.95, 0.0075);
});

function summary(values: readonly number[]): { mean: number; cv: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  return { mean, cv: sd / mean };
}

/** Normal draws from a seed: Marsaglia's xorshift through Box and Muller. */
function normalDraws(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

test('an assay of one salt is told as another form by molar mass, and the interval keeps its shape', () => {
  const tartrate: Batch = {
    id: 'L-2',
    form: 'lsd-tartrate-1-1',
    fillWeight: { meanGrams: 0.3, sdGrams: 0.006, n: 30 },
    assay: { ...assay, analyte: 'lsd-tartrate-1-1', contentPerUnit: { value: 43.4, unit: 'µg/g' } },
  };
  const asSalt = assayed(tartrate);
  const asBase = assayed({ ...tartrate, statedAs: 'lsd-base' });
  near(asSalt.estimate.value, 13.02);
  // Published trial methods: 0.146 mg of the 1:1 tartrate is 0.1 mg of base.
  near(asBase.estimate.value, 13.02 * (0.1 / 0.146), 0.03);
  near(asBase.upper.value / asBase.estimate.value, asSalt.upper.value / asSalt.estimate.value);
  // The same 13 µg of the 2:1 salt is 10.6 µg of base: the stoichiometry is a fifth of the dose.
  const twoToOne = { ...tartrate, form: 'lsd-hemitartrate-2-1', statedAs: 'lsd-base' } as const;
  const assay21 = { ...assay, analyte: 'lsd-hemitartrate-2-1', contentPerUnit: { value: 43.4, unit: 'µg/g' } } as const;
  near(assayed({ ...twoToOne, assay: assay21 }).estimate.value, 10.57, 0.01);
  near(assayed(mushrooms({ assay, statedAs: 'psilocin' })).estimate.value, 1.6 * 0.7186, 1e-4);
  assert.match(asBase.explanation, /8\.89 µg LSD base per capsule: 0\.3 g times 43\.4 µg\/g of LSD tartrate \(1:1\)/);
  const span = dosePerCapsule(mushrooms({ statedAs: 'psilocin' }));
  assert.ok(span.basis === 'literature-range');
  near(span.lower.value, 0.6 * 0.7186, 1e-4);
  assert.throws(() => dosePerCapsule(mushrooms({ assay, statedAs: 'lsd-base' })), code('no-molar-relation'));
});

test('psilocin found beside psilocybin counts by molar mass, and its spread with it', () => {
  const psilocin = { analyte: 'psilocin', contentPerUnit: { value: 1000, unit: 'µg/g' }, cv: 0.2 } as const;
  const both = { ...assay, contentPerUnit: { value: 5, unit: 'mg/g' }, cv: 0, alongside: [psilocin] } as const;
  const dose = assayed(mushrooms({ assay: both, statedAs: 'psilocin' }));
  // 0.2 g x (5 mg/g x 0.7186 + 1 mg/g)
  near(dose.estimate.value, 0.2 * (5 * (204.27 / 284.25) + 1), 1e-9);
  const cv = 0.2 / (5 * (204.27 / 284.25) + 1);
  near(Math.log(dose.upper.value / dose.estimate.value), 1.959963984540054 * Math.sqrt(Math.log1p(cv ** 2)), 1e-9);
  assert.match(dose.explanation, /of psilocybin, counting psilocin/);
  const other = { ...both, alongside: [{ ...psilocin, analyte: 'lsd-base' }] } as const;
  assert.throws(() => dosePerCapsule(mushrooms({ assay: other })), code('no-molar-relation'));
  assert.throws(
    () => dosePerCapsule(mushrooms({ assay: { ...both, alongside: [{ ...psilocin, cv: 2 }] } })),
    code('bad-assay'),
  );
});

test('a published trial: 0.5 g of mushrooms of 1.6 mg/g held 0.8 mg of psilocybin (Cavanna 2022)', () => {
  const fillWeight = { meanGrams: 0.5, sdGrams: 0, n: 20 };
  const found = { ...assay, contentPerUnit: { value: 1.6, unit: 'mg/g' as const } };
  near(assayed(mushrooms({ fillWeight, assay: found })).estimate.value, 0.8);
});

test('the factor of every salt is what its stoichiometry makes of the molar masses', () => {
  const bases = { lsd: molarMass.lsd, mescaline: molarMass.mescaline, dmt: molarMass.dmt };
  const acids = {
    'tartaric acid': molarMass.tartaricAcid,
    'hydrochloric acid': molarMass.hydrochloricAcid,
    'fumaric acid': molarMass.fumaricAcid,
  };
  const salts = Object.values(forms).filter((form) => form.relation === 'exact' && form.salt !== null);
  assert.equal(salts.length, 4);
  for (const form of salts) {
    assert.ok(form.relation === 'exact' && form.salt);
    const { acid, baseToAcid } = form.salt;
    const base = baseToAcid[0] * bases[form.substance as keyof typeof bases];
    near(form.baseFactor.value, base / (base + baseToAcid[1] * acids[acid as keyof typeof acids]), 1e-12);
  }
});
