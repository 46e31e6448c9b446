import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chiSquareQuantile,
  chiSquareUpper,
  fUpper,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
  tTwoSided,
} from './distributions.ts';

const close = (found: number, expected: number, relative = 1e-11) =>
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${found} is not ${expected}`);

test('The normal distribution agrees with published values, far tails included', () => {
  // Abramowitz & Stegun 26.2; R 4.2 pnorm.
  close(normalCdf(1.959963984540054), 0.975);
  close(normalCdf(-1), 0.15865525393145705);
  close(normalCdf(-10), 7.619853024160527e-24);
  close(normalCdf(-30), 4.906713927148187e-198, 1e-10);
  close(normalQuantile(0.975), 1.959963984540054);
  close(normalQuantile(1e-10), -6.361340902404056);
});

test('Student’s t agrees with closed forms for 1, 2 and 4 degrees of freedom', () => {
  for (const t of [-30, -3, -0.5, 0.2, 1, 7, 120]) {
    close(tCdf(t, 1), t < -1 ? Math.atan(-1 / t) / Math.PI : 0.5 + Math.atan(t) / Math.PI, 1e-10);
    const two = t / Math.sqrt(2 + t * t);
    if (Math.abs(t) < 5) close(tCdf(t, 2), 0.5 + two / 2, 1e-10);
  }
  close(tTwoSided(2.776445105197793, 4), 0.05);
  close(tTwoSided(12, 796.2), 1.2e-30, 0.9);
  close(tQuantile(0.975, 4), 2.776445105197793);
  close(tQuantile(0.975, 842.7), 1.962782, 1e-5);
});

test('Chi-square and F agree with closed forms', () => {
  for (const x of [0.1, 1, 5, 40]) close(chiSquareUpper(x, 2), Math.exp(-x / 2));
  close(chiSquareQuantile(0.95, 1), 1.959963984540054 ** 2);
  // F with one numerator degree of freedom is a squared t; with two it has a closed form.
  close(fUpper(2.776445105197793 ** 2, 1, 4), 0.05);
  for (const f of [0.3, 2, 9]) close(fUpper(f, 2, 7), (1 + (2 * f) / 7) ** -3.5);
});

test('A probability outside its range is refused', () => {
  assert.throws(() => normalQuantile(0), RangeError);
  assert.throws(() => tQuantile(Number.NaN, 3), RangeError);
});
