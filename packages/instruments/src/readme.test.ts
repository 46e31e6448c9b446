import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instrumentById, reliableChange, scoreInstrument, validateAnswers, visibleItems } from './index.ts';

test('the example of the README is right', () => {
  const daily = instrumentById('daily-check-in');
  const answers = { effects: ['anxiety'], limitsAnxiety: 2 };
  assert.ok(visibleItems(daily, answers).some((item) => item.id === 'limitsAnxiety'));
  assert.equal(validateAnswers(daily, answers).ok, true);
  assert.equal(validateAnswers(daily, answers, { complete: true }).ok, false);
  assert.equal(scoreInstrument(daily, answers).scores.gradeAnxiety, 2);
  const phq9 = instrumentById('phq-9');
  assert.deepEqual(scoreInstrument(phq9, { q9: 1 }).flags, ['suicidality']);
  assert.equal(reliableChange(phq9, 'total', 16, 9).verdict, 'improved');
});
