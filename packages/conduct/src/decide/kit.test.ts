import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awaitedKit, fold, initialState, kitsOf } from '../index.ts';
import {
  at,
  command,
  consentedRecord,
  doseCommand,
  dosingRecord,
  kit,
  randomisedRecord,
  typesOf,
} from '../test-study.ts';

const now = at(2, '12:00');
const other = 'K-9ZZZ';
const lost = (label = kit, cause: 'lost' | 'damaged' = 'lost') => command('reportKitLost', { kit: label, cause });
const returned = (units: number, label = kit) => command('returnKit', { kit: label, units });

test('the allocated kit is handed over, no other, and once', () => {
  assert.equal(consentedRecord().refuse(now, command('dispense', { kit })), 'not_randomised');
  const record = randomisedRecord();
  assert.equal(record.refuse(now, command('dispense', { kit: other })), 'kit_mismatch');
  assert.equal(record.refuse(now, command('dispense', { kit }), { kitUsable: false }), 'kit_not_usable');
  record.accept(now, command('dispense', { kit }));
  assert.equal(record.refuse(now, command('dispense', { kit })), 'already_dispensed');
  assert.deepEqual(kitsOf(record.state()), { [kit]: 'dispensed' });
});

test('a kit comes back once, counted, and never with more than it held', () => {
  const record = dosingRecord();
  assert.equal(record.refuse(now, returned(999)), 'too_many_returned');
  assert.deepEqual(typesOf(record.accept(now, returned(2))), ['kit.returned']);
  assert.equal(record.refuse(now, returned(2)), 'already_returned');
  assert.equal(record.refuse(now, lost()), 'already_returned');
  assert.equal(record.refuse(now, returned(1, other)), 'unknown_kit');
});

test('a loss is told to the team at once, and another kit is handed over in its place', () => {
  const record = dosingRecord();
  assert.equal(record.refuse(now, command('replaceKit', {})), 'kit_not_lost');
  assert.deepEqual(typesOf(record.accept(now, lost())), ['kit.lost', 'signal.raised']);
  assert.equal(record.refuse(now, command('replaceKit', {}), { kit: null }), 'kit_missing');
  record.accept(now, command('replaceKit', {}), { kit: other });
  assert.equal(awaitedKit(record.state()), other);
  assert.equal(record.refuse(now, command('replaceKit', {}), { kit: 'K-8YYY' }), 'kit_waiting');
  assert.equal(record.refuse(now, command('dispense', { kit })), 'kit_mismatch');
  record.accept(now, command('dispense', { kit: other }));
  assert.equal(record.state().kit, other);
  assert.deepEqual(kitsOf(record.state()), { [kit]: 'lost', [other]: 'dispensed' });
  assert.equal(record.refuse(now, command('dispense', { kit: other })), 'already_dispensed');
});

test('while another kit is on its way, a capsule that was taken before can still be entered', () => {
  const record = dosingRecord();
  record.accept(at(3, '10:00'), lost());
  record.accept(at(3, '10:05'), command('replaceKit', {}), { kit: other });
  record.accept(at(3, '12:00'), doseCommand('dose@3'));
});

test('a damaged kit is no loss to report, is replaced, and can be brought back before or after', () => {
  const record = dosingRecord();
  assert.deepEqual(typesOf(record.accept(now, lost(kit, 'damaged'))), ['kit.lost']);
  assert.equal(record.refuse(now, lost(kit, 'damaged')), 'already_reported');
  record.accept(now, command('replaceKit', {}), { kit: other });
  record.accept(now, returned(3));
  assert.deepEqual(kitsOf(record.state()), { [kit]: 'returned', [other]: 'assigned' });
});

test('capsules come back after somebody has left, and nobody gets new ones', () => {
  const record = dosingRecord();
  record.accept(now, lost());
  record.accept(now, command('withdraw', { scope: 'dosing' }));
  assert.equal(record.refuse(now, command('replaceKit', {}), { kit: other }), 'dosing_stopped');
  const left = dosingRecord();
  left.accept(now, command('withdraw', { scope: 'study' }));
  left.accept(now, returned(4));
});

test('a record made before kits were counted folds to what it was', () => {
  const record = dosingRecord();
  assert.equal('kits' in record.state(), false);
  const ids = { studyId: 'study', participantId: 'P1' };
  assert.deepEqual(fold(initialState(ids), record.events()), record.state());
});

test('a device’s count is written down with its time put right, and is no intake', () => {
  const device = { occurredAt: at(2, '11:00'), sentAt: at(2, '11:30'), timeZone: 'UTC' };
  const units = (changes = {}) =>
    command('recordUnits', { deviceId: 'D-1', act: 'dispensed', kit, units: 1, device, ...changes });
  assert.equal(randomisedRecord().refuse(now, units()), 'kit_not_handed_over');
  const record = dosingRecord();
  assert.equal(record.refuse(now, units({ kit: other })), 'unknown_kit');
  assert.equal(record.refuse(now, units({ units: 999 })), 'too_many_returned');
  const ahead = { ...device, occurredAt: at(3, '11:00') };
  assert.equal(record.refuse(now, units({ device: ahead })), 'time_in_future');
  const before = record.state();
  const [event] = record.accept(now, units());
  assert.deepEqual(event?.type === 'kit.unitsRecorded' ? [event.units, event.at, event.skewMs] : event, [
    1,
    new Date(Date.parse(at(2, '11:30'))).toISOString(),
    30 * 60_000,
  ]);
  assert.deepEqual({ ...record.state(), seq: before.seq }, before);
});
