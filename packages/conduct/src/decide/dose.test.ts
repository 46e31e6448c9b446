import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  at,
  command,
  deviceAt,
  doseCommand,
  dosingRecord,
  randomisedRecord,
  submitCommand,
  tiny,
  typesOf,
} from '../test-study.ts';

const day3 = at(3, '08:30');

test('a capsule taken inside its window is on time', () => {
  const record = dosingRecord();
  const [taken] = record.accept(day3, doseCommand('dose@3'));
  assert.deepEqual(taken, { type: 'dose.taken', occurrence: 'dose@3', takenAt: day3, timing: 'onTime' });
  assert.deepEqual(record.state().doses, { 'dose@3': 'taken' });
  assert.equal(record.state().lastDoseAt, day3);
});

test('no capsule before the kit was handed over', () => {
  const record = randomisedRecord();
  assert.equal(record.refuse(day3, doseCommand('dose@3')), 'not_dispensed');
});

test('no capsule that the calendar does not have, and no questionnaire taken for one', () => {
  const record = dosingRecord();
  assert.equal(record.refuse(at(4, '09:00'), doseCommand('dose@4')), 'unknown_occurrence');
  assert.equal(record.refuse(day3, doseCommand('today@3')), 'unknown_occurrence');
});

test('a capsule opens at its first second and not one second earlier', () => {
  assert.equal(dosingRecord().refuse(at(3, '07:59:59'), doseCommand('dose@3')), 'not_due_yet');
  assert.equal(dosingRecord().act(at(3, '08:00'), doseCommand('dose@3')).ok, true);
});

const timings = [
  ['10:00', 'onTime'],
  ['10:00:01', 'late'],
  ['23:59:59', 'late'],
] as const;
for (const [time, timing] of timings) {
  test(`a capsule taken at ${time} is ${timing}`, () => {
    const [taken] = dosingRecord().accept(at(3, time), doseCommand('dose@3'));
    assert.ok(taken?.type === 'dose.taken');
    assert.equal(taken.timing, timing);
  });
}

test('a capsule taken on the next day is recorded as out of its window and the team is told', () => {
  const events = dosingRecord().accept(at(4, '08:00'), doseCommand('dose@3'));
  assert.deepEqual(typesOf(events), ['dose.taken', 'signal.raised']);
  assert.equal(events[0]?.type === 'dose.taken' && events[0].timing, 'outOfWindow');
  assert.equal(events[1]?.type === 'signal.raised' && events[1].severity, 'prompt');
});

test('a capsule is recorded once, whatever was recorded first', () => {
  const record = dosingRecord();
  record.accept(day3, doseCommand('dose@3'));
  assert.equal(record.refuse(at(3, '09:00'), doseCommand('dose@3')), 'dose_already_recorded');
  assert.equal(record.refuse(at(3, '09:00'), doseCommand('dose@3', { outcome: 'missed' })), 'dose_already_recorded');
});

test('two capsules are never closer together than the protocol allows', () => {
  const record = dosingRecord();
  record.accept(at(3, '23:00'), doseCommand('dose@3'));
  assert.equal(record.refuse(at(5, '14:59:59'), doseCommand('dose@5')), 'dose_too_soon');
  record.accept(at(5, '15:00'), doseCommand('dose@5'));
});

test('entries that arrive in another order are still compared with every capsule taken', () => {
  const record = dosingRecord();
  record.accept(at(7, '08:00'), doseCommand('dose@7'));
  record.accept(at(9, '08:00'), doseCommand('dose@9'));
  const offline = { device: deviceAt(at(5, '23:30'), at(9, '09:00')) };
  assert.equal(record.refuse(at(9, '09:00'), doseCommand('dose@5', offline)), 'dose_too_soon');
  const earlier = { device: deviceAt(at(5, '08:00'), at(9, '09:00')) };
  record.accept(at(9, '09:00'), doseCommand('dose@5', earlier));
  assert.equal(record.state().lastDoseAt, at(9, '08:00'), 'an older entry does not move the last capsule back');
});

test('no more capsules than the protocol has', () => {
  const record = dosingRecord();
  record.accept(day3, doseCommand('dose@3'));
  const amended = { ...tiny, dosing: { ...tiny.dosing, maximumDoses: 1 } };
  assert.equal(record.refuse(at(5, '08:30'), doseCommand('dose@5'), { protocol: amended }), 'dose_limit_reached');
});

test('no capsule while dosing is on hold; saying that one was left out is welcome', () => {
  const record = dosingRecord();
  record.accept(at(2, '12:00'), command('hold', { reason: 'Waiting for a result' }));
  assert.equal(record.refuse(day3, doseCommand('dose@3')), 'dosing_on_hold');
  record.accept(at(3, '20:00'), doseCommand('dose@3', { outcome: 'missed', reason: 'On hold' }));
});

test('no capsule after dosing was withdrawn', () => {
  const record = dosingRecord();
  record.accept(at(2, '12:00'), command('withdraw', { scope: 'dosing' }));
  assert.equal(record.refuse(day3, doseCommand('dose@3')), 'dosing_stopped');
  assert.equal(record.refuse(day3, doseCommand('dose@3', { outcome: 'missed' })), 'dosing_stopped');
});

test('a missed capsule may be told before its window closes, and is never made up for', () => {
  const record = dosingRecord();
  record.accept(at(3, '08:01'), doseCommand('dose@3', { outcome: 'missed' }));
  assert.deepEqual(record.state().doses, { 'dose@3': 'missed' });
  assert.deepEqual(record.state().doseTimes, {});
});

test('a rule over missed capsules speaks once, when it becomes true', () => {
  const record = dosingRecord();
  const missed = (day: number) =>
    record.accept(at(day, '09:00'), doseCommand(`dose@${day}`, { outcome: 'missed' })).slice(1);
  assert.deepEqual(missed(3), []);
  assert.equal(missed(5).length, 1);
  assert.deepEqual(missed(7), []);
});

test('a capsule taken earlier than it is entered counts from when it was taken', () => {
  const record = dosingRecord();
  const entered = { takenAt: at(3, '09:00'), device: deviceAt(at(3, '21:00')) };
  const [taken] = record.accept(at(3, '21:00'), doseCommand('dose@3', entered));
  assert.equal(taken?.type === 'dose.taken' && taken.takenAt, at(3, '09:00'));
  assert.equal(taken?.type === 'dose.taken' && taken.timing, 'onTime');
});

test('a capsule cannot be taken in the future', () => {
  assert.equal(dosingRecord().refuse(day3, doseCommand('dose@3', { takenAt: at(3, '08:35:01') })), 'time_in_future');
  const [taken] = dosingRecord().accept(day3, doseCommand('dose@3', { takenAt: at(3, '08:35') }));
  assert.equal(taken?.type === 'dose.taken' && taken.takenAt, day3, 'up to five minutes ahead counts as now');
});

test('a rule that stops ends capsules for good, tells the person once, and the diary goes on', () => {
  const [first, second] = tiny.safety.holdRules;
  assert.ok(first && second);
  const stop = {
    ...first,
    id: 'enough',
    rule: 'doses.missed >= 1',
    effect: 'stop',
    participantMessage: 'It ends here.',
  } as const;
  const also = { ...stop, id: 'also' } as const;
  const protocol = { ...tiny, safety: { ...tiny.safety, holdRules: [stop, also] } };
  const record = dosingRecord();
  const events = record.accept(at(3, '08:30'), doseCommand('dose@3', { outcome: 'missed' }), { protocol });
  assert.deepEqual(typesOf(events), ['dose.missed', 'dosing.stopped', 'signal.raised', 'signal.raised']);
  assert.equal(record.state().dosingStopped, true);
  assert.equal(record.state().stopMessage, 'It ends here.');
  assert.deepEqual(record.state().holds, []);
  assert.equal(record.refuse(at(5, '08:30'), doseCommand('dose@5')), 'dosing_stopped');
  record.accept(at(5, '12:30'), submitCommand('today@5'), { protocol });
});
