/** The re-randomisation test with the procedures that trials are really allocated by: each redraws its own allocations. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Participant, type Procedure, redraw } from '@limen/randomization';
import { philox, rerandomisationInterval, rerandomisationTest } from '@limen/statistics';

const arms = [
  { id: 'active', weight: 1 },
  { id: 'placebo', weight: 1 },
];
const factors = ['age', 'sex'].map((id) => ({ id, weight: 1 }));
const procedures: readonly Procedure[] = [
  { kind: 'complete' },
  { kind: 'permutedBlocks', sizes: [2, 4] },
  { kind: 'bigStick', tolerance: 2 },
  { kind: 'biasedCoin', favour: 2, against: 1 },
  { kind: 'urn', initial: 0, added: 1 },
  { kind: 'blockUrn', blocks: 2 },
  { kind: 'minimisation', factors, distance: 'range', favour: 4, against: 1 },
  { kind: 'households', of: { kind: 'bigStick', tolerance: 3 } },
];
const enrolled = (count: number): readonly (Participant & { stratum: string })[] =>
  Array.from({ length: count }, (_, index) => ({
    stratum: index % 3 === 0 ? 'west' : 'east',
    levels: { age: index % 5 < 2 ? 'old' : 'young', sex: index % 2 ? 'woman' : 'man' },
    household: `h${index - (index % 6 === 5 ? 1 : 0)}`,
  }));
const seedOf = (run: number, number: number) => {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, run);
  new DataView(seed.buffer).setUint32(4, number);
  return seed;
};
const drawer =
  (procedure: Procedure, people: ReturnType<typeof enrolled>, run: number) =>
  (number: number): string[] =>
    redraw({ arms, procedure, studyId: 'trial', seed: seedOf(run, number) }, people).map(({ arm }) => arm);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const difference = (allocated: readonly string[], values: readonly number[]) =>
  mean(values.filter((_, i) => allocated[i] === 'active')) - mean(values.filter((_, i) => allocated[i] === 'placebo'));

for (const procedure of procedures) {
  describe(JSON.stringify(procedure), () => {
    const people = enrolled(24);

    test('a drift of the outcome over enrolment does not make a null trial significant more often than it may', () => {
      const trials = 40;
      const rejected = Array.from({ length: trials }, (_, run) => {
        const random = philox('drift', `${run}`);
        const values = people.map((_, i) => random.normal(i / 4, 1));
        const draw = drawer(procedure, people, run + 1);
        const allocated = drawer(procedure, people, 1000 + run)(0);
        const { p } = rerandomisationTest({
          ...{ allocated, draw, draws: 19 },
          statistic: (own) => difference(own, values),
        });
        return p <= 0.1 ? 1 : 0;
      }).reduce<number>((sum, one) => sum + one, 0);
      // Of 40 trials at 0.1, 10 or more are significant once in two hundred.
      assert.ok(rejected < 10, `${rejected} of ${trials}`);
    });

    test('the interval holds the shift that was given, and the draws are those of the seed', () => {
      const random = philox('shift');
      const allocated = drawer(procedure, people, 5000)(0);
      const values = allocated.map((arm) => random.normal(arm === 'active' ? 4 : 0, 1));
      const request = { allocated, values, active: 'active', control: 'placebo', draws: 199 };
      const found = rerandomisationInterval({ ...request, draw: drawer(procedure, people, 7) });
      assert.ok(found.lower < 4 && found.upper > 4, `${found.lower} to ${found.upper}`);
      assert.ok(found.lower > 1 && found.upper < 7, `${found.lower} to ${found.upper}`);
      assert.deepEqual(rerandomisationInterval({ ...request, draw: drawer(procedure, people, 7) }), found);
    });
  });
}

test('In blocks of two the p-value is that of the sixteen allocations there are, not of those a coin would give', () => {
  const people = enrolled(8).map((person) => ({ ...person, stratum: 'all' }));
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const allocated = values.map((_, i) => (i % 2 ? 'active' : 'placebo'));
  const test = (procedure: Procedure) =>
    rerandomisationTest({
      allocated,
      draw: drawer(procedure, people, 3),
      draws: 1999,
      statistic: (own) => (own.every((arm) => arm === own[0]) ? 0 : difference(own, values)),
    });
  // Four pairs, each ±1: all of one sign in two of sixteen.
  const blocks = test({ kind: 'permutedBlocks', sizes: [2] });
  assert.ok(blocks.monteCarlo.lower < 2 / 16 && blocks.monteCarlo.upper > 2 / 16, JSON.stringify(blocks));
  assert.ok(test({ kind: 'complete' }).monteCarlo.lower > 0.4);
});
