import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  as,
  at,
  command,
  consentedRecord,
  doseCommand,
  dosingRecord,
  submitCommand,
  tiny,
  typesOf,
} from '../test-study.ts';

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

test('ratings given after somebody came to know are marked; what is asked for safety is not, nor is anything before', () => {
  const record = dosingRecord();
  const marked = (day: number) => record.accept(at(day, '12:30'), submitCommand(`today@${day}`))[0];
  assert.equal('afterUnblinding' in (marked(3) ?? {}), false);
  record.accept(at(4, '09:00'), report('participantTold'));
  assert.equal((marked(4) as { afterUnblinding?: true }).afterUnblinding, true);
  const other = dosingRecord();
  other.accept(at(3, '12:00'), broken('planned'), system);
  const [first] = other.accept(at(3, '12:30'), submitCommand('today@3'));
  assert.equal((first as { afterUnblinding?: true }).afterUnblinding, true);
  const activities = tiny.activities.map((one) => (one.id === 'today' ? { ...one, purpose: 'safety' as const } : one));
  const safe = dosingRecord();
  safe.accept(at(3, '12:00'), broken(), system);
  const [asked] = safe.accept(at(3, '12:30'), submitCommand('today@3'), { protocol: { ...tiny, activities } });
  assert.equal('afterUnblinding' in (asked ?? {}), false);
});

test('the report takes no word that could say what was found', () => {
  const record = dosingRecord();
  const say = (impact: string) =>
    command('reportUnblinding', { channel: 'other', why: 'Seizure', whoKnows: 'The clinic on call', impact });
  for (const text of ['It was placebo', 'An ACTIVE capsule', 'micro dose, as feared', 'VERUM'])
    assert.equal(record.refuse(now, say(text)), 'names_treatment', text);
  record.accept(now, say('Activities of the diary go on; nobody who rates knows'));
});
