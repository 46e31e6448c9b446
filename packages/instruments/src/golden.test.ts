import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  allInstruments,
  type Condition,
  findInstrument,
  type Instrument,
  InstrumentError,
  instrumentById,
  instrumentErrors,
  textsOf,
  wordedItems,
} from './index.ts';

/** Words, items, options and order, without the hints for simulation. A change of any of them is a new version of the instrument. */
const textHash = (instrument: Instrument): string =>
  createHash('sha256')
    .update(
      JSON.stringify([instrument.items, instrument.responseSets, instrument.texts], (key, value) =>
        key === 'typical' ? undefined : value,
      ),
    )
    .digest('hex')
    .slice(0, 16);

const golden: Readonly<Record<string, string>> = {
  'acute-ratings@1.0.0': '545e1ccfacacab53',
  'adverse-event@1.0.0': 'f6d9f3bad62bdf0b',
  'daily-check-in@1.1.0': '9a0b1430c6fbf1e4',
  'dass-21@1.0.0': 'f0b2a0a765661cf5',
  'expectancy@1.0.0': '70a2007a17278f18',
  'gad-7@1.0.0': 'ec285d716f5d78bb',
  'ham-d-17-total@1.0.0': 'cf26023975aa4dbe',
  'phq-4@1.0.0': '86df4658af1b44a2',
  'phq-9@1.0.0': 'd0e348b71a675e07',
  'post-acute@1.0.0': '40b0e952206af0d5',
  'screening-questionnaire@1.1.0': 'd306f173e4ae013e',
  'task-alternate-uses@1.0.0': 'c144f61b59e94550',
  'task-digit-symbol@1.0.0': '792d8993d15a697d',
  'task-divergent-association@1.0.0': 'e4971c657259a0c3',
  'task-n-back@1.0.0': '635106a75fc65e99',
  'task-spatial-span@1.0.0': 'aff1be7b0fa64d15',
  'task-stroop@1.0.0': '3584eb14929b0ae1',
  'task-vigilance@1.0.0': 'b3fe8e613ef47a94',
  'treatment-guess@1.0.0': '1c260d5d034cac69',
  'treatment-guess-forced@1.0.0': '912a5cd1b991fc1d',
  'treatment-guess-period@1.0.0': '1dfb9a11a533da6d',
  'treatment-guess-period-forced@1.0.0': '2a35507c8364cc14',
  'who-5@1.0.0': '494adcebd1b769e4',
};

test('the words, options and order of every version are those that were released', () => {
  const actual = Object.fromEntries(allInstruments.map((one) => [`${one.id}@${one.version}`, textHash(one)]));
  assert.deepEqual(actual, golden);
});

test('every item and every option has words in every language, and nothing is worded that is not asked', () => {
  for (const instrument of allInstruments) {
    for (const [language, texts] of Object.entries(instrument.texts)) {
      const where = `${instrument.id} ${language}`;
      assert.deepEqual(Object.keys(texts.items).sort(), instrument.items.map((item) => item.id).sort(), where);
      assert.deepEqual(Object.keys(texts.options).sort(), Object.keys(instrument.responseSets).sort(), where);
      for (const [set, values] of Object.entries(instrument.responseSets)) {
        assert.deepEqual(Object.keys(texts.options[set] ?? {}).sort(), values.map(String).sort(), `${where} ${set}`);
      }
      for (const { item, words, options } of wordedItems(instrument, language)) {
        assert.ok(words.text.length > 5, `${where} ${item.id}`);
        if (item.kind === 'rating') assert.ok(words.low && words.high, `${where} ${item.id} needs its ends named`);
        if (item.kind === 'choice' || item.kind === 'multi-choice')
          assert.ok(options.length >= 2, `${where} ${item.id}`);
      }
    }
  }
});

const itemsNamed = (condition: Condition): readonly string[] => {
  if ('all' in condition) return condition.all.flatMap(itemsNamed);
  if ('any' in condition) return condition.any.flatMap(itemsNamed);
  return [condition.item];
};

test('skip logic looks only at earlier items, and flags and scores only at items that exist', () => {
  for (const instrument of allInstruments) {
    const ids = instrument.items.map((item) => item.id);
    assert.equal(new Set(ids).size, ids.length, instrument.id);
    instrument.items.forEach((item, place) => {
      const named = item.showWhen ? itemsNamed(item.showWhen) : [];
      for (const other of named)
        assert.ok(ids.slice(0, place).includes(other), `${instrument.id} ${item.id} on ${other}`);
    });
    for (const { when } of instrument.safetyFlags) for (const id of itemsNamed(when)) assert.ok(ids.includes(id));
    const earlier = new Set<string>();
    for (const { id, compute, bands } of instrument.scoring.scores) {
      assert.ok(!earlier.has(id), `${instrument.id} ${id} is defined twice`);
      if ('items' in compute) for (const item of compute.items) assert.ok(ids.includes(item), `${instrument.id} ${id}`);
      if ('item' in compute) assert.ok(ids.includes(compute.item), `${instrument.id} ${id}`);
      if (compute.kind === 'grade') assert.ok(ids.includes(compute.followUp) && ids.includes(compute.listed));
      if (compute.kind === 'largest') for (const other of compute.scores) assert.ok(earlier.has(other));
      const starts = (bands ?? []).map((band) => band.from);
      assert.deepEqual(
        starts,
        [...starts].sort((a, b) => a - b),
      );
      earlier.add(id);
    }
  }
});

test('no instrument is without a licence, an attribution and a citation', () => {
  for (const { id, licence, citation } of allInstruments) {
    for (const line of [licence.statement, licence.source, licence.attribution, citation])
      assert.ok(line.length > 10, id);
  }
});

test('ids can be written in rules: letters and digits for items and scores', () => {
  for (const instrument of allInstruments) {
    assert.match(instrument.id, /^[a-z][a-z0-9-]*$/);
    assert.match(instrument.version, /^\d+\.\d+\.\d+$/);
    for (const { id } of [...instrument.items, ...instrument.scoring.scores])
      assert.match(id, /^[a-z][A-Za-z0-9]{0,63}$/);
  }
});

test('an instrument is plain data: nothing is lost on the way to a phone', () => {
  for (const instrument of allInstruments) assert.deepEqual(JSON.parse(JSON.stringify(instrument)), instrument);
});

test('no wording of the clinician interview is in the repository', () => {
  assert.deepEqual(
    instrumentById('ham-d-17-total').items.map((item) => item.id),
    ['total'],
  );
});

test('an unknown instrument or language is refused with a code', () => {
  const code = (expected: string) => (error: unknown) => error instanceof InstrumentError && error.code === expected;
  assert.throws(() => instrumentById('c-ssrs'), code('unknown-instrument'));
  assert.equal(findInstrument('c-ssrs'), undefined);
  assert.throws(() => textsOf(instrumentById('phq-9'), 'tlh'), code('unknown-language'));
  assert.equal(textsOf(instrumentById('phq-9'), 'en-GB').title, 'PHQ-9');
  for (const sentence of Object.values(instrumentErrors)) assert.match(sentence, /^[A-Z].+\.$/);
});
