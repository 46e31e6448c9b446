import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Answers,
  adverseEvent,
  allInstruments,
  answerProblems,
  dailyCheckIn,
  hamd17Total,
  type Instrument,
  instrumentById,
  phq9,
  type RandomSource,
  scoreInstrument,
  screeningQuestionnaire,
  simulateAnswers,
  treatmentGuess,
  validateAnswers,
  visibleAnswers,
  visibleItems,
} from './index.ts';

/** Mulberry32 and Box-Muller: small, seeded, good enough to answer forms. */
function randomOf(seed: number): RandomSource {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (mean: number, sd: number): number =>
    mean + sd * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

const anyId = fc.constantFrom(...allInstruments.map((one) => one.id));
const codes = (instrument: Instrument, answers: Answers, complete = false) =>
  validateAnswers(instrument, answers, { complete }).problems.map(({ item, code }) => `${item} ${code}`);
const ids = (instrument: Instrument, answers: Answers) => visibleItems(instrument, answers).map((item) => item.id);

test('impossible answers are named one by one', () => {
  assert.deepEqual(codes(phq9, { q1: 4 }), ['q1 not-an-option']);
  assert.deepEqual(codes(phq9, { q1: '1' }), ['q1 not-an-option']);
  assert.deepEqual(codes(phq9, { q1: ['1'] }), ['q1 wrong-type']);
  assert.deepEqual(codes(phq9, { q10: 1 }), ['q10 unknown-item']);
  assert.deepEqual(codes(dailyCheckIn, { mood: 101 }), ['mood out-of-range']);
  assert.deepEqual(codes(dailyCheckIn, { mood: -1 }), ['mood out-of-range']);
  assert.deepEqual(codes(dailyCheckIn, { mood: 50.5 }), ['mood too-fine']);
  assert.deepEqual(codes(dailyCheckIn, { mood: '50' }), ['mood wrong-type']);
  assert.deepEqual(codes(dailyCheckIn, { mood: Number.NaN }), ['mood wrong-type']);
  assert.deepEqual(codes(dailyCheckIn, { sleepHours: 7.3 }), ['sleepHours too-fine']);
  assert.deepEqual(codes(dailyCheckIn, { sleepHours: 7.25 }), []);
  assert.deepEqual(codes(dailyCheckIn, { effects: ['anxiety', 'anxiety'] }), ['effects repeated']);
  assert.deepEqual(codes(dailyCheckIn, { effects: ['none', 'anxiety'] }), ['effects excludes-others']);
  assert.deepEqual(codes(dailyCheckIn, { effects: ['dizziness'] }), ['effects not-an-option']);
  assert.deepEqual(codes(dailyCheckIn, { effects: 'anxiety' }), ['effects wrong-type']);
  assert.deepEqual(codes(dailyCheckIn, { note: 'x'.repeat(2001) }), ['note too-long']);
  assert.deepEqual(codes(hamd17Total, { total: 53 }), ['total out-of-range']);
});

test('dates are real days and leap days exist only in leap years', () => {
  assert.deepEqual(codes(adverseEvent, { onset: '2028-02-29' }), []);
  for (const onset of ['2026-02-29', '2026-13-01', '2026-04-31', '1.4.2026', '2026-4-1']) {
    assert.deepEqual(codes(adverseEvent, { onset }), ['onset wrong-type'], onset);
  }
});

test('lists have a limit on entries and on their length', () => {
  const list = (medications: readonly string[]) =>
    codes(screeningQuestionnaire, { takesMedication: 'yes', medications });
  assert.deepEqual(list(['sertraline', 'zinc']), []);
  assert.deepEqual(list(Array.from({ length: 61 }, () => 'zinc')), ['medications too-many']);
  assert.deepEqual(list(['x'.repeat(201)]), ['medications too-long']);
});

test('names inherited from objects are no items', () => {
  assert.deepEqual(codes(phq9, JSON.parse('{"__proto__": 1, "constructor": 2}')), [
    '__proto__ unknown-item',
    'constructor unknown-item',
  ]);
});

test('a partial form is possible; a complete one needs every required item that is shown', () => {
  assert.deepEqual(codes(phq9, { q1: 0 }), []);
  assert.equal(codes(phq9, { q1: 0 }, true).length, 8);
  assert.deepEqual(codes(treatmentGuess(), { guess: 'dontKnow' }, true), []);
  assert.deepEqual(codes(treatmentGuess(), { guess: 'active' }, true), ['confidence required', 'cues required']);
  assert.deepEqual(codes(treatmentGuess(), { guess: 'active', confidence: null, cues: [] }, true), [
    'confidence required',
    'cues required',
  ]);
});

test('the forced guess has no "don’t know"', () => {
  const forced = treatmentGuess({ forcedChoice: true, about: 'period' });
  assert.equal(forced.id, 'treatment-guess-period-forced');
  assert.deepEqual(codes(forced, { guess: 'dontKnow' }), ['guess not-an-option']);
});

test('follow-ups appear with their effect, in the fixed order whatever the order of tapping', () => {
  assert.ok(!ids(dailyCheckIn, {}).includes('limitsAnxiety'));
  const shown = ids(dailyCheckIn, { effects: ['fatigue', 'anxiety'] });
  assert.ok(shown.indexOf('limitsAnxiety') < shown.indexOf('limitsFatigue'));
  assert.deepEqual(codes(dailyCheckIn, { effects: ['none'], limitsAnxiety: 2 }), ['limitsAnxiety not-asked']);
  assert.deepEqual(visibleAnswers(dailyCheckIn, { effects: ['none'], limitsAnxiety: 2 }), { effects: ['none'] });
});

test('what hangs on a hidden item is hidden too', () => {
  const chain: Instrument = {
    ...phq9,
    items: [
      { id: 'q1', kind: 'choice', responseSet: 'frequency', required: true },
      { id: 'q2', kind: 'choice', responseSet: 'frequency', required: true, showWhen: { item: 'q1', atLeast: 1 } },
      { id: 'q3', kind: 'choice', responseSet: 'frequency', required: true, showWhen: { item: 'q2', notEmpty: true } },
    ],
  };
  assert.deepEqual(ids(chain, { q1: 1, q2: 0 }), ['q1', 'q2', 'q3']);
  assert.deepEqual(ids(chain, { q1: 0, q2: 0 }), ['q1']);
});

test('simulated answers are always complete and valid, and every score stays in its range', () => {
  const severity = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(anyId, fc.integer(), severity, severity, (id, seed, level, skip) => {
      const instrument = instrumentById(id);
      const answers = simulateAnswers(instrument, { random: randomOf(seed), severity: level, skip });
      assert.deepEqual(validateAnswers(instrument, answers, { complete: true }).problems, []);
      const { scores, bands } = scoreInstrument(instrument, answers);
      for (const { id, range } of instrument.scoring.scores) {
        const value = scores[id] ?? null;
        assert.ok(value === null || (value >= range.min && value <= range.max), `${instrument.id} ${id} ${value}`);
        if (id in bands) assert.equal(bands[id] === null, value === null);
      }
    }),
    { numRuns: 1500 },
  );
});

test('leaving any answers out keeps a form valid and scores unknown or in range', () => {
  fc.assert(
    fc.property(anyId, fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (id, seed, keep) => {
      const instrument = instrumentById(id);
      const random = randomOf(seed);
      const full = simulateAnswers(instrument, { random });
      const kept = Object.fromEntries(Object.entries(full).filter(() => random.uniform() < keep));
      const answers = visibleAnswers(instrument, kept);
      assert.equal(validateAnswers(instrument, answers).ok, true);
      const { scores } = scoreInstrument(instrument, answers);
      for (const { id, range } of instrument.scoring.scores) {
        const value = scores[id] ?? null;
        assert.ok(value === null || (value >= range.min && value <= range.max), `${instrument.id} ${id} ${value}`);
      }
    }),
    { numRuns: 1000 },
  );
});

test('simulation follows severity, means and fixed answers', () => {
  const mean = (of: (seed: number) => number) =>
    Array.from({ length: 300 }, (_, seed) => of(seed)).reduce((a, b) => a + b, 0) / 300;
  const phq = (severity: number) =>
    mean(
      (seed) => scoreInstrument(phq9, simulateAnswers(phq9, { random: randomOf(seed), severity })).scores.total ?? 0,
    );
  assert.ok(phq(0.1) < phq(0.5) && phq(0.5) < phq(0.9));
  const mood = mean((seed) =>
    Number(simulateAnswers(dailyCheckIn, { random: randomOf(seed), means: { mood: 70 } }).mood),
  );
  assert.ok(mood > 67 && mood < 73, String(mood));
  const guess = simulateAnswers(treatmentGuess(), { random: randomOf(1), fixed: { guess: 'dontKnow' } });
  assert.deepEqual(guess, { guess: 'dontKnow' });
});

test('the same seed gives the same answers', () => {
  const answers = () => simulateAnswers(dailyCheckIn, { random: randomOf(7) });
  assert.deepEqual(answers(), answers());
});

test('every problem has a sentence a person can act on', () => {
  for (const sentence of Object.values(answerProblems)) assert.match(sentence, /^[A-Z].+\.$/);
});
