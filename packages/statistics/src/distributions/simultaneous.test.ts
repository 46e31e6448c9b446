/** Against ptukey and mvtnorm, by `validation/contrasts.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tTwoSided } from './distributions.ts';
import { dunnettQuantile, dunnettUpper, studentizedRangeQuantile, studentizedRangeUpper } from './simultaneous.ts';

type Known = {
  /** Infinite degrees of freedom are written as -1. */
  readonly tukey: readonly { q: number; means: number; df: number; upper: number; exact: number }[];
  readonly dunnett: readonly { t: number; loadings: number[]; df: number; upper: number }[];
};
const file = new URL('../../../../validation/references/contrasts.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as Known;

const near = (found: number, expected: number, within: number, what = '') =>
  assert.ok(Math.abs(found - expected) <= within, `${what}: ${found} is not ${expected}`);

test('The studentized range as its definition integrates to, and as ptukey gives it to 3e-6', () => {
  for (const { q, means, df, upper, exact } of known.tukey) {
    const found = studentizedRangeUpper(q, means, df < 0 ? Number.POSITIVE_INFINITY : df);
    near(found, exact, 1e-9, `${q}, ${means}, ${df}`);
    near(found, upper, 3e-6, `${q}, ${means}, ${df} by ptukey`);
  }
});

test('The range of two means is √2 |t|, to the error that is promised', () => {
  for (const df of [1, 2, 7.5, 400]) {
    for (const t of [0.1, 1, 2.5, 6])
      near(studentizedRangeUpper(Math.SQRT2 * t, 2, df), tTwoSided(t, df), 1e-9, `${df}, ${t}`);
  }
});

test('Dunnett’s maximum as the multivariate t of mvtnorm, whose error is 1e-5', () => {
  for (const { t, loadings, df, upper } of known.dunnett) near(dunnettUpper(t, loadings, df), upper, 2e-5, `${t}`);
});

test('One comparison is Student’s t, and independent ones multiply', () => {
  near(dunnettUpper(2.1, [0.7], 9), tTwoSided(2.1, 9), 1e-9);
  const one = dunnettUpper(2, [0], Number.POSITIVE_INFINITY);
  near(dunnettUpper(2, [0, 0, 0], Number.POSITIVE_INFINITY), 1 - (1 - one) ** 3, 1e-9);
});

test('Critical values lead back to their probability', () => {
  near(studentizedRangeUpper(studentizedRangeQuantile(0.05, 4, 20), 4, 20), 0.05, 1e-9);
  near(dunnettUpper(dunnettQuantile(0.05, [0.5, 0.6], 20), [0.5, 0.6], 20), 0.05, 1e-9);
  // Three means and 20 degrees of freedom: 3.578 in every printed table.
  near(studentizedRangeQuantile(0.05, 3, 20), 3.578, 5e-4);
});

test('What has no such distribution is refused', () => {
  assert.throws(() => studentizedRangeUpper(2, 1, 10), RangeError);
  assert.throws(() => studentizedRangeUpper(2, 3, 0), RangeError);
  assert.throws(() => studentizedRangeUpper(Number.NaN, 3, 9), RangeError);
  assert.throws(() => dunnettUpper(2, [], 10), RangeError);
  assert.throws(() => dunnettUpper(2, [1], 10), RangeError);
  assert.throws(() => dunnettUpper(Number.NaN, [0.5], 10), RangeError);
});
