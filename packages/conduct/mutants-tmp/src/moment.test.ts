import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentOf } from './moment.ts';
import {
  at,
  deviceAt,
  doseCommand,
  dosingRecord,
  randomisedRecord,
  startDate,
  submitCommand,
  typesOf,
} from './test-study.ts';

const now = '2026-03-04T12:00:00.000Z';
const ms = Date.parse(now);
const moment = (occurredAt: string, sentAt: string) =>
  momentOf({ now, device: deviceAt(occurredAt, sentAt), startDate });

test('without a device it is now', () => {
  assert.deepEqual(momentOf({ now, device: undefined, startDate }), { ms, inFuture: false, when: {} });
});

test('a small difference between the clocks is the network and is left alone', () => {
  const { ms: told, when } = moment('2026-03-04T11:58:30.000Z', '2026-03-04T11:58:30.000Z');
  assert.equal(told, ms - 90_000);
  assert.equal(when.skewMs, 90_000);
});

test('a clock that is an hour slow is corrected', () => {
  assert.equal(moment('2026-03-04T10:00:00.000Z', '2026-03-04T11:00:00.000Z').ms, ms - 3_600_000);
});

test('a clock that is an hour fast is corrected', () => {
  const { ms: told, inFuture } = moment('2026-03-04T12:30:00.000Z', '2026-03-04T13:00:00.000Z');
  assert.deepEqual([told, inFuture], [ms - 1_800_000, false]);
});

test('a clock in the wrong year is corrected and reported', () => {
  const { ms: told, when } = moment('1970-01-02T00:00:00.000Z', '1970-01-02T00:30:00.000Z');
  assert.equal(told, ms - 1_800_000);
  assert.equal(when.clockSuspect, true);
});

test('a clock more than ten minutes ahead is reported, one of ten minutes is not', () => {
  assert.equal(moment('2026-03-04T12:10:01.000Z', '2026-03-04T12:10:01.000Z').when.clockSuspect, true);
  assert.equal(moment('2026-03-04T12:10:00.000Z', '2026-03-04T12:10:00.000Z').when.clockSuspect, undefined);
});

test('more than five minutes after the moment of sending cannot be believed; less counts as now', () => {
  assert.equal(moment('2026-03-04T12:05:01.000Z', now).inFuture, true);
  const near = moment('2026-03-04T12:05:00.000Z', now);
  assert.deepEqual([near.inFuture, near.ms], [false, ms]);
});

test('the team hears once of a device whose clock cannot be right', () => {
  const record = randomisedRecord();
  const wrong = (day: number) => ({ sent: deviceAt('1999-01-01T00:00:00.000Z'), day });
  const first = record.accept(at(3, '12:30'), submitCommand('today@3', {}, wrong(3)));
  assert.deepEqual(typesOf(first), ['answers.submitted', 'signal.raised']);
  const second = record.accept(at(4, '12:30'), submitCommand('today@4', {}, wrong(4)));
  assert.deepEqual(typesOf(second), ['answers.submitted']);
  assert.equal(second[0]?.type === 'answers.submitted' && second[0].clockSuspect, true);
});

test('a capsule entered on a slow device is dated by the server’s clock', () => {
  const takenAt = '2026-03-04T01:00:00.000Z';
  const device = deviceAt('2026-03-04T02:00:00.000Z');
  const [taken] = dosingRecord().accept('2026-03-04T08:30:00.000Z', doseCommand('dose@3', { takenAt, device }));
  assert.equal(taken?.type === 'dose.taken' && taken.takenAt, '2026-03-04T07:30:00.000Z');
});
