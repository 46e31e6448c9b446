import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chiSquareQuantile } from './distributions.ts';
import { betaCdf, betaQuantile, gammaCdf, gammaQuantile, gammaUpper } from './gamma-beta.ts';

const near = (found: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${found}, ${expected}`);
const parameter = fc.double({ min: 0.05, max: 500, noNaN: true });
const share = fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true });

test('Quantiles that have a closed form', () => {
  for (const p of [1e-300, 1e-12, 0.3, 0.9, 1 - 2 ** -40]) {
    near(gammaQuantile(p, 1, 2), -Math.log1p(-p) / 2);
    near(betaQuantile(p, 1, 3), -Math.expm1(Math.log1p(-p) / 3));
    near(betaQuantile(p, 2.5, 1), p ** (1 / 2.5));
    near(gammaQuantile(p, 3.5, 0.5), chiSquareQuantile(p, 7));
  }
});

test('A quantile gives its probability back', () => {
  fc.assert(
    fc.property(share, parameter, parameter, (p, a, b) => {
      const g = gammaQuantile(p, a);
      if (g > 1e-300) near(p > 0.5 ? gammaUpper(g, a) : gammaCdf(g, a), p > 0.5 ? 1 - p : p, 1e-9);
      const x = betaQuantile(p, a, b);
      if (x > 1e-300 && x < 0.999) near(betaCdf(x, a, b), p, 1e-9);
    }),
    { seed: 6 },
  );
});

test('Parameters and probabilities out of range are refused', () => {
  assert.throws(() => gammaQuantile(0, 1), RangeError);
  assert.throws(() => betaQuantile(0.5, 0, 1), RangeError);
  assert.throws(() => betaCdf(1.5, 1, 1), RangeError);
});
