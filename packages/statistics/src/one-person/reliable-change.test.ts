import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clinicalChange, clinicalCutoffs, hagemanArrindell, reliableChange } from './reliable-change.ts';

const near = (found: number | null, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs((found ?? Number.NaN) - expected) < tolerance, `${found}, ${expected}`);

test('The example of Jacobson and Truax: 47.5 to 32.5 with SD 7.5 and reliability 0.80', () => {
  const group = { mean: 40, sd: 7.5, reliability: 0.8 };
  // S_E = 7.5 √0.2 = 3.354, S_diff = 4.743: the paper prints 3.16 without its sign.
  const change = reliableChange({ pre: 47.5, post: 32.5 }, group);
  near(change.index, -15 / (7.5 * Math.sqrt(0.4)));
  near(change.leastChange, 1.959963984540054 * 7.5 * Math.sqrt(0.4));
  assert.equal(change.verdict, 'down');
});

test('Cut-offs a, b and c, and what a change comes to', () => {
  const { a, b, c } = clinicalCutoffs({ mean: 40, sd: 7.5 }, { mean: 60, sd: 7.5 });
  assert.deepEqual([a, b, c], [55, 45, 50]);
  const up = { index: 3, leastChange: null, verdict: 'up' } as const;
  assert.equal(clinicalChange({ pre: 45, post: 55 }, up, c, 'up'), 'recovered');
  assert.equal(clinicalChange({ pre: 30, post: 45 }, up, c, 'up'), 'improved');
  assert.equal(clinicalChange({ pre: 45, post: 55 }, up, c, 'down'), 'deteriorated');
  assert.equal(clinicalChange({ pre: 45, post: 55 }, { ...up, verdict: 'none' }, c, 'up'), 'unchanged');
});

test('The successors take off what regression to the mean gives', () => {
  const group = { mean: 10, sd: 4, reliability: 0.75 };
  // Expected 10 + 0.75 · 8 = 16.
  near(
    reliableChange({ pre: 18, post: 8 }, group, { method: 'gulliksenLordNovick' }).index,
    -8 / (4 * Math.sqrt(0.4375)),
  );
  near(reliableChange({ pre: 18, post: 8 }, group, { method: 'edwardsNunnally' }).index, -8 / 2);
});

test('Hageman and Arrindell: with a reliability of differences of 1/2 and no change of the group, by hand', () => {
  const group = {
    meanPre: 20,
    meanPost: 20,
    sdPre: 5,
    sdPost: 5,
    reliabilityPre: 0.8,
    reliabilityPost: 0.8,
    correlation: 0.6,
  };
  // S² = 20, r_d = (40 − 30) / 20 = 1/2; (−10 · 1/2) / √(1/4 · 20).
  near(hagemanArrindell({ pre: 25, post: 15 }, group).index, -5 / Math.sqrt(5));
  assert.throws(() => hagemanArrindell({ pre: 25, post: 15 }, { ...group, correlation: 0.9 }), RangeError);
});

test('What is not a score, a spread or a reliability is refused', () => {
  assert.throws(() => reliableChange({ pre: Number.NaN, post: 1 }, { mean: 0, sd: 1, reliability: 0.8 }), RangeError);
  assert.throws(() => reliableChange({ pre: 1, post: 1 }, { mean: 0, sd: 0, reliability: 0.8 }), RangeError);
  assert.throws(() => reliableChange({ pre: 1, post: 1 }, { mean: 0, sd: 1, reliability: 1 }), RangeError);
});
