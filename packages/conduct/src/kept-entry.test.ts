import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptEntry, problem } from './index.ts';
import {
  adverseEventCommand,
  at,
  command,
  deviceAt,
  doseCommand,
  dosingRecord,
  submitCommand,
  typesOf,
} from './test-study.ts';

const noon = at(3, '12:30');

test('an entry is kept whole, with its reason, and the team is told', () => {
  const record = dosingRecord();
  const entry = submitCommand('guess@3', {}, { sent: deviceAt(noon) });
  const events = keptEntry(
    entry,
    problem('guess_before_outcome', { waitsFor: 'Today' }),
    record.context(noon),
    record.state(),
  );
  const [kept, signal] = events;
  assert.ok(kept?.type === 'entry.kept' && signal?.type === 'signal.raised');
  assert.deepEqual(kept.content, entry);
  assert.deepEqual([kept.commandId, kept.command, kept.code], [entry.commandId, 'submit', 'guess_before_outcome']);
  assert.equal(kept.skewMs, 0);
  assert.deepEqual([signal.severity, signal.about], ['prompt', entry.commandId]);
  assert.equal(events.length, 2);
});

test('a capsule taken while dosing is on hold is urgent', () => {
  const record = dosingRecord();
  record.accept(noon, command('hold', { reason: 'Waiting' }));
  const [, signal] = keptEntry(doseCommand('dose@3'), problem('dosing_on_hold'), record.context(noon), record.state());
  assert.equal(signal?.type === 'signal.raised' && signal.severity, 'urgent');
});

test('a cry for help in an entry that cannot be accepted still holds dosing and alerts', () => {
  const record = dosingRecord();
  record.accept(at(1, '12:30'), submitCommand('phq-start@1'));
  const second = submitCommand('phq-start@1', { q9: 3 });
  const events = keptEntry(second, problem('already_answered'), record.context(noon), record.state());
  assert.deepEqual(typesOf(events), ['entry.kept', 'signal.raised', 'dosing.held', 'signal.raised']);
  assert.equal(events[3]?.type === 'signal.raised' && events[3].severity, 'urgent');
});

test('after withdrawal or lock it alerts and changes nothing', () => {
  const record = dosingRecord();
  const severe = adverseEventCommand({ grade: 4 });
  const locked = record.context(noon, { studyLocked: true });
  const alarm = ['entry.kept', 'signal.raised', 'signal.raised'];
  assert.deepEqual(typesOf(keptEntry(severe, problem('study_locked'), locked, record.state())), alarm);
  record.accept(noon, command('withdraw', { scope: 'study' }));
  const after = keptEntry(severe, problem('participant_withdrawn'), record.context(noon), record.state());
  assert.deepEqual(typesOf(after), alarm);
});

test('answers too broken to score are kept all the same', () => {
  const record = dosingRecord();
  const broken = { ...submitCommand('today@3'), instrumentVersion: '0.1.0', answers: { nonsense: 'x' } };
  const events = keptEntry(
    broken,
    problem('instrument_mismatch', { instrument: 'x' }),
    record.context(noon),
    record.state(),
  );
  assert.deepEqual(typesOf(events), ['entry.kept', 'signal.raised']);
});
