import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Answer,
  type Answers,
  allInstruments,
  findInstrument,
  type Instrument,
  type RandomSource,
  simulateAnswers,
  validateAnswers,
  visibleAnswers,
  visibleItems,
} from '@limen/instruments';
import fc from 'fast-check';
import { takenUp, versionOf } from './draft.ts';
import { screensOf } from './layout.ts';

const daily = findInstrument('daily-check-in') as Instrument;

describe('a draft of a questionnaire', () => {
  it('of this version is taken up as it was left', () => {
    const draft = { version: versionOf(daily), answers: { mood: 40, caffeine: 2 }, screen: 1 };
    assert.deepEqual(takenUp(daily, draft), draft);
    assert.deepEqual(takenUp(daily, null), { version: versionOf(daily), answers: {}, screen: 0 });
  });

  it('of an earlier version keeps what the questions still take, and begins at the first screen', () => {
    const answers: Answers = { mood: 40, effects: ['anxiety'], limitsAnxiety: 2, caffeine: 99, gone: 1, note: 'Fine' };
    assert.deepEqual(takenUp(daily, { version: 'daily-check-in 1.0.0', answers, screen: 3 }), {
      version: versionOf(daily),
      answers: { mood: 40, effects: ['anxiety'], limitsAnxiety: 2, note: 'Fine' },
      screen: 0,
    });
    assert.deepEqual(takenUp(daily, { version: 'phq-9 1.0.0', answers: { q1: 1 }, screen: 1 }).answers, {});
  });
});

describe('whatever is answered, changed and gone back to', () => {
  for (const instrument of allInstruments.filter(({ task }) => task === undefined)) {
    it(`${instrument.id}: the answers given last are what is sent, each question on one screen and in order`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 8 }),
          (draws) => {
            const random = sourceOf(draws);
            const [first, last] = [simulateAnswers(instrument, { random }), simulateAnswers(instrument, { random })];
            const edits = [...shuffled(first, random), ...shuffled(last, random)];
            const held = Object.fromEntries(edits);
            assert.deepEqual(held, { ...first, ...last });
            const sent = visibleAnswers(instrument, held);
            assert.equal(validateAnswers(instrument, sent).ok, true);
            for (const { id } of visibleItems(instrument, held)) assert.deepEqual(sent[id], held[id]);
            const asked = visibleItems(instrument, held);
            assert.deepEqual(screensOf(instrument, asked).flat(), asked);
          },
        ),
        { numRuns: 40, seed: 5 },
      );
    });
  }

  it('an answer hidden by a changed answer is there again when the change is taken back', () => {
    const before: Answers = { effects: ['anxiety'], limitsAnxiety: 2 };
    const changed = { ...before, effects: ['none'] };
    assert.deepEqual(visibleAnswers(daily, changed), { effects: ['none'] });
    assert.deepEqual(visibleAnswers(daily, { ...changed, effects: ['anxiety'] }), before);
  });
});

/** Goes through the draws in a ring. */
function sourceOf(draws: readonly number[]): RandomSource {
  let at = 0;
  const uniform = () => draws[at++ % draws.length] ?? 0;
  return { uniform, normal: (mean, sd) => mean + sd * (uniform() + uniform() + uniform() - 1.5) * 2 };
}

const shuffled = (answers: Answers, random: RandomSource): [string, Answer][] =>
  Object.entries(answers)
    .map((entry) => ({ entry, at: random.uniform() }))
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry);
