/** Against nlme::gls and full-matrix formulas in R; `validation/mmrm.R` says how each number was made. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import type { Data } from '../model-frame/frame.ts';
import { prepareMmrm } from './fit.ts';
import type { CovarianceStructure } from './structure.ts';

type Fit = {
  formula: string;
  structure: CovarianceStructure;
  method: 'REML' | 'ML';
  names: string[];
  estimate: number[];
  standardError: number[];
  logLikelihood: number;
  glsLogLikelihood: number | null;
  group: string | null;
  covariance: number[][][];
  df: number[];
  kenwardRoger: { df: number[]; standardError: number[]; linearStandardError: number[] } | null;
};
const path = new URL('../../../../validation/references/mmrm.json', import.meta.url);
const { sets } = JSON.parse(readFileSync(path, 'utf8')) as { sets: { name: string; data: Data; fits: Fit[] }[] };

function near(actual: ArrayLike<number>, expected: readonly number[], relative: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((value, i) => {
    const off = Math.abs((actual[i] as number) - value);
    assert.ok(off <= relative * Math.max(Math.abs(value), 1e-3), `${what} ${i}: ${actual[i]} is not ${value}`);
  });
}

for (const { name, data, fits } of sets) {
  for (const fit of fits) {
    test(`${fit.structure}${fit.group ? ` within ${fit.group}` : ''} by ${fit.method} on ${name} agrees with R`, () => {
      const { formula, method, structure } = fit;
      const request = {
        formula,
        data,
        subject: 'participant',
        visit: structure === 'spatial-exponential' ? 'day' : 'visit',
        ...(fit.group === null ? {} : { group: fit.group }),
      };
      const design = { ...request, reference: { arm: 'placebo' } };
      const model = prepareMmrm(design, { covariance: structure, method }).fit();
      const terms = model.terms();
      const order = fit.names.map((own) => model.names.indexOf(renamed(own, model.names)));
      const by = (take: (term: (typeof terms)[number]) => number) =>
        order.map((j) => take(terms[j] as (typeof terms)[number]));
      // In units of the standard error where the estimate is nearly zero.
      by((term) => term.estimate).forEach((value, i) => {
        const expected = fit.estimate[i] as number;
        const unit = Math.max(Math.abs(expected), fit.standardError[i] as number);
        assert.ok(Math.abs(value - expected) <= 1e-6 * unit, `${fit.names[i]}: ${value} is not ${expected}`);
      });
      near(
        by((term) => term.standardError),
        fit.standardError,
        1e-6,
        'standard error',
      );
      near([model.logLikelihood], [fit.logLikelihood], 1e-9, 'log likelihood');
      // gls stops where its own optimiser lets it; it must never be better.
      if (fit.glsLogLikelihood !== null) {
        near([model.logLikelihood], [fit.glsLogLikelihood], 1e-6, 'log likelihood of gls');
        assert.ok(model.logLikelihood > fit.glsLogLikelihood - 1e-6);
      }
      // R differentiates the covariance of coefficients numerically; two columns that differ by a thousandth cost it digits.
      const digits = name === 'near-collinear' ? 2e-3 : 1e-4;
      near(
        by((term) => term.df),
        fit.df,
        digits,
        'df',
      );
      fit.covariance.forEach((own, g) => {
        near(model.covariances[g]?.values ?? [], own.flat(), 1e-5, `covariance ${g}`);
      });
      if (!fit.kenwardRoger) return;
      for (const df of ['kenward-roger', 'kenward-roger-linear'] as const) {
        const rows = prepareMmrm(design, { covariance: structure, df }).fit().terms();
        const expected = fit.kenwardRoger[df === 'kenward-roger' ? 'standardError' : 'linearStandardError'];
        near(
          order.map((j) => rows[j]?.standardError ?? Number.NaN),
          expected,
          1e-6,
          df,
        );
        near(
          order.map((j) => rows[j]?.df ?? Number.NaN),
          fit.kenwardRoger.df,
          1e-4,
          `${df} df`,
        );
      }
    });
  }
}

/** The same interaction may be named in either order. */
function renamed(name: string, names: readonly string[]): string {
  return names.includes(name) ? name : name.split(':').reverse().join(':');
}
