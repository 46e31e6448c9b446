import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectancySplit } from './belief.ts';
import { type Guess, guessSeries } from './blinding.ts';
import type { AnalysisRow } from './outcome-spec.ts';
import { isPossible } from './possible.ts';
import type { Cell } from './results.ts';

const head = { id: 'guess', label: 'Guess', about: 'one capsule', unit: 'ug' };
const guess = (
  participant: string,
  role: 'active' | 'placebo',
  said: Cell,
  more: Partial<Pick<Guess, 'confidence' | 'dose' | 'timePoint' | 'cues'>> = {},
): Guess => ({
  ...{ participant, role, guess: said, timePoint: 'week 1', confidence: null, cues: [] },
  dose: role === 'placebo' ? 0 : 10,
  ...more,
});

test('how sure people were: shares by confidence and the graded index, counted by hand', () => {
  const active = [
    [90, 'active'],
    [50, 'active'],
    [20, 'active'],
    [49, 'placebo'],
    [80, 'placebo'],
    [null, 'unsure'],
  ] as const;
  const guesses = active.map(([confidence, said], at) => guess(`P${at}`, 'active', said, { confidence }));
  const series = guessSeries(head, [...guesses, guess('Q', 'placebo', 'placebo', { confidence: 34 })], 'seed');
  assert.deepEqual(
    series.byConfidence.map(({ from, to, guesses: count, correct }) => [
      from,
      to,
      count,
      isPossible(correct) ? correct.value : null,
    ]),
    [
      [0, 33, 1, 1],
      [34, 66, 3, 2 / 3],
      [67, 100, 2, 0.5],
    ],
  );
  // Two strongly right, one somewhat right, one somewhat and one strongly wrong, one unsure: (2 + ½ − ½ − 1) / 6.
  const graded = series.graded?.active;
  assert.ok(graded && isPossible(graded));
  assert.ok(Math.abs(graded.value - 1 / 6) < 1e-12);
  assert.deepEqual([series.doses, series.detection], [[], null]);
});

test('without confidences and with one dose there is no such table; without guesses nothing over time', () => {
  const series = guessSeries(head, [guess('A', 'active', 'active'), guess('B', 'placebo', 'active')], 'seed');
  assert.deepEqual([series.byConfidence, series.graded, series.detection], [[], null, null]);
  assert.equal(guessSeries(head, [], 'seed').overTime, null);
});

test('guesses at three doses give a threshold between them; without a slope there is none, with its reason', () => {
  const share: readonly (readonly [dose: number, said: number])[] = [
    [0, 4],
    [5, 8],
    [10, 12],
    [20, 18],
  ];
  const made = (countOf: (said: number) => number) =>
    share.flatMap(([dose, said]) =>
      Array.from({ length: 20 }, (_, at) =>
        guess(`${dose}-${at}`, dose === 0 ? 'placebo' : 'active', at < countOf(said) ? 'active' : 'placebo', { dose }),
      ),
    );
  const { doses, detection } = guessSeries(
    head,
    made((said) => said),
    'seed',
  );
  assert.deepEqual(
    doses.map(({ dose, guesses, active }) => [dose, guesses, active]),
    share.map(([dose, said]) => [dose, 20, said]),
  );
  assert.ok(detection !== null && isPossible(detection));
  assert.ok(detection.dose > 5 && detection.dose < 10 && detection.unit === 'ug', JSON.stringify(detection));
  assert.ok(detection.lower !== null && detection.lower < detection.dose);
  const flat = guessSeries(
    head,
    made((said) => 22 - said),
    'seed',
  ).detection;
  assert.ok(flat !== null && !isPossible(flat));
  const unknown = guessSeries(
    { ...head, unit: null },
    made((said) => said),
    'seed',
  );
  assert.deepEqual([unknown.doses, unknown.detection], [[], null]);
});

test('over time people are drawn with all their guesses: asking everybody thrice makes no interval narrower', () => {
  const once = Array.from({ length: 24 }, (_, at) =>
    guess(`P${at}`, at % 2 ? 'active' : 'placebo', at % 3 ? 'active' : 'placebo'),
  );
  const thrice = ['week 1', 'week 2', 'week 3'].flatMap((timePoint) => once.map((one) => ({ ...one, timePoint })));
  const width = (guesses: readonly Guess[]) => {
    const index = guessSeries(head, guesses, 'seed').overTime?.overall.active;
    assert.ok(index);
    return index.upper - index.lower;
  };
  assert.ok(Math.abs(width(thrice) - width(once)) < 0.1, `${width(thrice)} ${width(once)}`);
  assert.equal(guessSeries(head, once, 'seed').overTime?.change.active, null);
  assert.equal(guessSeries(head, thrice, 'seed').overTime?.change.active?.index, 0);
});

test('what belief adds is estimated with one row a person and refused with several', () => {
  const row = (participant: string, role: 'active' | 'placebo', said: Cell, value: number): AnalysisRow => ({
    ...{ participant, role, value, guess: said, timePoint: 'end', condition: role, covariates: {} },
  });
  // Cell means 1, 4 (belief +3) on placebo; 3, 6 (+2 by the capsule) on active; each ± 1.
  const rows = (
    [
      ['placebo', 'placebo', 1],
      ['placebo', 'active', 4],
      ['active', 'placebo', 3],
      ['active', 'active', 6],
    ] as const
  ).flatMap(([role, said, mean], cell) => [-1, 0, 1].map((off) => row(`${cell}${off}`, role, said, mean + off)));
  const found = expectancySplit(rows);
  assert.ok(isPossible(found));
  assert.ok(Math.abs(found.directEffect.value - 2) < 1e-12 && Math.abs(found.expectancy.value - 3) < 1e-12);
  assert.ok(found.additivityP > 0.999);
  const twice = expectancySplit([...rows, row('00', 'active', 'active', 5)]);
  assert.ok(!isPossible(twice) && /one row a person/.test(twice.notPossible));
});
