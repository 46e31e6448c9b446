/** A published design, conducted from the first question to the last. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCalendar, newestConsent, type Occurrence, protocolSchema } from '@limen/protocol';
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import { adherence, type Command, statusSummary } from './index.ts';
import {
  command,
  doseCommand,
  kit,
  openRecord,
  screenCommand,
  startDate,
  submitCommand,
  timeZone,
  typesOf,
} from './test-study.ts';

const protocol = protocolSchema.parse(selfBlinding);
const calendar = compileCalendar(protocol, { startDate, timeZone });
const enrolled = '2026-03-01T10:00:00.000Z';

function begin() {
  const record = openRecord(protocol, calendar);
  const form = newestConsent(protocol);
  const steps: readonly Command[] = [
    screenCommand({ psychedelicExperience: 'twoToTen', lastPsychedelicDays: 300, bloodPressureKnown: 'no' }),
    command('consent', {
      version: form.version,
      choices: Object.fromEntries(form.choices.map(({ id }) => [id, true])),
      comprehension: Object.fromEntries(form.comprehension.map(({ id, correct }) => [id, correct])),
      signature: 'A. Person',
    }),
    command('confirmEligibility', { reason: 'All criteria reviewed' }),
    command('randomise', { startDate }),
    command('dispense', { kit }),
  ];
  for (const step of steps) record.accept(enrolled, step);
  return record;
}

const entryFor = (occurrence: Occurrence, changes = {}): Command =>
  occurrence.kind === 'dose' ? doseCommand(occurrence.id) : submitCommand(occurrence.id, changes, { protocol });

/** Answered at the end of each window, guesses last. */
const inOrder = [...calendar.occurrences].sort(
  (a, b) => Date.parse(a.closesAt) - Date.parse(b.closesAt) || a.after.length - b.after.length,
);

test('a careful participant of the self-blinding design is never refused and never alarms', () => {
  const record = begin();
  for (const occurrence of inOrder) {
    const events = record.accept(occurrence.closesAt, entryFor(occurrence));
    assert.equal(events.length, 1, `${occurrence.id}: ${typesOf(events)}`);
  }
  const last = inOrder.at(-1)?.closesAt ?? '';
  assert.deepEqual(adherence(record.state(), calendar, last, protocol), {
    dosesDue: 16,
    taken: 16,
    missed: 0,
    answersDue: 51,
    answered: 51,
    late: 0,
  });
  record.accept(last, command('complete', {}));
  assert.equal(record.state().status, 'completed');
});

test('its rule on suicidality holds dosing, once, and alerts urgently', () => {
  const record = begin();
  const baseline = inOrder.find(({ activityId }) => activityId === 'phq-9-baseline');
  assert.ok(baseline);
  const events = record.accept(baseline.closesAt, entryFor(baseline, { q9: 1 }));
  assert.deepEqual(typesOf(events), ['answers.submitted', 'dosing.held', 'signal.raised']);
  assert.equal(record.state().holds[0]?.rule, 'suicidality');
  const first = inOrder.find(({ kind }) => kind === 'dose');
  assert.ok(first);
  assert.equal(record.refuse(first.opensAt, entryFor(first)), 'dosing_on_hold');
  assert.match(statusSummary(record.state()).holdMessage ?? '', /no more capsules/);
});

test('its serious adverse events hold dosing by the rule of the protocol', () => {
  const record = begin();
  const serious = command('reportAdverseEvent', {
    term: 'Fainted',
    onset: '2026-03-01',
    ongoing: false,
    grade: 2,
    serious: true,
  });
  assert.deepEqual(typesOf(record.accept(enrolled, serious)), [
    'adverseEvent.reported',
    'dosing.held',
    'signal.raised',
  ]);
  assert.equal(record.state().holds[0]?.rule, 'serious-or-severe-event');
});
