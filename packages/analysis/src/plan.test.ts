import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { adjustPValues } from '@limen/statistics';
import { exampleStudy } from './example-study.ts';
import { analyseStudy, type Outcome } from './index.ts';
import { interimLooks } from './interims.ts';
import { adjustFamily } from './multiplicity.ts';

const file = readFileSync(new URL('../../../protocols/lsd-10ug-every-third-day.json', import.meta.url), 'utf8');

function planned(analysis: object): ProtocolDocument {
  const document = JSON.parse(file);
  document.analysis = { ...document.analysis, ...analysis };
  const parsed = parseProtocol(JSON.stringify(document));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.protocol;
}

const [first] = JSON.parse(file).analysis.endpoints;
const two = [first, { ...first, id: 'daily-mood-raw', model: 'value ~ condition + (1 | participant)' }];
const sensitivity = [
  { kind: 'set', id: 'pp', endpoint: 'daily-mood', set: 'perProtocol' },
  { kind: 'set', id: 'completers', endpoint: 'daily-mood', set: 'completers' },
  { kind: 'model', id: 'expect', endpoint: 'daily-mood', model: 'value ~ condition + expectation + (1 | participant)' },
  { kind: 'imputation', id: 'mar', endpoint: 'daily-mood', rule: 'MAR', imputations: 20 },
  { kind: 'imputation', id: 'j2r', endpoint: 'daily-mood', rule: 'J2R', imputations: 20 },
  { kind: 'tippingPoint', id: 'tip', endpoint: 'daily-mood', rule: 'MAR', furthest: -80, imputations: 20 },
];
const protocol = planned({
  endpoints: two,
  sensitivity,
  subgroups: [
    { id: 'sex', endpoint: 'daily-mood', by: 'sex' },
    { id: 'age', endpoint: 'daily-mood', by: 'age', splitAt: 55 },
  ],
  multiplicity: { method: 'hochberg', endpoints: ['daily-mood', 'daily-mood-raw'], reason: 'Two questions.' },
});
const { results, html } = analyseStudy(exampleStudy(protocol, 60));
const mood = results.outcomes[0];
assert.ok(mood);
const found = (id: string) => mood.sensitivity?.find((one) => one.id === id)?.rows[0]?.result;

test('every sensitivity analysis of the plan is run for its endpoint and shown', () => {
  assert.deepEqual(
    mood.sensitivity?.map(({ id }) => id),
    sensitivity.map(({ id }) => id),
  );
  for (const one of mood.sensitivity ?? []) {
    const [row] = one.rows;
    assert.ok(row && !('notPossible' in row.result), JSON.stringify(one));
  }
  assert.equal(results.outcomes[1]?.sensitivity, undefined);
  assert.match(html, /Jump to reference/);
  assert.match(html, /Subgroups of the plan/);
});

test('the per-protocol analysis of the plan is the planned model on that set', () => {
  const term =
    mood.perProtocol?.status === 'fitted' ? mood.perProtocol.terms.find((t) => t.term === 'conditionlsd') : 0;
  assert.ok(term);
  const result = found('pp');
  assert.ok(result && !('notPossible' in result));
  assert.equal(result.estimate, term.estimate);
});

test('everybody allocated is imputed, with whole weeks where days are many, and the same seed gives the same draws', () => {
  const mar = found('mar');
  assert.ok(mar && !('notPossible' in mar));
  assert.equal(mar.participants, 60);
  assert.ok((mar.visits?.length ?? 0) > 1 && mar.visits?.every((visit) => visit.startsWith('week ')));
  assert.equal(mar.at, 'mean over visits');
  assert.ok((mar.missing ?? 0) > 0);
  const again = analyseStudy(exampleStudy(protocol, 60)).results.outcomes[0]?.sensitivity;
  assert.deepEqual(again, mood.sensitivity);
});

test('a subgroup is compared in each group, with the test of the product', () => {
  const [sex, age] = mood.subgroups ?? [];
  assert.deepEqual(
    sex?.groups.map(({ group }) => group),
    ['female', 'male'],
  );
  assert.deepEqual(
    age?.groups.map(({ group, participants }) => [group, participants]),
    [
      ['below 55', 30],
      ['from 55', 30],
    ],
  );
  for (const one of [sex, age]) {
    assert.ok(one && 'f' in one.interaction, JSON.stringify(one?.interaction));
    assert.equal(one.interaction.df1, 1);
    assert.ok(one.interaction.p > 0 && one.interaction.p <= 1);
  }
});

const p = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ contrasts: [first] }) => first?.unadjusted?.p ?? Number.NaN);

test('the family is adjusted by the method of the plan', () => {
  assert.deepEqual(
    results.outcomes.map(({ adjustedP }) => adjustedP),
    adjustPValues(p(results.outcomes), 'hochberg'),
  );
  const [one = Number.NaN, other = Number.NaN] = p(results.outcomes);
  const under = (multiplicity: object) => {
    const bare = results.outcomes.map((one) => ({
      ...one,
      contrasts: one.contrasts.map(({ adjustedP: _, ...rest }) => rest),
    }));
    return adjustFamily(planned({ endpoints: two, multiplicity }), bare).map(({ adjustedP }) => adjustedP);
  };
  const family = { endpoints: ['daily-mood', 'daily-mood-raw'], reason: 'Two questions.' };
  assert.deepEqual(under({ ...family, method: 'gatekeeping' }), [one, Math.max(one, other)]);
  const handedOn = {
    weights: [1, 0],
    transitions: [
      [0, 1],
      [0, 0],
    ],
  };
  assert.deepEqual(under({ ...family, method: 'graph', graph: handedOn }), [one, Math.max(one, other)]);
  const halves = {
    weights: [0.5, 0.5],
    transitions: [
      [0, 1],
      [1, 0],
    ],
  };
  assert.deepEqual(under({ ...family, method: 'graph', graph: halves }), adjustPValues([one, other], 'holm'));
  // One comparison with the control: Dunnett's is the t test.
  assert.ok(Math.abs((under({ ...family, method: 'dunnett' })[0] ?? 0) - one) < 1e-6);
});

test('a test of the family that could not be done counts as one that shows nothing', () => {
  const multiplicity = { method: 'holm', endpoints: ['daily-mood', 'daily-mood-raw'], reason: 'Two questions.' };
  const [done, failed] = results.outcomes;
  assert.ok(done && failed);
  const adjusted = adjustFamily(planned({ endpoints: two, multiplicity }), [done, { ...failed, contrasts: [] }]);
  assert.equal(adjusted[0]?.adjustedP, adjustPValues([p([done])[0] ?? 1, 1], 'holm')[0]);
});

test('looks that decide on efficacy share the error with the end (Jennison and Turnbull 2000)', () => {
  const looks = [
    { id: 'half', information: 0.5, decides: 'efficacy' },
    { id: 'late', information: 0.75, decides: 'futility' },
  ];
  const spending = { kind: 'obrienFleming', alpha: 0.05 };
  const told = interimLooks(planned({ interims: { looks, spending, board: 'The board.' } }));
  assert.deepEqual(
    told.map(({ id, z }) => [id, z === null ? null : Number(z.toFixed(4))]),
    [
      ['half', 2.9626],
      ['late', null],
      ['end', 1.9686],
    ],
  );
  // √t (c + √(1 − t) Φ⁻¹(0.2)), with Φ⁻¹(0.2) = −0.841621.
  assert.deepEqual(
    told.map(({ faintZ }) => faintZ?.toFixed(3) ?? null),
    [0.5, 0.75].map((t) => (Math.sqrt(t) * (1.96857 - 0.841621 * Math.sqrt(1 - t))).toFixed(3)).concat([null as never]),
  );
});
