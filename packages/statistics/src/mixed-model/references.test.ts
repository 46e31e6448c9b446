/** Every model that R has fitted for us: lme4 and lmerTest, by `validation/mixed-models.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Term } from '../inference/coefficient-tests.ts';
import type { Coding } from '../model-frame/design.ts';
import type { Data } from '../model-frame/frame.ts';
import { fitLinearMixedModel } from './fit.ts';

type Reference = {
  readonly formula: string;
  readonly reference: Record<string, string> | null;
  readonly method: 'REML' | 'ML';
  readonly rows: number;
  readonly groupings: Readonly<Record<string, number>>;
  readonly coding: Record<string, Coding> | readonly [];
  readonly terms: readonly Term[];
  readonly covariance: readonly (readonly number[])[];
  readonly components: readonly {
    readonly group: string;
    readonly terms: readonly string[];
    readonly covariance: readonly (readonly number[])[];
  }[];
  readonly residualVariance: number;
  readonly criterion: number;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  readonly singular: boolean;
  readonly residuals: readonly number[];
  readonly groupEffects: readonly {
    readonly group: string;
    readonly terms: readonly string[];
    readonly levels: readonly string[];
    readonly effects: readonly (readonly number[])[];
    readonly sd: readonly (readonly number[])[];
  }[];
  readonly kenwardRoger: { readonly standardError: readonly number[]; readonly df: readonly number[] } | null;
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
      const coding = Array.isArray(expected.coding) ? {} : (expected.coding as Record<string, Coding>);
      const sum = Object.keys(coding).length > 0;
      const request = { formula, method, data, reference: reference ?? {}, coding };
      const model = fitLinearMixedModel(request);
      const digits = 1e-6;
      // lmerTest takes its derivatives numerically.
      const degrees = 1e-4;
      assert.equal(model.rowsUsed, expected.rows);
      assert.deepEqual(sorted(model.groupings), sorted(expected.groupings));
      assert.equal(model.singular, expected.singular);
      // R numbers the columns of a sum coding; here they are named.
      assert.deepEqual(
        sum ? [] : model.terms.map(({ term }) => term),
        sum ? [] : expected.terms.map(({ term }) => term),
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
      const components = model.varianceComponents.slice();
      for (const { group, terms, covariance } of expected.components) {
        const own = terms.map((term) => {
          const at = components.findIndex((one) => plain(one.group) === plain(group) && one.term === term);
          assert.ok(at >= 0, `${group} ${term}`);
          return components.splice(at, 1)[0];
        });
        own.forEach((component, i) => {
          const variance = covariance[i]?.[i] ?? Number.NaN;
          near(
            component?.variance,
            variance,
            digits,
            `variance of ${component?.term}`,
            expected.residualVariance * 1e-3,
          );
          component?.correlations.forEach((correlation, j) => {
            const product = Math.sqrt(variance * (covariance[j]?.[j] ?? Number.NaN));
            if (product > 0)
              near(correlation, (covariance[i]?.[j] ?? 0) / product, digits, `correlation ${i}, ${j}`, 1);
          });
        });
      }
      const { conditional } = model.residuals();
      const sd = Math.sqrt(expected.residualVariance);
      expected.residuals.forEach((residual, row) => {
        near(conditional[row], residual, 10 * digits, `residual ${row}`, sd);
      });
      for (const { group, terms, levels, effects, sd: errors } of expected.groupEffects) {
        const own = new Map(
          model.groupEffects
            .filter((one) => plain(one.group) === plain(group))
            .map((one) => [sameLevel(one.level), one]),
        );
        const names = model.varianceComponents.flatMap((one) => (plain(one.group) === plain(group) ? one.term : []));
        const places = terms.map((term) => names.indexOf(term));
        levels.forEach((level, row) => {
          const found = own.get(sameLevel(level));
          effects[row]?.forEach((effect, k) => {
            const error = errors[row]?.[k] ?? 0;
            near(found?.effects[places[k] as number], effect, 10 * digits, `effect of ${level}`, error + 1e-2 * sd);
            near(
              Math.sqrt(found?.covariance[places[k] as number]?.[places[k] as number] ?? Number.NaN),
              error,
              10 * digits,
              `sd of ${level}`,
              1e-2 * sd,
            );
          });
        });
      }
      if (!expected.kenwardRoger) return;
      const adjusted = fitLinearMixedModel({ ...request, df: 'kenward-roger' }).terms;
      expected.kenwardRoger.standardError.forEach((error, j) => {
        near(adjusted[j]?.standardError, error, digits, `Kenward-Roger error ${j}`);
        near(adjusted[j]?.df, expected.kenwardRoger?.df[j] ?? Number.NaN, degrees, `Kenward-Roger df ${j}`);
      });
    });
  }
}

/** lme4 names a nested grouping from the inside: cask:batch for batch/cask. */
function plain(group: string): string {
  return group.split(':').sort().join(':');
}

/** Levels of a nested grouping in either order. */
function sameLevel(level: string): string {
  return level.split(':').sort().join(':');
}

/** lme4 lists groupings by their size. */
function sorted(groupings: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(groupings)
    .map(([group, levels]): [string, number] => [plain(group), levels])
    .sort();
}
