/** The published designs against what their publications say. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { instrumentById } from '@limen/instruments';
import everyThirdDay from '../../../protocols/lsd-10ug-every-third-day.json' with { type: 'json' };
import selfBlinding from '../../../protocols/self-blinding-2021.json' with { type: 'json' };
import { compileCalendar, findings, hasErrors, type ProtocolDocument, parseProtocol } from './index.ts';

function read(document: unknown): ProtocolDocument {
  const result = parseProtocol(JSON.stringify(document));
  assert.ok(result.ok);
  return result.protocol;
}

const home = read(everyThirdDay);
const citizen = read(selfBlinding);
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Tokyo',
  'Australia/Sydney',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'America/St_Johns',
];
const mondays = ['2026-03-02', '2026-09-28', '2028-02-07', '2026-12-14'];

function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

for (const [name, protocol] of [
  ['self-blinding', citizen],
  ['every third day', home],
] as const) {
  test(`${name}: no errors, and a calendar in every zone and season`, () => {
    assert.equal(hasErrors(findings(protocol)), false);
    for (const timeZone of zones) {
      for (const startDate of mondays) {
        const { occurrences } = compileCalendar(protocol, { startDate, timeZone });
        const doses = occurrences.filter(({ kind }) => kind === 'dose');
        assert.equal(new Set(doses.map(({ date }) => date)).size, doses.length);
        for (const { opensAt, closesAt, lateUntil } of occurrences)
          assert.ok(opensAt < closesAt && closesAt <= lateUntil);
      }
    }
  });

  test(`${name}: what is asked is licensed, and takes less than two minutes on most days`, () => {
    const { occurrences } = compileCalendar(protocol, { startDate: '2026-03-02', timeZone: 'UTC' });
    const secondsOn = new Map<string, number>();
    for (const { kind, activityId, date } of occurrences) {
      const activity = protocol.activities.find(({ id }) => id === activityId);
      if (kind === 'dose' || activity === undefined) continue;
      const instrument = instrumentById(activity.instrument);
      assert.ok(instrument.licence.statement.length > 0);
      secondsOn.set(date, (secondsOn.get(date) ?? 0) + instrument.estimatedSeconds);
    }
    const sorted = [...secondsOn.values()].sort((a, b) => a - b);
    assert.ok((sorted[Math.floor(sorted.length / 2)] ?? 0) < 120);
    const total = sorted.reduce((sum, seconds) => sum + seconds, 0) / 60;
    assert.ok(total < (protocol === citizen ? 75 : 100), `${total} minutes`);
  });
}

test('self-blinding: 10 weeks from a Monday, 4 dose weeks, 16 capsules on Mon, Tue, Thu and Fri', () => {
  const calendar = compileCalendar(citizen, { startDate: '2026-03-02', timeZone: 'Europe/Berlin' });
  assert.equal(calendar.lastDate, '2026-05-10');
  assert.equal(Math.max(...citizen.epochs.map(({ lastDay }) => lastDay)), 70);
  const doses = calendar.occurrences.filter(({ kind }) => kind === 'dose');
  assert.equal(doses.length, 16);
  assert.deepEqual([...new Set(doses.map(({ date }) => weekdayOf(date)))].sort(), [1, 2, 4, 5]);
  // Study weeks count from 1: the published weeks 1 to 4 are weeks 2 to 5.
  assert.deepEqual([...new Set(doses.map(({ week }) => week))], [2, 3, 4, 5]);
});

test('self-blinding: acute on 4 Thursdays, post-acute on 4 Sundays, guesses after both', () => {
  const { occurrences } = compileCalendar(citizen, { startDate: '2026-03-02', timeZone: 'Europe/Berlin' });
  const of = (id: string) => occurrences.filter(({ activityId }) => activityId === id);
  assert.deepEqual(
    of('acute').map(({ date }) => weekdayOf(date)),
    [4, 4, 4, 4],
  );
  assert.deepEqual(
    of('post-acute').map(({ date }) => weekdayOf(date)),
    [7, 7, 7, 7],
  );
  for (const { studyDay, after } of of('guess-capsule')) assert.ok(after.includes(`acute@${studyDay}`));
  for (const { studyDay, after } of of('guess-week')) assert.ok(after.includes(`post-acute@${studyDay}`));
});

test('self-blinding: every acute rating falls 2 to 6 hours after the capsule, and post-acute 48 to 72 hours after the last', () => {
  const { occurrences } = compileCalendar(citizen, { startDate: '2026-03-02', timeZone: 'Europe/Berlin' });
  const hours = (later: string, earlier: string) => (Date.parse(later) - Date.parse(earlier)) / 3_600_000;
  const on = (id: string) => {
    const found = occurrences.find((occurrence) => occurrence.id === id);
    assert.ok(found, id);
    return found;
  };
  const [capsule, acute] = [on('dose@11'), on('acute@11')];
  assert.equal(hours(acute.opensAt, capsule.closesAt), 2);
  assert.equal(hours(acute.closesAt, capsule.opensAt), 6);
  const [friday, sunday] = [on('dose@12'), on('post-acute@14')];
  assert.ok(hours(sunday.opensAt, friday.closesAt) >= 46 && hours(sunday.closesAt, friday.opensAt) <= 72);
});

test('self-blinding: accumulative outcomes in weeks 0, 5 and 9, with what may be shipped', () => {
  const { occurrences } = compileCalendar(citizen, { startDate: '2026-03-02', timeZone: 'Europe/Berlin' });
  const weeksOf = (instrument: string) => {
    const ids = citizen.activities.filter((item) => item.instrument === instrument).map(({ id }) => id);
    return [...new Set(occurrences.filter(({ activityId }) => ids.includes(activityId)).map(({ week }) => week - 1))];
  };
  assert.deepEqual(weeksOf('dass-21'), [0, 5, 9]);
  assert.deepEqual(weeksOf('phq-9'), [0, 1, 2, 3, 4, 5, 9]);
});

test('self-blinding: three arms of equal weight that the consent text does not give away', () => {
  assert.deepEqual(
    citizen.arms.map(({ id, weight }) => [id, weight]),
    [
      ['pl', 1],
      ['hh', 1],
      ['md', 1],
    ],
  );
  assert.equal(citizen.blinding.armsDisclosed, false);
  const text = JSON.stringify(citizen.consent).toLowerCase();
  for (const word of ['half-half', 'one third', '1/3', 'three groups', 'four variants'])
    assert.ok(!text.includes(word), word);
});

test('every third day: 14 capsules of 10 µg LSD three days apart, over six weeks', () => {
  const { occurrences } = compileCalendar(home, { startDate: '2026-03-03', timeZone: 'Pacific/Auckland' });
  const doses = occurrences.filter(({ kind }) => kind === 'dose');
  assert.equal(doses.length, 14);
  assert.deepEqual(
    [...new Set(doses.slice(1).map(({ studyDay }, index) => studyDay - (doses[index]?.studyDay ?? 0)))],
    [3],
  );
  const dosing = home.epochs.find(({ id }) => id === home.dosing.epoch);
  assert.equal((dosing?.lastDay ?? 0) - (dosing?.firstDay ?? 0) + 1, 42);
  assert.deepEqual(home.interventions[0]?.substances?.[0]?.dose, { min: 10, max: 10, unit: 'µg', form: 'lsd-base' });
  assert.equal(home.population.plannedSampleSize, 80);
  assert.deepEqual(home.randomisation, { procedure: { kind: 'bigStick', tolerance: 3 }, stratifyBy: ['site'] });
});

test('every third day: a guess on each capsule day and one at the end, after the outcomes', () => {
  const { occurrences } = compileCalendar(home, { startDate: '2026-03-03', timeZone: 'UTC' });
  const guesses = occurrences.filter(({ activityId }) => activityId === 'guess-capsule');
  assert.equal(guesses.length, 14);
  for (const { studyDay, after } of guesses) assert.ok(after.includes(`daily-check-in@${studyDay}`));
  assert.deepEqual(occurrences.find(({ activityId }) => activityId === 'guess-end')?.after, [
    'dass-week-6@50',
    'phq-9-week-6@50',
    'gad-7-week-6@50',
  ]);
});

/** Syllables by vowel groups, a silent final e not counted. */
function syllables(word: string): number {
  const groups = word.replace(/e$/, '').match(/[aeiouy]+/g)?.length ?? 0;
  return Math.max(1, groups);
}

/** Flesch-Kincaid grade level (Kincaid 1975). */
function readingGrade(text: string): number {
  const sentences = text.split(/[.!?]+\s|[.!?]+$/).filter((sentence) => sentence.trim() !== '').length;
  const words = text.toLowerCase().match(/[a-z’']+/g) ?? [];
  const spoken = words.reduce((sum, word) => sum + syllables(word), 0);
  return 0.39 * (words.length / sentences) + 11.8 * (spoken / words.length) - 15.59;
}

test('the reading grade tells plain text from legal text', () => {
  assert.ok(readingGrade('The cat sat on the mat. It was warm.') < 2);
  assert.ok(
    readingGrade('Notwithstanding contractual obligations, participants indemnify institutional representatives.') > 16,
  );
});

test('consent reads at grade 8 or below, whole and section by section, in every document', () => {
  const folder = new URL('../../../protocols/', import.meta.url);
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.json') || file.endsWith('.schema.json')) continue;
    for (const { sections } of read(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))).consent) {
      assert.ok(readingGrade(sections.map(({ text }) => text).join(' ')) <= 8, file);
      for (const { id, text } of sections) assert.ok(readingGrade(text) <= 9, `${file} ${id}: ${readingGrade(text)}`);
    }
  }
});

test('in the self-blinding design every guess waits for the outcomes of its day; the last one is about the whole study', () => {
  const { activities, blinding } = citizen;
  const guesses = activities.filter(({ purpose }) => purpose === 'guess');
  assert.deepEqual(
    guesses.map(({ id }) => id),
    ['guess-capsule', 'guess-week', 'guess-study'],
  );
  const outcomes = new Set(activities.filter(({ purpose }) => purpose !== 'guess').map(({ id }) => id));
  for (const { after } of guesses) assert.ok(after.length > 0 && after.every((id) => outcomes.has(id)));
  // Asked with “I don’t know”, a confidence and cues, and without the groups being named.
  assert.equal(guesses[2]?.instrument, 'treatment-guess-period');
  assert.equal(blinding.armsDisclosed, false);
});
