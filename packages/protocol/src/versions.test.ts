import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import { compileCalendar } from './calendar.ts';
import type { ProtocolDocument } from './document.ts';
import { parseProtocol } from './parse.ts';
import {
  type AdoptedVersion,
  calendarOver,
  fixedChanges,
  isReconsentDue,
  versionOn,
  versionParts,
} from './versions.ts';

const parsed = parseProtocol(JSON.stringify(everyThirdDay));
assert.ok(parsed.ok);
const original = parsed.protocol;
const zone = 'Europe/Berlin';
const options = { startDate: '2027-03-01', timeZone: zone };

const version = (number: string, changes: Partial<ProtocolDocument> = {}): ProtocolDocument => ({
  ...original,
  ...changes,
  version: number,
});
const slower = { dosing: { ...original.dosing, regimen: { kind: 'everyNDays', n: 4 } as const } };
const first: AdoptedVersion = { protocol: version('1.0.0'), adoptedAt: '2027-02-01T09:00:00.000Z', reconsent: false };
const quiet: AdoptedVersion = { protocol: version('1.1.0'), adoptedAt: '2027-03-05T22:59:00.000Z', reconsent: false };
const asking: AdoptedVersion = {
  protocol: version('2.0.0', slower),
  adoptedAt: '2027-03-10T09:00:00.000Z',
  reconsent: true,
};
const consent = (protocolVersion: string, fromDate: string | null = null) => ({ protocolVersion, fromDate });
const named = (parts: ReturnType<typeof versionParts>) =>
  parts.map(({ protocol, fromDate }) => [protocol.version, fromDate]);
const dosesOf = (calendar: ReturnType<typeof calendarOver>) =>
  calendar.occurrences.filter(({ kind }) => kind === 'dose').map(({ studyDay }) => studyDay);

test('who has not consented is on the newest version, who has stays until asked and answered', () => {
  const adopted = [first, quiet, asking] as const;
  assert.deepEqual(named(versionParts(adopted, [], zone)), [['2.0.0', null]]);
  assert.deepEqual(named(versionParts(adopted, [consent('1.0.0')], zone)), [
    ['1.0.0', null],
    ['1.1.0', '2027-03-06'],
  ]);
  const again = [consent('1.0.0'), consent('2.0.0', '2027-03-14')];
  assert.deepEqual(named(versionParts(adopted, again, zone)), [
    ['1.0.0', null],
    ['1.1.0', '2027-03-06'],
    ['2.0.0', '2027-03-14'],
  ]);
  assert.equal(isReconsentDue(adopted, [consent('1.0.0')]), true);
  assert.equal(isReconsentDue(adopted, again), false);
  assert.equal(isReconsentDue(adopted, []), false);
});

test('the day after adoption is the participant’s own', () => {
  const parts = versionParts([first, quiet], [consent('1.0.0')], 'Pacific/Auckland');
  assert.equal(parts[1]?.fromDate, '2027-03-07', '22:59 UTC is already the next day there');
});

test('a version behind one that waits for consent waits with it', () => {
  const after: AdoptedVersion = { protocol: version('2.1.0'), adoptedAt: '2027-03-12T09:00:00.000Z', reconsent: false };
  const adopted = [first, asking, after] as const;
  assert.deepEqual(named(versionParts(adopted, [consent('1.0.0')], zone)), [['1.0.0', null]]);
  const again = [consent('1.0.0'), consent('2.1.0', '2027-03-20')];
  assert.deepEqual(named(versionParts(adopted, again, zone)), [
    ['1.0.0', null],
    ['2.1.0', '2027-03-20'],
  ]);
});

test('consent given again before the start counts from the start', () => {
  const parts = versionParts([first, asking], [consent('1.0.0'), consent('2.0.0')], zone);
  assert.deepEqual(named(parts), [['2.0.0', null]]);
});

test('the calendar follows the versions day by day and counts capsules through', () => {
  const parts = versionParts([first, asking], [consent('1.0.0'), consent('2.0.0', '2027-03-14')], zone);
  const calendar = calendarOver(parts, options);
  const [before, after] = [
    dosesOf(compileCalendar(first.protocol, options)),
    dosesOf(compileCalendar(asking.protocol, options)),
  ];
  const expected = [...before.filter((day) => day < 14), ...after.filter((day) => day >= 14)];
  assert.deepEqual(dosesOf(calendar), expected);
  const numbers = calendar.occurrences.flatMap(({ kind, doseNumber }) => (kind === 'dose' ? [doseNumber] : []));
  assert.deepEqual(
    numbers,
    expected.map((_, index) => index + 1),
  );
  assert.equal(calendar.protocolVersion, '2.0.0');
  assert.equal(versionOn(parts, '2027-03-13').version, '1.0.0');
  assert.equal(versionOn(parts, '2027-03-14').version, '2.0.0');
});

test('whatever the order of versions and consents, every day belongs to one version and no day has two capsules', () => {
  const date = fc
    .integer({ min: 1, max: 40 })
    .map((day) => Temporal.PlainDate.from('2027-03-01').add({ days: day }).toString());
  const property = fc.property(fc.boolean(), fc.boolean(), date, date, fc.boolean(), (one, two, a, b, late) => {
    const adopted = [first, { ...quiet, reconsent: one }, { ...asking, reconsent: two }] as const;
    const [from, until] = a < b ? [a, b] : [b, a];
    const consents = [consent('1.0.0'), consent('1.1.0', from), ...(late ? [consent('2.0.0', until)] : [])];
    const parts = versionParts(adopted, consents, zone);
    const days = dosesOf(calendarOver(parts, options));
    assert.equal(new Set(days).size, days.length);
    assert.deepEqual(
      parts.map(({ fromDate }) => fromDate ?? ''),
      [...parts.map(({ fromDate }) => fromDate ?? '')].sort(),
    );
    assert.equal(isReconsentDue(adopted, consents), two && !late);
  });
  fc.assert(property, { numRuns: 200 });
});

test('what the randomisation was committed with cannot be amended', () => {
  assert.deepEqual(fixedChanges(first.protocol, asking.protocol), []);
  const [arm, ...others] = original.arms;
  assert.ok(arm);
  const heavier = version('2.0.0', { arms: [{ ...arm, weight: 2 }, ...others] });
  assert.deepEqual(
    fixedChanges(first.protocol, heavier).map(({ path }) => path),
    ['arms'],
  );
  const relabelled = version('2.0.0', { arms: [{ ...arm, label: 'Another label' }, ...others] });
  assert.deepEqual(fixedChanges(first.protocol, relabelled), []);
  const more = version('2.0.0', { dosing: { ...original.dosing, maximumDoses: original.dosing.maximumDoses + 1 } });
  assert.deepEqual(
    fixedChanges(first.protocol, more).map(({ path }) => path),
    ['dosing.maximumDoses'],
  );
});
