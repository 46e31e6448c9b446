import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { StatisticsError } from '../errors.ts';
import { zeros } from '../linear-algebra/matrix.ts';
import { meanRows } from '../marginal-means/grid.ts';
import { fitLinearMixedModel } from '../mixed-model/fit.ts';
import { philox } from '../random/philox.ts';
import { fitMmrm, prepareMmrm } from './fit.ts';
import { evaluate } from './likelihood.ts';
import { prepareDesign } from './prepare.ts';
import { reduceResponses } from './responses.ts';
import { slopes } from './slopes.ts';
import { type CovarianceStructure, structureOf } from './structure.ts';

const structures: CovarianceStructure[] = [
  ...(['unstructured', 'compound-symmetry', 'heterogeneous-compound-symmetry', 'ar1', 'heterogeneous-ar1'] as const),
  ...(['toeplitz', 'heterogeneous-toeplitz', 'ante-dependence', 'spatial-exponential'] as const),
];

function trial(seed: string, people = 30, visits = 4, leave = 0.2) {
  const random = philox(seed, 'trial');
  const data = {
    y: [] as number[],
    arm: [] as string[],
    visit: [] as string[],
    person: [] as string[],
    site: [] as string[],
  };
  for (let i = 0; i < people; i += 1) {
    const effect = random.normal(0, 2);
    for (let t = 0; t < visits; t += 1) {
      if (t > 1 && random.bernoulli(leave)) continue;
      data.y.push(10 + effect + t * (i % 2) + random.normal(0, 1 + 0.3 * t));
      data.arm.push(i % 2 ? 'b' : 'a');
      data.site.push(i % 3 ? 'north' : 'south');
      data.visit.push(`v${t}`);
      data.person.push(`p${String(i).padStart(3, '0')}`);
    }
  }
  return data;
}

const asked = { formula: 'y ~ arm * visit', subject: 'person', visit: 'visit' };

function close(a: number, b: number, relative = 1e-6): void {
  assert.ok(Math.abs(a - b) <= relative * (1 + Math.abs(b)), `${a} is not ${b}`);
}

test('gradient and second derivatives are those of finite differences, for every structure and method', () => {
  const data = trial('derivatives');
  const prepared = prepareDesign({ ...asked, formula: 'y ~ arm + visit', data, group: 'site' });
  const responses = reduceResponses(prepared, prepared.frame.y);
  for (const kind of structures) {
    for (const method of ['REML', 'ML'] as const) {
      const structure = structureOf(kind, prepared.times);
      const model = { prepared, responses, structure, method };
      const empirical = zeros(4, 4);
      for (let i = 0; i < 4; i += 1)
        for (let j = 0; j < 4; j += 1) empirical.values[i + j * 4] = i === j ? 1 + 0.2 * i : 0.4;
      const one = structure.start(empirical.values);
      const theta = Float64Array.from([...one, ...one.map((value) => value * 1.1)]);
      const at = (x: Float64Array) => {
        const here = evaluate(model, x);
        assert.ok(here);
        return { ...slopes(model, x, here, true), deviance: here.deviance };
      };
      const here = at(theta);
      theta.forEach((_, a) => {
        const step = 1e-5;
        const [up, down] = [step, -step].map((move) => at(theta.map((value, i) => (i === a ? value + move : value))));
        assert.ok(up && down);
        close(here.gradient[a] as number, (up.deviance - down.deviance) / (2 * step), 1e-5);
        for (let b = 0; b < theta.length; b += 1) {
          const slope = ((up.gradient[b] as number) - (down.gradient[b] as number)) / (2 * step);
          close(here.hessian.values[a + b * theta.length] as number, slope, 1e-5);
        }
      });
    }
  }
});

test('a fit does not depend on the order of rows or the names of people, and follows shift and scale', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (seed, shift, scale) => {
        const data = trial(String(seed));
        const order = philox(String(seed), 'order').shuffle(data.y.map((_, row) => row));
        const other = {
          y: order.map((row) => shift + scale * (data.y[row] as number)),
          arm: order.map((row) => data.arm[row] as string),
          visit: order.map((row) => data.visit[row] as string),
          person: order.map((row) => `${999 - Number((data.person[row] as string).slice(1))}x`),
        };
        const one = fitMmrm({ ...asked, data }).terms();
        const two = fitMmrm({ ...asked, data: other }).terms();
        one.forEach((term, j) => {
          close(two[j]?.estimate ?? Number.NaN, term.estimate * scale + (j === 0 ? shift : 0));
          close(two[j]?.standardError ?? Number.NaN, term.standardError * scale);
          close(two[j]?.df ?? Number.NaN, term.df, 1e-5);
        });
      },
    ),
    { numRuns: 15 },
  );
});

test('compound symmetry on complete balanced data is the random-intercept model', () => {
  const data = trial('balanced', 24, 3, 0);
  const ours = fitMmrm({ ...asked, data, covariance: 'compound-symmetry' });
  const mixed = fitLinearMixedModel({ formula: 'y ~ arm * visit + (1 | person)', data });
  close(ours.logLikelihood, mixed.logLikelihood, 1e-9);
  ours.terms().forEach((term, j) => {
    close(term.estimate, mixed.terms[j]?.estimate ?? Number.NaN, 1e-8);
    close(term.standardError, mixed.terms[j]?.standardError ?? Number.NaN);
    close(term.df, mixed.terms[j]?.df ?? Number.NaN, 1e-5);
  });
});

test('independent covariance gives ordinary least squares', () => {
  const data = trial('ordinary');
  const prepared = prepareDesign({ ...asked, data });
  const responses = reduceResponses(prepared, prepared.frame.y);
  const model = {
    prepared,
    responses,
    structure: structureOf('compound-symmetry', prepared.times),
    method: 'REML' as const,
  };
  const here = evaluate(model, Float64Array.of(1, 0));
  here?.delta.forEach((value) => {
    close(value, 0, 1e-10);
  });
});

test('new responses on a prepared design give the fit of a new design, and a contrast of one row is its t squared', () => {
  const data = trial('refit');
  const prepared = prepareMmrm({ ...asked, data });
  const y = data.y.map((value, i) => value + Math.sin(i));
  const again = prepared.fit(y);
  const anew = fitMmrm({ ...asked, data: { ...data, y } });
  close(again.logLikelihood, anew.logLikelihood, 1e-10);
  const l = again.names.map((_, j) => (j === 1 ? 1 : 0));
  const { f, p, rows } = again.contrast([l]);
  close(f, (rows[0]?.t ?? 0) ** 2);
  close(p, rows[0]?.p ?? 0);
});

test('between-within, residual and asymptotic degrees of freedom', () => {
  const data = trial('df', 30, 3, 0);
  const df = (kind: 'between-within' | 'residual' | 'asymptotic') =>
    fitMmrm({ ...asked, data, df: kind })
      .terms()
      .map((term) => term.df);
  assert.deepEqual(df('between-within'), [28, 28, 56, 56, 56, 56]);
  assert.deepEqual(df('residual'), [84, 84, 84, 84, 84, 84]);
  assert.ok(df('asymptotic').every((value) => value === Number.POSITIVE_INFINITY));
});

test('what cannot be fitted is named', () => {
  const data = trial('errors', 12, 3, 0);
  const refused = (change: object, code: string, about: RegExp) =>
    assert.throws(
      () => fitMmrm({ ...asked, data, ...change }),
      (error) => error instanceof StatisticsError && error.code === code && about.test(error.about),
      code,
    );
  const first = (value: unknown, column: 'y' | 'visit' | 'arm') => ({
    data: { ...data, [column]: data[column].map((own, row) => (row === 1 ? value : own)) },
  });
  refused({ data: { ...data, y: data.y.map(() => 3) } }, 'constant_response', /y/);
  refused({ data: { ...data, y: data.y.map(() => null) } }, 'no_rows', /y/);
  refused({ data: { ...data, arm: data.arm.map(() => 'a') } }, 'one_level_factor', /arm/);
  refused(first(Number.POSITIVE_INFINITY, 'y'), 'non_finite', /y, row 2/);
  refused(first('v0', 'visit'), 'duplicate_visit', /p000, v0/);
  refused({ ...first('b', 'arm'), group: 'arm' }, 'changing_group', /p000, arm/);
  refused({ df: 'kenward-roger', method: 'ML' }, 'needs_reml', /kenward/);
  refused({ formula: 'y ~ arm * visit + other' }, 'unknown_column', /other/);
  const few = {
    y: [1, 2, 3, 5],
    arm: ['a', 'a', 'b', 'b'],
    visit: ['v0', 'v1', 'v0', 'v1'],
    person: ['p', 'p', 'q', 'q'],
  };
  refused({ data: few }, 'too_few_rows', /4 rows, 4 coefficients/);
  const once = data.visit
    .map((visit, row) => (visit === 'v2' && data.person[row] !== 'p000' ? null : visit))
    .map((visit, row) => (data.person[row] === 'p000' && visit !== 'v2' ? null : visit));
  refused({ formula: 'y ~ visit', data: { ...data, visit: once } }, 'unseen_visit_pair', /v2/);
});

test('marginal means of complete data are the means of the cells', () => {
  const data = trial('means', 20, 3, 0);
  const prepared = prepareMmrm({ ...asked, data });
  const grid = meanRows(prepared.frame, { of: ['arm', 'visit'] });
  const { rows } = prepared.fit().contrast(grid.slice(0, 6).map(({ row }) => row));
  grid.forEach(({ levels }, cell) => {
    const own = data.y.filter((_, row) => data.arm[row] === levels.arm && data.visit[row] === levels.visit);
    close(rows[cell]?.estimate ?? Number.NaN, own.reduce((sum, value) => sum + value, 0) / own.length, 1e-9);
  });
  assert.throws(() => meanRows(prepared.frame, { of: ['other'] }), /other/);
});

test('a fit that runs to the boundary says which visits, and gives no numbers', () => {
  const data = trial('boundary', 24, 3, 0);
  const twins = data.y.map((value, row) => (data.visit[row] === 'v2' ? (data.y[row - 1] as number) : value));
  const fit = (y: number[]) => () => fitMmrm({ ...asked, data: { ...data, y } });
  assert.throws(fit(twins), { code: 'not_converged', about: /v1 and v2 move as one; \d+ iterations/ });
  const still = data.y.map((value, row) => (data.visit[row] === 'v0' ? 5 : value));
  assert.throws(fit(still), { code: 'perfect_fit', about: 'at v0' });
});

test('p-values of a correct null model are uniform', () => {
  const data = trial('null', 40, 3, 0.25);
  const formula = 'y ~ visit + arm';
  const repeated = prepareMmrm({ ...asked, formula, data }, { df: 'kenward-roger' });
  const random = philox('null', 'responses');
  const people = [...new Set(data.person)];
  const found = { repeated: [] as number[], mixed: [] as number[] };
  for (let round = 0; round < 250; round += 1) {
    const effects = new Map(people.map((person) => [person, random.normal(0, 1)]));
    const y = data.person.map((person) => (effects.get(person) as number) + random.normal(0, 1));
    found.repeated.push(repeated.fit(y).terms().at(-1)?.p ?? Number.NaN);
    const mixed = fitLinearMixedModel({ formula: `${formula} + (1 | person)`, data: { ...data, y } });
    found.mixed.push(mixed.terms.at(-1)?.p ?? Number.NaN);
  }
  for (const [model, p] of Object.entries(found)) {
    const sorted = p.sort((a, b) => a - b);
    const distance = Math.max(...sorted.map((value, i) => Math.max((i + 1) / p.length - value, value - i / p.length)));
    // Kolmogorov and Smirnov's critical value at 1 %.
    assert.ok(distance < 1.63 / Math.sqrt(p.length), `${model}: ${distance}`);
  }
});
