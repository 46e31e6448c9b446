import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkMedication,
  interactionClasses,
  type MedicationFinding,
  PharmacologyError,
  severities,
  substanceIds,
  summariseMedication,
} from './index.ts';

const one = (name: string, interaction: string, days?: number): MedicationFinding => {
  const options = days === undefined ? {} : { lastTakenDaysAgo: days };
  const found = checkMedication([name], 'lsd', options).find(
    (finding) => finding.status !== 'unknown' && finding.interaction === interaction,
  );
  assert.ok(found, `${name} is not in ${interaction}`);
  return found;
};

test('lithium is contraindicated with every substance, whatever follows the name', () => {
  for (const substance of substanceIds) {
    const [finding] = checkMedication(['LITHIUM carbonate 300 mg'], substance);
    assert.equal(finding?.severity, 'contraindicated', substance);
  }
});

test('case, diacritics, apostrophes and strengths do not matter', () => {
  assert.equal(one('Fluoxétine', 'ssri-snri').severity, 'caution');
  assert.equal(one('  sertraline-HCl 50mg', 'ssri-snri').severity, 'caution');
  assert.equal(one('St. John’s wort', 'serotonergic-other').severity, 'caution');
  assert.equal(one('5-HTP', 'serotonergic-other').severity, 'caution');
});

test('a medicine that is not listed is unknown, never safe, and stands before lesser findings', () => {
  const findings = checkMedication(['sumatriptan', 'Zorblaxine', 'tramadol'], 'psilocybin');
  assert.deepEqual(
    findings.map((finding) => finding.severity),
    ['contraindicated', 'unknown', 'caution'],
  );
  assert.deepEqual(summariseMedication(findings), { worst: 'contraindicated', unknown: ['Zorblaxine'] });
});

test('a part of a word is no match', () => {
  assert.equal(checkMedication(['lithiumine'], 'lsd')[0]?.status, 'unknown');
  assert.equal(checkMedication(['alcoholic extract'], 'lsd')[0]?.status, 'unknown');
});

test('a listed medicine without data for this substance is unknown with it', () => {
  assert.equal(checkMedication(['disulfiram'], 'psilocybin')[0]?.severity, 'caution');
  assert.equal(checkMedication(['disulfiram'], 'lsd')[0]?.status, 'unknown');
});

test('paroxetine with LSD is both a CYP2D6 and an SSRI finding, the graver first', () => {
  const findings = checkMedication(['paroxetine'], 'lsd');
  assert.deepEqual(
    findings.map((finding) => finding.severity),
    ['moderate', 'caution'],
  );
  assert.equal(checkMedication(['paroxetine'], 'psilocybin').length, 1);
});

test('fluoxetine stands for six weeks, other SSRIs for two', () => {
  assert.equal(one('fluoxetine', 'ssri-snri', 41).status, 'withinWashout');
  assert.equal(one('fluoxetine', 'ssri-snri', 41).severity, 'caution');
  assert.equal(one('fluoxetine', 'ssri-snri', 42).status, 'washedOut');
  assert.equal(one('fluoxetine', 'ssri-snri', 42).severity, 'none-known');
  assert.equal(one('sertraline', 'ssri-snri', 14).status, 'washedOut');
  assert.equal(one('sertraline and fluoxetine', 'ssri-snri', 20).status, 'withinWashout');
});

test('an MAO inhibitor needs two weeks, and days can be given by name', () => {
  const findings = checkMedication(['Phenelzine', 'lithium'], 'dmt', { lastTakenDaysAgo: { phenelzine: 13 } });
  assert.deepEqual(
    findings.map((finding) => finding.status),
    ['withinWashout', 'current'],
  );
});

test('lamotrigine carries no known interaction', () => {
  assert.equal(one('lamotrigine', 'lamotrigine').severity, 'none-known');
});

test('no medicines give no findings and nothing unknown; blank lines are no medicines', () => {
  assert.deepEqual(checkMedication([], 'lsd'), []);
  assert.deepEqual(checkMedication(['  ', ''], 'lsd'), []);
  assert.deepEqual(summariseMedication([]), { worst: 'none-known', unknown: [] });
});

test('an unknown substance and impossible days are refused', () => {
  const code = (expected: string) => (error: unknown) => error instanceof PharmacologyError && error.code === expected;
  assert.throws(() => checkMedication(['lithium'], 'tea' as 'lsd'), code('unknown-substance'));
  assert.throws(() => checkMedication(['lithium'], 'lsd', { lastTakenDaysAgo: -1 }), code('not-a-number'));
});

test('every class states severity, mechanism, source and members that find it again', () => {
  const ids = interactionClasses.map((entry) => entry.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const entry of interactionClasses) {
    assert.ok(severities.includes(entry.severity));
    assert.ok(entry.mechanism.length > 10 && entry.source.length > 5 && entry.washoutDays >= 0);
    for (const member of entry.members) {
      for (const substance of entry.substances) {
        const findings = checkMedication([member.toUpperCase()], substance);
        assert.ok(
          findings.some((finding) => finding.status === 'current' && finding.interaction === entry.id),
          `${member} with ${substance}`,
        );
      }
    }
    for (const longer of Object.keys(entry.longerWashoutDays ?? {})) assert.ok(entry.members.includes(longer));
  }
});
