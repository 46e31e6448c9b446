import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandSchemas } from '../index.ts';
import { at, command, consentedRecord, dosingRecord, openRecord } from '../test-study.ts';

const now = at(3, '12:00');
const today = now.slice(0, 10);
const days = (date: string) =>
  command('recordWearableDays', { source: 'appleHealth', days: [{ date, steps: 900, sleepMinutes: 420 }] });

test('days of a watch are written down as they were chosen, before dosing too', () => {
  const [event] = dosingRecord().accept(now, days(today));
  assert.deepEqual(event?.type === 'wearable.recorded' ? event.days : event, [
    { date: today, steps: 900, sleepMinutes: 420 },
  ]);
  consentedRecord().accept(now, days(today));
});

test('not of somebody who has not consented, and none of days to come', () => {
  assert.equal(openRecord().refuse(now, days(today)), 'not_consented');
  assert.equal(dosingRecord().refuse(now, days('2199-01-01')), 'time_in_future');
});

test('a day holds what can be measured and nothing else', () => {
  const body = (day: object) => ({ ...days(today), days: [day] });
  const takes = (day: object) => commandSchemas.recordWearableDays.safeParse(body(day)).success;
  assert.ok(takes({ date: today, hrvRmssdMs: 38 }));
  assert.ok(!takes({ date: today }), 'a day without a measure says nothing');
  assert.ok(!takes({ date: today, steps: -1 }));
  assert.ok(!takes({ date: today, bodyMass: 70 }));
});
