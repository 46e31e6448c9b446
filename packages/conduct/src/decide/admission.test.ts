import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProblemWith } from '../test-refusal.ts';
import {
  as,
  at,
  command,
  consentCommand,
  openRecord,
  randomisedRecord,
  screenCommand,
  tiny,
  typesOf,
} from '../test-study.ts';

const now = at(1, '06:00');

function screened(changes: Parameters<typeof screenCommand>[0] = {}) {
  const record = openRecord();
  record.accept(now, screenCommand(changes), as('participant'));
  return record;
}

test('screening comes first', () => {
  const record = openRecord();
  assert.equal(record.refuse(now, consentCommand()), 'not_screened');
  assert.equal(record.refuse(now, command('confirmEligibility', { reason: 'Reviewed' })), 'not_screened');
  record.accept(now, screenCommand());
  assert.equal(record.state().status, 'screened');
});

test('who is ineligible cannot consent, and is told without a hint at the answer that decided', () => {
  const record = screened({ age: 17 });
  assert.equal(record.state().status, 'ineligible');
  const refused = record.act(now, consentCommand());
  assert.ok(isProblemWith(refused, 'not_eligible'));
  assert.doesNotMatch(refused.problem.detail, /17|18|age|adult/i);
  assert.equal(record.refuse(now, command('confirmEligibility', { reason: 'Reviewed' })), 'not_eligible');
});

test('who is ineligible cannot try other answers; the team may ask again', () => {
  const record = screened({ age: 17 });
  assert.equal(record.refuse(now, screenCommand({ age: 19 }), as('participant')), 'already_screened');
  record.accept(now, screenCommand({ age: 19 }), as('coordinator'));
  assert.equal(record.state().screening?.result, 'eligible');
});

test('after consent nobody is screened again', () => {
  const record = screened();
  record.accept(now, consentCommand());
  assert.equal(record.refuse(now, screenCommand(), as('coordinator')), 'already_screened');
});

test('an open question must be decided by an investigator before consent', () => {
  const record = screened({ allergy: 'unsure' });
  assert.equal(record.state().screening?.result, 'unknown');
  assert.equal(record.refuse(now, consentCommand()), 'eligibility_unknown');
  record.accept(now, command('confirmEligibility', { reason: 'Spoke with the family doctor' }));
  record.accept(now, consentCommand());
  assert.equal(record.state().status, 'eligible');
});

test('a new screening takes back an earlier decision on eligibility', () => {
  const record = screened({ allergy: 'unsure' });
  record.accept(now, command('confirmEligibility', { reason: 'Reviewed' }));
  record.accept(now, screenCommand({ allergy: 'unsure' }), as('participant'));
  assert.equal(record.refuse(now, consentCommand()), 'eligibility_unknown');
});

test('screening answers must be complete, possible and given to the right form', () => {
  const record = openRecord();
  assert.equal(record.refuse(now, { ...screenCommand(), answers: {} }), 'answer_missing');
  assert.equal(record.refuse(now, screenCommand({ age: 900 })), 'answer_out_of_range');
  assert.equal(record.refuse(now, { ...screenCommand(), instrumentVersion: '0.9.0' }), 'instrument_mismatch');
});

test('thoughts of ending one’s life raise an urgent signal at screening', () => {
  const record = openRecord();
  const events = record.accept(now, screenCommand({ suicidality: 'yes' }));
  assert.deepEqual(typesOf(events), ['participant.screened', 'signal.raised']);
  assert.equal(events[1]?.type === 'signal.raised' && events[1].severity, 'urgent');
});

test('only the newest form in the language of the protocol can be signed', () => {
  const record = screened();
  const refused = record.act(now, consentCommand({ version: '1.9' }));
  assert.ok(isProblemWith(refused, 'consent_version_outdated'));
  assert.match(refused.problem.detail, /1\.10/, '1.10 is newer than 1.9');
  assert.equal(record.refuse(now, consentCommand({ version: '2.0' })), 'consent_version_outdated');
});

test('required choices must be agreed to, others are free', () => {
  const record = screened();
  const refused = record.act(now, consentCommand({ choices: { data: false, contact: true } }));
  assert.ok(isProblemWith(refused, 'consent_choice_required'));
  assert.equal(refused.problem.path, 'choices.data');
  assert.equal(record.refuse(now, consentCommand({ choices: {} })), 'consent_choice_required');
  assert.equal(record.refuse(now, consentCommand({ choices: { data: true, other: true } })), 'answer_invalid');
  record.accept(now, consentCommand({ choices: { data: true } }));
});

test('a wrong answer on comprehension comes back with its explanation and may be tried again', () => {
  const record = screened();
  const refused = record.act(now, consentCommand({ comprehension: { stop: 1 } }));
  assert.ok(isProblemWith(refused, 'comprehension_not_passed'));
  assert.deepEqual(refused.problem.problems, [
    {
      path: 'comprehension.stop',
      code: 'comprehension_not_passed',
      detail: 'You may stop at any time, without a reason.',
    },
  ]);
  assert.equal(record.refuse(now, consentCommand({ comprehension: {} })), 'comprehension_not_passed');
  record.accept(now, consentCommand());
  assert.equal(record.refuse(now, consentCommand()), 'already_consented');
});

test('a newer form may be signed later and takes nothing back', () => {
  const record = screened();
  record.accept(now, consentCommand());
  record.accept(now, command('confirmEligibility', { reason: 'Reviewed' }));
  const [form] = tiny.consent.filter(({ version }) => version === '1.10');
  assert.ok(form);
  const amended = { ...tiny, consent: [...tiny.consent, { ...form, version: '1.11' }] };
  record.accept(now, consentCommand({ version: '1.11' }), { protocol: amended });
  assert.equal(record.state().consent?.version, '1.11');
  assert.equal(record.state().status, 'eligible');
  const randomised = randomisedRecord();
  randomised.accept(now, consentCommand({ version: '1.11' }), { protocol: amended });
  assert.equal(randomised.state().status, 'randomised');
});

test('consent notes the version of the protocol it belongs to and the local day from which it counts', () => {
  const record = screened();
  record.accept(now, consentCommand());
  const { version } = tiny;
  assert.deepEqual(record.state().versions, [{ protocolVersion: version, fromDate: null }]);
  const [form] = tiny.consent.filter((one) => one.version === '1.10');
  assert.ok(form);
  const newest = { ...tiny, version: '9.0.0', consent: [...tiny.consent, { ...form, version: '1.11' }] };
  const randomised = randomisedRecord();
  const evening = at(3, '23:30');
  randomised.accept(evening, consentCommand({ version: '1.11' }), { newest, reconsentDue: true });
  const { versions = [], timeZone } = randomised.state();
  const tomorrow = Temporal.Instant.from(evening).toZonedDateTimeISO(timeZone).toPlainDate().add({ days: 1 });
  assert.deepEqual(versions.at(-1), { protocolVersion: '9.0.0', fromDate: tomorrow.toString() });
});

test('nobody is randomised on a version that has been replaced', () => {
  const record = screened();
  record.accept(now, consentCommand());
  record.accept(now, command('confirmEligibility', { reason: 'Reviewed' }), as('investigator'));
  const newest = { ...tiny, version: '9.0.0' };
  const randomise = command('randomise', { startDate: '2026-03-02' });
  const refused = record.act(now, randomise, { newest, reconsentDue: true });
  assert.ok(isProblemWith(refused, 'consent_version_outdated'));
});

test('eligibility is confirmed by an investigator, after consent, once', () => {
  const record = screened();
  const confirm = () => command('confirmEligibility', { reason: 'Reviewed' });
  assert.equal(record.refuse(now, confirm()), 'not_consented');
  record.accept(now, consentCommand());
  assert.equal(record.refuse(now, confirm(), as('coordinator')), 'role_not_allowed');
  record.accept(now, confirm());
  assert.equal(record.refuse(now, confirm()), 'already_confirmed');
});

test('how often each question about the text was answered is kept, and nothing about questions that were not asked', () => {
  const record = openRecord();
  record.accept(at(1, '06:00'), screenCommand());
  const [consented] = record.accept(at(1, '06:10'), consentCommand({ attempts: { stop: 3, other: 1 } }));
  assert.ok(consented?.type === 'participant.consented');
  assert.deepEqual(consented.attempts, { stop: 3 });
});
