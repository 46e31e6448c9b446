import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProtocol } from '@limen/protocol';
import { philox, tQuantile } from '@limen/statistics';
import { exampleStudy } from './example-study.ts';
import { type AnalysisRow, analyseStudy, columns, fitModel, guessLevels } from './index.ts';

const levels = [
  { level: 'placebo', label: 'Placebo' },
  { level: 'lsd', label: 'LSD' },
];
const days = [7, 14, 28, 100];

/** 24 people at four visits, complete; the visits' names in the order of their letters are not their order in time. */
const rows = Array.from({ length: 24 }, (_, person): AnalysisRow[] => {
  const random = philox('mmrm', `${person}`);
  const own = random.normal(0, 3);
  const active = person % 2 === 1;
  return days.map((day) => ({
    participant: `P${person}`,
    timePoint: `week ${Math.ceil(day / 7)}`,
    value: 50 + own + (active ? day / 20 : 0) + random.normal(0, 2),
    condition: active ? 'lsd' : 'placebo',
    role: active ? 'active' : 'placebo',
    guess: null,
    covariates: { day },
  }));
}).flat();

const at = (day: number, level: string) =>
  rows.filter((row) => row.covariates.day === day && row.condition === level).map(({ value }) => value);
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
const squares = (values: readonly number[]) => values.reduce((sum, one) => sum + (one - mean(values)) ** 2, 0);

test('with complete data the effect at a visit is the t test of that visit', () => {
  for (const effectAtDay of [undefined, 14]) {
    const day = effectAtDay ?? 100;
    const repeated = { covariance: 'unstructured' as const, ...(effectAtDay === undefined ? {} : { effectAtDay }) };
    const model = fitModel({ columns, levels, guessLevels, repeated }, 'value ~ condition * visit', rows);
    assert.ok(model.status === 'fitted');
    const term = model.terms.find((one) => one.term === 'conditionlsd');
    const variance = (squares(at(day, 'lsd')) + squares(at(day, 'placebo'))) / 22;
    const error = Math.sqrt(variance / 6);
    assert.ok(term);
    assert.ok(Math.abs(term.estimate - (mean(at(day, 'lsd')) - mean(at(day, 'placebo')))) < 1e-9);
    assert.ok(Math.abs(term.standardError - error) < 1e-6);
    assert.ok(Math.abs(term.df - 22) < 1e-4);
    assert.ok(Math.abs(term.upper - term.estimate - tQuantile(0.975, 22) * error) < 1e-4);
    assert.deepEqual(model.repeated?.visits, ['day 7', 'day 14', 'day 28', 'day 100']);
    assert.equal(model.repeated?.effectAt, `day ${day}`);
  }
});

test('a plan whose visit nobody has is answered as such', () => {
  const repeated = { covariance: 'unstructured' as const, effectAtDay: 15 };
  const model = fitModel({ columns, levels, guessLevels, repeated }, 'value ~ condition * visit', rows);
  assert.ok(model.status === 'failed' && model.message.includes('day 15'), JSON.stringify(model));
  const twice = [...rows, ...rows.slice(0, 1)];
  const doubled = fitModel(
    { columns, levels, guessLevels, repeated: { covariance: 'ar1' } },
    'value ~ condition',
    twice,
  );
  assert.equal(doubled.status, 'failed');
});

test('the protocol’s option reaches the planned model, the model with the guess and the report', () => {
  const file = readFileSync(new URL('../../../protocols/lsd-10ug-every-third-day.json', import.meta.url), 'utf8');
  const document = JSON.parse(file);
  document.analysis.endpoints = [
    { ...document.analysis.endpoints[0], model: 'value ~ condition + day', repeated: { covariance: 'ar1' } },
  ];
  const parsed = parseProtocol(JSON.stringify(document));
  assert.ok(parsed.ok);
  const { results, html } = analyseStudy(exampleStudy(parsed.protocol));
  for (const model of [results.outcomes[0]?.unadjusted, results.outcomes[0]?.withGuess]) {
    assert.ok(model?.status === 'fitted', JSON.stringify(model));
    assert.equal(model.repeated?.covariance, 'ar1');
  }
  assert.match(html, /covariance over visits: ar1/);
});
