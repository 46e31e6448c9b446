/** Against R's glm, lme4, ordinal and geepack, by `validation/generalised.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { StatisticsError } from '../errors.ts';
import type { Data } from '../model-frame/frame.ts';
import { gaussHermite } from '../quadrature/gauss-hermite.ts';
import { philox } from '../random/philox.ts';
import { fitGeneralisedModel } from './fit.ts';
import { fitGee, type GeeRequest } from './gee.ts';
import type { GeneralisedFamily } from './observations.ts';

type Numbers = { estimate: number[]; error: number[]; logLikelihood: number };
const file = new URL('../../../../validation/references/generalised.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as {
  models: {
    formula: string;
    family: GeneralisedFamily;
    data: Data;
    terms: string[];
    exact: Numbers;
    package?: { estimate: number[] };
  }[];
  gee: {
    formula: string;
    family: GeeRequest['family'];
    group: string;
    visit: string | null;
    correlation: GeeRequest['correlation'];
    data: Data;
    terms: string[];
    estimate: number[];
    robust: number[];
    manclDeRouen: number[];
    alpha: number;
    scale: number;
  }[];
};

function near(found: number | undefined, expected: number, tolerance: number, what: string) {
  const off = Math.abs((found ?? Number.NaN) - expected);
  assert.ok(off <= tolerance * Math.max(1e-2, Math.abs(expected)), `${what}: ${found}, ${expected}`);
}

for (const { formula, family, data, terms, exact, package: own } of known.models) {
  test(`${family}: ${formula} agrees with R`, () => {
    const model = fitGeneralisedModel({ formula, data, family });
    near(model.logLikelihood, exact.logLikelihood, 1e-8, 'log likelihood');
    terms.forEach((term, j) => {
      const found = model.terms.find((one) => one.term === term);
      near(found?.estimate, exact.estimate[j] as number, 1e-6, term);
      near(found?.standardError, exact.error[j] as number, 1e-6, `error of ${term}`);
      if (own) near(found?.estimate, own.estimate[j] as number, 3e-3, `${term}, the package's own optimum`);
    });
    if (model.random) near(model.random.standardDeviation, exact.estimate[terms.length] as number, 1e-6, 'σ');
  });
}

test('Nodes of Gauss and Hermite integrate polynomials against e^(−x²)', () => {
  for (const n of [1, 2, 5, 25, 51, 101]) {
    const [x, w] = gaussHermite(n);
    const moment = (power: number) => x.reduce((sum, node, q) => sum + (w[q] as number) * node ** power, 0);
    near(moment(0), Math.sqrt(Math.PI), 1e-12, `${n} nodes`);
    if (n > 2) near(moment(4), 0.75 * Math.sqrt(Math.PI), 1e-12, `${n} nodes, fourth moment`);
    assert.ok(x.every((node, q) => q === 0 || node > (x[q - 1] as number)));
  }
});

const people = Array.from({ length: 60 }, (_, i) => `p${i % 20}`);
const x = people.map((_, i) => i % 5);

test('Without differences between people the variance is on its boundary, and said', () => {
  // Every person has the same three responses, less spread than chance would give.
  const y = people.map((_, i) => Math.floor(i / 20) % 2);
  const { random, terms } = fitGeneralisedModel({
    formula: 'y ~ x + (1 | person)',
    data: { y, x, person: people },
    family: 'binomial',
  });
  assert.deepEqual([random?.singular, random?.standardDeviation, random?.test.p], [true, 0, 1]);
  const plain = fitGeneralisedModel({ formula: 'y ~ x', data: { y, x }, family: 'binomial' });
  assert.deepEqual(terms, plain.terms);
});

test('A term that separates the responses is named; a response that the family does not count is refused', () => {
  const separated = { y: x.map((value) => (value > 2 ? 1 : 0)), x };
  assert.throws(
    () => fitGeneralisedModel({ formula: 'y ~ x', data: separated, family: 'binomial' }),
    (error: unknown) => {
      assert.ok(error instanceof StatisticsError && error.code === 'not_converged' && /separates/.test(error.about));
      return true;
    },
  );
  for (const [family, y] of [
    ['binomial', x],
    ['poisson', x.map((value) => value - 1)],
    ['ordinal', x.map((value) => value / 2)],
  ] as const) {
    assert.throws(
      () => fitGeneralisedModel({ formula: 'y ~ x', data: { y, x: people.map((_, i) => i % 7) }, family }),
      { code: 'bad_response' },
    );
  }
  const twice = { y: x.map((_, i) => i % 2), x, z: x.map((value) => 2 * value) };
  assert.throws(() => fitGeneralisedModel({ formula: 'y ~ x + z', data: twice, family: 'binomial' }), {
    code: 'rank_deficient',
    about: 'z',
  });
});

const tilted = people.map((_, i) => ((i * 7) % 11 < 4 ? 1 : 0));
const days = x.map((value) => 20_000 + value);

test('A column far from zero, such as the number of a date, is no separation', () => {
  // R 4.2.2: glm(y ~ day, binomial, epsilon = 1e-14).
  const [intercept, day] = fitGeneralisedModel({
    formula: 'y ~ day',
    data: { y: tilted, day: days },
    family: 'binomial',
  }).terms;
  near(intercept?.estimate, 1437.1816896, 1e-6, 'intercept');
  near(intercept?.standardError, 3797.6806839, 1e-6, 'error of the intercept');
  near(day?.estimate, -0.07187929259, 1e-6, 'slope');
  near(day?.standardError, 0.18986541081, 1e-6, 'error of the slope');
});

test('Origin and unit of a column change no slope, with people and among ordered answers', () => {
  const random = philox('origin');
  const counts = people.map((_, i) => random.integer(0, 2) + ((i * 7) % 3));
  for (const [family, y] of [
    ['binomial', tilted],
    ['poisson', counts],
    ['ordinal', counts],
  ] as const) {
    const fit = (by: (value: number) => number) =>
      fitGeneralisedModel({ formula: 'y ~ x + (1 | person)', data: { y, x: x.map(by), person: people }, family });
    const [plain, moved] = [fit((value) => value), fit((value) => 1e6 + value / 4)];
    const [one, other] = [plain.terms.at(-1), moved.terms.at(-1)];
    near(moved.logLikelihood, plain.logLikelihood, 1e-10, `${family}, log likelihood`);
    near(other?.estimate, 4 * (one?.estimate as number), 1e-6, `${family}, slope`);
    near(other?.standardError, 4 * (one?.standardError as number), 1e-6, `${family}, its error`);
    near(moved.random?.standardDeviation, plain.random?.standardDeviation as number, 1e-6, `${family}, σ`);
  }
  const gee = (by: (value: number) => number) =>
    fitGee({
      formula: 'y ~ x',
      data: { y: tilted, x: x.map(by), person: people },
      family: 'binomial',
      group: 'person',
      correlation: 'exchangeable',
    }).terms[1];
  const [one, other] = [gee((value) => value), gee((value) => 1e6 + value / 4)];
  near(other?.estimate, 4 * (one?.estimate as number), 1e-6, 'estimating equations, slope');
  near(other?.standardError, 4 * (one?.standardError as number), 1e-6, 'estimating equations, its error');
});

test('An arm without any event is named, and so is a separation far from zero', () => {
  const arm = x.map((_, i) => (i % 2 ? 'b' : 'a'));
  const events = arm.map((one, i) => (one === 'b' ? 0 : 1 + (i % 3)));
  assert.throws(() => fitGeneralisedModel({ formula: 'y ~ arm', data: { y: events, arm }, family: 'poisson' }), {
    code: 'not_converged',
    about: /^armb: it separates/,
  });
  // Here the search ends before the likelihood is flat: the term is named all the same.
  const none = arm.map((one, i) => (one === 'a' ? 0 : i % 3));
  assert.throws(() => fitGeneralisedModel({ formula: 'y ~ arm', data: { y: none, arm }, family: 'poisson' }), {
    code: 'not_converged',
    about: /it separates/,
  });
  const y = days.map((value) => (value > 20_002 ? 1 : 0));
  assert.throws(() => fitGeneralisedModel({ formula: 'y ~ day', data: { y, day: days }, family: 'binomial' }), {
    code: 'not_converged',
    about: /it separates/,
  });
});

test('A binomial model is an ordinal model of two categories, and row order does not matter', () => {
  const random = philox('generalised');
  const y = people.map((_, i) => (random.bernoulli(0.3 + 0.08 * (x[i] as number)) ? 1 : 0));
  const order = random.shuffle(people.map((_, i) => i));
  const turned = {
    y: order.map((i) => y[i] as number),
    x: order.map((i) => x[i] as number),
    person: order.map((i) => people[i] as string),
  };
  const binomial = fitGeneralisedModel({
    formula: 'y ~ x + (1 | person)',
    data: { y, x, person: people },
    family: 'binomial',
  });
  const ordinal = fitGeneralisedModel({ formula: 'y ~ x + (1 | person)', data: turned, family: 'ordinal' });
  near(ordinal.logLikelihood, binomial.logLikelihood, 1e-10, 'log likelihood');
  near(ordinal.terms[1]?.estimate, binomial.terms[1]?.estimate as number, 1e-7, 'slope');
  near(-(ordinal.terms[0]?.estimate as number), binomial.terms[0]?.estimate as number, 1e-7, 'intercept');
});

for (const one of known.gee) {
  test(`GEE ${one.family}, ${one.correlation}: ${one.formula} agrees with geepack`, () => {
    const { formula, data, family, group, correlation, visit } = one;
    const request = { formula, data, family, group, correlation, ...(visit ? { visit } : {}) };
    const robust = fitGee({ ...request, errors: 'robust' });
    const corrected = fitGee(request);
    near(robust.scale, one.scale, 1e-6, 'scale');
    if (correlation !== 'independence') near(robust.correlation, one.alpha, 1e-6, 'correlation');
    one.terms.forEach((term, j) => {
      near(robust.terms[j]?.estimate, one.estimate[j] as number, 1e-6, term);
      near(robust.terms[j]?.standardError, one.robust[j] as number, 1e-6, `robust error of ${term}`);
      near(corrected.terms[j]?.standardError, one.manclDeRouen[j] as number, 1e-6, `corrected error of ${term}`);
    });
  });
}

test('Two rows of a participant at one visit, and a response that separates, are refused by name', () => {
  const data = {
    y: x.map((_, i) => (i % 3 === 0 ? 1 : 0)),
    x,
    person: people,
    day: people.map((_, i) => (i < 20 ? 1 : 2)),
  };
  const request = { formula: 'y ~ x', data, family: 'binomial', group: 'person', correlation: 'ar1' } as const;
  assert.throws(() => fitGee({ ...request, visit: 'day' }), { code: 'duplicate_visit', about: 'p0: 2' });
  assert.throws(() => fitGee({ ...request, data: { ...data, y: x.map((value) => (value > 2 ? 1 : 0)) } }), {
    code: 'not_converged',
  });
});
