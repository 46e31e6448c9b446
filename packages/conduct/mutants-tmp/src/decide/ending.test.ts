import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  adverseEventCommand,
  at,
  command,
  consentedRecord,
  doseCommand,
  dosingRecord,
  submitCommand,
  tinyCalendar,
} from '../test-study.ts';

const noon = at(3, '12:30');
const withdraw = (scope: 'dosing' | 'study' | 'futureUse') => command('withdraw', { scope });
const complete = () => command('complete', {});

test('after leaving dosing the diary goes on', () => {
  const record = dosingRecord();
  record.accept(noon, withdraw('dosing'));
  assert.equal(record.refuse(noon, doseCommand('dose@3')), 'dosing_stopped');
  assert.equal(record.refuse(noon, withdraw('dosing')), 'already_withdrawn');
  record.accept(noon, submitCommand('today@3'));
});

test('after leaving the study nothing about the days is accepted, and entries are kept', () => {
  const record = dosingRecord();
  record.accept(noon, withdraw('study'));
  for (const entry of [doseCommand('dose@3'), submitCommand('today@3'), adverseEventCommand()]) {
    const decision = record.act(noon, entry);
    assert.ok(!decision.ok);
    assert.deepEqual([decision.problem.code, decision.keep], ['participant_withdrawn', true]);
  }
  const again = record.act(noon, withdraw('study'));
  assert.ok(!again.ok && !again.keep);
});

test('a person who has left may still refuse the further use of the data', () => {
  const record = dosingRecord();
  record.accept(noon, withdraw('study'));
  record.accept(noon, withdraw('futureUse'));
  assert.equal(record.state().futureUseRefused, true);
  assert.equal(record.refuse(noon, withdraw('futureUse')), 'already_withdrawn');
});

test('leaving is possible at any time, also before randomisation', () => {
  const record = consentedRecord();
  record.accept(noon, withdraw('study'));
  assert.equal(record.state().status, 'withdrawn');
});

test('a study is complete when its last date has passed', () => {
  assert.equal(consentedRecord().refuse(noon, complete()), 'not_randomised');
  const record = dosingRecord();
  assert.equal(tinyCalendar.lastDate, '2026-03-15');
  assert.equal(record.refuse(at(14, '23:59'), complete()), 'not_yet_complete');
  record.accept(at(15, '00:00'), complete());
  assert.equal(record.state().status, 'completed');
});

test('a study is complete when all that is required was done, and not before', () => {
  const record = dosingRecord();
  record.accept(noon, withdraw('dosing'));
  const required = tinyCalendar.occurrences.filter(({ activityId }) =>
    ['phq-start', 'today', 'phq-end'].includes(activityId),
  );
  for (const [index, { id, opensAt }] of required.entries()) {
    assert.equal(record.refuse(opensAt, complete()), 'not_yet_complete', `${index} answered`);
    record.accept(opensAt, submitCommand(id));
  }
  record.accept(at(14, '12:00'), complete());
});

test('after completion the diary is closed; adverse events, corrections and refusals are not', () => {
  const record = dosingRecord();
  record.accept(at(15, '00:00'), complete());
  const now = at(15, '09:00');
  assert.equal(record.refuse(now, submitCommand('today@3')), 'participant_completed');
  assert.equal(record.refuse(now, complete()), 'participant_completed');
  assert.equal(record.refuse(now, withdraw('study')), 'participant_completed');
  record.accept(now, adverseEventCommand());
  record.accept(now, withdraw('futureUse'));
});
