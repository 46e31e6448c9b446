import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adverseEventCommand, as, at, command, doseCommand, dosingRecord, openRecord } from '../test-study.ts';

const now = at(3, '08:30');
const hold = () => command('hold', { reason: 'Waiting for a result' });
const resume = (holdId: string) => command('resume', { holdId, reason: 'The result is in' });

test('dosing is held by hand, once, and resumed by an investigator', () => {
  assert.equal(openRecord().refuse(now, hold()), 'not_consented');
  const record = dosingRecord();
  record.accept(now, hold(), as('coordinator'));
  assert.equal(record.refuse(now, hold()), 'already_held');
  const [open] = record.state().holds;
  assert.ok(open);
  assert.equal(record.refuse(now, resume(open.holdId), as('coordinator')), 'role_not_allowed');
  assert.equal(record.refuse(now, resume('other')), 'no_such_hold');
  record.accept(now, resume(open.holdId));
  assert.equal(record.refuse(now, resume(open.holdId)), 'no_such_hold');
  record.accept(now, doseCommand('dose@3'));
});

test('every hold must be lifted on its own', () => {
  const record = dosingRecord();
  record.accept(now, adverseEventCommand({ grade: 3 }));
  record.accept(now, hold());
  const [first, second] = record.state().holds;
  record.accept(now, resume(first?.holdId ?? ''));
  assert.equal(record.refuse(now, doseCommand('dose@3')), 'dosing_on_hold');
  record.accept(now, resume(second?.holdId ?? ''));
  record.accept(now, doseCommand('dose@3'));
});
