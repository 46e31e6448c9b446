import assert from 'node:assert/strict';
import { test } from 'node:test';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import { evaluateHoldRules, type HoldContext, type ProtocolDocument, parseProtocol } from './index.ts';

function read(document: unknown): ProtocolDocument {
  const result = parseProtocol(JSON.stringify(document));
  assert.ok(result.ok);
  return result.protocol;
}

const protocols = [read(everyThirdDay), read(selfBlinding)];
const quiet: HoldContext = { latest: {}, baseline: {}, flags: [], doses: { taken: 0, missed: 0 } };

function triggered(protocol: ProtocolDocument, changes: Partial<HoldContext>): string[] {
  return evaluateHoldRules(protocol, { ...quiet, ...changes }).map(({ rule }) => `${rule.id}: ${rule.effect}`);
}

test('nothing said, nothing held', () => {
  for (const protocol of protocols) assert.deepEqual(triggered(protocol, {}), []);
});

const signs: readonly [string, Partial<HoldContext>, string][] = [
  ['a thought of self-harm', { flags: ['suicidality'] }, 'suicidality: hold'],
  ['a sign of psychosis or mania', { flags: ['psychosis-or-mania-warning'] }, 'psychosis-or-mania: hold'],
  ['chest pain', { flags: ['cardiac-warning'] }, 'cardiac-warning: hold'],
  ['an effect that stops self-care', { flags: ['severe-effect'] }, 'severe-effect: hold'],
  ['a new medicine', { flags: ['new-medicine'] }, 'new-medicine: hold'],
  ['another drug', { flags: ['other-substance'] }, 'other-substance: review'],
  [
    'a serious event of grade 1',
    { adverseEvent: { grade: 1, serious: true, ongoing: true } },
    'serious-or-severe-event: hold',
  ],
  [
    'an event of grade 3',
    { adverseEvent: { grade: 3, serious: false, ongoing: false } },
    'serious-or-severe-event: hold',
  ],
  ['GAD-7 up by 5', { latest: { 'gad-7': { total: 9 } }, baseline: { 'gad-7': { total: 4 } } }, 'gad-7-rise: review'],
  ['PHQ-9 up by 5', { latest: { 'phq-9': { total: 10 } }, baseline: { 'phq-9': { total: 5 } } }, 'phq-9-rise: review'],
  ['moderate anxiety', { latest: { 'daily-check-in': { gradeAnxiety: 2 } } }, 'anxiety-moderate: review'],
  ['capsules missed', { doses: { taken: 3, missed: 4 } }, 'missed-capsules: review'],
];

for (const [sign, changes, expected] of signs) {
  test(`${sign} sets off ${expected} in both published designs, and nothing else`, () => {
    for (const protocol of protocols) assert.deepEqual(triggered(protocol, changes), [expected]);
  });
}

test('a rise of 4, or one without a baseline, sets off nothing', () => {
  const latest = { 'phq-9': { total: 9 } };
  for (const protocol of protocols) {
    assert.deepEqual(triggered(protocol, { latest, baseline: { 'phq-9': { total: 5 } } }), []);
    assert.deepEqual(triggered(protocol, { latest, baseline: {} }), []);
    assert.deepEqual(triggered(protocol, { latest, baseline: { 'phq-9': { total: null } } }), []);
  }
});

test('what a participant reads names no arm and no substance', () => {
  for (const protocol of protocols) {
    const words = protocol.interventions.flatMap(({ substances = [] }) => substances.map(({ substance }) => substance));
    for (const { participantMessage } of protocol.safety.holdRules) {
      for (const word of [...words, 'placebo', 'micro-dose', 'active']) {
        assert.ok(!participantMessage.toLowerCase().includes(word), participantMessage);
      }
    }
  }
});

test('a participant is told to stop only where dosing is held', () => {
  for (const protocol of protocols) {
    for (const { id, effect, participantMessage } of protocol.safety.holdRules) {
      assert.equal(/take no more capsules/.test(participantMessage), effect === 'hold', id);
    }
  }
});
