import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  at,
  command,
  consentCommand,
  consentedRecord,
  kit,
  openRecord,
  randomisedRecord,
  screenCommand,
  startDate,
  tiny,
} from '../test-study.ts';

const now = at(1, '06:20');
const randomise = (date = startDate) => command('randomise', { startDate: date });
const confirm = () => command('confirmEligibility', { reason: 'Reviewed' });

function eligibleRecord() {
  const record = consentedRecord();
  record.accept(now, confirm());
  return record;
}

test('randomisation waits for screening, consent and the investigator’s signature', () => {
  const record = openRecord();
  assert.equal(record.refuse(now, randomise()), 'not_screened');
  record.accept(now, screenCommand());
  assert.equal(record.refuse(now, randomise()), 'not_consented');
  record.accept(now, consentCommand());
  assert.equal(record.refuse(now, randomise()), 'eligibility_not_confirmed');
  record.accept(now, confirm());
  record.accept(now, randomise());
  assert.equal(record.refuse(now, randomise()), 'already_randomised');
});

test('who is ineligible is never randomised', () => {
  const record = openRecord();
  record.accept(now, screenCommand({ age: 17 }));
  assert.equal(record.refuse(now, randomise()), 'not_eligible');
});

test('without the vault’s answer randomisation waits and nothing changes', () => {
  const record = eligibleRecord();
  const before = record.state();
  assert.equal(record.refuse(now, randomise(), { kit: null }), 'kit_missing');
  assert.equal(record.state(), before);
});

test('the event of randomisation holds a kit label and no allocation', () => {
  const record = eligibleRecord();
  assert.deepEqual(record.accept(now, randomise()), [
    { type: 'participant.randomised', kit, startDate, protocolVersion: '1.0.0' },
  ]);
});

const starts = [
  ['2026-03-02', '2026-03-02', true, 'today'],
  ['2026-03-09', '2026-03-02', true, 'a week ago'],
  ['2026-03-10', '2026-03-02', false, 'eight days ago'],
  ['2026-03-02', '2026-03-03', false, 'a Tuesday'],
  ['2026-03-02', '2027-03-01', true, 'within a year'],
  ['2026-03-02', '2027-03-08', false, 'more than a year ahead'],
  ['2026-03-02', '2026-02-30', false, 'no date'],
] as const;
for (const [today, start, allowed, what] of starts) {
  test(`a start ${what} is ${allowed ? 'possible' : 'refused'}`, () => {
    const decision = eligibleRecord().act(`${today}T10:00:00Z`, randomise(start));
    assert.equal(decision.ok ? 'accepted' : decision.problem.code, allowed ? 'accepted' : 'start_date_invalid');
  });
}

test('today is today in the participant’s zone', () => {
  // 23:30 UTC on the 9th is the 10th in Berlin: the 2nd lies eight days back there.
  assert.equal(eligibleRecord().refuse('2026-03-09T23:30:00Z', randomise()), 'start_date_invalid');
});

test('any weekday will do where the protocol names none', () => {
  const { startsOn: _, ...anyDay } = tiny;
  assert.equal(eligibleRecord().act(now, randomise('2026-03-03'), { protocol: anyDay }).ok, true);
});

test('nobody is randomised or given a kit while dosing is on hold or stopped', () => {
  const held = eligibleRecord();
  held.accept(now, command('hold', { reason: 'Waiting for a result' }));
  assert.equal(held.refuse(now, randomise()), 'dosing_on_hold');
  const stopped = randomisedRecord();
  stopped.accept(now, command('withdraw', { scope: 'dosing' }));
  assert.equal(stopped.refuse(now, command('dispense', { kit })), 'dosing_stopped');
  const heldLater = randomisedRecord();
  heldLater.accept(now, command('hold', { reason: 'Waiting for a result' }));
  assert.equal(heldLater.refuse(now, command('dispense', { kit })), 'dosing_on_hold');
});
