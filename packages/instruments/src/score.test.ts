import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Answer,
  type Answers,
  adverseEvent,
  bandOf,
  dailyCheckIn,
  dass21,
  expectancy,
  gad7,
  gradeOf,
  hamd17Total,
  type Instrument,
  InstrumentError,
  phq4,
  phq9,
  reliableChange,
  scoreById,
  scoreInstrument,
  screeningQuestionnaire,
  solicitedEffects,
  treatmentGuess,
  validateAnswers,
  who5,
} from './index.ts';

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);

/** q1, q2, ... from a list; null leaves an item out. */
const answersOf = (values: readonly Answer[]): Answers =>
  Object.fromEntries(values.flatMap((value, i) => (value === null ? [] : [[`q${i + 1}`, value]])));
const total = (instrument: Instrument, values: readonly Answer[]) =>
  scoreInstrument(instrument, answersOf(values)).scores.total;

/** Answers of a 0-3 questionnaire adding up to `sum`. */
const adding = (items: number, sum: number): number[] =>
  Array.from({ length: items }, (_, i) => Math.max(0, Math.min(3, sum - 3 * i)));

test('the PHQ-9 changes band at 5, 10, 15 and 20', () => {
  const band = (sum: number) => scoreInstrument(phq9, answersOf(adding(9, sum))).bands.total;
  const edges: readonly (readonly [number, string])[] = [
    [0, 'none to minimal'],
    [4, 'none to minimal'],
    [5, 'mild'],
    [9, 'mild'],
    [10, 'moderate'],
    [14, 'moderate'],
    [15, 'moderately severe'],
    [19, 'moderately severe'],
    [20, 'severe'],
    [27, 'severe'],
  ];
  for (const [sum, label] of edges) assert.equal(band(sum), label, String(sum));
});

test('the PHQ-9 is prorated with one or two missing and unknown with three', () => {
  assert.equal(total(phq9, [1, 1, 1, 1, 1, 1, 1, 1, 1]), 9);
  assert.equal(total(phq9, [2, 2, 2, 2, 2, 2, 2, 2, null]), 18);
  assert.equal(total(phq9, [1, 2, 1, 2, 1, 2, 1, null, null]), (10 / 7) * 9);
  assert.equal(total(phq9, [1, 2, 1, 2, 1, 2, null, null, null]), null);
  assert.equal(scoreInstrument(phq9, {}).bands.total, null);
});

test('a prorated 9.6 is still below the band that starts at 10', () => {
  const scoring = scoreInstrument(phq9, answersOf([1, 1, 1, 1, 1, 1, 1, 1.5, null]));
  near(scoring.scores.total ?? 0, 9.5625, 1e-12);
  assert.equal(scoring.bands.total, 'mild');
});

test('any answer but "Not at all" to PHQ-9 item 9 raises the flag, alone and with the rest unanswered', () => {
  assert.deepEqual(scoreInstrument(phq9, { q9: 1 }).flags, ['suicidality']);
  assert.deepEqual(scoreInstrument(phq9, { q9: 3 }).flags, ['suicidality']);
  assert.deepEqual(scoreInstrument(phq9, { q9: 0 }).flags, []);
  assert.deepEqual(scoreInstrument(phq9, { q1: 3 }).flags, []);
});

test('the GAD-7 changes band at 5, 10 and 15 and is unknown with an item missing', () => {
  const band = (sum: number) => scoreInstrument(gad7, answersOf(adding(7, sum))).bands.total;
  assert.deepEqual([4, 5, 9, 10, 14, 15, 21].map(band), [
    'minimal',
    'mild',
    'mild',
    'moderate',
    'moderate',
    'severe',
    'severe',
  ]);
  assert.equal(total(gad7, [1, 1, 1, 1, 1, 1, null]), null);
});

test('each half of the PHQ-4 is positive from 3', () => {
  const { scores, bands } = scoreInstrument(phq4, answersOf([2, 1, 1, 1]));
  assert.deepEqual(scores, { total: 5, anxiety: 3, depression: 2 });
  assert.equal(bands.anxiety, 'positive screen');
  assert.equal(bands.depression, 'negative screen');
  assert.equal(scoreInstrument(phq4, answersOf([2, 1, null, 1])).scores.anxiety, 3);
  assert.equal(scoreInstrument(phq4, answersOf([2, 1, null, 1])).scores.total, null);
});

test('DASS-21 scales are doubled sums of their own seven items', () => {
  const depression = [3, 5, 10, 13, 16, 17, 21];
  const answers = Object.fromEntries(
    Array.from({ length: 21 }, (_, i) => [`q${i + 1}`, depression.includes(i + 1) ? 1 : 0]),
  );
  const { scores, bands } = scoreInstrument(dass21, answers);
  assert.deepEqual(scores, { depression: 14, anxiety: 0, stress: 0 });
  assert.deepEqual(bands, { depression: 'moderate', anxiety: 'normal', stress: 'normal' });
  const worst = scoreInstrument(dass21, answersOf(Array.from({ length: 21 }, () => 3)));
  assert.deepEqual(worst.scores, { depression: 42, anxiety: 42, stress: 42 });
});

test('DASS-21 bands start at 10/14/21/28, 8/10/15/20 and 15/19/26/34', () => {
  const starts = dass21.scoring.scores.map((score) => (score.bands ?? []).slice(1).map((band) => band.from));
  assert.deepEqual(starts, [
    [10, 14, 21, 28],
    [8, 10, 15, 20],
    [15, 19, 26, 34],
  ]);
});

test('a DASS-21 scale bears one missing item, not two', () => {
  const all: Record<string, number> = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`q${i + 1}`, 2]));
  const { q3: _one, ...without } = all;
  assert.equal(scoreInstrument(dass21, without).scores.depression, 28);
  const { q5: _two, ...less } = without;
  assert.equal(scoreInstrument(dass21, less).scores.depression, null);
  assert.equal(scoreInstrument(dass21, less).scores.anxiety, 28);
});

test('the HAM-D total is taken from the clinician and banded at 8, 14, 19 and 23', () => {
  const band = (total: number) => scoreInstrument(hamd17Total, { total }).bands.total;
  assert.deepEqual([7, 8, 13, 14, 18, 19, 22, 23].map(band), [
    'none, or in remission',
    'mild',
    'mild',
    'moderate',
    'moderate',
    'severe',
    'severe',
    'very severe',
  ]);
});

test('reliable change is 1.96 sd √2 √(1 - r): 6.65 points of the PHQ-9, 3.90 of the GAD-7', () => {
  near(reliableChange(phq9, 'total', 15, 10).threshold, 6.652, 5e-4);
  near(reliableChange(gad7, 'total', 15, 10).threshold, 3.897, 5e-4);
  near(reliableChange(dass21, 'depression', 20, 10).threshold, 7.432, 5e-4);
});

test('a change counts only beyond the threshold, and its direction follows the scale', () => {
  assert.equal(reliableChange(phq9, 'total', 16, 9).verdict, 'improved');
  assert.equal(reliableChange(phq9, 'total', 9, 16).verdict, 'worsened');
  assert.equal(reliableChange(phq9, 'total', 15, 9).verdict, 'noReliableChange');
  assert.equal(reliableChange(phq9, 'total', null, 9).verdict, 'unknown');
  assert.equal(reliableChange(phq9, 'total', null, 9).difference, null);
});

test('a score without a published reliability, or not of the instrument, is refused', () => {
  const code = (expected: string) => (error: unknown) => error instanceof InstrumentError && error.code === expected;
  assert.throws(() => reliableChange(phq4, 'total', 1, 2), code('no-reliability'));
  assert.throws(() => reliableChange(phq9, 'sum', 1, 2), code('unknown-score'));
});

test('solicited effects are grade 0 when not chosen, else as far as they stopped the person', () => {
  const { scores, flags } = scoreInstrument(dailyCheckIn, {
    effects: ['anxiety', 'headache'],
    limitsAnxiety: 2,
    limitsHeadache: 1,
  });
  assert.equal(scores.gradeAnxiety, 2);
  assert.equal(scores.gradeHeadache, 1);
  assert.equal(scores.gradeFatigue, 0);
  assert.equal(scores.worstGrade, 2);
  assert.deepEqual(flags, []);
});

test('grades are unknown while the question or its follow-up is unanswered', () => {
  assert.equal(scoreInstrument(dailyCheckIn, {}).scores.gradeAnxiety, null);
  const half = scoreInstrument(dailyCheckIn, { effects: ['anxiety'] }).scores;
  assert.equal(half.gradeAnxiety, null);
  assert.equal(half.gradeHeadache, 0);
  assert.equal(half.worstGrade, null);
  assert.equal(scoreInstrument(dailyCheckIn, { effects: ['none'] }).scores.worstGrade, 0);
});

test('a follow-up left over from a withdrawn choice counts for nothing', () => {
  const { scores, flags } = scoreInstrument(dailyCheckIn, { effects: ['none'], limitsAnxiety: 3 });
  assert.equal(scores.gradeAnxiety, 0);
  assert.deepEqual(flags, []);
});

test('time in nature and exercise are scores of the day: zero is an answer, and unanswered stays unknown', () => {
  const { scores } = scoreInstrument(dailyCheckIn, { nature: 0, exercise: 45 });
  assert.deepEqual([scores.nature, scores.exercise], [0, 45]);
  assert.equal(scoreInstrument(dailyCheckIn, {}).scores.nature, null);
  assert.equal(validateAnswers(dailyCheckIn, { exercise: 601 }).problems[0]?.code, 'out-of-range');
});

test('WHO-5 is the sum times four, unknown with an answer missing', () => {
  const answers = { q1: 5, q2: 3, q3: 0, q4: 2, q5: 3 };
  assert.equal(scoreInstrument(who5, answers).scores.total, 52);
  assert.equal(scoreInstrument(who5, { ...answers, q4: null }).scores.total, null);
  assert.equal(bandOf(scoreById(who5, 'total'), 50), 'low well-being');
  assert.equal(bandOf(scoreById(who5, 'total'), 28), 'very low well-being');
});

test('every warning of the daily check-in raises its flag', () => {
  const flags = (answers: Answers) => scoreInstrument(dailyCheckIn, answers).flags;
  for (const sign of ['chestPain', 'fainting', 'breathless'])
    assert.deepEqual(flags({ warningSigns: [sign] }), ['cardiac-warning']);
  for (const sign of ['voices', 'racing'])
    assert.deepEqual(flags({ warningSigns: [sign] }), ['psychosis-or-mania-warning']);
  assert.deepEqual(flags({ warningSigns: ['unsafe'] }), ['suicidality']);
  assert.deepEqual(flags({ warningSigns: ['none'], otherSubstances: ['none'], newMedicine: 'no' }), []);
  assert.deepEqual(flags({ otherSubstances: ['cannabis'], newMedicine: 'yes' }), ['new-medicine', 'other-substance']);
  for (const effect of solicitedEffects) {
    const followUp = `limits${effect.charAt(0).toUpperCase()}${effect.slice(1)}`;
    assert.deepEqual(flags({ effects: [effect], [followUp]: 3 }), ['severe-effect']);
    assert.equal(scoreInstrument(dailyCheckIn, { effects: [effect], [followUp]: 3 }).scores[gradeOf(effect)], 3);
  }
});

test('a rating that was never placed is unknown, not fifty', () => {
  assert.equal(scoreInstrument(dailyCheckIn, { mood: null }).scores.mood, null);
  assert.equal(scoreInstrument(dailyCheckIn, { mood: 0 }).scores.mood, 0);
});

test('expectation is the mean of five ratings, unknown while one is missing', () => {
  const answers = { expectMood: 50, expectFocus: 60, expectCreativity: 70, expectCalm: 80, expectWellbeing: 90 };
  assert.equal(scoreInstrument(expectancy, answers).scores.expectation, 70);
  assert.equal(scoreInstrument(expectancy, { ...answers, expectCalm: null }).scores.expectation, null);
});

test('a guess is coded 1 or 0; "I don’t know" is neither', () => {
  const guess = treatmentGuess();
  assert.equal(scoreInstrument(guess, { guess: 'active', confidence: 80 }).scores.guessActive, 1);
  assert.equal(scoreInstrument(guess, { guess: 'placebo' }).scores.guessActive, 0);
  assert.equal(scoreInstrument(guess, { guess: 'dontKnow', confidence: 80 }).scores.guessActive, null);
  assert.equal(scoreInstrument(guess, { guess: 'dontKnow', confidence: 80 }).scores.confidence, null);
});

test('an adverse event takes its grade from daily life, and 4 from danger to life', () => {
  const scores = (limits: number, serious: readonly string[]) =>
    scoreInstrument(adverseEvent, { limits, serious }).scores;
  assert.deepEqual(scores(2, ['none']), { limits: 2, lifeThreat: 0, grade: 2, serious: 0 });
  assert.deepEqual(scores(1, ['hospital']), { limits: 1, lifeThreat: 0, grade: 1, serious: 1 });
  assert.deepEqual(scores(3, ['lifeThreatening']), { limits: 3, lifeThreat: 4, grade: 4, serious: 1 });
  assert.equal(scoreInstrument(adverseEvent, { limits: 2 }).scores.grade, null);
  assert.deepEqual(scoreInstrument(adverseEvent, { limits: 3, serious: ['hospital'] }).flags, [
    'serious-adverse-event',
    'severe-effect',
  ]);
});

test('being unsure about thoughts of ending one’s life is acted on as a yes', () => {
  assert.deepEqual(scoreInstrument(screeningQuestionnaire, { suicidality: 'unsure' }).flags, ['suicidality']);
  assert.deepEqual(scoreInstrument(screeningQuestionnaire, { suicidality: 'no' }).flags, []);
});
