/** What no fit may depend on, whatever the model: order of rows, names, origin and unit; and what a correct null model must give. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  differenceAtRate,
  fitGee,
  fitGeneralisedModel,
  fitLinearMixedModel,
  fitLinearModel,
  fitMmrm,
  type GuessedValue,
  philox,
  type Term,
} from './index.ts';

type Columns = { y: number[]; arm: string[]; visit: string[]; person: string[]; baseline: number[] };

/** A small trial of three visits with drop-out; `effect` in the unit of y. */
function trial(seed: string, people = 24, effect = 0): Columns {
  const random = philox(seed, 'trial');
  const data: Columns = { y: [], arm: [], visit: [], person: [], baseline: [] };
  for (let i = 0; i < people; i += 1) {
    const level = random.normal(0, 2);
    const baseline = level + random.normal(0, 1);
    const seen = i < 8 ? 3 : random.integer(2, 3);
    for (let visit = 1; visit <= seen; visit += 1) {
      data.y.push(50 + level + effect * (i % 2) + 0.5 * visit + random.normal(0, 1));
      data.arm.push(i % 2 === 0 ? 'placebo' : 'active');
      data.visit.push(`v${visit}`);
      data.person.push(`P${i}`);
      data.baseline.push(baseline);
    }
  }
  return data;
}

type Fit = (data: Columns) => readonly Pick<Term, 'term' | 'estimate' | 'standardError'>[];
const reference = { arm: 'placebo', visit: 'v1' };
/** Models whose response has an origin and a unit. */
const linear: Readonly<Record<string, Fit>> = {
  'least squares': (data) => fitLinearModel({ formula: 'y ~ arm * visit + baseline', data, reference }).terms,
  'random intercept': (data) =>
    fitLinearMixedModel({ formula: 'y ~ arm * visit + baseline + (1 | person)', data, reference }).terms,
  'unstructured MMRM': (data) =>
    fitMmrm({ formula: 'y ~ arm * visit + baseline', data, reference, subject: 'person', visit: 'visit' }).terms(),
  'estimating equations': (data) =>
    fitGee({
      formula: 'y ~ arm * visit + baseline',
      data,
      reference,
      family: 'gaussian',
      group: 'person',
      correlation: 'exchangeable',
    }).terms,
};
const models: Readonly<Record<string, Fit>> = {
  ...linear,
  'Poisson with random intercept': (data) =>
    fitGeneralisedModel({
      formula: 'y ~ arm * visit + baseline + (1 | person)',
      data: { ...data, y: data.y.map((y) => Math.max(0, Math.round(y - 40))) },
      reference,
      family: 'poisson',
    }).terms,
};

const seeds = fc.integer({ min: 1, max: 500 });
const near = (found: number, expected: number, unit = 1) =>
  assert.ok(Math.abs(found - expected) <= 2e-6 * Math.max(unit, Math.abs(expected)), `${found}, ${expected}`);

for (const [name, fit] of Object.entries(models)) {
  describe(name, () => {
    const holds = (
      change: (
        data: Columns,
        seed: number,
      ) => { changed: Columns; check(before: ReturnType<Fit>, after: ReturnType<Fit>): void },
    ) =>
      fc.assert(
        fc.property(seeds, (seed) => {
          const data = trial(`property ${seed}`);
          const { changed, check } = change(data, seed);
          check(fit(data), fit(changed));
        }),
        { numRuns: 8, seed: 6 },
      );
    const same = (before: ReturnType<Fit>, after: ReturnType<Fit>) => {
      assert.deepEqual(
        after.map(({ term }) => term),
        before.map(({ term }) => term),
      );
      before.forEach(({ estimate, standardError }, j) => {
        near(after[j]?.estimate as number, estimate);
        near(after[j]?.standardError as number, standardError);
      });
    };

    test('does not hang on the order of rows', () => {
      holds((data, seed) => {
        const order = philox(`order ${seed}`).shuffle(data.y.map((_, i) => i));
        const turned = Object.fromEntries(
          Object.entries(data).map(([key, column]) => [key, order.map((i) => column[i])]),
        );
        return { changed: turned as Columns, check: same };
      });
    });

    test('does not hang on the names of people', () => {
      holds((data) => ({
        changed: { ...data, person: data.person.map((one) => `${1000 - Number(one.slice(1))} ü`) },
        check: same,
      }));
    });

    test('does not hang on the origin of a covariate, and turns over its unit', () => {
      holds((data) => ({
        changed: { ...data, baseline: data.baseline.map((x) => 30 + 5 * x) },
        check: (before, after) =>
          before.forEach(({ term, estimate, standardError }, j) => {
            if (term === '(Intercept)') return;
            const unit = term === 'baseline' ? 5 : 1;
            near((after[j]?.estimate as number) * unit, estimate);
            near((after[j]?.standardError as number) * unit, standardError);
          }),
      }));
    });

    test('turns its sign when the arms change places', () => {
      holds((data) => ({
        changed: { ...data, arm: data.arm.map((arm) => (arm === 'active' ? 'placebo' : 'active')) },
        check: (before, after) => {
          const effect = (terms: ReturnType<Fit>) => terms.find(({ term }) => term === 'armactive')?.estimate as number;
          near(effect(after), -effect(before));
        },
      }));
    });

    if (!(name in linear)) return;
    test('moves with the origin of the response in the intercept alone, and stretches with its unit', () => {
      holds((data) => ({
        changed: { ...data, y: data.y.map((y) => 300 + 7 * y) },
        check: (before, after) =>
          before.forEach(({ term, estimate, standardError }, j) => {
            near(after[j]?.estimate as number, 7 * estimate + (term === '(Intercept)' ? 300 : 0), 7);
            near(after[j]?.standardError as number, 7 * standardError, 7);
          }),
      }));
    });
  });
}

/** Kolmogorov and Smirnov's distance to the uniform distribution; above 1.63 / √n once in a hundred. */
function distance(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  return Math.max(...sorted.flatMap((p, i) => [Math.abs(p - i / n), Math.abs(p - (i + 1) / n)]));
}

describe('p-values of a correct null model are uniform', () => {
  const trials = 300;
  const effectOf = (terms: readonly Term[]) => terms.find(({ term }) => term === 'armactive')?.p as number;
  const fits: Readonly<Record<string, (data: Columns) => number>> = {
    'random intercept, Satterthwaite': (data) =>
      effectOf(fitLinearMixedModel({ formula: 'y ~ arm + visit + (1 | person)', data, reference }).terms),
    'random intercept, Kenward-Roger': (data) =>
      effectOf(
        fitLinearMixedModel({ formula: 'y ~ arm + visit + (1 | person)', data, reference, df: 'kenward-roger' }).terms,
      ),
    'unstructured MMRM': (data) =>
      effectOf(fitMmrm({ formula: 'y ~ arm + visit', data, reference, subject: 'person', visit: 'visit' }).terms()),
    'analysis of covariance': (data) => {
      const last = data.visit.flatMap((visit, i) => (visit === 'v2' ? [i] : []));
      const pick = <T>(column: readonly T[]) => last.map((i) => column[i] as T);
      const rows = { y: pick(data.y), arm: pick(data.arm), baseline: pick(data.baseline) };
      return effectOf(
        fitLinearModel({ formula: 'y ~ arm + baseline', data: rows, reference: { arm: 'placebo' } }).terms,
      );
    },
  };
  for (const [name, p] of Object.entries(fits)) {
    test(name, () => {
      const values = Array.from({ length: trials }, (_, i) => p(trial(`null ${i}`)));
      assert.ok(distance(values) < 1.63 / Math.sqrt(trials), `${distance(values)}`);
    });
  }
});

test('The guess-rate curve at the observed rate is the raw difference', () => {
  const content = fc.constantFrom('active' as const, 'placebo' as const);
  const row = fc.record({ value: fc.double({ min: -100, max: 100, noNaN: true }), condition: content, guess: content });
  fc.assert(
    fc.property(fc.array(row, { minLength: 8, maxLength: 60 }), (rows: GuessedValue[]) => {
      const of = (condition: string) => rows.filter((one) => one.condition === condition);
      fc.pre(of('active').length > 0 && of('placebo').length > 0);
      const right = rows.filter(({ condition, guess }) => condition === guess).length;
      fc.pre(right > 0 && right < rows.length);
      const mean = (own: readonly GuessedValue[]) => own.reduce((sum, { value }) => sum + value, 0) / own.length;
      const found = differenceAtRate(rows, right / rows.length);
      assert.ok(Math.abs((found ?? Number.NaN) - (mean(of('active')) - mean(of('placebo')))) < 1e-11);
    }),
    { numRuns: 300, seed: 2 },
  );
});
