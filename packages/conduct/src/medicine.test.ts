import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProtocolDocument } from '@limen/protocol';
import type { Answers } from './command.ts';
import { medicineWarning } from './medicine.ts';
import { at, randomisedRecord, submitCommand, tiny } from './test-study.ts';

const dose = { min: 10, max: 10, unit: 'µg', form: 'lsd-base' } as const;
const withLsd: ProtocolDocument = {
  ...tiny,
  interventions: tiny.interventions.map((one) =>
    one.role === 'active' ? ({ ...one, substances: [{ substance: 'lsd', dose }] } as typeof one) : one,
  ),
};
const day = '2026-03-04';

test('a medicine that must not be combined with the study’s substance is an urgent signal beside the hold', () => {
  const record = randomisedRecord();
  const answers = { newMedicine: 'yes', newMedicineName: 'Lithium' };
  const events = record.accept(at(3, '12:30'), submitCommand('today@3', answers), { protocol: withLsd });
  const signals = events.flatMap((event) => (event.type === 'signal.raised' ? [[event.rule, event.severity]] : []));
  assert.deepEqual(signals, [
    ['new-medicine', 'prompt'],
    ['medicine-interaction', 'urgent'],
  ]);
  assert.ok(events.some(({ type }) => type === 'dosing.held'));
});

test('the message names the medicine and asks for a call, and never says what to do about the capsule', () => {
  const warning = medicineWarning(withLsd, { newMedicineName: ' lithium ' }, day);
  assert.match(warning?.message ?? '', /lithium.*Call the participant/);
});

const told: readonly [string, Answers, string, RegExp][] = [
  ['MDMA, which adds to the load on heart valves', { otherSubstances: ['mdma'] }, 'urgent', /must not.*mdma/],
  ['cannabis', { otherSubstances: ['cannabis', 'sedative'] }, 'prompt', /calls for caution.*cannabis/],
  ['another psychedelic', { otherSubstances: ['psychedelic'] }, 'prompt', /calls for caution.*psilocybin/],
  ['a day of heavy drinking', { alcohol: 4 }, 'prompt', /calls for caution.*alcohol/],
];
for (const [words, answers, severity, name] of told) {
  test(`the team is told of ${words}, as of a medicine`, () => {
    const warning = medicineWarning(withLsd, answers, day);
    assert.equal(warning?.severity, severity);
    assert.match(warning?.message ?? '', name);
  });
}

const untold: readonly [string, Answers][] = [
  ['a drink or two were had, and nothing else', { alcohol: 3.5, otherSubstances: ['none'] }],
  ['what was taken has no name', { otherSubstances: ['sedative', 'opioid', 'other'] }],
  ['no medicine is named', { newMedicine: 'no' }],
  ['the medicine is not recognised', { newMedicineName: 'Zzyzx' }],
  ['the field is blank', { newMedicineName: '  ' }],
];
for (const [words, answers] of untold) {
  test(`nothing is said of an interaction where ${words}`, () => {
    assert.equal(medicineWarning(withLsd, answers, day), null);
  });
}
