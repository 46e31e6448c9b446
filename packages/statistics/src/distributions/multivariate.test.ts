import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { boxProbability } from './multivariate.ts';
import { normalCdf } from './normal.ts';

type Reference = { upper: number[]; correlation: number[][]; df: number; probability: number };
const file = new URL('../../../../validation/references/multivariate.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as Reference[];

for (const { upper, correlation, df, probability } of known) {
  test(`${df === 0 ? 'Normal' : `t with ${df} df`} below ${upper.join(', ')} agrees with mvtnorm`, () => {
    const lower = upper.map(() => Number.NEGATIVE_INFINITY);
    const dimensions = upper.length - 1 + (df > 0 ? 1 : 0);
    const request = { lower, upper, covariance: correlation, points: 25_000 };
    const found = boxProbability(df === 0 ? request : { ...request, df });
    const off = Math.abs(found.probability - probability);
    const seen = `${found.probability} ± ${found.error}, ${probability}`;
    // Beyond three dimensions the error is a statistical one, and said; R's own for t of many variables is 1e-7 of one.
    if (dimensions <= 3) assert.ok(off <= 1e-6 * probability && found.error < 1e-4 * probability, seen);
    else assert.ok(off <= 1.5 * found.error + (df > 0 ? 3e-7 : 0) && found.error < 1e-2 * probability, seen);
  });
}

const equal = (k: number, r: number) =>
  Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => (i === j ? 1 : r)));

test('Orthants of equal correlation ½ hold 1 / (k + 1), and independent limits multiply', () => {
  for (const k of [1, 2, 4, 8]) {
    const upper = Array.from({ length: k }, () => 0);
    const lower = upper.map(() => Number.NEGATIVE_INFINITY);
    const { probability } = boxProbability({ lower, upper, covariance: equal(k, 0.5), points: 50_000 });
    assert.ok(Math.abs(probability * (k + 1) - 1) < 1e-3, `${k}: ${probability}`);
  }
  const { probability, error } = boxProbability({ lower: [-1, 8, -2], upper: [2, 9, 2], covariance: equal(3, 0) });
  const expected = (normalCdf(2) - normalCdf(-1)) * (normalCdf(-8) - normalCdf(-9)) * (normalCdf(2) - normalCdf(-2));
  assert.ok(Math.abs(probability / expected - 1) < 1e-12 && error < 1e-12 * expected, `${probability}, ${expected}`);
});

test('Variables in another order and in other units are the same box', () => {
  const one = boxProbability({
    lower: [-1, -2],
    upper: [0.5, 1],
    covariance: [
      [4, 1],
      [1, 1],
    ],
  });
  const other = boxProbability({
    lower: [-20, -1],
    upper: [10, 0.5],
    covariance: [
      [100, 10],
      [10, 4],
    ],
  });
  assert.ok(Math.abs(one.probability - other.probability) < 1e-12);
});

test('Limits that cross, matrices that are none, and too little room are refused', () => {
  const covariance = equal(2, 0.5);
  assert.throws(() => boxProbability({ lower: [0, 1], upper: [1, 1], covariance }), RangeError);
  assert.throws(() => boxProbability({ lower: [0], upper: [1, 1], covariance }), RangeError);
  assert.throws(() => boxProbability({ lower: [0, 0], upper: [1, 1], covariance: equal(2, 1) }), {
    code: 'not_positive_definite',
  });
  assert.throws(() => boxProbability({ lower: [0, 0], upper: [1, 1], covariance, df: 0 }), RangeError);
});
