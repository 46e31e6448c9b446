/** Against R's survival, by `validation/survival.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Data } from '../model-frame/frame.ts';
import { fitCox } from './cox.ts';
import { kaplanMeier, logRank } from './kaplan-meier.ts';

type Table = { days: number[]; event: number[] } & Record<string, (number | string)[]>;
const file = new URL('../../../../validation/references/survival.json', import.meta.url);
const known = JSON.parse(readFileSync(file, 'utf8')) as {
  cox: {
    formula: string;
    data: Table;
    terms: string | string[];
    estimate: number | number[];
    error: number | number[];
    p: number | number[];
    logLikelihood: [number, number];
  }[];
  km: {
    data: Table;
    time: number[];
    atRisk: number[];
    events: number[];
    survival: number[];
    error: (number | null)[];
    lower: number[];
    upper: number[];
    median: (number | null)[];
  }[];
  rank: { data: Table; group: string; observed: number[]; expected: number[]; chiSquare: number; df: number }[];
};

function near(found: number | null | undefined, expected: number, tolerance: number, what: string) {
  const off = Math.abs((found ?? Number.NaN) - expected);
  assert.ok(off <= tolerance * Math.max(1e-3, Math.abs(expected)), `${what}: ${found}, ${expected}`);
}
const peopleOf = ({ days, event }: Table) => days.map((time, index) => ({ time, event: event[index] === 1 }));

for (const fit of known.cox) {
  test(`${fit.formula} as coxph fits it`, () => {
    const model = fitCox({ formula: fit.formula, data: fit.data as unknown as Data, event: 'event' });
    assert.deepEqual(
      model.terms.map(({ term }) => term),
      [fit.terms].flat(),
    );
    model.terms.forEach((term, j) => {
      near(term.estimate, [fit.estimate].flat()[j] as number, 1e-8, term.term);
      near(term.standardError, [fit.error].flat()[j] as number, 1e-8, `error of ${term.term}`);
      near(term.p, [fit.p].flat()[j] as number, 1e-7, `p of ${term.term}`);
    });
    near(model.logLikelihood[0], fit.logLikelihood[0], 1e-12, 'null');
    near(model.logLikelihood[1], fit.logLikelihood[1], 1e-12, 'fit');
  });
}

for (const [index, curve] of known.km.entries()) {
  test(`curve ${index + 1} as survfit draws it`, () => {
    const { steps, median } = kaplanMeier(peopleOf(curve.data));
    assert.deepEqual(
      steps.map(({ time, atRisk, events }) => [time, atRisk, events]),
      curve.time.map((time, at) => [time, curve.atRisk[at], curve.events[at]]),
    );
    steps.forEach((step, at) => {
      near(step.survival, curve.survival[at] as number, 1e-12, `survival at ${step.time}`);
      if (step.survival === 0) return;
      near(step.standardError, curve.error[at] ?? 0, 1e-10, `error at ${step.time}`);
      near(step.lower, curve.lower[at] as number, 1e-10, `lower at ${step.time}`);
      near(step.upper, curve.upper[at] as number, 1e-10, `upper at ${step.time}`);
    });
    assert.deepEqual([median?.time, median?.lower, median?.upper], curve.median);
  });
}

for (const { data, group, observed, expected, chiSquare, df } of known.rank) {
  test(`log-rank by ${group}, ${data.days.length} people, as survdiff`, () => {
    const people = peopleOf(data).map((one, index) => ({ ...one, group: String(data[group]?.[index]) }));
    const found = logRank(people);
    assert.equal(found.df, df);
    near(found.chiSquare, chiSquare, 1e-10, 'chi-square');
    found.groups.forEach((one, at) => {
      assert.equal(one.observed, observed[at]);
      near(one.expected, expected[at] as number, 1e-10, one.group);
    });
  });
}

test('What has no answer is said', () => {
  const data = {
    days: [1, 2, 3, 4],
    event: [1, 1, 0, 0],
    arm: ['a', 'a', 'b', 'b'],
    twice: [2, 4, 6, 8],
    once: [1, 2, 3, 4],
  };
  assert.throws(() => fitCox({ formula: 'days ~ arm', data, event: 'event' }), { code: 'not_converged' });
  assert.throws(() => fitCox({ formula: 'days ~ twice + once', data, event: 'event' }), { code: 'rank_deficient' });
  assert.throws(() => fitCox({ formula: 'days ~ arm', data, event: 'seen' }), { code: 'unknown_column' });
  assert.throws(() => fitCox({ formula: 'days ~ arm', data: { ...data, event: [0, 0, 0, 0] }, event: 'event' }), {
    code: 'empty_condition',
  });
  assert.throws(() => kaplanMeier([]), { code: 'no_rows' });
  assert.throws(() => kaplanMeier([{ time: 0, event: true }]), { code: 'non_finite' });
  assert.throws(() => logRank([{ time: 1, event: true, group: 'a' }]), { code: 'one_level_factor' });
});
