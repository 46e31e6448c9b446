import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adherence, decide, dueNow, dueToday, statusSummary } from './index.ts';
import {
  at,
  command,
  doseCommand,
  dosingRecord,
  randomisedRecord,
  submitCommand,
  tiny,
  tinyCalendar,
} from './test-study.ts';

function standing(record: ReturnType<typeof dosingRecord>, now: string, id: string) {
  const item = dueNow(record.state(), tinyCalendar, now).find(({ occurrence }) => occurrence.id === id);
  return `${item?.status} ${item?.cause}`;
}

test('a capsule is upcoming, due, late, closed; or done, or missed', () => {
  const record = dosingRecord();
  assert.equal(standing(record, at(3, '07:59'), 'dose@3'), 'upcoming null');
  assert.equal(standing(record, at(3, '08:00'), 'dose@3'), 'due null');
  assert.equal(standing(record, at(3, '10:01'), 'dose@3'), 'late null');
  assert.equal(standing(record, at(4, '00:01'), 'dose@3'), 'closed window');
  record.accept(at(3, '08:30'), doseCommand('dose@3'));
  record.accept(at(5, '08:30'), doseCommand('dose@5', { outcome: 'missed' }));
  assert.equal(standing(record, at(9, '00:00'), 'dose@3'), 'done null');
  assert.equal(standing(record, at(9, '00:00'), 'dose@5'), 'missed null');
});

test('a hold blocks the capsule with neutral words and leaves the diary open', () => {
  const record = dosingRecord();
  record.accept(at(2, '12:00'), command('hold', { reason: 'Waiting for a result' }));
  assert.equal(standing(record, at(3, '08:30'), 'dose@3'), 'blocked hold');
  assert.equal(standing(record, at(3, '12:30'), 'today@3'), 'due null');
  const { holdMessage, onHold } = statusSummary(record.state());
  assert.equal(onHold, true);
  assert.doesNotMatch(holdMessage ?? '', /placebo|active|arm\b|micro-dose|Waiting for a result/i);
});

test('what is shown as due is accepted, and what is not is refused', () => {
  for (const record of [dosingRecord(), randomisedRecord()]) {
    for (const now of [at(3, '07:00'), at(3, '08:30'), at(3, '12:30'), at(4, '19:00'), at(5, '09:00')]) {
      for (const { occurrence, status } of dueToday(record.state(), tinyCalendar, now)) {
        const entry = occurrence.kind === 'dose' ? doseCommand(occurrence.id) : submitCommand(occurrence.id);
        const { ok } = decide(record.state(), entry, record.context(now));
        assert.equal(ok, status === 'due' || status === 'late', `${occurrence.id} at ${now} is ${status}`);
      }
    }
  }
});

test('the guess is blocked until the outcomes are in', () => {
  const record = dosingRecord();
  assert.equal(standing(record, at(3, '12:30'), 'guess@3'), 'blocked after');
  record.accept(at(3, '12:30'), submitCommand('today@3'));
  assert.equal(standing(record, at(3, '12:30'), 'guess@3'), 'due null');
});

test('today’s list has what belongs to today and what is still open from before', () => {
  const record = dosingRecord();
  const ids = dueToday(record.state(), tinyCalendar, at(4, '13:00')).map(({ occurrence }) => occurrence.id);
  assert.deepEqual(ids, ['today@3', 'evening@3', 'guess@3', 'today@4']);
});

test('adherence counts what is past and what was done, and leaving counts against nobody', () => {
  const record = dosingRecord();
  record.accept(at(3, '08:30'), doseCommand('dose@3'));
  record.accept(at(5, '08:30'), doseCommand('dose@5', { outcome: 'missed' }));
  record.accept(at(4, '13:00'), submitCommand('today@3'));
  const now = at(8, '00:30');
  assert.deepEqual(adherence(record.state(), tinyCalendar, now, tiny), {
    dosesDue: 3,
    taken: 1,
    missed: 1,
    answersDue: 6,
    answered: 1,
    late: 1,
  });
  record.accept(now, command('withdraw', { scope: 'study' }));
  assert.deepEqual(adherence(record.state(), tinyCalendar, now, tiny), {
    dosesDue: 2,
    taken: 1,
    missed: 1,
    answersDue: 1,
    answered: 1,
    late: 1,
  });
  assert.equal(standing(record, now, 'dose@9'), 'closed ended');
});

test('a summary says where a participant stands', () => {
  const record = dosingRecord();
  record.accept(at(3, '08:30'), doseCommand('dose@3'));
  assert.deepEqual(statusSummary(record.state()), {
    status: 'randomised',
    onHold: false,
    holdMessage: null,
    openHolds: [],
    dosingStopped: false,
    dispensed: true,
    dosesTaken: 1,
    dosesMissed: 0,
    answered: 0,
    answeredLate: 0,
    ongoingAdverseEvents: 0,
  });
});

test('capsules are closed once dosing was withdrawn, and the diary stays open', () => {
  const record = dosingRecord();
  record.accept(at(2, '12:00'), command('withdraw', { scope: 'dosing' }));
  assert.equal(standing(record, at(3, '08:30'), 'dose@3'), 'closed dosingStopped');
  assert.equal(standing(record, at(3, '12:30'), 'today@3'), 'due null');
});

test('an activity is left out while its rule is false, asked while it is unknown, and never counted against a person', () => {
  const protocol = {
    ...tiny,
    activities: tiny.activities.map((activity) =>
      activity.id === 'today' ? { ...activity, when: "latest['phq-9'].total >= 10" } : activity,
    ),
  };
  const record = dosingRecord();
  const asked = (now: string) =>
    dueNow(record.state(), tinyCalendar, now, protocol).find(({ occurrence }) => occurrence.id === 'today@3');
  assert.equal(asked(at(3, '12:30'))?.status, 'due', 'nothing is known of the mood yet');
  record.accept(at(2, '12:30'), submitCommand('phq-start@2'));
  assert.deepEqual([asked(at(3, '12:30'))?.status, asked(at(3, '12:30'))?.cause], ['closed', 'notAsked']);
  const plain = adherence(record.state(), tinyCalendar, at(8, '13:00'), tiny);
  const skipping = adherence(record.state(), tinyCalendar, at(8, '13:00'), protocol);
  assert.ok(skipping.answersDue < plain.answersDue);
  record.accept(at(3, '12:30'), submitCommand('today@3'));
  assert.equal(asked(at(3, '13:00'))?.status, 'done', 'an answer that came all the same counts');
});
