import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProblemWith } from '../test-refusal.ts';
import {
  at,
  command,
  consentedRecord,
  deviceAt,
  dosingRecord,
  quietAnswers,
  randomisedRecord,
  submitCommand,
  typesOf,
} from '../test-study.ts';

const noon = at(3, '12:30');
const severe = { q1: 3, q2: 3, q3: 3, q4: 3, q5: 3, q6: 3, q7: 3, q8: 3, q9: 0 };
const raised = { q1: 3, q2: 3 };

test('answers are recorded with their scores, flags and timing', () => {
  const record = randomisedRecord();
  const [submitted] = record.accept(noon, submitCommand('today@3', { mood: 62 }));
  assert.ok(submitted?.type === 'answers.submitted');
  assert.equal(submitted.activity, 'today');
  assert.equal(submitted.scores.mood, 62);
  assert.deepEqual(submitted.flags, []);
  assert.equal(submitted.timing, 'onTime');
  assert.equal(record.state().latest['daily-check-in']?.mood, 62);
});

const timings = [
  [at(3, '11:59:59'), 'not_due_yet'],
  [at(3, '12:00'), 'onTime'],
  [at(3, '20:00'), 'onTime'],
  [at(3, '20:00:01'), 'late'],
  [at(4, '20:00'), 'late'],
  [at(4, '20:00:01'), 'outOfWindow'],
] as const;
for (const [now, expected] of timings) {
  test(`answers given at ${now} are ${expected}`, () => {
    const decision = randomisedRecord().act(now, submitCommand('today@3'));
    const [event] = decision.ok ? decision.events : [];
    assert.equal(decision.ok ? event?.type === 'answers.submitted' && event.timing : decision.problem.code, expected);
  });
}

test('what was answered offline counts from when it was answered', () => {
  const [event] = randomisedRecord().accept(
    at(9, '09:00'),
    submitCommand('today@3', {}, { sent: deviceAt(noon, at(9, '09:00')) }),
  );
  assert.equal(event?.type === 'answers.submitted' && event.timing, 'onTime');
});

test('nothing is answered before randomisation, off the schedule, or with another form', () => {
  assert.equal(consentedRecord().refuse(noon, submitCommand('today@3')), 'not_randomised');
  const record = randomisedRecord();
  assert.equal(record.refuse(noon, submitCommand('today@2')), 'unknown_occurrence');
  assert.equal(record.refuse(noon, { ...submitCommand('today@3'), occurrence: 'dose@3' }), 'unknown_occurrence');
  assert.equal(record.refuse(noon, { ...submitCommand('today@3'), instrument: 'phq-9' }), 'instrument_mismatch');
  assert.equal(record.refuse(noon, { ...submitCommand('today@3'), instrumentVersion: '9.0.0' }), 'instrument_mismatch');
});

test('impossible answers come back, each with its item', () => {
  const record = randomisedRecord();
  const refused = record.act(noon, submitCommand('today@3', { mood: 101, energy: 'high' }));
  assert.ok(isProblemWith(refused, 'answer_out_of_range'));
  assert.equal(refused.problem.path, 'answers.mood');
  assert.deepEqual(
    refused.problem.problems?.map(({ path, code }) => `${path} ${code}`),
    ['answers.mood answer_out_of_range', 'answers.energy answer_invalid'],
  );
  assert.equal(refused.keep, false);
  assert.equal(record.refuse(noon, { ...submitCommand('today@3'), answers: {} }), 'answer_missing');
});

test('an occurrence is answered once; the second answers are kept aside', () => {
  const record = randomisedRecord();
  record.accept(noon, submitCommand('today@3'));
  const second = record.act(noon, submitCommand('today@3', { mood: 10 }));
  assert.ok(isProblemWith(second, 'already_answered'));
  assert.equal(second.keep, true);
});

test('the guess comes after the outcomes of its day', () => {
  const record = randomisedRecord();
  const refused = record.act(noon, submitCommand('guess@3'));
  assert.ok(isProblemWith(refused, 'guess_before_outcome'));
  assert.match(refused.problem.detail, /Today/);
  assert.equal(record.refuse(noon, submitCommand('evening@3')), 'earlier_activity_missing');
  record.accept(noon, submitCommand('today@3'));
  record.accept(noon, submitCommand('guess@3'));
});

test('a guess does not wait for outcomes whose time has passed', () => {
  const record = randomisedRecord();
  assert.equal(record.refuse(at(4, '20:00'), submitCommand('guess@3')), 'guess_before_outcome');
  record.accept(at(4, '20:00:01'), submitCommand('guess@3'));
});

test('a rule that asks for a review raises a signal and leaves dosing alone', () => {
  const record = randomisedRecord();
  record.accept(at(1, '12:30'), submitCommand('phq-start@1'));
  const events = record.accept(at(2, '12:30'), submitCommand('phq-start@2', raised));
  assert.deepEqual(typesOf(events), ['answers.submitted', 'signal.raised']);
  assert.deepEqual(record.state().holds, []);
});

test('a rule that holds dosing holds it in the same decision and raises its signal', () => {
  const record = randomisedRecord();
  const events = record.accept(at(1, '12:30'), submitCommand('phq-start@1', severe));
  assert.deepEqual(typesOf(events), ['answers.submitted', 'dosing.held', 'signal.raised']);
  assert.equal(record.state().holds[0]?.rule, 'phq-high');
});

test('a rule holds once while its hold is open, and says so each time its form is answered', () => {
  const record = randomisedRecord();
  record.accept(at(1, '12:30'), submitCommand('phq-start@1', severe));
  const again = record.accept(at(2, '12:30'), submitCommand('phq-start@2', severe));
  assert.deepEqual(typesOf(again), ['answers.submitted', 'signal.raised']);
});

test('one high score does not hold dosing again with every other form', () => {
  const record = randomisedRecord();
  record.accept(at(1, '12:30'), submitCommand('phq-start@1', severe));
  const [hold] = record.state().holds;
  record.accept(at(2, '09:00'), command('resume', { holdId: hold?.holdId ?? '', reason: 'Assessed by telephone' }));
  assert.deepEqual(typesOf(record.accept(noon, submitCommand('today@3'))), ['answers.submitted']);
  record.accept(at(2, '12:30'), submitCommand('phq-start@2', severe));
  assert.equal(record.state().holds.length, 1, 'the same form again does');
});

test('a late baseline is compared with what came after it', () => {
  const record = randomisedRecord();
  record.accept(at(2, '12:30'), submitCommand('phq-start@2', raised));
  const late = submitCommand('phq-start@1', {}, { sent: deviceAt(at(1, '12:30'), at(2, '13:00')) });
  const events = record.accept(at(2, '13:00'), late);
  assert.deepEqual(typesOf(events), ['answers.submitted', 'signal.raised']);
  assert.equal(record.state().baseline['phq-9']?.total, 0);
  assert.equal(record.state().latest['phq-9']?.total, 6);
});

test('answers that arrive late are judged by their own scores', () => {
  const record = randomisedRecord();
  record.accept(at(2, '12:30'), submitCommand('phq-start@2'));
  const late = submitCommand('phq-start@1', severe, { sent: deviceAt(at(1, '12:30'), at(2, '13:00')) });
  assert.ok(typesOf(record.accept(at(2, '13:00'), late)).includes('dosing.held'));
});

test('a sign of suicidality holds dosing and alerts at once, even where the protocol has no rule for it', () => {
  const record = randomisedRecord();
  const events = record.accept(at(1, '12:30'), submitCommand('phq-start@1', { q9: 1 }));
  assert.deepEqual(typesOf(events), ['answers.submitted', 'dosing.held', 'signal.raised']);
  const signal = events[2];
  assert.equal(signal?.type === 'signal.raised' && signal.severity, 'urgent');
  const again = record.accept(at(2, '12:30'), submitCommand('phq-start@2', { q9: 1 }));
  assert.deepEqual(
    typesOf(again),
    ['answers.submitted', 'signal.raised'],
    'each sign alerts; the hold is open already',
  );
});

function answered(changes = {}) {
  const record = randomisedRecord();
  const [submitted] = record.accept(at(1, '12:30'), submitCommand('phq-start@1', changes));
  assert.ok(submitted?.type === 'answers.submitted');
  const { submissionId, occurrence, instrument, instrumentVersion, answers } = submitted;
  const submission = { occurrence, instrument, instrumentVersion, answers };
  const correct = (item: string, value: number | null | string) =>
    command('correct', { submissionId, item, value, reason: 'Tapped the wrong one' });
  return { record, submission, correct };
}

test('a correction keeps the old value, gives the reason and scores anew', () => {
  const { record, submission, correct } = answered({ q1: 3 });
  const events = record.accept(at(1, '13:00'), correct('q1', 1), { submission });
  const [corrected] = events;
  assert.ok(corrected?.type === 'answer.corrected');
  assert.deepEqual([corrected.from, corrected.to, corrected.scores.total], [3, 1, 1]);
  assert.equal(events.length, 1);
  assert.equal(record.state().latest['phq-9']?.total, 1);
  assert.equal(record.state().baseline['phq-9']?.total, 1);
});

test('a correction that reveals a danger acts on it', () => {
  const { record, submission, correct } = answered();
  const events = record.accept(at(1, '13:00'), correct('q9', 2), { submission });
  assert.deepEqual(typesOf(events), ['answer.corrected', 'dosing.held', 'signal.raised']);
});

test('a correction does not raise again what was known', () => {
  const { record, submission, correct } = answered({ q9: 1 });
  const events = record.accept(at(1, '13:00'), correct('q1', 1), { submission });
  assert.deepEqual(typesOf(events), ['answer.corrected']);
  assert.equal(record.state().holds.length, 1, 'and lifts no hold');
});

test('a correction that leaves a score high does not hold dosing a second time', () => {
  const { record, submission, correct } = answered(severe);
  const [hold] = record.state().holds;
  record.accept(at(1, '13:00'), command('resume', { holdId: hold?.holdId ?? '', reason: 'Assessed by telephone' }));
  const events = record.accept(at(1, '13:10'), correct('q8', 2), { submission });
  assert.deepEqual(typesOf(events), ['answer.corrected']);
});

test('a correction needs the submission, a change and a possible value', () => {
  const { record, submission, correct } = answered();
  const now = at(1, '13:00');
  assert.equal(record.refuse(now, correct('q1', 1)), 'unknown_submission');
  assert.equal(
    record.refuse(now, { ...correct('q1', 1), submissionId: 'other' }, { submission }),
    'unknown_submission',
  );
  assert.equal(record.refuse(now, correct('q1', 0), { submission }), 'nothing_to_correct');
  assert.equal(record.refuse(now, correct('q1', 7), { submission }), 'answer_invalid');
  assert.equal(record.refuse(now, correct('q1', null), { submission }), 'answer_missing');
  assert.equal(record.refuse(now, correct('constructor', 1), { submission }), 'answer_invalid');
});

test('a correction may leave follow-up answers behind that are no longer asked', () => {
  const record = dosingRecord();
  const answers = quietAnswers('daily-check-in', { newMedicine: 'yes', newMedicineName: 'Ibuprofen' });
  const [submitted] = record.accept(noon, submitCommand('today@3', answers));
  assert.ok(submitted?.type === 'answers.submitted');
  const { submissionId, occurrence, instrument, instrumentVersion } = submitted;
  record.accept(
    noon,
    command('correct', { submissionId, item: 'newMedicine', value: 'no', reason: 'It was an old one' }),
    { submission: { occurrence, instrument, instrumentVersion, answers } },
  );
});

test('the same list of choices is no correction', () => {
  const record = dosingRecord();
  const [submitted] = record.accept(noon, submitCommand('today@3', { effects: ['none'] }));
  assert.ok(submitted?.type === 'answers.submitted');
  const { submissionId, occurrence, instrument, instrumentVersion, answers } = submitted;
  const submission = { occurrence, instrument, instrumentVersion, answers };
  const correct = (value: string[]) => command('correct', { submissionId, item: 'effects', value, reason: 'Slip' });
  assert.equal(record.refuse(noon, correct(['none']), { submission }), 'nothing_to_correct');
  record.accept(noon, correct(['headache']), { submission });
});
