import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findInstrument, validateAnswers, visibleItems } from '@limen/instruments';
import { layoutOf } from './layout.ts';

const most = 12;

/** A tap for each rating, each number that stands ready, each button that answers several; one to save. */
function tapsOf(usual: number | null): { taps: number; answers: Record<string, unknown> } {
  const instrument = findInstrument('daily-check-in');
  assert.ok(instrument);
  const { together = [], numbers = {} } = layoutOf(instrument, usual);
  const answers: Record<string, unknown> = {};
  let taps = 0;
  const groups = [...together].sort((a, b) => Object.keys(b.answers).length - Object.keys(a.answers).length);
  for (const group of groups) {
    if (Object.keys(group.answers).every((item) => item in answers)) continue;
    Object.assign(answers, group.answers);
    taps += 1;
  }
  for (const item of visibleItems(instrument, answers as never)) {
    if (item.id in answers || !item.required) continue;
    assert.ok(item.kind === 'rating' || (numbers[item.id]?.length ?? 0) > 0, `${item.id} takes more than a tap`);
    answers[item.id] = item.kind === 'rating' ? 50 : numbers[item.id]?.[0];
    taps += 1;
  }
  assert.deepEqual(validateAnswers(instrument, answers as never, { complete: true }).problems, []);
  return { taps: taps + 1, answers };
}

describe('a full check-in', () => {
  for (const usual of [null, 0, 2]) {
    it(`takes at most ${most} taps on a quiet day, saving included, where ${usual ?? 'no'} cups were said last`, () => {
      const { taps, answers } = tapsOf(usual);
      assert.ok(taps <= most, `${taps} taps`);
      assert.equal(answers.caffeine, usual ?? 0);
      assert.deepEqual([answers.effects, answers.warningSigns], [['none'], ['none']]);
    });
  }
});
