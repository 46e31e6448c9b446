import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, fromRows } from '../linear-algebra/matrix.ts';
import { fitLinearMixedModel } from '../mixed-model/fit.ts';
import type { VarianceComponent } from '../mixed-model/random-part.ts';
import { philox } from '../random/philox.ts';
import { individualEffects } from './individual-effects.ts';

const random = philox('individual effects');
const people = 12;
const rows = Array.from({ length: people }, (_, i) => {
  const [level, slope] = [random.normal(0, 2), random.normal(0, 1.5)];
  const occasions = 4 + (i % 5);
  return Array.from({ length: occasions }, (__, day) => ({
    person: `P${String(i).padStart(2, '0')}`,
    day,
    x: day % 2,
    y: 10 + level + (1 + slope) * (day % 2) + 0.2 * day + random.normal(0, 1),
  }));
}).flat();
const data = {
  y: rows.map(({ y }) => y),
  x: rows.map(({ x }) => x),
  day: rows.map(({ day }) => day),
  person: rows.map(({ person }) => person),
};

test('Effects and errors are those of the whole system of mixed-model equations, inverted', () => {
  const model = fitLinearMixedModel({ formula: 'y ~ x + day + (1 + x | person)', data });
  const [intercept, slope] = model.varianceComponents as readonly [VarianceComponent, VarianceComponent];
  const covariance = (slope.correlations[0] as number) * intercept.sd * slope.sd;
  const determinant = intercept.variance * slope.variance - covariance ** 2;
  const prior = [
    [slope.variance / determinant, -covariance / determinant],
    [-covariance / determinant, intercept.variance / determinant],
  ];
  const size = 3 + 2 * people;
  const c = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  for (const { person, x, day } of rows) {
    const p = Number(person.slice(1));
    const row: [number, number][] = [
      [0, 1],
      [1, x],
      [2, day],
      [3 + 2 * p, 1],
      [4 + 2 * p, x],
    ];
    for (const [i, a] of row)
      for (const [j, b] of row)
        (c[i] as number[])[j] = ((c[i] as number[])[j] as number) + (a * b) / model.residualVariance;
  }
  for (let p = 0; p < people; p += 1) {
    for (const i of [0, 1]) {
      for (const j of [0, 1]) {
        const line = c[3 + 2 * p + i] as number[];
        line[3 + 2 * p + j] = (line[3 + 2 * p + j] as number) + (prior[i]?.[j] as number);
      }
    }
  }
  const factor = cholesky(fromRows(c));
  assert.ok(factor);
  const inverse = inverseFromCholesky(factor);
  const found = individualEffects(model, 'x');
  assert.equal(found.length, people);
  found.forEach(({ level, standardError, estimate, reliability }) => {
    const i = 4 + 2 * Number(level.slice(1));
    const expected = Math.sqrt(at(inverse, 1, 1) + at(inverse, i, i) + 2 * at(inverse, 1, i));
    assert.ok(Math.abs(standardError / expected - 1) < 1e-6, `${level}: ${standardError}, ${expected}`);
    const blup = model.groupEffects.find((one) => one.level === level)?.effects[1] as number;
    assert.ok(Math.abs(estimate - (model.terms[1]?.estimate as number) - blup) < 1e-12);
    assert.ok(reliability > 0 && reliability < 1);
  });
});

test('Who gave less is drawn in further; without differences everybody has the mean', () => {
  const model = fitLinearMixedModel({ formula: 'y ~ x + day + (1 + x | person)', data });
  const effects = individualEffects(model, 'x');
  const short = effects.filter((_, i) => i % 5 === 0);
  const long = effects.filter((_, i) => i % 5 === 4);
  const mean = (of: typeof effects) => of.reduce((sum, one) => sum + one.reliability, 0) / of.length;
  assert.ok(mean(long) > mean(short) + 0.05);
  // The same effect in everybody, with differences smaller than chance: the variance is on its boundary.
  const same = {
    ...data,
    y: rows.map(({ x, day, person }) => 3 * x + 2 * Number(person.slice(1)) + (((day * 7919) % 5) - 2) / 10),
  };
  const still = fitLinearMixedModel({ formula: 'y ~ x + (1 | person) + (0 + x | person)', data: same });
  const found = individualEffects(still, 'x');
  if (still.singular)
    for (const { estimate } of found) assert.ok(Math.abs(estimate - (still.terms[1]?.estimate as number)) < 1e-6);
  assert.ok(still.singular);
});

test('A term that is not random, and models of several groupings, are refused by name', () => {
  const model = fitLinearMixedModel({ formula: 'y ~ x + day + (1 | person)', data });
  assert.throws(() => individualEffects(model, 'x'), { code: 'unknown_column', about: 'x' });
  const sites = { ...data, site: rows.map(({ person }) => `S${Number(person.slice(1)) % 3}`) };
  const nested = fitLinearMixedModel({ formula: 'y ~ x + (1 + x | person) + (1 | site)', data: sites });
  assert.throws(() => individualEffects(nested, 'x'), { code: 'too_many_effects' });
});
