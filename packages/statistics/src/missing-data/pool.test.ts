import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tTwoSided } from '../distributions/distributions.ts';
import { poolEstimates } from './pool.ts';

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-12 * Math.max(1, Math.abs(expected)), `${found}, ${expected}`);

test('Rubin’s rules by hand, with Barnard and Rubin’s degrees of freedom', () => {
  const pooled = poolEstimates(
    [
      { estimate: 1, standardError: 1 },
      { estimate: 2, standardError: 1 },
      { estimate: 3, standardError: 1 },
    ],
    20,
  );
  // B = 1, T = 1 + 4/3 = 7/3, λ = 4/7, ν_old = 2 · 49/16, ν_obs = 21/23 · 20 · 3/7.
  near(pooled.estimate, 2);
  near(pooled.standardError, Math.sqrt(7 / 3));
  near(pooled.missingShare, 4 / 7);
  const df = 1 / (16 / 98 + 1 / ((21 / 23) * 20 * (3 / 7)));
  near(pooled.df, df);
  near(pooled.p, tTwoSided(2 / Math.sqrt(7 / 3), df));
});

test('Imputations that agree leave the degrees of freedom of complete data', () => {
  const same = { estimate: 1, standardError: 0.5 };
  near(poolEstimates([same, same], 30).df, (31 / 33) * 30);
  assert.equal(poolEstimates([same, same], Number.POSITIVE_INFINITY).df, Number.POSITIVE_INFINITY);
});

test('One imputation, and an error that is not finite, are refused', () => {
  assert.throws(() => poolEstimates([{ estimate: 1, standardError: 1 }], 10), { code: 'too_few_rows' });
  assert.throws(
    () =>
      poolEstimates(
        [
          { estimate: 1, standardError: 1 },
          { estimate: 1, standardError: Number.NaN },
        ],
        10,
      ),
    { code: 'non_finite', about: 'imputation 2' },
  );
});
