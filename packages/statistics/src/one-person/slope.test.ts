import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { philox } from '../random/philox.ts';
import { autocorrelatedSlope } from './slope.ts';

type Reference = {
  name: string;
  method: 'REML' | 'ML';
  t: number[];
  y: number[];
  estimate: [number, number];
  error: [number, number];
  phi: number;
  sigma: number;
  logLik: number;
};
const file = new URL('../../../../validation/references/one-person.json', import.meta.url);
const near = (found: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${found}, ${expected}`);

for (const one of JSON.parse(readFileSync(file, 'utf8')) as Reference[]) {
  test(`The slope of ${one.name} by ${one.method} is nlme’s`, () => {
    const found = autocorrelatedSlope({ times: one.t, values: one.y, method: one.method });
    near(found.logLikelihood, one.logLik, 1e-9);
    near(found.intercept.estimate, one.estimate[0], 1e-6);
    near(found.slope.estimate, one.estimate[1], 1e-6);
    near(found.intercept.standardError, one.error[0], 1e-6);
    near(found.slope.standardError, one.error[1], 1e-6);
    near(found.autocorrelation, one.phi, 1e-6);
    near(found.residualSd, one.sigma, 1e-6);
  });
}

const noise = (n: number) => {
  const random = philox('slope');
  return Array.from({ length: n }, () => random.normal(0, 1));
};

test('Order, origin and unit of time, and the unit of the values, change what they must and nothing else', () => {
  const times = [0, 1, 2, 4, 5, 7, 8, 9, 12, 13, 15, 16];
  const values = noise(12).map((one, i) => 3 + 0.5 * (times[i] as number) + one);
  const plain = autocorrelatedSlope({ times, values });
  const turned = autocorrelatedSlope({ times: [...times].reverse(), values: [...values].reverse() });
  assert.deepEqual(turned, plain);
  const moved = autocorrelatedSlope({ times: times.map((t) => 24 * (t + 100)), values: values.map((y) => 10 * y - 3) });
  near(moved.slope.estimate * 24, 10 * plain.slope.estimate, 1e-6);
  near(moved.slope.t, plain.slope.t, 1e-6);
  near(moved.autocorrelation ** 24, plain.autocorrelation, 1e-6);
});

test('Errors that do not resemble each other give least squares', () => {
  const times = Array.from({ length: 40 }, (_, i) => i);
  const values = noise(40).map((one, i) => (i % 2 === 0 ? one + 1 : one - 1));
  const found = autocorrelatedSlope({ times, values });
  assert.equal(found.autocorrelation, 0);
  const mean = values.reduce((sum, y) => sum + y, 0) / 40;
  const sxx = times.reduce((sum, t) => sum + (t - 19.5) ** 2, 0);
  near(
    found.slope.estimate,
    times.reduce((sum, t, i) => sum + (t - 19.5) * ((values[i] as number) - mean), 0) / sxx,
    1e-12,
  );
});

test('What cannot be a course is refused by name', () => {
  const refused = (times: number[], values: number[], code: string) =>
    assert.throws(() => autocorrelatedSlope({ times, values }), { code });
  refused([1, 2, 3], [1, 2, 3], 'too_few_rows');
  refused([1, 2, 3, 4], [1, 2, 3], 'column_lengths');
  refused([1, 2, 2, 4], [1, 2, 4, 3], 'duplicate_visit');
  refused([1, 2, 3, 4], [1, 2, 3, 4], 'perfect_fit');
  refused([1, 2, 3, 4], [1, 1, 1, 1], 'perfect_fit');
  refused([1, 2, Number.NaN, 4], [1, 2, 4, 3], 'non_finite');
});
