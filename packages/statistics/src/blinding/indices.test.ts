import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bangIndex, correctGuessRate, guessAccuracy, guessTable, jamesIndex } from './indices.ts';

const near = (found: number, expected: number, within = 1e-5) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`);

/** Bang, Ni & Davis 2004, the CRISP trial; values by the R package BI 1.2.0. */
const crisp = { active: { correct: 82, wrong: 25, unsure: 170 }, placebo: { correct: 29, wrong: 27, unsure: 83 } };
/** Szigeti et al. 2021, week 1, acute. */
const selfBlinding = { active: { correct: 48, wrong: 43, unsure: 0 }, placebo: { correct: 102, wrong: 39, unsure: 0 } };

test('James and Bang indices of the CRISP trial', () => {
  near(jamesIndex(crisp).index, 0.74793);
  near(jamesIndex(crisp).standardError, 0.02174);
  near(bangIndex(crisp.active).index, 0.20578);
  near(bangIndex(crisp.active).standardError, 0.03524);
  near(bangIndex(crisp.placebo).index, 0.01439);
  near(bangIndex(crisp.placebo).standardError, 0.05382);
});

test('James and Bang indices and the correct-guess rate of the self-blinding trial', () => {
  near(jamesIndex(selfBlinding).index, 0.37358);
  near(jamesIndex(selfBlinding).standardError, 0.03237);
  near(bangIndex(selfBlinding.active).index, 0.05495);
  near(bangIndex(selfBlinding.active).standardError, 0.10467);
  near(bangIndex(selfBlinding.placebo).index, 0.44681);
  near(bangIndex(selfBlinding.placebo).standardError, 0.07534);
  near(correctGuessRate(selfBlinding).rate, 150 / 232);
});

test('Nobody knows: the James index is 1 with no error', () => {
  const unsure = { correct: 0, wrong: 0, unsure: 9 };
  assert.deepEqual(
    { ...jamesIndex({ active: unsure, placebo: unsure }), lower: 1, upper: 1 },
    { index: 1, standardError: 0, lower: 1, upper: 1 },
  );
});

test('Without guesses there is no index', () => {
  const none = { correct: 0, wrong: 0, unsure: 0 };
  assert.throws(() => bangIndex(none), { code: 'no_guesses' });
  assert.throws(() => jamesIndex({ active: none, placebo: none }), { code: 'no_guesses' });
});

test('A guesser who knows the ratio says what is commoner', () => {
  near(guessAccuracy(selfBlinding).informedRate, 141 / 232);
  near(guessAccuracy(selfBlinding).sensitivity ?? 0, 48 / 91);
  near(guessAccuracy(selfBlinding).youden ?? 0, 48 / 91 + 102 / 141 - 1, 1e-12);
  // R: binom.test(48, 91)$conf.int, binom.test(102, 141)$conf.int, binom.test(150, 232, 141 / 232, 'greater')$p.value
  const { limits, beyondInformed } = guessAccuracy(selfBlinding);
  near(limits.sensitivity?.lower ?? 0, 0.42000653216507, 1e-9);
  near(limits.sensitivity?.upper ?? 0, 0.63310080467505, 1e-9);
  near(limits.specificity?.lower ?? 0, 0.64182494982362, 1e-9);
  near(limits.specificity?.upper ?? 0, 0.79534563194117, 1e-9);
  near(beyondInformed, 0.12618113372995, 1e-9);
});

test('Guesses are counted by condition; what is neither name is not knowing', () => {
  const rows = [
    { condition: 'MD', guess: 'MD' },
    { condition: 'MD', guess: 'PL' },
    { condition: 'MD', guess: '?' },
    { condition: 'PL', guess: null },
    { condition: 'PL', guess: 'PL' },
  ];
  assert.deepEqual(guessTable(rows, { active: 'MD', placebo: 'PL' }), {
    active: { correct: 1, wrong: 1, unsure: 1 },
    placebo: { correct: 1, wrong: 0, unsure: 0 },
  });
});

test('Counts that cannot be, and a table in which agreement has no meaning, are refused', () => {
  assert.throws(() => bangIndex({ correct: -1, wrong: 2, unsure: 0 }), { code: 'bad_counts' });
  assert.throws(() => bangIndex({ correct: 1.5, wrong: 2, unsure: 0 }), { code: 'bad_counts' });
  const none = { correct: 0, wrong: 0, unsure: 4 };
  assert.throws(() => jamesIndex({ active: { correct: 5, wrong: 0, unsure: 1 }, placebo: none }), {
    code: 'index_undefined',
  });
});

const counts = fc.record({ correct: fc.nat(60), wrong: fc.nat(60), unsure: fc.nat(60) });

test('Bang’s index is (2c − 1)(1 − dk), within its bounds, and turns its sign when right and wrong change places', () => {
  fc.assert(
    fc.property(counts, (drawn) => {
      const n = drawn.correct + drawn.wrong + drawn.unsure;
      const known = drawn.correct + drawn.wrong;
      fc.pre(known > 0);
      const { index, standardError } = bangIndex(drawn);
      near(index, (2 * (drawn.correct / known) - 1) * (1 - drawn.unsure / n), 1e-14);
      assert.ok(Math.abs(index) <= 1 && standardError >= 0);
      near(bangIndex({ ...drawn, correct: drawn.wrong, wrong: drawn.correct }).index, -index, 1e-15);
    }),
  );
});

test('James’s index is K’s formula, and the same whichever condition is called active', () => {
  fc.assert(
    fc.property(counts, counts, (active, placebo) => {
      const n = active.correct + active.wrong + active.unsure + placebo.correct + placebo.wrong + placebo.unsure;
      const known = active.correct + active.wrong + placebo.correct + placebo.wrong;
      fc.pre(active.correct + active.wrong > 0 && placebo.correct + placebo.wrong > 0);
      const saidActive = (active.correct + placebo.wrong) / known;
      const observed = (0.5 * (active.wrong + placebo.wrong)) / known;
      const share = (active.correct + active.wrong) / known;
      const expected = 0.5 * (share * (1 - saidActive) + (1 - share) * saidActive);
      fc.pre(expected > 0);
      const unsure = 1 - known / n;
      const { index, standardError } = jamesIndex({ active, placebo });
      near(index, (1 + unsure + (1 - unsure) * ((observed - expected) / expected)) / 2, 1e-12);
      assert.ok(standardError >= 0);
      near(jamesIndex({ active: placebo, placebo: active }).index, index, 1e-12);
    }),
  );
});
