import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Command,
  type DecisionContext,
  decide,
  initialState,
  isEntry,
  type Problem,
  type ProblemCode,
  packingHelper,
  problem,
  problemCodes,
  problems,
} from './index.ts';
import {
  adverseEventCommand,
  as,
  at,
  calendarFor,
  command,
  consentCommand,
  consentedRecord,
  deviceAt,
  doseCommand,
  dosingRecord,
  envelopeToken,
  kit,
  openRecord,
  packingGiven,
  packingRecord,
  packingStep,
  quietAnswers,
  randomisedRecord,
  screenCommand,
  startDate,
  submitCommand,
  tiny,
} from './test-study.ts';

type Driven = ReturnType<typeof openRecord>;
type Scene = readonly [record: Driven, now: string, command: Command, given?: Partial<DecisionContext>];

const now = at(3, '12:30');
const morning = at(3, '08:30');

function screened(changes = {}): Driven {
  const record = openRecord();
  record.accept(now, screenCommand(changes));
  return record;
}

function after(record: Driven, ...commands: readonly (Command | Partial<DecisionContext>)[]): Driven {
  for (const done of commands) if ('type' in done) record.accept(now, done as Command, packingGivenOf(commands));
  return record;
}

const packingGivenOf = (given: readonly (Command | Partial<DecisionContext>)[]) =>
  given.find((one): one is Partial<DecisionContext> => !('type' in one));

const hold = () => command('hold', { reason: 'Waiting' });
const confirm = () => command('confirmEligibility', { reason: 'Reviewed' });
const randomise = () => command('randomise', { startDate });
const assess = () =>
  command('assessAdverseEvent', {
    adverseEventId: 'other',
    grade: 1,
    serious: false,
    relatedness: 'unrelated',
    outcome: 'resolved',
    reason: 'Reviewed',
  });
const returned = () => command('returnKit', { kit, units: 1 });
const lost = () => command('reportKitLost', { kit, cause: 'lost' });
const correct = (value: number) =>
  command('correct', { submissionId: 'submission-1', item: 'q1', value, reason: 'Slip' });
const plan = (mode: 'self' | 'helper' = 'self') => command('planPacking', { mode });
const openEnvelope = (token: number, week: number) => command('openEnvelope', { envelope: envelopeToken(token), week });
const leftovers = () => command('checkLeftovers', { sealCode: 'SEAL-1', intact: true });
const submission = {
  occurrence: 'phq-start@1',
  instrument: 'phq-9',
  instrumentVersion: '1.0.0',
  answers: quietAnswers('phq-9'),
};

/** One scene for each code a decision can give: a new code without one does not compile. */
const scenes: Readonly<Record<Exclude<ProblemCode, 'conflict' | 'unknown_participant'>, () => Scene>> = {
  wrong_study: () => [dosingRecord(), now, submitCommand('today@3'), { protocol: { ...tiny, id: 'other' } }],
  role_not_allowed: () => [consentedRecord(), now, confirm(), as('coordinator')],
  study_locked: () => [dosingRecord(), now, hold(), { studyLocked: true }],
  participant_withdrawn: () => [after(dosingRecord(), command('withdraw', { scope: 'study' })), now, hold()],
  participant_completed: () => {
    const record = dosingRecord();
    record.accept(at(20, '12:00'), command('complete', {}));
    return [record, at(20, '12:00'), hold()];
  },
  not_screened: () => [openRecord(), now, consentCommand()],
  already_screened: () => [consentedRecord(), now, screenCommand()],
  not_eligible: () => [screened({ age: 17 }), now, consentCommand()],
  eligibility_unknown: () => [screened({ allergy: 'unsure' }), now, consentCommand()],
  consent_version_outdated: () => [screened(), now, consentCommand({ version: '1.9' })],
  consent_choice_required: () => [screened(), now, consentCommand({ choices: {} })],
  comprehension_not_passed: () => [screened(), now, consentCommand({ comprehension: { stop: 1 } })],
  already_consented: () => [consentedRecord(), now, consentCommand()],
  not_consented: () => [screened(), now, adverseEventCommand()],
  eligibility_not_confirmed: () => [consentedRecord(), now, randomise()],
  already_confirmed: () => [after(consentedRecord(), confirm()), now, confirm()],
  already_randomised: () => [randomisedRecord(), now, randomise()],
  not_randomised: () => [consentedRecord(), now, submitCommand('today@3')],
  start_date_invalid: () => [
    after(consentedRecord(), confirm()),
    now,
    command('randomise', { startDate: '2026-03-03' }),
  ],
  kit_missing: () => [after(consentedRecord(), confirm()), now, randomise(), { kit: null }],
  kit_mismatch: () => [randomisedRecord(), now, command('dispense', { kit: 'K-0000' })],
  already_dispensed: () => [dosingRecord(), now, command('dispense', { kit })],
  kit_not_usable: () => [randomisedRecord(), now, command('dispense', { kit }), { kitUsable: false }],
  unknown_kit: () => [dosingRecord(), now, command('returnKit', { kit: 'K-0000', units: 1 })],
  already_returned: () => [after(dosingRecord(), returned()), now, returned()],
  already_reported: () => [after(dosingRecord(), lost()), now, lost()],
  kit_not_handed_over: () => [randomisedRecord(), now, returned()],
  too_many_returned: () => [dosingRecord(), now, command('returnKit', { kit, units: 999 })],
  no_code_break_open: () => [
    dosingRecord(),
    now,
    command('reportUnblinding', { channel: 'codeBreak', why: 'Seizure', whoKnows: 'The clinic', impact: 'None yet' }),
  ],
  names_treatment: () => [
    dosingRecord(),
    now,
    command('reportUnblinding', {
      channel: 'other',
      why: 'Told',
      whoKnows: 'The clinic',
      impact: 'It was the Placebo.',
    }),
  ],
  kit_waiting: () => [randomisedRecord(), now, command('replaceKit', {})],
  kit_not_lost: () => [dosingRecord(), now, command('replaceKit', {})],
  not_dispensed: () => [randomisedRecord(), morning, doseCommand('dose@3')],
  unknown_occurrence: () => [dosingRecord(), now, submitCommand('today@99')],
  not_due_yet: () => [dosingRecord(), at(3, '07:00'), doseCommand('dose@3')],
  dosing_on_hold: () => [after(dosingRecord(), hold()), now, doseCommand('dose@3')],
  dosing_stopped: () => [after(dosingRecord(), command('withdraw', { scope: 'dosing' })), now, doseCommand('dose@3')],
  dose_already_recorded: () => [after(dosingRecord(), doseCommand('dose@3')), now, doseCommand('dose@3')],
  dose_too_soon: () => {
    const record = dosingRecord();
    record.accept(at(3, '23:00'), doseCommand('dose@3'));
    return [record, at(5, '08:30'), doseCommand('dose@5')];
  },
  dose_limit_reached: () => {
    const protocol = { ...tiny, dosing: { ...tiny.dosing, maximumDoses: 1 } };
    return [after(dosingRecord(), doseCommand('dose@3')), at(5, '09:00'), doseCommand('dose@5'), { protocol }];
  },
  guess_before_outcome: () => [dosingRecord(), now, submitCommand('guess@3')],
  earlier_activity_missing: () => [dosingRecord(), now, submitCommand('evening@3')],
  already_answered: () => [after(dosingRecord(), submitCommand('today@3')), now, submitCommand('today@3')],
  instrument_mismatch: () => [dosingRecord(), now, { ...submitCommand('today@3'), instrumentVersion: '0.1.0' }],
  answer_out_of_range: () => [dosingRecord(), now, submitCommand('today@3', { mood: -1 })],
  answer_invalid: () => [dosingRecord(), now, submitCommand('today@3', { mood: 'good' })],
  answer_missing: () => [dosingRecord(), now, { ...submitCommand('today@3'), answers: {} }],
  time_in_future: () => [dosingRecord(), now, submitCommand('today@3', {}, { sent: deviceAt(at(3, '13:00'), now) })],
  not_self_packed: () => [randomisedRecord(), now, plan()],
  envelopes_missing: () => [randomisedRecord(), now, plan(), { ...packingGiven, envelopes: null }],
  packing_planned_already: () => [packingRecord('printed'), now, plan(), packingGiven],
  packing_not_planned: () => [randomisedRecord(), now, openEnvelope(1, 1), packingGiven],
  packing_step_order: () => [packingRecord('printed'), now, packingStep('weighed'), packingGiven],
  packing_step_done: () => [packingRecord('filled'), now, packingStep('filled'), packingGiven],
  packing_facts_missing: () => [packingRecord('filled'), now, command('recordPacking', { step: 'weighed' })],
  packing_not_finished: () => [packingRecord('sorted'), now, openEnvelope(1, 1), packingGiven],
  helper_packs: () => [
    after(randomisedRecord(), plan('helper'), packingGiven),
    now,
    packingStep('printed'),
    packingGiven,
  ],
  helper_may_not: () => [packingRecord('shuffled'), now, packingStep('sorted'), { actor: packingHelper }],
  packer_declared_already: () => [
    after(packingRecord('printed'), command('declarePacker', {})),
    now,
    command('declarePacker', {}),
  ],
  packer_may_not_rate: () => [after(packingRecord(), command('declarePacker', {})), now, doseCommand('dose@3')],
  envelope_unknown: () => [packingRecord(), now, openEnvelope(99, 1)],
  envelope_recorded_already: () => [after(packingRecord(), openEnvelope(1, 1)), now, openEnvelope(1, 1)],
  leftovers_checked_already: () => [after(packingRecord(), leftovers()), now, leftovers()],
  unknown_adverse_event: () => [dosingRecord(), now, assess()],
  onset_invalid: () => [dosingRecord(), now, adverseEventCommand({ onset: '2027-01-01' })],
  no_such_hold: () => [dosingRecord(), now, command('resume', { holdId: 'other', reason: 'Reviewed' })],
  already_held: () => [after(dosingRecord(), hold()), now, hold()],
  already_withdrawn: () => [
    after(dosingRecord(), command('withdraw', { scope: 'dosing' })),
    now,
    command('withdraw', { scope: 'dosing' }),
  ],
  unknown_submission: () => [dosingRecord(), now, correct(1), { submission: null }],
  nothing_to_correct: () => [after(dosingRecord(), submitCommand('phq-start@1')), now, correct(0), { submission }],
  not_yet_complete: () => [dosingRecord(), now, command('complete', {})],
};

const neverKept = new Set<ProblemCode>([
  'answer_out_of_range',
  'answer_invalid',
  'answer_missing',
  'envelope_recorded_already',
  'leftovers_checked_already',
  'packer_may_not_rate',
]);

for (const [code, scene] of Object.entries(scenes)) {
  test(`${code} is what stands against it, and nothing changes`, () => {
    const [record, when, asked, given] = scene();
    const before = record.state();
    const decision = record.act(when, asked, given);
    assert.ok(!decision.ok);
    assert.equal(decision.problem.code, code);
    assert.equal(record.state(), before);
    const entry = isEntry(asked);
    const shape = neverKept.has(decision.problem.code);
    const other = ['wrong_study'].includes(code);
    assert.equal(decision.keep, entry && !shape && !other);
    assertReadable(decision.problem);
  });
}

test('unknown_participant: nothing is decided for somebody who was never invited', () => {
  const decision = decide(
    initialState({ studyId: 's', participantId: 'p' }),
    screenCommand(),
    openRecord().context(now),
  );
  assert.equal(!decision.ok && decision.problem.code, 'unknown_participant');
});

test('conflict is for the server to say, who knows the ids that were used', () => {
  assert.equal(problem('conflict').status, 409);
  assert.equal(problems.conflict.keep, true);
  assertReadable(problem('conflict'));
});

test('a locked study accepts nothing at all', () => {
  const commands: readonly Command[] = [
    screenCommand(),
    consentCommand(),
    confirm(),
    randomise(),
    command('dispense', { kit }),
    doseCommand('dose@3'),
    submitCommand('today@3'),
    adverseEventCommand(),
    assess(),
    plan(),
    packingStep('printed'),
    openEnvelope(1, 1),
    leftovers(),
    command('declarePacker', {}),
    hold(),
    command('resume', { holdId: 'x', reason: 'Reviewed' }),
    command('withdraw', { scope: 'futureUse' }),
    command('complete', {}),
    correct(1),
  ];
  for (const asked of commands) {
    assert.equal(dosingRecord().refuse(now, asked, { studyLocked: true, submission }), 'study_locked');
  }
});

test('a randomised participant without a calendar is a fault of the caller', () => {
  assert.throws(() => dosingRecord().act(now, submitCommand('today@3'), { calendar: null }), {
    code: 'calendar_missing',
  });
});

test('every code has a status of its kind, a title and no two share a meaning by name', () => {
  for (const code of problemCodes) {
    const { status, title } = problems[code];
    assert.ok([403, 404, 409, 422, 423, 503].includes(status), code);
    assert.match(title, /^[A-Z]/);
  }
  assert.equal(calendarFor(tiny).protocolId, 'tiny');
});

function assertReadable({ detail, title }: Problem): void {
  assert.match(detail, /^[A-Z“].*[.]$/);
  assert.doesNotMatch(`${title} ${detail}`, /undefined|null|NaN|!|\bplacebo|\bactive\b|micro-dose|\barm\b/i);
  assert.doesNotMatch(detail, /take (two|another|an extra|a second)(?! one\. The)/i);
}
