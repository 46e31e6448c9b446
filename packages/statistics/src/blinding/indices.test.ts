import assert from 'node:assert/strict';
import { test } from 'node:test';
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
