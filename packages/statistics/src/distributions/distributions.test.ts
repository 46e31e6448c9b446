/** Against mpmath at 60 digits, by `validation/distributions.py`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareUpper,
  fCdf,
  fUpper,
  tCdf,
  tQuantile,
  tTwoSided,
} from './distributions.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { logGamma } from './special.ts';

type Rows = readonly (readonly [number, number, number, number])[];
const file = new URL('../../../../validation/references/distributions.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as Record<'normal' | 't' | 'f' | 'chiSquare' | 'logGamma', Rows>;

const close = (found: number, expected: number, relative = 2e-13, what = '') =>
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${what} ${found} is not ${expected}`);

test('The normal distribution to thirteen digits, far tails included', () => {
  for (const [z, p] of known.normal) close(normalCdf(z), p, 1e-14, `P(Z ≤ ${z})`);
});

test('Student’s t to twelve digits, from 0.7 to 300 million degrees of freedom', () => {
  for (const [t, df, upper] of known.t) {
    close(tCdf(-t, df), upper, 1e-12, `P(T > ${t}), ${df}`);
    if (t > 0) close(tTwoSided(t, df), 2 * upper, 1e-12, `P(|T| > ${t}), ${df}`);
  }
});

test('F to twelve digits', () => {
  for (const [f, df1, df2, upper] of known.f) {
    close(fUpper(f, df1, df2), upper, 1e-12, `P(F > ${f}), ${df1}, ${df2}`);
    close(fCdf(f, df1, df2) + fUpper(f, df1, df2), 1, 1e-15);
  }
});

test('Chi-square to twelve digits, both tails', () => {
  for (const [x, df, lower, upper] of known.chiSquare) {
    close(chiSquareCdf(x, df), lower, 1e-12, `P(X ≤ ${x}), ${df}`);
    close(chiSquareUpper(x, df), upper, 1e-12, `P(X > ${x}), ${df}`);
  }
});

test('The gamma function’s logarithm', () => {
  for (const [x, log] of known.logGamma)
    assert.ok(Math.abs(logGamma(x) - log) <= 2e-15 * Math.max(1, Math.abs(log)), `${x}`);
});

test('Student’s t agrees with closed forms for 1 and 2 degrees of freedom', () => {
  for (const t of [-30, -3, -0.5, 0.2, 1, 7, 120]) {
    close(tCdf(t, 1), t < -1 ? Math.atan(-1 / t) / Math.PI : 0.5 + Math.atan(t) / Math.PI, 1e-14);
    if (Math.abs(t) < 5) close(tCdf(t, 2), 0.5 + t / Math.sqrt(2 + t * t) / 2, 1e-13);
  }
});

test('Quantiles undo the distribution functions', () => {
  const p = fc.double({ min: 1e-12, max: 0.5, noNaN: true });
  const df = fc.double({ min: 0.3, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(p, df, (share, degrees) => {
      // A quantile is known to the last digit; its probability to as many as the density leaves.
      close(normalCdf(normalQuantile(share)), share, 1e-13, 'normal');
      close(tCdf(tQuantile(share, degrees), degrees), share, 1e-11, 't');
      const x = chiSquareQuantile(share, degrees);
      if (x > 1e-290) close(chiSquareCdf(x, degrees), share, 1e-9, 'chi-square');
    }),
    { numRuns: 300 },
  );
});

test('Quantiles as printed in tables', () => {
  close(normalQuantile(0.975), 1.959963984540054, 1e-15);
  close(normalQuantile(1e-10), -6.361340902404056, 1e-15);
  close(tQuantile(0.975, 4), 2.776445105197793, 1e-14);
  close(tQuantile(0.975, 1), 12.706204736174707, 1e-14);
  assert.equal(tQuantile(0.5, 3), 0);
  close(chiSquareQuantile(0.95, 1), 1.959963984540054 ** 2, 1e-14);
  close(chiSquareQuantile(0.99, 10), 23.209251158954356, 1e-14);
});

test('What is not a probability or not degrees of freedom is refused', () => {
  assert.throws(() => normalQuantile(0), RangeError);
  assert.throws(() => tQuantile(Number.NaN, 3), RangeError);
  assert.throws(() => tCdf(1, 0), RangeError);
  assert.throws(() => chiSquareUpper(1, Number.NaN), RangeError);
});
