/** Against R, by `validation/batches.R`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { normalCdf, studentCdf, studentQuantile } from './distributions.ts';
import { appearancePanel, chanceOfFailing, PharmacologyError, panelPower, panelSize, weightMatch } from './index.ts';

const reference = JSON.parse(
  readFileSync(new URL('../../../validation/references/batches.json', import.meta.url), 'utf8'),
);
const close = (actual: number, expected: number, relative = 1e-10): void =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(1e-12, Math.abs(expected)), `${actual} ${expected}`);
const refused = (code: string) => (error: unknown) => error instanceof PharmacologyError && error.code === code;

test('the distributions agree with R to ten digits', () => {
  for (const { degrees, p, t, below } of reference.students) {
    close(studentQuantile(p, degrees), t);
    close(studentCdf(1.3, degrees), below);
  }
  for (const [index, z] of reference.normals.z.entries()) close(normalCdf(z), reference.normals.below[index]);
});

test('exact intervals and the power of a panel agree with R', () => {
  for (const panel of reference.panels) {
    const power = panelPower(panel.people);
    close(power.falseAlarm, panel.falseAlarm);
    close(power.found80, panel.found80, 1e-9);
    close(power.found95, panel.found95, 1e-9);
    close(chanceOfFailing(panel.people, 0.7), panel.at70);
    for (const { correct, lower, upper } of panel.intervals) {
      const { interval } = appearancePanel(correct, panel.people);
      close(interval.lower, lower);
      close(interval.upper, upper);
    }
  }
});

test('of twenty people, 6 to 14 right answers show no difference, and 15 or 5 do', () => {
  const passing = Array.from({ length: 21 }, (_, correct) => correct).filter((k) => appearancePanel(k, 20).passes);
  assert.deepEqual(passing, [6, 7, 8, 9, 10, 11, 12, 13, 14]);
  assert.equal(panelPower(panelSize).needed, 15);
});

test('twenty people miss those who are right 70 % of the time 58 times in 100, and say so', () => {
  assert.equal((1 - chanceOfFailing(20, 0.7)).toFixed(2), '0.58');
  const { power, explanation } = appearancePanel(11, 20);
  assert.equal(power.found80.toFixed(2), '0.80');
  assert.match(explanation, /11 of 20 .*32 % to 77 %.*no difference shown.*80 %.*mostly misses/);
});

test('a panel too small to show anything, or with more answers than people, is refused', () => {
  assert.throws(() => appearancePanel(5, 5), refused('bad-panel'));
  assert.throws(() => appearancePanel(21, 20), refused('bad-panel'));
  assert.throws(() => appearancePanel(3.5, 20), refused('bad-panel'));
});

test('equivalence of weights, and what a kitchen scale tells, agree with R', () => {
  const { activeGrams, placeboGrams, marginGrams, ...expected } = reference.weights;
  const found = weightMatch({ activeGrams, placeboGrams, marginGrams, capsulesTogether: 14 });
  close(found.pValue, expected.pValue, 1e-9);
  close(found.interval.lower, expected.lower, 1e-9);
  close(found.interval.upper, expected.upper, 1e-9);
  close(found.scale.auc, expected.auc);
  close(found.scale.overlap, expected.overlap);
  close(found.scale.together.auc, expected.together, 1e-9);
  assert.equal(found.equivalent, true);
  assert.ok(found.scale.together.auc > found.scale.auc, 'a whole kit on the scale tells more than one capsule');
});

test('capsules 30 mg apart are named rightly every time, whatever the margin asked', () => {
  const activeGrams = [0.43, 0.431, 0.432, 0.429];
  const placeboGrams = [0.4, 0.401, 0.402, 0.399];
  const { scale, equivalent, explanation } = weightMatch({ activeGrams, placeboGrams, marginGrams: 0.01 });
  assert.deepEqual([scale.auc, scale.overlap, equivalent], [1, 0, false]);
  assert.match(explanation, /30 mg heavier.*not shown to be equivalent.*100 times in 100/);
  assert.equal(weightMatch({ activeGrams, placeboGrams, marginGrams: 0.1 }).equivalent, true);
});

test('weights that are all alike are equivalent and tell nothing', () => {
  const same = [0.4, 0.4, 0.4];
  const { pValue, equivalent, scale } = weightMatch({ activeGrams: same, placeboGrams: same, marginGrams: 0.01 });
  assert.deepEqual([pValue, equivalent, scale.auc, scale.overlap], [0, true, 0.5, 1]);
});

test('weights without a margin, or too few, are refused', () => {
  const activeGrams = [0.4, 0.41];
  assert.throws(() => weightMatch({ activeGrams, placeboGrams: [0.4], marginGrams: 0.01 }), refused('bad-weights'));
  assert.throws(() => weightMatch({ activeGrams, placeboGrams: activeGrams, marginGrams: 0 }), refused('bad-weights'));
});
