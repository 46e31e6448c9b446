import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StatisticsError } from '../errors.ts';
import { philox } from '../random/philox.ts';
import { fitLinearMixedModel } from './fit.ts';

const near = (found: number, expected: number, relative: number, what = '') =>
  assert.ok(
    Math.abs(found - expected) <= relative * Math.max(1, Math.abs(expected)),
    `${what} ${found} is not ${expected}`,
  );

/** A trial of our own making, the same every time. */
function virtualTrial(participants = 24, visits = 5) {
  const random = philox('virtual trial');
  const data = { value: [] as number[], day: [] as number[], arm: [] as string[], participant: [] as string[] };
  for (let person = 0; person < participants; person += 1) {
    const level = random.normal(50, 8);
    const trend = random.normal(1, 0.8);
    for (let visit = 0; visit < visits; visit += 1) {
      if (random.bernoulli(0.15)) continue;
      data.value.push(level + trend * visit + (person % 2) * 2 * visit + random.normal(0, 3));
      data.day.push(visit);
      data.arm.push(person % 2 === 0 ? 'placebo' : 'active');
      data.participant.push(`P${person}`);
    }
  }
  return data;
}

test('A balanced one-way layout gives the estimates of the analysis of variance', () => {
  // Three groups of four; the REML estimates are the mean squares, by hand.
  const groups = [
    [10, 12, 11, 13],
    [20, 19, 21, 22],
    [14, 16, 15, 13],
  ];
  const data = {
    value: groups.flat(),
    g: groups.flatMap((own, index) => own.map(() => `g${index}`)),
  };
  const model = fitLinearMixedModel({ formula: 'value ~ 1 + (1 | g)', data });
  const within = 15 / 9;
  const means = groups.map((own) => own.reduce((a, b) => a + b) / 4);
  const grand = means.reduce((a, b) => a + b) / 3;
  const between = (4 * means.reduce((sum, mean) => sum + (mean - grand) ** 2, 0)) / 2;
  near(model.residualVariance, within, 1e-7, 'residual');
  near(model.varianceComponents[0]?.variance ?? 0, (between - within) / 4, 1e-7, 'between');
  const [intercept] = model.terms;
  near(intercept?.estimate ?? 0, grand, 1e-12, 'mean');
  near(intercept?.standardError ?? 0, Math.sqrt(between / 12), 1e-7, 'error');
  near(intercept?.df ?? 0, 2, 1e-4, 'df');
});

test('A random slope is estimated, its coefficient tested with fewer degrees of freedom than rows', () => {
  const data = virtualTrial();
  const model = fitLinearMixedModel({
    formula: 'value ~ day * arm + (1 + day | participant)',
    data,
    reference: { arm: 'placebo' },
  });
  assert.deepEqual(
    model.terms.map((term) => term.term),
    ['(Intercept)', 'day', 'armactive', 'day:armactive'],
  );
  assert.equal(model.varianceComponents.length, 2);
  const slope = model.terms[3];
  assert.ok(slope && slope.df > 10 && slope.df < 26, `df ${slope?.df}`);
  assert.ok(model.converged && !model.singular);
});

test('A variance of zero is found and said', () => {
  const random = philox('no variance');
  const data = {
    value: Array.from(
      { length: 40 },
      (_, row) => (row % 2 ? 1 : -1) * 3 + random.normal(0, 0.01) * (row % 4 < 2 ? 1 : -1),
    ),
    g: Array.from({ length: 40 }, (_, row) => `g${Math.floor(row / 2)}`),
  };
  const model = fitLinearMixedModel({ formula: 'value ~ 1 + (1 | g)', data });
  assert.equal(model.singular, true);
  near(model.varianceComponents[0]?.variance ?? 1, 0, 1e-6);
});

test('A variance that is small but there is not called zero', () => {
  // Mean squares 1.01 × 4/3 between and 4/3 within groups of four: the variance is their difference over four.
  const middle = Math.sqrt((1.01 * (4 / 3)) / 4);
  const value = [-middle, 0, middle].flatMap((mean) => [-1, 1, -1, 1].map((error) => mean + error));
  const model = fitLinearMixedModel({
    formula: 'value ~ 1 + (1 | g)',
    data: { value, g: value.map((_, row) => `g${Math.floor(row / 4)}`) },
  });
  near(model.varianceComponents[0]?.variance ?? 0, 0.01 / 3, 1e-9);
  assert.equal(model.singular, false);
});

test('Order of rows, names of groups, shift and scale of the response change nothing that they should not', () => {
  const data = virtualTrial(16, 4);
  const formula = 'value ~ day + arm + (1 | participant)';
  const plain = fitLinearMixedModel({ formula, data });
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      fc.integer({ min: 0, max: 1e6 }),
      (scale, shift, seed) => {
        const order = philox(String(seed)).shuffle(data.value.map((_, row) => row));
        const moved = fitLinearMixedModel({
          formula,
          data: {
            value: order.map((row) => (data.value[row] as number) * scale + shift),
            day: order.map((row) => data.day[row] as number),
            arm: order.map((row) => data.arm[row] as string),
            participant: order.map((row) => `x${data.participant[row]}`),
          },
        });
        plain.terms.forEach((term, index) => {
          const other = moved.terms[index];
          assert.ok(other);
          near(other.estimate, term.estimate * scale + (index === 0 ? shift : 0), 1e-6, term.term);
          near(other.standardError, term.standardError * scale, 1e-6, term.term);
          near(other.df, term.df, 1e-3, term.term);
        });
      },
    ),
    { numRuns: 15 },
  );
});

test('Where covariates have their origin and what unit they have changes nothing but the intercept and the unit', () => {
  const data = virtualTrial();
  const formula = 'value ~ day * arm + (1 + day | participant)';
  const plain = fitLinearMixedModel({ formula, data });
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -20, max: 20 }), (origin, power) => {
      const unit = 2 ** power;
      const moved = fitLinearMixedModel({
        formula,
        data: { ...data, day: data.day.map((day) => (day - origin) * unit) },
      });
      for (const index of [1, 3]) {
        const [own, other] = [plain.terms[index], moved.terms[index]];
        assert.ok(own && other);
        near(other.estimate * unit, own.estimate, 1e-7, own.term);
        near(other.standardError * unit, own.standardError, 1e-7, own.term);
        near(other.df, own.df, 1e-6, own.term);
      }
      near(moved.criterion - 4 * Math.log(unit), plain.criterion, 1e-9, 'criterion');
      assert.equal(moved.singular, plain.singular);
    }),
    { numRuns: 25 },
  );
});

test('Within-group degrees of freedom of a balanced design are rows less groups less one', () => {
  const random = philox('balanced');
  const rows = Array.from({ length: 150 }, (_, row) => ({
    day: 20512 + (row % 10),
    person: `r${Math.floor(row / 10)}`,
  }));
  const levels = Array.from({ length: 15 }, () => random.normal(0, 5));
  const model = fitLinearMixedModel({
    formula: 'y ~ day + (1 | person)',
    data: {
      day: rows.map(({ day }) => day),
      person: rows.map(({ person }) => person),
      y: rows.map((_, row) => (levels[Math.floor(row / 10)] as number) + random.normal(0, 2)),
    },
  });
  near(model.terms[1]?.df ?? 0, 134, 1e-9);
});

test('A fit that has reached its minimum says what another step could gain, which is nothing', () => {
  const model = fitLinearMixedModel({ formula: 'value ~ day + (1 + day | participant)', data: virtualTrial() });
  assert.ok(model.decrement >= 0 && model.decrement < 1e-12);
});

test('Without a random term it is least squares', () => {
  const model = fitLinearMixedModel({ formula: 'y ~ x', data: { x: [1, 2, 3, 4], y: [2.1, 3.9, 6.2, 7.8] } });
  near(model.terms[1]?.estimate ?? 0, 1.94, 1e-12);
  near(model.terms[1]?.standardError ?? 0, Math.sqrt(0.041 / 5), 1e-10);
  assert.equal(model.terms[1]?.df, 2);
});

test('What cannot be fitted is refused by name', () => {
  const base = { y: [1, 2, 4, 3, 5, 9], x: [1, 2, 3, 4, 5, 6], g: ['a', 'a', 'b', 'b', 'c', 'c'] };
  const refused = (
    formula: string,
    data: Record<string, readonly (string | number | null)[]>,
    code: string,
    about?: string,
  ) =>
    assert.throws(
      () => fitLinearMixedModel({ formula, data }),
      (error: unknown) => {
        assert.ok(error instanceof StatisticsError, String(error));
        assert.equal(error.code, code);
        if (about) assert.ok(error.about.includes(about), error.about);
        return true;
      },
    );
  refused('y ~ x + (1 | g)', { ...base, y: [1, 1, 1, 1, 1, 1] }, 'constant_response', 'y');
  refused('y ~ k + (1 | g)', { ...base, k: ['q', 'q', 'q', 'q', 'q', 'q'] }, 'one_level_factor', 'k');
  refused('y ~ z', base, 'unknown_column', 'z');
  refused('y ~ x + w', { ...base, w: base.x.map((value) => 2 * value) }, 'rank_deficient', 'w');
  refused('y ~ x', { ...base, x: [null, null, null, null, null, null] }, 'no_rows');
  refused('y ~ x', { ...base, x: [1, 2, 3, 4, 5, Number.POSITIVE_INFINITY] }, 'non_finite', 'row 6');
  refused('y ~ x + g', { y: [1, 2, 4], x: [1, 2, 9], g: ['a', 'b', 'c'] }, 'too_few_rows');
  refused('y ~ x + (1 | h)', { ...base, h: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'unidentified_variance', 'h');
  refused('y ~ (1 | g', base, 'formula_syntax');
  refused('y ~ x + (1 + x | g)', base, 'unidentified_variance', 'g');
  refused('y ~ (1 | g)', { ...base, y: [1, 1, 3, 3, 5, 5] }, 'perfect_fit');
  refused('y ~ x', { ...base, y: base.x.map((value) => 3 * value - 1) }, 'perfect_fit');
  refused('y ~ x + (1 | g)', { ...base, g: ['a', 'a', 'a', 'a', 'a', 'a'] }, 'one_group', 'g');
  refused('y ~ x', { ...base, x: [1, 2] }, 'column_lengths', 'x');
  refused('x ~ y', { ...base, x: ['1', '2', '3', '4', '5', '6'] }, 'response_not_numeric', 'x');
  refused('y ~ x', { ...base, x: [1, '2', 3, 4, 5, 6] }, 'mixed_column', 'x');
});

test('Rows with a missing value are dropped and counted', () => {
  const data = virtualTrial();
  const holed = { ...data, value: data.value.map((value, row) => (row % 10 === 0 ? null : value)) };
  const model = fitLinearMixedModel({ formula: 'value ~ day + (1 | participant)', data: holed });
  assert.equal(model.rowsDropped, Math.ceil(data.value.length / 10));
  assert.equal(model.rowsUsed + model.rowsDropped, data.value.length);
});
