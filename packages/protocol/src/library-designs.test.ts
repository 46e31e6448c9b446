/** Every document of the library: clean, answered, and of the design that its source describes. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findInstrument } from '@limen/instruments';
import {
  answerTo,
  compileCalendar,
  consentTopics,
  findings,
  hasErrors,
  nextStartDate,
  type ProtocolDocument,
  parseProtocol,
  plannedIntervention,
  reportingItems,
  unanswered,
} from './index.ts';

const folder = new URL('../../../protocols/', import.meta.url);
const documents = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
    .map((file): [string, ProtocolDocument] => {
      const parsed = parseProtocol(readFileSync(new URL(file, folder), 'utf8'));
      assert.ok(parsed.ok, `${file}: ${parsed.ok ? '' : parsed.problems[0]?.message}`);
      assert.equal(`${parsed.protocol.id}.json`, file);
      return [parsed.protocol.id, parsed.protocol];
    }),
);
const zones = ['Pacific/Auckland', 'Europe/Zurich', 'America/St_Johns'];

/** What the sources say: capsules, the distances between them, the days of the study, people, and capsules by content. */
const designs: Readonly<Record<string, Design>> = {
  // Szigeti and others, eLife 2021: four dose weeks of four capsules, ten weeks in all.
  'self-blinding-2021': { doses: 16, gaps: [1, 2, 3], lastDay: 70, people: null, arms: {} },
  // Murphy and others 2023: 14 doses of 10 µg, every third day for six weeks, 80 people.
  'lsd-10ug-every-third-day': {
    doses: 14,
    gaps: [3],
    lastDay: 83,
    people: 80,
    arms: { lsd: { 'lsd-10': 14 }, placebo: { placebo: 14 } },
  },
  // Daldegan-Bueno and others 2024: two doses a week for eight weeks, 90 people, half of them given LSD.
  'lsd-depression-titration': {
    doses: 16,
    gaps: [3, 4],
    lastDay: 97,
    people: 90,
    arms: {
      lsd: { 'lsd-8': 4, 'lsd-10': 6, 'lsd-12': 6 },
      caffeine: { 'caffeine-1': 4, 'caffeine-2': 6, 'caffeine-3': 6 },
      methylphenidate: { 'methylphenidate-1': 4, 'methylphenidate-2': 6, 'methylphenidate-3': 6 },
    },
  },
  // Mueller and others 2025: 20 µg twice a week for six weeks, 12 doses, 53 people.
  'lsd-20ug-twice-weekly-adhd': {
    doses: 12,
    gaps: [3, 4],
    lastDay: 83,
    people: 53,
    arms: { lsd: { 'lsd-20': 12 }, placebo: { placebo: 12 } },
  },
  // Cavanna and others 2022, NCT05160220: one session of each kind a week apart, 34 people.
  'psilocybin-mushroom-crossover': {
    doses: 2,
    gaps: [7],
    lastDay: 45,
    people: 34,
    arms: { 'active-first': { mushrooms: 1, placebo: 1 }, 'placebo-first': { mushrooms: 1, placebo: 1 } },
  },
  // Own design: a Williams square of four, sessions a week apart.
  'psilocybin-dose-finding': {
    doses: 4,
    gaps: [7],
    lastDay: 56,
    people: 24,
    arms: Object.fromEntries(
      [1, 2, 3, 4].map((order) => [
        `order-${order}`,
        { placebo: 1, 'psilocybin-1': 1, 'psilocybin-2': 1, 'psilocybin-3': 1 },
      ]),
    ),
  },
  // Own design: three pairs of weekly blocks, two capsules a week.
  'lsd-n-of-1': {
    doses: 12,
    gaps: [3, 4],
    lastDay: 83,
    people: 1,
    arms: Object.fromEntries(
      ['aaa', 'aab', 'aba', 'abb', 'baa', 'bab', 'bba', 'bbb'].map((order) => [
        `order-${order}`,
        { 'lsd-10': 6, placebo: 6 },
      ]),
    ),
  },
  // Own design: two cycles of four weeks with breaks of two.
  'supervised-care-psilocybin': {
    doses: 16,
    gaps: [3, 4, 18],
    lastDay: 98,
    people: null,
    arms: { care: { psilocybin: 16 } },
  },
};
type Design = {
  readonly doses: number;
  readonly gaps: readonly number[];
  readonly lastDay: number;
  readonly people: number | null;
  readonly arms: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

test('the library holds the designs that are described here, and no other', () => {
  assert.deepEqual([...documents.keys()].sort(), Object.keys(designs).sort());
});

for (const [id, protocol] of documents) {
  test(`${id} has no error, and every finding in it is answered in writing`, () => {
    const found = findings(protocol);
    assert.equal(hasErrors(found), false);
    assert.deepEqual(unanswered(protocol, found), []);
    const answered = new Set(found.map(({ code, path }) => `${code} ${path}`));
    const idle = (protocol.answers ?? []).filter(({ code, path }) => !answered.has(`${code} ${path}`));
    assert.deepEqual(idle, [], 'an answer to nothing');
    for (const finding of found) assert.ok((answerTo(protocol, finding) ?? '').length > 40, finding.path);
    assert.ok(reportingItems(protocol).every(({ status }) => status !== 'empty'));
  });

  test(`${id} has the doses, the spacing and the duration of its source, in three zones and two seasons`, () => {
    const design = designs[id];
    assert.ok(design);
    for (const timeZone of zones) {
      for (const from of ['2027-02-20', '2027-09-15']) {
        const startDate = nextStartDate(protocol, from);
        const { occurrences, lastDate } = compileCalendar(protocol, { startDate, timeZone, drawSeed: 'a' });
        const days = occurrences.filter(({ kind }) => kind === 'dose').map(({ studyDay }) => studyDay);
        assert.equal(days.length, design.doses);
        const gaps = new Set(days.slice(1).map((day, index) => day - (days[index] ?? 0)));
        assert.deepEqual(
          [...gaps].sort((a, b) => a - b),
          design.gaps,
        );
        const last = Temporal.PlainDate.from(startDate).add({ days: design.lastDay - 1 });
        assert.equal(lastDate, last.toString());
      }
    }
    if (design.people !== null) assert.equal(protocol.population.plannedSampleSize, design.people);
  });

  test(`${id} gives every arm what its source describes`, () => {
    const expected = designs[id]?.arms ?? {};
    for (const arm of protocol.arms) {
      const given = expected[arm.id];
      if (given === undefined) continue;
      const counts: Record<string, number> = {};
      for (let dose = 1; dose <= protocol.dosing.maximumDoses; dose += 1) {
        const intervention = plannedIntervention(arm, dose) ?? 'drawn';
        counts[intervention] = (counts[intervention] ?? 0) + 1;
      }
      assert.deepEqual(counts, given, arm.id);
    }
    for (const arm of Object.keys(expected))
      assert.ok(
        protocol.arms.some((one) => one.id === arm),
        arm,
      );
  });

  test(`${id} asks only what may be asked, in words of its own, and claims no benefit`, () => {
    for (const { instrument } of protocol.activities) {
      assert.ok((findInstrument(instrument)?.licence.statement ?? '') !== '', instrument);
    }
    const texts = protocol.consent.flatMap(({ sections }) => sections.map(({ text }) => text)).join(' ');
    assert.doesNotMatch(texts, /\b(proven|cures?|heals?|will help you)\b/i);
    assert.match(texts, /We do not know|No one knows|This is no treatment/);
    for (const { sections } of protocol.consent) {
      const said = new Set(sections.filter(({ text }) => text.length > 0).map((section) => section.id));
      assert.deepEqual(
        consentTopics.filter((topic) => !said.has(topic)),
        [],
      );
    }
  });

  test(`${id} names its sources, its missing data, its multiplicity and who stops it, and no person`, () => {
    assert.ok(protocol.sources.length > 0);
    const { identity, analysis, estimands, safety, medication, supply, roles } = protocol;
    assert.ok(identity !== undefined && medication !== undefined && supply !== undefined && roles !== undefined);
    assert.ok(analysis.missingData !== undefined && analysis.multiplicity !== undefined);
    assert.ok((safety.stoppingRules ?? []).length > 0 && safety.holdRules.length > 0);
    for (const { variable, population, treatment, summary, intercurrentEvents } of estimands ?? []) {
      for (const words of [variable, population, treatment, summary]) assert.ok(words.length > 0);
      assert.ok(intercurrentEvents.length > 0);
    }
    // “As the comparator” says nothing where each person is their own comparison, or where there is none.
    const within = protocol.arms.length === 1 || protocol.arms.some(({ content }) => content.kind !== 'constant');
    const between = ['self-blinding-2021', 'lsd-depression-titration'].includes(id);
    if (within && !between) assert.doesNotMatch(JSON.stringify(analysis.missingData), /as the comparator/);
  });

  test(`${id} says of blinding, looks and chance in its reporting what its own sections say`, () => {
    const said = (item: string) => {
      const found = protocol.reporting?.spirit?.find((one) => one.item === item);
      return found !== undefined && 'says' in found ? (found.says ?? '') : '';
    };
    assert.equal(/nobody is blinded/i.test(said('24c')), protocol.blinding.masked.length === 0);
    assert.equal(/^There is no interim look/.test(said('28b')), protocol.analysis.interims === undefined);
    assert.equal(/^Nothing is drawn/.test(said('22')), protocol.arms.length === 1);
    assert.equal(/board/.test(said('28a')), protocol.population.plannedSampleSize !== 1);
  });

  test(`${id} is laid out as the others: two spaces, one line end, characters as they are`, () => {
    const text = readFileSync(new URL(`${id}.json`, folder), 'utf8');
    assert.equal(text, `${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  });
}

test('in the dose-finding crossover every dose follows every other once', () => {
  const protocol = documents.get('psilocybin-dose-finding');
  assert.ok(protocol);
  const followed = protocol.arms.flatMap((arm) =>
    [2, 3, 4].map((dose) => `${plannedIntervention(arm, dose - 1)} ${plannedIntervention(arm, dose)}`),
  );
  assert.equal(followed.length, 12);
  assert.equal(new Set(followed).size, 12);
});

test('in the n-of-1 the eight orders are the eight ways to order three pairs', () => {
  const protocol = documents.get('lsd-n-of-1');
  assert.ok(protocol);
  const orders = protocol.arms.map((arm) =>
    Array.from({ length: 12 }, (_, index) => (plannedIntervention(arm, index + 1) === 'placebo' ? 'P' : 'A')).join(''),
  );
  assert.equal(new Set(orders).size, 8);
  for (const order of orders) assert.match(order, /^(AAPP|PPAA){3}$/);
});
