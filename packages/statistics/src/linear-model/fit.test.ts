/** Against R's lm, by `validation/trial-methods.R`, and against NIST's certified values. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Data } from '../model-frame/frame.ts';
import { ancova, fitLinearModel } from './fit.ts';

type Reference = {
  readonly formula: string;
  readonly data: Data;
  readonly terms: readonly string[];
  readonly estimate: readonly number[];
  readonly error: readonly number[];
  readonly p: readonly number[];
  readonly sigma: number;
  readonly rSquared: number;
  readonly f: number;
  readonly logLikelihood: number;
};
const file = new URL('../../../../validation/references/trial-methods.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as { linear: readonly Reference[]; longley: Data };

function near(found: number | undefined, expected: number, relative: number, what = '') {
  assert.ok(
    Math.abs((found ?? Number.NaN) - expected) <= relative * Math.abs(expected),
    `${what} ${found}, ${expected}`,
  );
}

for (const expected of known.linear) {
  test(`${expected.formula} as lm fits it`, () => {
    const model = fitLinearModel(expected);
    assert.deepEqual(
      model.terms.map(({ term }) => term),
      expected.terms,
    );
    model.terms.forEach((found, j) => {
      near(found.estimate, expected.estimate[j] as number, 1e-9, found.term);
      near(found.standardError, expected.error[j] as number, 1e-9, found.term);
      near(found.p, expected.p[j] as number, 1e-8, found.term);
    });
    near(Math.sqrt(model.residualVariance), expected.sigma, 1e-10);
    near(model.rSquared, expected.rSquared, 1e-10);
    near(model.overall?.f, expected.f, 1e-10);
    near(model.logLikelihood, expected.logLikelihood, 1e-10);
  });
}

test('Longley’s data to ten digits of the values that NIST StRD certifies', () => {
  const model = fitLinearModel({ formula: 'y ~ x1 + x2 + x3 + x4 + x5 + x6', data: known.longley });
  const certified = [
    [-3482258.63459582, 890420.383607373],
    [15.0618722713733, 84.9149257747669],
    [-0.035819179292591, 0.0334910077722432],
    [-2.02022980381683, 0.488399681651699],
    [-1.03322686717359, 0.214274163161675],
    [-0.0511041056535807, 0.22607320006937],
    [1829.15146461355, 455.478499142212],
  ] as const;
  certified.forEach(([estimate, error], j) => {
    near(model.terms[j]?.estimate, estimate, 1e-10);
    near(model.terms[j]?.standardError, error, 1e-10);
  });
  near(Math.sqrt(model.residualVariance), 304.854073561965, 1e-11);
  near(model.rSquared, 0.995479004577296, 1e-13);
});

test('An analysis of covariance names the arms against the control', () => {
  const expected = known.linear[2] as Reference;
  const { model, effects } = ancova({
    data: expected.data,
    outcome: 'post',
    baseline: 'pre',
    arm: 'treat',
    control: 'CBT',
  });
  assert.deepEqual(
    effects.map(({ term }) => term),
    ['treatCont', 'treatFT'],
  );
  near(effects[0]?.estimate, expected.estimate[2] as number, 1e-9);
  assert.equal(model.df, 68);
});

test('Columns that follow from others are named', () => {
  const data = { y: [1, 3, 2, 5, 4], a: [1, 2, 3, 4, 6], b: [2, 4, 6, 8, 12] };
  assert.throws(() => fitLinearModel({ formula: 'y ~ a + b', data }), { code: 'rank_deficient', message: /\(b\)/ });
});

test('Data that leave nothing to estimate errors from are refused', () => {
  assert.throws(() => fitLinearModel({ formula: 'y ~ a', data: { y: [1, 2], a: [0, 1] } }), { code: 'too_few_rows' });
  assert.throws(() => fitLinearModel({ formula: 'y ~ a', data: { y: [1, 2, 3], a: [2, 4, 6] } }), {
    code: 'perfect_fit',
  });
  assert.throws(() => fitLinearModel({ formula: 'y ~ a + (1 | g)', data: { y: [1, 2], a: [2, 4], g: ['p', 'q'] } }), {
    code: 'formula_syntax',
  });
  assert.throws(() => ancova({ data: { y: [1, 2] }, outcome: 'y', baseline: 'y', arm: 'arm', control: 'a' }), {
    code: 'unknown_column',
  });
});
