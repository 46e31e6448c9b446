import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chanceAsNumber, nextChances } from './chances.ts';
import type { Arm, Minimisation } from './design.ts';
import type { Participant } from './people.ts';
import { predictability } from './predictability.ts';

const armsOf = (...weights: number[]): Arm[] => weights.map((weight, arm) => ({ id: 'ABC'.charAt(arm), weight }));
const minimise = (distance: Minimisation['distance'], ...weights: number[]): Minimisation => ({
  kind: 'minimisation',
  factors: weights.map((weight, index) => ({ id: `f${index}`, weight })),
  distance,
  favour: 4,
  against: 1,
});
const person = (...levels: string[]): Participant => ({
  levels: Object.fromEntries(levels.map((level, index) => [`f${index}`, level])),
});
/** Rounded, as the arms' chances are fifths and thirds of a fifth. */
const chances = (procedure: Minimisation, past: readonly [string, Participant][], next: Participant, arms: Arm[]) =>
  nextChances(
    { arms, procedure, people: [...past.map(([, who]) => who), next] },
    past.map(([arm]) => arm),
  ).map((chance) => Number(chanceAsNumber(chance).toFixed(6)));

test('the arm behind among people of the same levels has four chances of five, and a tie is a coin', () => {
  const arms = armsOf(1, 1);
  const procedure = minimise('range', 1);
  assert.deepEqual(chances(procedure, [], person('old'), arms), [0.5, 0.5]);
  assert.deepEqual(chances(procedure, [['A', person('old')]], person('old'), arms), [0.2, 0.8]);
  assert.deepEqual(chances(procedure, [['A', person('young')]], person('old'), arms), [0.5, 0.5]);
  assert.deepEqual(
    chances(
      procedure,
      [
        ['A', person('old')],
        ['B', person('old')],
      ],
      person('old'),
      arms,
    ),
    [0.5, 0.5],
  );
});

test('a factor of more weight outvotes another', () => {
  const arms = armsOf(1, 1);
  // Among the old A is ahead, among the women B.
  const past: [string, Participant][] = [
    ['A', person('old', 'man')],
    ['B', person('young', 'woman')],
  ];
  const next = person('old', 'woman');
  assert.deepEqual(chances(minimise('range', 1, 1), past, next, arms), [0.5, 0.5]);
  assert.deepEqual(chances(minimise('range', 2, 1), past, next, arms), [0.2, 0.8]);
  assert.deepEqual(chances(minimise('range', 1, 2), past, next, arms), [0.8, 0.2]);
});

test('with three arms the favoured one has four chances of five and the others share the fifth', () => {
  const past: [string, Participant][] = [
    ['A', person('old')],
    ['B', person('old')],
  ];
  assert.deepEqual(chances(minimise('range', 1), past, person('old'), armsOf(1, 1, 1)), [0.1, 0.1, 0.8]);
});

test('range and variance can favour different arms', () => {
  const arms = armsOf(1, 1, 1);
  // Among the old 2, 0, 0 of A, B, C; among the women 0, 1, 3: by range C would leave 2 + 4, B 2 + 3, A 3 + 2.
  const past: [string, Participant][] = [
    ...['A', 'A'].map((arm): [string, Participant] => [arm, person('old', 'man')]),
    ...['B', 'C', 'C', 'C'].map((arm): [string, Participant] => [arm, person('young', 'woman')]),
  ];
  const next = person('old', 'woman');
  assert.deepEqual(chances(minimise('range', 1, 1), past, next, arms), [0.470588, 0.470588, 0.058824]);
  // By variance the counts 2 + 0, 0 + 1 and 0 + 3 decide: B.
  assert.deepEqual(chances(minimise('variance', 1, 1), past, next, arms), [0.1, 0.8, 0.1]);
});

test('variance is that of the marginal totals, tried out arm by arm', () => {
  const arms = armsOf(1, 1, 1);
  const levels = ['old', 'young'];
  let past: [string, Participant][] = [];
  for (let step = 0; step < 60; step += 1) {
    const next = person(levels[(step * 7) % 2] ?? '', levels[(step * 5 + Math.floor(step / 3)) % 2] ?? '');
    const distances = arms.map(({ id }) => {
      let sum = 0;
      for (const [factor, weight] of [
        ['f0', 3],
        ['f1', 2],
      ] as const) {
        const same = past.filter(([, who]) => who.levels?.[factor] === next.levels?.[factor]);
        const counts = arms.map((arm) => same.filter(([drawn]) => drawn === arm.id).length + (arm.id === id ? 1 : 0));
        const mean = counts.reduce((total, count) => total + count, 0) / counts.length;
        sum += (weight * counts.reduce((total, count) => total + (count - mean) ** 2, 0)) / (counts.length - 1);
      }
      return sum;
    });
    const least = Math.min(...distances);
    const favoured = arms.filter((_, arm) => Math.abs((distances[arm] ?? 0) - least) < 1e-9).map(({ id }) => id);
    const told = chances(minimise('variance', 3, 2), past, next, arms);
    const most = Math.max(...told);
    assert.deepEqual(
      arms.filter((_, arm) => told[arm] === most).map(({ id }) => id),
      favoured,
    );
    past = [...past, ['ABC'.charAt((step * step + step) % 3), next]];
  }
});

const seed = new Uint8Array(32).fill(9);

test('one factor of one level is the biased coin of the same chances', () => {
  const request = { arms: armsOf(1, 1), participants: 100, runs: 1_500, seed, people: [person('all')] };
  const minimised = predictability({ ...request, procedure: minimise('range', 1) });
  const coin = predictability({ ...request, procedure: { kind: 'biasedCoin', favour: 4, against: 1 } });
  assert.deepEqual({ ...minimised, meanFinalMarginalImbalance: null }, coin);
  assert.equal(minimised.meanFinalMarginalImbalance, minimised.meanFinalImbalance);
});

/**
 * Reference values: an independent simulation (numpy, 6 000 runs of 100 people, two arms, an age of two levels and a site
 * of three that go round, range). Guess rates within 0.01, imbalances within 0.15.
 */
for (const [favour, against, right, informed, largest, final, marginal] of [
  [7, 3, 0.579, 0.643, 6.06, 2.16, 3.3],
  [4, 1, 0.622, 0.718, 4.54, 1.23, 1.9],
  [9, 1, 0.673, 0.793, 3.39, 0.63, 1.03],
] as const) {
  test(`${favour} : ${against} is guessed right in ${right} of the cases, in ${informed} by whoever knows all totals`, () => {
    const people = Array.from({ length: 100 }, (_, i) => person(`age ${i % 2}`, `site ${Math.floor(i / 2) % 3}`));
    const procedure = { ...minimise('range', 1, 1), favour, against };
    const found = predictability({ arms: armsOf(1, 1), procedure, participants: 100, runs: 1_500, seed, people });
    assert.ok(Math.abs(found.correctGuessRate - right) < 0.01, `${found.correctGuessRate}`);
    assert.ok(Math.abs(found.informedGuessRate - informed) < 0.01, `${found.informedGuessRate}`);
    assert.ok(Math.abs(found.meanMaxImbalance - largest) < 0.15, `${found.meanMaxImbalance}`);
    assert.ok(Math.abs(found.meanFinalImbalance - final) < 0.15, `${found.meanFinalImbalance}`);
    assert.ok(Math.abs((found.meanFinalMarginalImbalance ?? 0) - marginal) < 0.15);
  });
}
