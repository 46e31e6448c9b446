import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLinearModel } from '../linear-model/fit.ts';
import { philox } from '../random/philox.ts';
import type { GuessedValue } from './curve.ts';
import { drawExpectancyTrial, type ExpectancyModel, estimateExpectancy } from './expectancy.ts';

/** Settings published with the model (Szigeti et al. 2023; n about 230). */
const none = { mean: 0, sd: 0 };
const [direct, belief] = [
  { mean: 3, sd: 6.2 },
  { mean: 7.7, sd: 6.2 },
];
const model = (directEffect: ExpectancyModel['directEffect'], expectancy: ExpectancyModel['expectancy']) => ({
  ...{ naturalHistory: { mean: 10, sd: 4 }, correctGuessRate: 0.7 },
  ...{ directEffect, expectancy },
});
const trialsOf = (settings: ExpectancyModel, trials: number, name: string) =>
  Array.from({ length: trials }, (_, i) => drawExpectancyTrial(settings, 230, philox(name, `${i}`)));
const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;
const unadjusted = (rows: readonly GuessedValue[]) =>
  fitLinearModel({
    formula: 'value ~ condition',
    data: { value: rows.map(({ value }) => value), condition: rows.map(({ condition }) => condition) },
  }).terms[1]?.p as number;

test('Unadjusted trials are significant as often as published: .05, .86, .78 and .99', () => {
  // An effect that is absent is so on average: only with its spread between people are the published shares met.
  const absent = { mean: 0, sd: 6.2 };
  const published = [
    [absent, absent, 0.05],
    [direct, absent, 0.86],
    [absent, belief, 0.78],
    [direct, belief, 0.99],
  ] as const;
  for (const [effect, expectancy, expected] of published) {
    const found = share(trialsOf(model(effect, expectancy), 300, `${expected}`).map((rows) => unadjusted(rows) < 0.05));
    // Three standard errors of 300 trials, and half a unit of the digits printed.
    const within = 3 * Math.sqrt((expected * (1 - expected)) / 300) + 0.005;
    assert.ok(Math.abs(found - expected) < within, `${found}, ${expected}`);
  }
});

test('The estimates are the means of the model, with limits that hold them as often as they say', () => {
  const found = trialsOf(model(direct, belief), 400, 'coverage').map((rows) => estimateExpectancy(rows));
  for (const [name, mean] of [
    ['naturalHistory', 10],
    ['directEffect', 3],
    ['expectancy', 7.7],
  ] as const) {
    const average = found.reduce((sum, one) => sum + one[name].estimate, 0) / found.length;
    assert.ok(Math.abs(average - mean) < 0.25, `${name}: ${average}`);
    const covered = share(found.map((one) => one[name].lower < mean && mean < one[name].upper));
    assert.ok(covered > 0.91 && covered < 0.98, `${name}: ${covered}`);
  }
  const refused = share(found.map(({ additivity }) => additivity.p < 0.05));
  assert.ok(refused > 0.015 && refused < 0.09, `${refused}`);
});

test('Belief that works on active only is seen not to add; a trial without direct effect is not taken for one', () => {
  const alone = trialsOf(model(none, belief), 300, 'belief').map(
    (rows) => estimateExpectancy(rows).directEffect.p < 0.05,
  );
  assert.ok(share(alone) < 0.09, `${share(alone)}`);
  const rows = drawExpectancyTrial(model(direct, none), 400, philox('active only')).map((row) =>
    row.condition === 'active' && row.guess === 'active' ? { ...row, value: row.value + 8 } : row,
  );
  assert.ok(estimateExpectancy(rows).additivity.p < 1e-6);
});

test('With equal spread in equal strata the estimates are differences of means, by hand', () => {
  const of = (condition: 'active' | 'placebo', guess: 'active' | 'placebo', middle: number): GuessedValue[] =>
    [-1, 0, 1].map((off) => ({ condition, guess, value: middle + off }));
  const unsure: GuessedValue = { condition: 'active', guess: 'unsure', value: 99 };
  const found = estimateExpectancy([
    ...[...of('placebo', 'placebo', 10), ...of('placebo', 'active', 14), ...of('active', 'placebo', 13)],
    ...[...of('active', 'active', 19), unsure],
  ]);
  // Direct: ((13 − 10) + (19 − 14)) / 2; expectancy: ((14 − 10) + (19 − 13)) / 2; error √(1/3): four means of variance 1/3, a quarter of their sum.
  assert.ok(Math.abs(found.directEffect.estimate - 4) < 1e-12);
  assert.ok(Math.abs(found.expectancy.estimate - 5) < 1e-12);
  assert.ok(Math.abs(found.directEffect.standardError - Math.sqrt(1 / 3)) < 1e-12);
  // The interaction 19 − 13 − 14 + 10 = 2 has variance 4/3.
  assert.ok(Math.abs(found.additivity.chiSquare - 3) < 1e-12);
  assert.equal(found.rows, 12);
});

test('A stratum that is empty, or all the same, is named', () => {
  const rows = drawExpectancyTrial(model(direct, belief), 60, philox('refused'));
  const kept = rows.filter(({ condition, guess }) => condition !== 'placebo' || guess !== 'active');
  assert.throws(() => estimateExpectancy(kept), { code: 'too_few_rows', about: 'placebo, guessed active: 0' });
  const same = rows.map((row) => (row.condition === 'active' && row.guess === 'active' ? { ...row, value: 3 } : row));
  assert.throws(() => estimateExpectancy(same), { code: 'perfect_fit', about: 'active, guessed active' });
  const far = rows.map((row) => ({ ...row, value: Number.POSITIVE_INFINITY }));
  assert.throws(() => estimateExpectancy(far), { code: 'non_finite' });
});
