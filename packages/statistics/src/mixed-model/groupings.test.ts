/** Crossed and nested groupings, degrees of freedom and comparisons; agreement with R is in references.test.ts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { likelihoodRatioTest } from '../inference/likelihood-ratio.ts';
import type { Data } from '../model-frame/frame.ts';
import { philox } from '../random/philox.ts';
import { fitLinearMixedModel } from './fit.ts';

const file = new URL('../../../../validation/references/mixed-models.json', import.meta.url);
const { sets } = JSON.parse(readFileSync(file, 'utf8')) as { sets: readonly { name: string; data: Data }[] };
const dataOf = (name: string) => sets.find((set) => set.name === name)?.data ?? {};

const near = (found: number | undefined, expected: number, relative: number, what = '') =>
  assert.ok(
    Math.abs((found ?? Number.NaN) - expected) <= relative * Math.max(1, Math.abs(expected)),
    `${what} ${found} is not ${expected}`,
  );

/** People at sites who answer the same questions, with rows missing. */
function answers(seed: string) {
  const random = philox(seed, 'answers');
  const data = {
    y: [] as number[],
    x: [] as number[],
    person: [] as string[],
    item: [] as string[],
    site: [] as string[],
  };
  const ease = Array.from({ length: 6 }, () => random.normal(0, 2));
  for (let person = 0; person < 18; person += 1) {
    const level = random.normal(0, 3);
    for (let item = 0; item < 6; item += 1) {
      if (random.bernoulli(0.15)) continue;
      const x = (person % 3) + item / 2;
      data.y.push(10 + x + level + (ease[item] as number) + random.normal(0, 1));
      data.x.push(x);
      data.person.push(`p${person}`);
      data.item.push(`i${item}`);
      data.site.push(`s${person % 4}`);
    }
  }
  return data;
}

test('Order of rows, order of terms, names, shift and scale change nothing that they should not', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (seed, shift, scale) => {
        const data = answers(String(seed));
        const order = philox(String(seed), 'order').shuffle(data.y.map((_, row) => row));
        const other = {
          y: order.map((row) => shift + scale * (data.y[row] as number)),
          x: order.map((row) => data.x[row] as number),
          person: order.map((row) => `z${data.person[row]}`),
          item: order.map((row) => `${9 - Number(data.item[row]?.slice(1))}`),
        };
        const one = fitLinearMixedModel({ formula: 'y ~ x + (1 | person) + (1 | item)', data });
        const two = fitLinearMixedModel({ formula: 'y ~ (1 | item) + x + (1 | person)', data: other });
        one.terms.forEach((term, j) => {
          near(two.terms[j]?.estimate, term.estimate * scale + (j === 0 ? shift : 0), 1e-6, term.term);
          near(two.terms[j]?.standardError, term.standardError * scale, 1e-6, term.term);
          near(two.terms[j]?.df, term.df, 1e-4, term.term);
        });
        near(two.residualVariance, one.residualVariance * scale ** 2, 1e-6);
      },
    ),
    { numRuns: 12 },
  );
});

test('A balanced crossed layout has the variances of the analysis of variance', () => {
  const random = philox('balanced crossed');
  const [rows, columns] = [7, 5];
  const a = Array.from({ length: rows }, () => random.normal(0, 2));
  const b = Array.from({ length: columns }, () => random.normal(0, 3));
  const y = a.map((one) => b.map((other) => one + other + random.normal(0, 1)));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const grand = mean(y.flat());
  const rowMeans = y.map(mean);
  const columnMeans = b.map((_, j) => mean(y.map((row) => row[j] as number)));
  const msRows = (columns * rowMeans.reduce((sum, m) => sum + (m - grand) ** 2, 0)) / (rows - 1);
  const msColumns = (rows * columnMeans.reduce((sum, m) => sum + (m - grand) ** 2, 0)) / (columns - 1);
  const left = y.flatMap((row, i) =>
    row.map((value, j) => value - (rowMeans[i] as number) - (columnMeans[j] as number) + grand),
  );
  const ms = left.reduce((sum, value) => sum + value * value, 0) / ((rows - 1) * (columns - 1));
  const model = fitLinearMixedModel({
    formula: 'y ~ 1 + (1 | r) + (1 | c)',
    data: {
      y: y.flat(),
      r: y.flatMap((row, i) => row.map(() => `r${i}`)),
      c: y.flatMap((row) => row.map((_, j) => `c${j}`)),
    },
  });
  near(model.residualVariance, ms, 1e-8);
  near(model.varianceComponents[0]?.variance, (msRows - ms) / columns, 1e-8);
  near(model.varianceComponents[1]?.variance, (msColumns - ms) / rows, 1e-8);
});

test('Groupings that part the rows alike, as one participant per site does, are refused', () => {
  const data = answers('alone');
  const alone = { ...data, site: data.person.map((person) => `site of ${person}`) };
  const refused = { code: 'unidentified_variance', about: 'site and site:person part the rows alike' };
  assert.throws(() => fitLinearMixedModel({ formula: 'y ~ x + (1 | site/person)', data: alone }), refused);
  assert.throws(() => fitLinearMixedModel({ formula: 'y ~ x + (1 | site) + (1 | person)', data: alone }), {
    code: 'unidentified_variance',
  });
  const some = {
    ...data,
    site: data.person.map((person) => (Number(person.slice(1)) < 6 ? `alone ${person}` : 'rest')),
  };
  assert.ok(fitLinearMixedModel({ formula: 'y ~ x + (1 | site/person)', data: some }).converged);
});

test('A second grouping that carries nothing is found on the boundary, and takes nothing from the rest', () => {
  const data = answers('nothing');
  const plain = fitLinearMixedModel({ formula: 'y ~ x + (1 | person)', data });
  // Dealt out by the size of the residuals, so that the means of the five are more alike than chance makes them.
  const left = plain.residuals().conditional;
  const ranked = [...left.keys()].sort((a, b) => (left[a] as number) - (left[b] as number));
  const coin = new Array<string>(left.length);
  ranked.forEach((row, rank) => {
    coin[row] = `c${rank % 10 < 5 ? rank % 5 : 4 - (rank % 5)}`;
  });
  const model = fitLinearMixedModel({ formula: 'y ~ x + (1 | person) + (1 | coin)', data: { ...data, coin } });
  assert.equal(model.singular, true);
  near(model.criterion, plain.criterion, 1e-8);
  near(model.terms[1]?.df, plain.terms[1]?.df ?? 0, 1e-4);
});

test('Degrees of freedom: between-within, residual and asymptotic; a joint test of all four kinds', () => {
  const data = dataOf('Orthodont');
  const fit = (df: 'between-within' | 'residual' | 'asymptotic' | 'satterthwaite' | 'kenward-roger') =>
    fitLinearMixedModel({ formula: 'distance ~ age * Sex + (1 | Subject)', data, df });
  // Participants 27, rows 108; intercept and sex are between, age and its interaction within (nlme::lme gives 25 and 79).
  assert.deepEqual(
    fit('between-within').terms.map(({ df }) => df),
    [25, 79, 25, 79],
  );
  assert.deepEqual(
    fit('residual').terms.map(({ df }) => df),
    [104, 104, 104, 104],
  );
  assert.equal(fit('asymptotic').terms[1]?.df, Number.POSITIVE_INFINITY);
  const l = [
    [0, 1, 0, 0],
    [0, 0, 0, 1],
  ];
  for (const df of ['satterthwaite', 'kenward-roger'] as const) {
    const joint = fit(df).contrast(l);
    assert.equal(joint.df1, 2);
    // Balanced: within-participant degrees of freedom are rows − participants − 2 slopes.
    near(joint.df2, 79, 1e-6, df);
  }
});

test('The likelihood ratio of Bates and others (2015, section 5.4): a correlation that is not needed', () => {
  const data = dataOf('sleepstudy');
  const fit = (formula: string, method: 'REML' | 'ML' = 'ML') => fitLinearMixedModel({ formula, data, method });
  const both = fit('Reaction ~ Days + (1 + Days | Subject)');
  const apart = fit('Reaction ~ Days + (1 + Days || Subject)');
  const found = likelihoodRatioTest(apart, both);
  near(found.chiSquare, 0.0639, 1e-4);
  near(found.p, 0.8004, 1e-4);
  assert.equal(found.df, 1);
  near(found.mixtureP ?? 0, found.p / 2, 1e-12);
  const refused = { code: 'not_comparable' };
  assert.throws(() => likelihoodRatioTest(both, apart), refused);
  assert.throws(() => likelihoodRatioTest(fit('Reaction ~ Days + (1 | Subject)', 'REML'), both), refused);
  const restricted = fit('Reaction ~ 1 + (1 | Subject)', 'REML');
  assert.throws(() => likelihoodRatioTest(restricted, fit('Reaction ~ Days + (1 | Subject)', 'REML')), refused);
  const other = fitLinearMixedModel({ formula: 'Days ~ 1 + (1 | Subject)', data, method: 'ML' });
  assert.throws(() => likelihoodRatioTest(other, both), refused);
});

test('Residuals and fitted values add up, and the residuals of a random intercept are smaller than the marginal ones', () => {
  const data = answers('residuals');
  const model = fitLinearMixedModel({ formula: 'y ~ x + (1 | person) + (1 | item)', data });
  const { fitted, conditional, marginal } = model.residuals();
  data.y.forEach((value, row) => {
    near((fitted[row] as number) + (conditional[row] as number), value, 1e-12);
  });
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  assert.ok(squares(conditional) < squares(marginal));
});

test('More outer effects than can be held at once are refused', () => {
  const rows = 9000;
  const data = {
    y: Array.from({ length: rows }, (_, row) => Math.sin(row)),
    a: Array.from({ length: rows }, (_, row) => `a${row % 2500}`),
    b: Array.from({ length: rows }, (_, row) => `b${(row * 7) % 2400}`),
  };
  assert.throws(() => fitLinearMixedModel({ formula: 'y ~ 1 + (1 | a) + (1 | b)', data }), {
    code: 'too_many_effects',
  });
});
