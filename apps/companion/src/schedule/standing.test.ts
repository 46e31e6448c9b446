import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entry, OwnCommand } from '../outbox/entry.ts';
import type { Today, TodayItem } from '../server/answers.ts';
import { forToday, localHoldMessage, standings, upcoming, urgentFirst, urgentWaitMs, urgentWaits } from './standing.ts';
import { dateIn, instantOf, momentOf } from './times.ts';

const hour = 3_600_000;
const opens = Date.parse('2026-03-09T07:00:00Z');

function item(occurrence: string, more: Partial<TodayItem> = {}): TodayItem {
  const at = (hours: number) => new Date(opens + hours * hour).toISOString();
  const [activityId = ''] = occurrence.split('@');
  const kind = activityId === 'dose' ? 'dose' : 'activity';
  const instrument = kind === 'dose' ? null : 'daily-check-in';
  return {
    occurrence,
    activityId,
    kind,
    label: activityId,
    instrument,
    instrumentVersion: instrument === null ? null : '1.0.0',
    studyDay: 8,
    date: '2026-03-09',
    opensAt: at(0),
    closesAt: at(4),
    lateUntil: at(8),
    after: [],
    status: 'upcoming',
    reason: null,
    ...more,
  };
}

const today = (schedule: TodayItem[], more: Partial<Today> = {}): Today => ({
  participantId: 'P0',
  studyId: 'study',
  studyTitle: 'Study',
  status: 'randomised',
  timeZone: 'Europe/Berlin',
  startDate: '2026-03-02',
  now: new Date(opens).toISOString(),
  unitLabel: 'Study capsule',
  kit: 'K1',
  screeningInstrument: 'screening-questionnaire',
  screening: null,
  consent: null,
  consentedVersion: '1.0',
  reconsent: null,
  holdMessage: null,
  dosingStopped: false,
  schedule,
  contacts: [],
  ...more,
});

function entry(command: Omit<OwnCommand, 'commandId'>): Entry {
  const made = { ...command, commandId: 'x'.repeat(24) } as OwnCommand;
  return { command: made, label: '', occurredAt: '', timeZone: 'UTC', faults: 0, refusal: null };
}

const submitted = (occurrence: string, answers: Record<string, string | number | string[]> = {}) =>
  entry({
    type: 'submit',
    occurrence,
    instrument: 'daily-check-in',
    instrumentVersion: '1.0.0',
    answers,
  } as OwnCommand);
const statusAt = (hours: number, one: TodayItem, more: Partial<Today> = {}, entries: Entry[] = []) =>
  standings(today([one], more), entries, opens + hours * hour)[0]?.status;

describe('where a scheduled item stands, worked out on the phone', () => {
  it('time alone moves it from upcoming over due and late to closed', () => {
    const seen = [-1, 0, 4, 5, 8, 9].map((hours) => statusAt(hours, item('check-in@8')));
    assert.deepEqual(seen, ['upcoming', 'due', 'due', 'late', 'late', 'closed']);
  });

  it('an entry that waits on the phone counts as done, and a refused one does not', () => {
    assert.equal(statusAt(1, item('check-in@8'), {}, [submitted('check-in@8')]), 'done');
    const refused = { ...submitted('check-in@8'), refusal: { code: 'answer_missing', detail: '', problems: [] } };
    assert.equal(statusAt(1, item('check-in@8'), {}, [refused]), 'due');
  });

  it('a guess waits for the outcomes of its day, and no longer than they can be given', () => {
    const guess = item('guess@8', { after: ['check-in@8'], lateUntil: new Date(opens + 20 * hour).toISOString() });
    const both = today([item('check-in@8'), guess]);
    const at = (hours: number, entries: Entry[] = []) => standings(both, entries, opens + hours * hour)[1];
    assert.equal(at(1)?.status, 'blocked');
    assert.deepEqual(at(1)?.waitsFor, ['check-in']);
    assert.equal(at(1, [submitted('check-in@8')])?.status, 'due');
    assert.equal(at(9)?.status, 'late');
  });

  it('a hold blocks the capsule with the words of the server and leaves the questions open', () => {
    const held = today([item('dose@8'), item('check-in@8')], { holdMessage: 'Please wait.' });
    const [dose, checkIn] = standings(held, [], opens + hour);
    assert.deepEqual([dose?.status, dose?.reason, checkIn?.status], ['blocked', 'Please wait.', 'due']);
  });

  it('an alarming answer not yet sent blocks the capsule on the phone already', () => {
    const entries = [submitted('check-in@7', { warningSigns: ['chestPain'] })];
    const [dose] = standings(today([item('dose@8')]), entries, opens + hour);
    assert.deepEqual([dose?.status, dose?.reason], ['blocked', localHoldMessage()]);
    assert.equal(statusAt(1, item('dose@8'), {}, [submitted('check-in@7', { warningSigns: ['none'] })]), 'due');
  });

  it('after leaving the capsules nothing asks for one', () => {
    assert.equal(
      statusAt(1, item('dose@8'), {}, [entry({ type: 'withdraw', scope: 'dosing' } as OwnCommand)]),
      'closed',
    );
    assert.equal(
      statusAt(1, item('dose@8'), {}, [entry({ type: 'withdraw', scope: 'futureUse' } as OwnCommand)]),
      'due',
    );
  });

  it('the day shows its own items, what is still open, and a capsule of yesterday nobody spoke of', () => {
    const yesterday = { date: '2026-03-08', lateUntil: new Date(opens - hour).toISOString() };
    const schedule = [item('dose@7', yesterday), item('check-in@7', yesterday), item('check-in@8')];
    const all = standings(today(schedule), [], opens + hour);
    const shown = forToday(all, '2026-03-09', '2026-03-08').map(({ occurrence }) => occurrence);
    assert.deepEqual(shown, ['dose@7', 'check-in@8']);
    assert.deepEqual(upcoming(all, '2026-03-09', 5), []);
  });
});

describe('times in words', () => {
  it('a date is that of the participant’s zone', () => {
    assert.equal(dateIn(Date.parse('2026-03-08T23:30:00Z'), 'Europe/Berlin'), '2026-03-09');
    assert.equal(dateIn(Date.parse('2026-03-08T23:30:00Z'), 'America/New_York'), '2026-03-08');
  });

  it('near days are named', () => {
    const now = Date.parse('2026-03-09T12:00:00Z');
    assert.match(momentOf('2026-03-09T07:05:00Z', now, 'UTC'), /^today, /);
    assert.match(momentOf('2026-03-08T07:05:00Z', now, 'UTC'), /^yesterday, /);
    assert.match(momentOf('2026-03-10T07:05:00Z', now, 'UTC'), /^tomorrow, /);
  });

  it('a time on a date is told by the device’s own clock, however wrong it is', () => {
    const right = Date.parse(instantOf('2026-03-09', '09:00', 0));
    assert.equal(new Date(right).getHours(), 9);
    assert.equal(Date.parse(instantOf('2026-03-09', '09:00', -24 * hour)) - right, 24 * hour);
  });
});

it('what the server has just taken is not asked for again before it says so', () => {
  const schedule = [item('daily-check-in@8', { status: 'due' })];
  const answers = { instrument: 'daily-check-in', instrumentVersion: '1.1.0', answers: {} };
  const sent = entry({ type: 'submit', occurrence: 'daily-check-in@8', ...answers } as Omit<OwnCommand, 'commandId'>);
  const [before] = standings(today(schedule), [], opens + hour);
  const [after] = standings(today(schedule), [], opens + hour, [sent]);
  assert.equal(before?.status, 'due');
  assert.deepEqual([after?.status, after?.unsent], ['done', false]);
});

it('an alarming answer that has lain on the phone for a quarter of an hour asks the person to call', () => {
  const told = (warningSigns: string[]) => ({
    ...entry({
      type: 'submit',
      occurrence: 'daily-check-in@8',
      instrument: 'daily-check-in',
      instrumentVersion: '1.0.0',
      answers: { warningSigns },
    } as Omit<OwnCommand, 'commandId'>),
    occurredAt: new Date(opens).toISOString(),
  });
  assert.equal(urgentWaits([told(['unsafe'])], opens + urgentWaitMs - 1), false);
  assert.equal(urgentWaits([told(['unsafe'])], opens + urgentWaitMs), true);
  assert.equal(urgentWaits([told(['none'])], opens + 24 * hour), false);
  assert.equal(urgentWaits([], opens + 24 * hour), false);
  const [calm, later, alarming] = [told(['none']), told(['none']), told(['unsafe'])];
  assert.deepEqual(urgentFirst([calm, later, alarming]), [alarming, calm, later]);
});
