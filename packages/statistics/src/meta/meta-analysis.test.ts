/** Against R's metafor, by `validation/meta-analysis.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { eggerTest, leaveOneOut, metaAnalysis, type StudyEffect } from './meta-analysis.ts';

type Fit = {
  effects: { estimate: number; se: number }[];
  method: 'REML' | 'DL' | 'PM';
  test: 'knha' | 'z';
  estimate: number | number[];
  error: number | number[];
  p: number | number[];
  lower: number | number[];
  upper: number | number[];
  tau2: number;
  tauLower: number;
  tauUpper: number;
  q: number;
  qp: number;
  i2: number;
  h2: number;
  prediction?: [number, number];
  egger?: { slope: number; error: number; p: number };
  moderator?: { name: string; values: number[] };
};
const file = new URL('../../../../validation/references/meta-analysis.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as {
  fits: Fit[];
  without: { estimate: number[]; error: number[]; tau2: number[] };
};

function near(found: number | undefined, expected: number, tolerance: number, what: string) {
  const off = Math.abs((found ?? Number.NaN) - expected);
  assert.ok(off <= tolerance * Math.max(1, Math.abs(expected)), `${what}: ${found}, ${expected}`);
}

function effectsOf({ effects, moderator }: Fit): StudyEffect[] {
  return effects.map(({ estimate, se }, index) => ({
    study: `study ${index + 1}`,
    estimate,
    standardError: se,
    ...(moderator ? { moderators: { [moderator.name]: moderator.values[index] ?? 0 } } : {}),
  }));
}

for (const fit of known.fits) {
  const { method, moderator, effects } = fit;
  const name = `${method}, ${fit.test}, ${effects.length} studies${moderator ? ` by ${moderator.name}` : ''}`;
  test(`${name}, as metafor`, () => {
    const test = fit.test === 'knha' ? 'knappHartung' : 'normal';
    const found = metaAnalysis({ effects: effectsOf(fit), method, test });
    const listed = (value: number | number[]) => [value].flat();
    found.terms.forEach((term, j) => {
      near(term.estimate, listed(fit.estimate)[j] as number, 1e-7, 'estimate');
      near(term.standardError, listed(fit.error)[j] as number, 1e-7, 'error');
      near(term.p, listed(fit.p)[j] as number, 1e-7, 'p');
      near(term.lower, listed(fit.lower)[j] as number, 1e-6, 'lower');
      near(term.upper, listed(fit.upper)[j] as number, 1e-6, 'upper');
    });
    const { tau2, lower, upper, q, p, i2, h2 } = found.heterogeneity;
    near(tau2, fit.tau2, 1e-8, 'tau2');
    near(q, fit.q, 1e-9, 'Q');
    near(p, fit.qp, 1e-9, 'p of Q');
    near(i2, fit.i2, 1e-6, 'I2');
    near(h2, fit.h2, 1e-6, 'H2');
    near(lower, fit.tauLower, 1e-7, 'lower end of tau2');
    near(upper, fit.tauUpper, 1e-6, 'upper end of tau2');
    if (fit.prediction) {
      near(found.prediction?.lower, fit.prediction[0], 1e-6, 'prediction');
      near(found.prediction?.upper, fit.prediction[1], 1e-6, 'prediction');
    } else assert.equal(found.prediction, null);
    if (fit.egger) {
      const slope = eggerTest(effectsOf(fit));
      near(slope.estimate, fit.egger.slope, 1e-8, 'slope of Egger');
      near(slope.standardError, fit.egger.error, 1e-8, 'its error');
      near(slope.p, fit.egger.p, 1e-8, 'its p');
    }
  });
}

test('Each study left out in turn, as metafor', () => {
  const bcg = known.fits[0] as Fit;
  leaveOneOut({ effects: effectsOf(bcg) }).forEach((one, index) => {
    near(one.mean.estimate, known.without.estimate[index] as number, 1e-7, one.without);
    near(one.mean.standardError, known.without.error[index] as number, 1e-7, one.without);
    near(one.tau2, known.without.tau2[index] as number, 1e-7, one.without);
  });
});

test('Weights are those of the mean and add up', () => {
  const { weights } = metaAnalysis({ effects: effectsOf(known.fits[0] as Fit) });
  near(
    weights.reduce((sum, { percent }) => sum + percent, 0),
    100,
    1e-12,
    'sum',
  );
});

test('What cannot be analysed is said, not answered', () => {
  const one = { study: 'a', estimate: 0.1, standardError: 0.2 };
  assert.throws(() => metaAnalysis({ effects: [one] }), { code: 'too_few_rows' });
  assert.throws(() => metaAnalysis({ effects: [one, { ...one, standardError: 0 }] }), { code: 'non_finite' });
  assert.throws(() => metaAnalysis({ effects: [one, { ...one, moderators: { dose: 1 } }, one] }), {
    code: 'unknown_column',
  });
  const level = [1, 1, 1].map((dose) => ({ ...one, moderators: { dose } }));
  assert.throws(() => metaAnalysis({ effects: level }), { code: 'rank_deficient' });
  assert.throws(() => eggerTest([one, { ...one, estimate: 1 }, { ...one, estimate: 2 }]), { code: 'rank_deficient' });
});
