/** Against emmeans; `validation/marginal-means.R` says how each number was made. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DegreesOfFreedom } from '../inference/degrees-of-freedom.ts';
import { fitLinearModel } from '../linear-model/fit.ts';
import { fitLinearMixedModel } from '../mixed-model/fit.ts';
import { fitMmrm } from '../mmrm/fit.ts';
import type { Data } from '../model-frame/frame.ts';
import { meanRows, type Weights } from './grid.ts';
import { loadingsOf } from './loadings.ts';
import { compareMeans, type MarginalMean, type MeansAdjustment, type MeansModel, marginalMeans } from './means.ts';

type Rows = {
  readonly levels: readonly Readonly<Record<string, string>>[];
  readonly estimate: readonly number[];
  readonly error: readonly number[];
  readonly df: readonly number[];
  readonly p: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
};
type Case = {
  readonly of: readonly string[];
  readonly by: readonly string[];
  readonly weights: Weights;
  readonly at: Readonly<Record<string, number>>;
  readonly means: Rows;
  readonly pairs: Readonly<Record<'none' | 'tukey' | 'holm' | 'hochberg' | 'bonferroni', Rows>>;
  readonly dunnett: Rows | null;
};
type Fit = {
  readonly model: string;
  readonly formula: string;
  readonly df: DegreesOfFreedom;
  readonly cases: readonly Case[];
};
const file = new URL('../../../../validation/references/marginal-means.json', import.meta.url);
const { data, fits } = JSON.parse(readFileSync(file, 'utf8')) as { data: Data; fits: readonly Fit[] };
const reference = { arm: 'placebo' };

function fitted({ model, formula, df }: Fit): MeansModel {
  if (model === 'linear') return fitLinearModel({ formula, data, reference });
  if (model === 'mixed') return fitLinearMixedModel({ formula, data, reference, df });
  return fitMmrm({ formula, data, reference, df, subject: 'participant', visit: 'visit' });
}

type Found = Pick<MarginalMean, 'estimate' | 'standardError' | 'df' | 'p' | 'lower' | 'upper'>;

function same(found: readonly Found[], expected: Rows, digits: number, limits: boolean, tail = digits) {
  assert.equal(found.length, expected.estimate.length);
  found.forEach((one, i) => {
    const error = expected.error[i] as number;
    const near = (value: number, wanted: number | undefined, within: number, what: string) =>
      assert.ok(Math.abs(value - (wanted ?? Number.NaN)) <= within, `${what} ${i}: ${value} is not ${wanted}`);
    near(one.estimate, expected.estimate[i], digits * error, 'estimate');
    near(one.standardError, error, digits * error, 'error');
    const df = expected.df[i] as number;
    if (df < 0) assert.equal(one.df, Number.POSITIVE_INFINITY);
    else near(one.df, df, 1e-4 * df, 'df');
    near(one.p, expected.p[i], Math.max(tail, 1e-4 * (expected.p[i] as number)), 'p');
    if (limits) near(one.lower, expected.lower[i], 1e-5 * error + tail * error, 'lower');
    if (limits) near(one.upper, expected.upper[i], 1e-5 * error + tail * error, 'upper');
  });
}

for (const fit of fits) {
  // gls leaves its optimum at six digits; lmer at seven.
  const digits = fit.model === 'repeated' ? 1e-5 : 1e-6;
  for (const { of, by, weights, at, means, pairs, dunnett } of fit.cases) {
    test(`${fit.model} by ${fit.df}: means of ${of.join(' and ')} by ${by.join() || 'nothing'}, ${weights} weights`, () => {
      const model = fitted(fit);
      const request = { of, by, weights, at };
      const found = marginalMeans(model, request);
      assert.deepEqual(
        found.map(({ levels }) => levels),
        means.levels,
      );
      same(found, means, digits, true);
      // Quantiles of simultaneous distributions cost many integrations; a few cases show them.
      const simultaneous = (by.length === 0 && weights === 'equal') || fit.model === 'repeated';
      for (const [adjustment, rows] of Object.entries(pairs)) {
        if (adjustment === 'tukey' && !simultaneous) continue;
        const own = compareMeans(model, { ...request, compare: 'pairwise', adjustment: adjustment as MeansAdjustment });
        // emmeans gives Bonferroni limits for Holm and Hochberg; here they are left as they are.
        const limits = !['holm', 'hochberg'].includes(adjustment);
        // R's ptukey is good to 1e-5 where degrees of freedom are many.
        same(own, rows, digits, limits, adjustment === 'tukey' ? 1e-5 : digits);
      }
      if (!dunnett || !simultaneous) return;
      const own = compareMeans(model, { ...request, compare: { control: 'placebo' } });
      assert.deepEqual(
        own.map(({ name }) => name),
        dunnett.levels.map(({ name }) => name),
      );
      same(own, dunnett, digits, true, 1e-5);
    });
  }
}

test('Loadings of comparisons with one control are those of Dunnett, whatever the sizes of the arms', () => {
  const sizes = [12, 20, 7, 30];
  const control = 15;
  const covariance = sizes.map((_, i) => sizes.map((n, j) => 1 / control + (i === j ? 1 / n : 0)));
  loadingsOf(covariance).forEach((loading, i) => {
    const n = sizes[i] as number;
    assert.ok(Math.abs(loading - Math.sqrt(n / (n + control))) < 1e-9, `${loading}`);
  });
});

test('What a model has no mean of is refused', () => {
  const model = fitLinearModel({ formula: 'score ~ baseline + arm', data, reference });
  assert.throws(() => meanRows(model.frame, { of: ['visit'] }), { code: 'unknown_column' });
  assert.throws(() => meanRows(model.frame, { of: ['arm'], by: ['arm'] }), { code: 'unknown_column' });
  assert.throws(() => meanRows(model.frame, { of: ['arm'], at: { arm: 1 } }), { code: 'unknown_column' });
  assert.throws(() => compareMeans(model, { of: ['arm'], compare: { control: 'none' } }), RangeError);
  assert.throws(() => compareMeans(model, { of: ['arm'], compare: 'pairwise', adjustment: 'dunnett' }), RangeError);
  const request = { of: ['arm'], compare: { control: 'placebo' }, adjustment: 'tukey' } as const;
  assert.throws(() => compareMeans(model, request), RangeError);
});
