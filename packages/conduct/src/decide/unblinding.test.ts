import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as, at, command, consentedRecord, doseCommand, dosingRecord, submitCommand, typesOf } from '../test-study.ts';

const now = at(3, '12:00');
const system = { actor: { id: 'vault', role: 'system' as const } };
const broken = (kind: 'emergency' | 'planned' = 'emergency') => command('noteCodeBreak', { kind, at: now });
const report = (channel: 'codeBreak' | 'participantTold' = 'codeBreak') =>
  command('reportUnblinding', { channel, why: 'Seizure', whoKnows: 'The clinic on call', impact: 'None for ratings' });

test('an emergency code break stops capsules, keeps the diary, and tells the team what to do and not what was seen', () => {
  const record = dosingRecord();
  const events = record.accept(now, broken(), system);
  assert.deepEqual(typesOf(events), ['code.broken', 'dosing.stopped', 'signal.raised']);
  assert.doesNotMatch(JSON.stringify(events), /placebo|active|\barm\b|\blsd\b/i);
  assert.equal(record.refuse(now, doseCommand('dose@3')), 'dosing_stopped');
  record.accept(now, submitCommand('today@3'));
});

test('a planned one leaves capsules as they are', () => {
  const record = dosingRecord();
  assert.deepEqual(typesOf(record.accept(now, broken('planned'), system)), ['code.broken', 'signal.raised']);
  assert.equal(record.state().dosingStopped, false);
});

test('nobody but the vault can say that it happened', () => {
  assert.equal(dosingRecord().refuse(now, broken(), as('investigator')), 'role_not_allowed');
  assert.equal(consentedRecord().refuse(now, broken(), system), 'not_randomised');
});

test('every code break is reported once, oldest first; another way of knowing can be reported at any time', () => {
  const record = dosingRecord();
  assert.equal(record.refuse(now, report()), 'no_code_break_open');
  record.accept(now, broken(), system);
  record.accept(now, broken('planned'), system);
  record.accept(now, report());
  assert.deepEqual(
    record.state().codeBreaks?.map(({ reported }) => reported),
    [true, false],
  );
  record.accept(now, report());
  assert.equal(record.refuse(now, report()), 'no_code_break_open');
  record.accept(now, report('participantTold'));
});

test('it is noted after somebody has left, too', () => {
  const record = dosingRecord();
  record.accept(now, command('withdraw', { scope: 'study' }));
  assert.deepEqual(typesOf(record.accept(now, broken(), system)), ['code.broken', 'signal.raised']);
});
