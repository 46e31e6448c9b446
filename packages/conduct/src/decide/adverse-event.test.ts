import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  adverseEventCommand,
  as,
  at,
  command,
  consentedRecord,
  deviceAt,
  dosingRecord,
  openRecord,
  screenCommand,
  tiny,
  typesOf,
} from '../test-study.ts';

const now = at(1, '18:00');
const assess = (adverseEventId: string, changes = {}) =>
  command('assessAdverseEvent', {
    adverseEventId,
    grade: 1,
    serious: false,
    relatedness: 'possible',
    outcome: 'resolved',
    reason: 'Spoke with the participant',
    ...changes,
  });

test('an adverse event is recorded from consent on', () => {
  const early = openRecord();
  early.accept(now, screenCommand());
  assert.equal(early.refuse(now, adverseEventCommand()), 'not_consented');
  const record = consentedRecord();
  const events = record.accept(now, adverseEventCommand({ note: 'After lunch' }));
  assert.deepEqual(typesOf(events), ['adverseEvent.reported']);
  assert.equal(record.state().adverseEvents[0]?.term, 'Headache');
});

for (const [changes, what] of [
  [{ grade: 3 }, 'of grade 3'],
  [{ serious: true }, 'that is serious'],
] as const) {
  test(`an adverse event ${what} holds dosing and alerts at once, whatever the protocol says`, () => {
    const record = dosingRecord();
    const events = record.accept(now, adverseEventCommand(changes));
    assert.deepEqual(typesOf(events), ['adverseEvent.reported', 'dosing.held', 'signal.raised']);
    assert.equal(events[2]?.type === 'signal.raised' && events[2].severity, 'urgent');
  });
}

test('grade 2 neither holds nor alerts by itself', () => {
  assert.equal(dosingRecord().accept(now, adverseEventCommand({ grade: 2 })).length, 1);
});

test('where the protocol’s own rule holds urgently, ours adds nothing', () => {
  const rule = {
    id: 'severe',
    label: 'Severe event',
    rule: 'adverseEvent.grade >= 3',
    effect: 'hold',
    severity: 'urgent',
    participantMessage: 'The study team will call you.',
  } as const;
  const protocol = { ...tiny, safety: { ...tiny.safety, holdRules: [rule] } };
  const record = dosingRecord();
  const events = record.accept(now, adverseEventCommand({ grade: 4 }), { protocol });
  assert.deepEqual(typesOf(events), ['adverseEvent.reported', 'dosing.held', 'signal.raised']);
  assert.equal(record.state().holds[0]?.rule, 'severe');
});

test('a second severe event alerts again and adds no second hold', () => {
  const record = dosingRecord();
  record.accept(now, adverseEventCommand({ grade: 3 }));
  assert.deepEqual(typesOf(record.accept(now, adverseEventCommand({ grade: 3 }))), [
    'adverseEvent.reported',
    'signal.raised',
  ]);
});

test('an event cannot begin in the future', () => {
  assert.equal(consentedRecord().refuse(now, adverseEventCommand({ onset: '2026-03-04' })), 'onset_invalid');
});

test('an investigator assesses; what becomes severe by assessment holds dosing', () => {
  const record = dosingRecord();
  const [reported] = record.accept(now, adverseEventCommand({ grade: 2 }));
  assert.ok(reported?.type === 'adverseEvent.reported');
  const { adverseEventId } = reported;
  assert.equal(record.refuse(now, assess(adverseEventId), as('coordinator')), 'role_not_allowed');
  assert.equal(record.refuse(now, assess('other')), 'unknown_adverse_event');
  const events = record.accept(now, assess(adverseEventId, { grade: 3, outcome: 'ongoing' }));
  assert.deepEqual(typesOf(events), ['adverseEvent.assessed', 'dosing.held', 'signal.raised']);
  const [hold] = record.state().holds;
  record.accept(now, command('resume', { holdId: hold?.holdId ?? '', reason: 'Recovered' }));
  const again = record.accept(now, assess(adverseEventId, { grade: 3 }));
  assert.deepEqual(typesOf(again), ['adverseEvent.assessed'], 'assessed again as severe is no news');
  assert.equal(record.state().adverseEvents[0]?.ongoing, false);
});

test('a report cannot come from the future, and is kept', () => {
  const device = deviceAt(at(1, '18:30'), now);
  const decision = dosingRecord().act(now, adverseEventCommand({ device }));
  assert.ok(!decision.ok);
  assert.deepEqual([decision.problem.code, decision.keep], ['time_in_future', true]);
});
