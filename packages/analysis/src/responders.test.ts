import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnalysisRow, OutcomeSpec } from './outcome-spec.ts';
import { respondersOf } from './responders.ts';

const row = (
  participant: string,
  condition: string,
  day: number,
  value: number,
  baseline: number | null,
): AnalysisRow => ({
  ...{ participant, condition, value, guess: null, timePoint: `day ${day}` },
  role: condition === 'a' ? 'active' : 'placebo',
  covariates: { day, baseline },
});

/** Lower is better; more than 5 is reliable. */
const specOf = (rows: readonly AnalysisRow[], better: 'higher' | 'lower' | null = 'lower'): OutcomeSpec => ({
  ...{ id: 'x', label: 'X', level: 'primary', better, contrastKind: 'the arm', formula: 'value ~ condition', rows },
  columns: {
    value: 'value',
    condition: 'condition',
    guess: 'guess',
    participant: 'participant',
    timePoint: 'timePoint',
  },
  leftOut: [],
  levels: [
    { level: 'p', label: 'Placebo' },
    { level: 'a', label: 'Active' },
  ],
  guessLevels: { active: 'active', placebo: 'placebo', unsure: 'unsure' },
  perProtocol: null,
  notes: [],
});
const reliable = { threshold: 5, source: 'A manual.' };

test('the last value counts; a change of exactly the threshold is none; both directions are told', () => {
  const rows = [
    row('1', 'a', 10, 10, 20),
    row('1', 'a', 5, 40, 20),
    row('2', 'a', 10, 15, 20),
    row('3', 'a', 10, 14.9, 20),
    row('4', 'p', 10, 26, 20),
    row('5', 'p', 10, 20, 20),
    row('6', 'p', 10, 1, null),
  ];
  const found = respondersOf(specOf(rows), reliable);
  assert.ok(found !== null && !('notPossible' in found));
  assert.deepEqual(
    found.arms.map(({ level, participants, improved, worsened }) => [level, participants, improved, worsened]),
    [
      ['p', 2, 0, 1],
      ['a', 3, 2, 0],
    ],
  );
  const [difference] = found.differences;
  assert.ok(difference && Math.abs(difference.value - 2 / 3) < 1e-12);
  // The other way round with a score that is better when higher.
  const higher = respondersOf(specOf(rows, 'higher'), reliable);
  assert.ok(higher !== null && !('notPossible' in higher));
  assert.deepEqual(
    higher.arms.map(({ improved, worsened }) => [improved, worsened]),
    [
      [1, 0],
      [0, 2],
    ],
  );
});

test('the interval of the difference is Newcombe’s', () => {
  // Newcombe 1998, table II, row (a): 56/70 less 48/80, method 10: 0.0524 to 0.3339.
  const people = (condition: string, improved: number, of: number) =>
    Array.from({ length: of }, (_, at) => row(`${condition}${at}`, condition, 1, at < improved ? 0 : 20, 20));
  const found = respondersOf(specOf([...people('a', 56, 70), ...people('p', 48, 80)]), reliable);
  assert.ok(found !== null && !('notPossible' in found));
  const [difference] = found.differences;
  assert.ok(difference);
  assert.ok(Math.abs(difference.value - 0.2) < 1e-12);
  assert.ok(Math.abs(difference.lower - 0.0524) < 5e-5, String(difference.lower));
  assert.ok(Math.abs(difference.upper - 0.3339) < 5e-5, String(difference.upper));
});

test('without a published reliability, a better side or a baseline nothing is made up', () => {
  const rows = [row('1', 'a', 1, 3, 9), row('2', 'p', 1, 3, 9)];
  assert.match(JSON.stringify(respondersOf(specOf(rows), null)), /no published reliability/);
  assert.equal(respondersOf(specOf(rows, null), reliable), null);
  assert.match(JSON.stringify(respondersOf(specOf([row('1', 'a', 1, 3, null)]), reliable)), /baseline/);
});
