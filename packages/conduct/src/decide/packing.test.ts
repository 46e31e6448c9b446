import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandSchema, findingsOfWeights, packingHelper, packingSteps } from '../index.ts';
import {
  at,
  command,
  deviceAt,
  doseCommand,
  envelopePlan,
  envelopeToken,
  packingGiven,
  packingRecord,
  packingStep,
  randomisedRecord,
  typesOf,
} from '../test-study.ts';

const now = at(3, '08:30');
const helper = { ...packingGiven, actor: packingHelper };
const open = (token: number, week: number) => command('openEnvelope', { envelope: envelopeToken(token), week });

test('the plan is written before it is shown, and a second request changes nothing', () => {
  const record = randomisedRecord();
  const [planned] = record.accept(now, command('planPacking', { mode: 'self' }), packingGiven);
  assert.deepEqual(planned, { type: 'packing.planned', mode: 'self', ...envelopePlan });
  const other = { weeks: envelopePlan.leftovers, leftovers: envelopePlan.weeks };
  assert.equal(
    record.refuse(now, command('planPacking', { mode: 'helper' }), { ...packingGiven, envelopes: other }),
    'packing_planned_already',
  );
  assert.deepEqual(record.state().packing?.weeks, envelopePlan.weeks);
});

test('steps go in their order and no other, and the last one puts the kit into the person’s hands', () => {
  const record = randomisedRecord();
  record.accept(now, command('planPacking', { mode: 'self' }), packingGiven);
  for (const [index, step] of packingSteps.entries()) {
    for (const later of packingSteps.slice(index + 1)) {
      assert.equal(record.refuse(now, packingStep(later), packingGiven), 'packing_step_order');
    }
    const events = record.accept(now, packingStep(step), packingGiven);
    if (step === 'sealed') assert.deepEqual(typesOf(events), ['packing.recorded', 'kit.dispensed']);
  }
  assert.equal(record.state().dispensed, true);
  record.accept(now, doseCommand('dose@3'));
});

test('labels may be printed again until the envelopes are closed, and not after', () => {
  packingRecord('weighed').accept(now, packingStep('printed'), packingGiven);
  assert.equal(packingRecord('shuffled').refuse(now, packingStep('printed'), packingGiven), 'packing_step_done');
});

test('a helper packs, the participant scans; neither does the other’s part', () => {
  const record = randomisedRecord();
  record.accept(now, command('planPacking', { mode: 'helper' }), packingGiven);
  for (const step of ['printed', 'filled', 'weighed', 'shuffled'] as const) {
    assert.equal(record.refuse(now, packingStep(step), packingGiven), 'helper_packs');
    const [event] = record.accept(now, packingStep(step), helper);
    assert.ok(event?.type === 'packing.recorded' && event.by === 'helper');
  }
  assert.equal(record.refuse(now, packingStep('sorted'), helper), 'helper_may_not');
  record.accept(now, packingStep('sorted'), packingGiven);
});

test('who of the team packed for a person does not rate that person, and others may', () => {
  const record = packingRecord();
  const packer = { actor: { id: 'an-account', role: 'coordinator' } } as const;
  record.accept(now, command('declarePacker', {}), packer);
  assert.equal(record.refuse(now, doseCommand('dose@3'), packer), 'packer_may_not_rate');
  assert.equal(record.refuse(now, open(1, 1), packer), 'packer_may_not_rate');
  record.accept(now, doseCommand('dose@3'));
});

test('weights are kept from light to heavy, so that they say nothing of which capsule is which', () => {
  const record = packingRecord('filled');
  const weighing = command('recordPacking', { step: 'weighed', weights: [340, 300, 310], resolutionMg: 10 });
  const [event] = record.accept(now, weighing, packingGiven);
  assert.ok(event?.type === 'packing.recorded');
  assert.deepEqual(event.weights, [300, 310, 340]);
});

test('capsules that differ beyond the scale are told to the team; a scale that shows too little is noted', () => {
  assert.deepEqual(findingsOfWeights([300, 305, 296], 1), []);
  assert.deepEqual(findingsOfWeights([300, 300, 400], 10), ['weightsDiffer']);
  // Half a division either way is the display's doing: 0.3 g and 0.4 g on a scale that shows 0.1 g.
  assert.deepEqual(findingsOfWeights([300, 300, 400], 100), ['scaleTooCoarse']);
  assert.deepEqual(findingsOfWeights([0, 0, 0], 1000), ['scaleTooCoarse']);
  assert.deepEqual(findingsOfWeights([301, 302, 303], 10), ['notOfThisScale']);
  const record = packingRecord('filled');
  const uneven = command('recordPacking', { step: 'weighed', weights: [300, 300, 400], resolutionMg: 10 });
  assert.deepEqual(typesOf(record.accept(now, uneven, packingGiven)), ['packing.recorded', 'signal.raised']);
});

test('the envelope of the week is recorded in silence', () => {
  const [event, ...more] = packingRecord().accept(now, open(1, 1));
  assert.ok(event?.type === 'envelope.opened');
  assert.deepEqual([event.plannedWeek, event.flags, more], [1, [], []]);
});

test('weeks swapped, a leftover opened, two in one week: kept, flagged, told to the team', () => {
  const record = packingRecord();
  const flagsOf = (token: number, week: number) => {
    const [event, signal] = record.accept(now, open(token, week));
    assert.equal(signal?.type, 'signal.raised');
    return event?.type === 'envelope.opened' ? event.flags : null;
  };
  assert.deepEqual(flagsOf(2, 1), ['otherWeek']);
  assert.deepEqual(flagsOf(1, 2), ['otherWeek']);
  assert.deepEqual(flagsOf(6, 3), ['leftover']);
  assert.deepEqual(flagsOf(3, 3), ['secondInWeek']);
  assert.deepEqual(flagsOf(3, 4), ['otherWeek', 'openedBefore']);
});

test('somebody else’s envelope is refused in one neutral sentence and kept for the team', () => {
  const decision = packingRecord().act(now, open(99, 1));
  assert.ok(!decision.ok && decision.keep);
  assert.equal(decision.problem.detail, 'This is not one of your envelopes. Put it back unopened, and look for yours.');
});

test('an envelope opened offline counts from the moment it was opened', () => {
  const opening = { ...open(1, 1), device: deviceAt(at(2, '09:00'), at(3, '08:30')) };
  const [event] = packingRecord().accept(now, opening);
  assert.ok(event?.type === 'envelope.opened');
  assert.equal(event.openedAt, at(2, '09:00'));
});

test('a torn seal and another code are told to the team, also after the study; nothing is lost', () => {
  const check = (sealCode: string, intact: boolean) => command('checkLeftovers', { sealCode, intact });
  assert.deepEqual(typesOf(packingRecord().accept(now, check('SEAL-1', true))), ['leftovers.checked']);
  assert.deepEqual(typesOf(packingRecord().accept(now, check('SEAL-1', false))), [
    'leftovers.checked',
    'signal.raised',
  ]);
  const record = packingRecord();
  record.add({ type: 'participant.completed' });
  const [event, signal] = record.accept(now, check('SEAL-2', true));
  assert.ok(event?.type === 'leftovers.checked' && !event.matches && signal?.type === 'signal.raised');
});

test('a token of another form does not get in', () => {
  for (const envelope of ['', 'ABC', 'i'.repeat(26), `8${'0'.repeat(25)}`]) {
    assert.equal(commandSchema.safeParse({ ...open(1, 1), envelope }).success, false);
  }
  assert.equal(commandSchema.safeParse(open(1, 1)).success, true);
});
