/** Every model that R has fitted for us: lme4 and lmerTest, by `validation/mixed-models.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Data } from '../model-frame/frame.ts';
import { fitLinearMixedModel, type Term } from './fit.ts';

type Reference = {
  readonly formula: string;
  readonly reference: Record<string, string> | null;
  readonly method: 'REML' | 'ML';
  readonly rows: number;
  readonly groups: number;
  readonly terms: readonly Term[];
  readonly covariance: readonly (readonly number[])[];
  readonly randomCovariance: readonly (readonly number[])[];
  readonly randomNames: string | readonly string[];
  readonly residualVariance: number;
  readonly criterion: number;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  readonly singular: boolean;
  readonly groupEffects: {
    readonly levels: readonly string[];
    readonly effects: readonly (readonly number[])[];
  };
};
type Set = { readonly name: string; readonly data: Data; readonly models: readonly Reference[] };

const file = new URL('../../../../validation/references/mixed-models.json', import.meta.url);
const { sets } = JSON.parse(readFileSync(file, 'utf8')) as { sets: readonly Set[] };

/** Relative to the larger of the number and `scale`, the size of its neighbours. */
function near(found: number | undefined, expected: number, relative: number, what: string, scale = 0) {
  const distance = Math.abs((found ?? Number.NaN) - expected);
  const allowed = relative * Math.max(Math.abs(expected), scale);
  assert.ok(distance <= allowed, `${what}: ${found} is not ${expected} (${(distance / allowed) * relative})`);
}

for (const { name, data, models } of sets) {
  for (const expected of models) {
    test(`${name}: ${expected.formula} by ${expected.method} as in lme4 and lmerTest`, () => {
      const { formula, method, reference } = expected;
      const model = fitLinearMixedModel({ formula, method, data, reference: reference ?? {} });
      const digits = 1e-6;
      // lmerTest takes its derivatives numerically.
      const degrees = 1e-4;
      assert.equal(model.rowsUsed, expected.rows);
      assert.equal(model.groups, expected.groups);
      assert.equal(model.singular, expected.singular);
      assert.deepEqual(
        model.terms.map(({ term }) => term),
        expected.terms.map(({ term }) => term),
      );
      expected.terms.forEach((wanted, j) => {
        const found = model.terms[j];
        const error = wanted.standardError;
        near(found?.estimate, wanted.estimate, digits, `${wanted.term} estimate`, error);
        near(found?.standardError, error, digits, `${wanted.term} standard error`);
        near(found?.df, wanted.df, degrees, `${wanted.term} df`);
        near(found?.lower, wanted.lower, degrees, `${wanted.term} lower`, error);
        near(found?.upper, wanted.upper, degrees, `${wanted.term} upper`, error);
        // lmerTest's p follows from its df, which its numerical derivatives give to fewer digits.
        near(Math.log(found?.p ?? 0), Math.log(wanted.p), degrees, `${wanted.term} log p`, 1);
        expected.covariance[j]?.forEach((value, k) => {
          const size = error * (expected.terms[k]?.standardError ?? 0);
          near(model.covariance[j]?.[k], value, 10 * digits, `covariance ${j}, ${k}`, size);
        });
      });
      near(model.criterion, expected.criterion, 1e-9, 'criterion');
      near(model.logLikelihood, expected.logLikelihood, 1e-9, 'log-likelihood');
      near(model.aic, expected.aic, 1e-9, 'AIC');
      near(model.bic, expected.bic, 1e-9, 'BIC');
      near(model.residualVariance, expected.residualVariance, digits, 'residual variance');
      assert.deepEqual(
        model.varianceComponents.map(({ term }) => term),
        [expected.randomNames].flat(),
      );
      model.varianceComponents.forEach((component, i) => {
        const variance = expected.randomCovariance[i]?.[i] ?? Number.NaN;
        near(component.variance, variance, digits, `variance of ${component.term}`, expected.residualVariance * 1e-3);
        component.correlations.forEach((correlation, j) => {
          const other = expected.randomCovariance[j]?.[j] ?? Number.NaN;
          const wanted = (expected.randomCovariance[i]?.[j] ?? Number.NaN) / Math.sqrt(variance * other);
          near(correlation, wanted, digits, `correlation ${i}, ${j}`, 1);
        });
      });
      const effects = new Map(model.groupEffects.map((group) => [group.level, group.effects]));
      expected.groupEffects.levels.forEach((level, row) => {
        expected.groupEffects.effects[row]?.forEach((effect, k) => {
          const size = Math.sqrt(expected.randomCovariance[k]?.[k] ?? 0) + 1e-3 * Math.sqrt(expected.residualVariance);
          near(effects.get(level)?.[k], effect, 10 * digits, `effect of ${level}`, size);
        });
      });
    });
  }
}
