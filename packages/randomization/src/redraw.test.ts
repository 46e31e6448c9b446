import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocations } from './allocate.ts';
import type { Procedure } from './design.ts';
import type { Participant } from './people.ts';
import { redraw, rerandomisationTest } from './redraw.ts';
import type { Allocation } from './walk.ts';

const arms = [
  { id: 'A', weight: 1 },
  { id: 'B', weight: 1 },
];
const own = [{ id: 'own', weight: 1 }];
const count = 24;
const people: readonly (Participant & { stratum: string })[] = Array.from({ length: count }, (_, index) => ({
  stratum: index % 3 === 0 ? 'west' : 'east',
  levels: { age: index % 5 < 2 ? 'old' : 'young', sex: index % 2 ? 'woman' : 'man' },
  household: `h${index - (index % 6 === 5 ? 1 : 0)}`,
}));
const factors = ['age', 'sex'].map((id) => ({ id, weight: 1 }));
const procedures: Procedure[] = [
  { kind: 'complete' },
  { kind: 'permutedBlocks', sizes: [2, 4] },
  { kind: 'bigStick', tolerance: 2 },
  { kind: 'biasedCoin', favour: 2, against: 1 },
  { kind: 'urn', initial: 0, added: 1 },
  { kind: 'blockUrn', blocks: 2 },
  { kind: 'maximal', tolerance: 2, size: 8 },
  { kind: 'minimisation', factors, distance: 'range', favour: 4, against: 1 },
  { kind: 'minimisation', factors, distance: 'variance', favour: 3, against: 1 },
  { kind: 'nOf1', cycles: 3, block: [1, 1] },
  { kind: 'households', of: { kind: 'bigStick', tolerance: 3 } },
  { kind: 'selfBlindingWeeks', weeks: 4 },
];
const designOf = (procedure: Procedure) => {
  const weeks = ['PL', 'HH', 'MD'].map((id) => ({ id, weight: 1 }));
  const fitting = { nOf1: own, selfBlindingWeeks: weeks };
  return { procedure, arms: fitting[procedure.kind as keyof typeof fitting] ?? arms };
};
const seedOf = (run: number) => {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(4, run + 1);
  return seed;
};

for (const procedure of procedures) {
  const design = designOf(procedure);
  const name = JSON.stringify(procedure);

  test(`${name}: a redraw is what the strata would have been from that seed`, () => {
    const seed = seedOf(70);
    const drawn = redraw({ ...design, studyId: 'study', seed }, people);
    for (const stratum of ['east', 'west']) {
      const own = people.flatMap((person, index) =>
        person.stratum === stratum ? [[person, drawn[index]] as const] : [],
      );
      const due = [
        ...allocations(
          { ...design, studyId: 'study', seed, stratum },
          own.map(([person]) => person),
        ),
      ];
      assert.deepEqual(
        own.map(([, allocation]) => allocation),
        due,
      );
    }
    assert.deepEqual(redraw({ ...design, studyId: 'study', seed }, people), drawn);
    assert.notDeepEqual(redraw({ ...design, studyId: 'study', seed: seedOf(71) }, people), drawn);
  });

  /**
   * Under the null hypothesis the outcomes stand fixed and the observed statistic is one draw more like the redraws, so
   * its rank among 20 is uniform. With a statistic that hardly ever ties, the number of ranks in each of 10 pairs is
   * multinomial; the chi square of 9 degrees of freedom has mean 9 and standard deviation √18; five of them, and the seeds are fixed.
   */
  test(`${name}: the p-value of a re-randomisation test is uniform under the null hypothesis, time trend and all`, () => {
    const [trials, redraws] = [400, 19];
    const pairs = Array<number>(10).fill(0);
    for (let trial = 0; trial < trials; trial += 1) {
      const allocated = redraw({ ...design, studyId: `trial-${trial}`, seed: seedOf(trial) }, people);
      const seed = seedOf(1_000_000 + trial);
      const { p } = rerandomisationTest({ design, people, allocated, statistic, redraws, seed });
      const pair = Math.ceil(p * 10 - 1e-9) - 1;
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
    const chiSquare = pairs.reduce((sum, found) => sum + (found - trials / 10) ** 2 / (trials / 10), 0);
    assert.ok(chiSquare < 9 + 5 * Math.sqrt(18), `${chiSquare}: ${pairs}`);
  });
}

test('an effect is found that the redraws do not have', () => {
  const design = designOf({ kind: 'bigStick', tolerance: 3 });
  const allocated = redraw({ ...design, studyId: 'effect', seed: seedOf(5) }, people);
  const effect = (drawn: readonly Allocation[]) =>
    drawn.reduce((sum, { arm }, index) => sum + (arm === 'A' ? 1 : -1) * (allocated[index]?.arm === 'A' ? 1 : -1), 0);
  const found = rerandomisationTest({ design, people, allocated, statistic: effect, redraws: 199, seed: seedOf(6) });
  assert.deepEqual(found, { p: 1 / 200, observed: count, asLarge: 0 });
});

test('a number of redraws that cannot be, and allocations of other people, are refused', () => {
  const design = designOf({ kind: 'complete' });
  const request = { design, people, allocated: [], statistic, redraws: 10, seed: seedOf(1) };
  assert.throws(() => rerandomisationTest({ ...request, redraws: 0 }), /whole numbers/);
  assert.throws(() => rerandomisationTest(request), /history/);
});

/** Weighted by outcomes with a trend over time that no two people share, so that hardly two draws tie. */
function statistic(drawn: readonly Allocation[]): number {
  return drawn.reduce((sum, { arm, periods, sequence }, index) => {
    const outcome = Math.sqrt(index + 2) + Math.sin(index * index + 1);
    const first = periods?.reduce((code, period, place) => code + period * Math.SQRT2 ** -place, 0) ?? 0;
    const weeks = sequence?.filter(({ type }) => type === 'MD').length ?? 0;
    return sum + outcome * ((arm === 'A' ? 1 : 0) + first + weeks);
  }, 0);
}
