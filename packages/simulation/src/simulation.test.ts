import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ProtocolDocument, parseProtocol } from '@limen/protocol';
import { philox } from '@limen/statistics';
import {
  conductParticipant,
  contentsOf,
  drawAllocation,
  drawPerson,
  scaleEffects,
  selfBlinding2021,
  simulatePower,
  simulateTrialRows,
} from './index.ts';
import { sampleCalendar } from './trial.ts';

function library(id: string): ProtocolDocument {
  const parsed = parseProtocol(readFileSync(new URL(`../../../protocols/${id}.json`, import.meta.url), 'utf8'));
  assert.ok(parsed.ok);
  return parsed.protocol;
}

const selfBlinding = library('self-blinding-2021');
const mdlsd = library('lsd-10ug-every-third-day');

function conduct(protocol: ProtocolDocument, count: number, seed: string, settings = selfBlinding2021) {
  const random = philox(seed);
  return Array.from({ length: count }, (_, index) =>
    conductParticipant({
      protocol,
      person: drawPerson(index, 10, settings, random),
      participantId: `P${index}`,
      siteId: 'site',
      timeZone: 'Europe/Amsterdam',
      screenedAt: '2027-02-01T10:00:00.000Z',
      contents: (doses) => Array.from({ length: doses }, (_, dose) => (dose % 2 === 0 ? 'active' : 'placebo')),
      settings,
      random,
    }),
  );
}

for (const protocol of [selfBlinding, mdlsd]) {
  test(`Virtual participants walk through ${protocol.id}, and most of them arrive`, () => {
    const people = conduct(protocol, 60, 'walk', {
      ...selfBlinding2021,
      device: { ...selfBlinding2021.device, fault: 0 },
    });
    const ended = Object.groupBy(people, ({ state }) => state.status);
    assert.ok((ended.ineligible?.length ?? 0) > 0, 'some do not qualify');
    assert.ok((ended.completed?.length ?? 0) > 30, `${ended.completed?.length} completed`);
    for (const { state, refused } of ended.completed ?? []) {
      assert.ok(Object.values(state.doses).filter((dose) => dose === 'taken').length >= 4);
      assert.equal(refused.instrument_mismatch, undefined);
      assert.equal(refused.answer_missing, undefined);
      assert.equal(refused.answer_invalid, undefined);
      assert.equal(refused.unknown_occurrence, undefined);
    }
    assert.ok(people.some(({ events }) => events.some(({ event }) => event.type === 'adverseEvent.reported')));
  });
}

test('Faults put in on purpose are refused, and entries among them are kept', () => {
  const people = conduct(selfBlinding, 40, 'faults', {
    ...selfBlinding2021,
    device: { ...selfBlinding2021.device, fault: 0.1 },
  });
  const refused = new Set(people.flatMap((person) => Object.keys(person.refused)));
  for (const code of ['answer_out_of_range', 'dose_already_recorded'])
    assert.ok(refused.has(code), [...refused].join());
  assert.ok(people.some(({ events }) => events.some(({ event }) => event.type === 'entry.kept')));
});

test('The same seed gives the same record, another seed another', () => {
  assert.deepEqual(conduct(selfBlinding, 3, 'a'), conduct(selfBlinding, 3, 'a'));
  assert.notDeepEqual(conduct(selfBlinding, 3, 'a'), conduct(selfBlinding, 3, 'b'));
});

test('Capsules of the self-blinding arms hold 0, 4 and 8 micro-doses', () => {
  const calendar = sampleCalendar(selfBlinding);
  const seed = new Uint8Array(32).fill(7);
  const seen = new Map<string, Set<number>>();
  for (let step = 0; step < 60; step += 1) {
    const allocation = drawAllocation(selfBlinding, seed, 'all', step);
    const active = contentsOf(selfBlinding, allocation, calendar).filter((content) => content === 'active').length;
    seen.set(allocation.arm, (seen.get(allocation.arm) ?? new Set()).add(active));
  }
  assert.deepEqual(Object.fromEntries(seen), { PL: new Set([0]), HH: new Set([4]), MD: new Set([8]) });
});

test('Guesses are as sensitive and specific as they were calibrated to be', () => {
  const endpoint = selfBlinding.analysis.endpoints.find((one) => one.id === 'acute-mood');
  assert.ok(endpoint);
  const rows = simulateTrialRows({
    protocol: selfBlinding,
    endpoint,
    participants: 1500,
    settings: selfBlinding2021,
    seed: 's',
  });
  const share = (condition: string) => {
    const own = rows.filter((row) => row.role === condition);
    return own.filter((row) => row.guess === condition).length / own.length;
  };
  // d′ and criterion are those of a sensitivity of 0.45; tolerance and differences between people leave 0.40 of it.
  assert.ok(Math.abs(share('active') - 0.4) < 0.03, `sensitivity ${share('active')}`);
  assert.ok(Math.abs(share('placebo') - 0.82) < 0.03, `specificity ${share('placebo')}`);
});

const show = (value: unknown) => JSON.stringify(value);

test('Without a drug effect, belief alone makes the unadjusted analysis reject too often, and not the one with the guess', () => {
  const result = simulatePower({
    protocol: selfBlinding,
    endpoint: 'acute-mood',
    participants: 240,
    trials: 60,
    settings: scaleEffects(selfBlinding2021, { drug: 0 }),
    seed: 'null',
  });
  const [unadjusted, withGuess] = result.estimators;
  assert.equal(unadjusted?.truth, 0);
  assert.ok(unadjusted && unadjusted.trials === 60 && unadjusted.rejected > 0.2, show(result));
  assert.ok(withGuess && withGuess.rejected < 0.2, `with the guess ${withGuess?.rejected}`);
  assert.ok(unadjusted.bias > 2 && Math.abs(withGuess.bias) < 1);
});

test('Without drug and belief both analyses hold their level', () => {
  const result = simulatePower({
    protocol: selfBlinding,
    endpoint: 'acute-mood',
    participants: 60,
    trials: 120,
    settings: scaleEffects(selfBlinding2021, { drug: 0, belief: 0 }),
    seed: 'nothing',
  });
  for (const one of result.estimators) {
    assert.ok(one.rejected < 0.12, `${one.estimator} ${one.rejected}`);
    assert.ok(one.coverage > 0.88, `${one.estimator} ${one.coverage}`);
  }
});

const documents = readdirSync(new URL('../../../protocols/', import.meta.url))
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .map((file) => library(file.replace('.json', '')));

for (const protocol of documents) {
  test(`Virtual participants complete ${protocol.id}: what the document asks for can be given`, () => {
    const undisturbed = { ...selfBlinding2021, device: { ...selfBlinding2021.device, fault: 0 } };
    const people = conduct(protocol, 24, 'library', undisturbed);
    const completed = people.filter(({ state }) => state.status === 'completed');
    assert.ok(completed.length >= 8, `${completed.length} of ${people.length} completed`);
    const asked = new Set(people.flatMap(({ state }) => Object.keys(state.submissions).map((id) => id.split('@')[0])));
    assert.deepEqual(
      protocol.activities.map(({ id }) => id).filter((id) => !asked.has(id)),
      [],
      'an activity nobody could answer',
    );
    assert.ok(completed.every(({ state }) => Object.keys(state.doses).length > 0));
    // What a hold, an exclusion or an end forbids is refused on purpose; no refusal may be the document’s fault.
    const onPurpose = ['dosing_on_hold', 'not_eligible', 'participant_withdrawn'];
    const refusals = new Set(people.flatMap(({ refused }) => Object.keys(refused)));
    assert.deepEqual(
      [...refusals].filter((code) => !onPurpose.includes(code)),
      [],
    );
  });
}
