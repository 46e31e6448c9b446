import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Chance, chanceAsNumber, nextChances, sequenceChance } from './chances.ts';
import type { Arm, StepwiseProcedure } from './design.ts';
import { seededDraws } from './draws.ts';
import { RandomizationError } from './errors.ts';
import type { Participant } from './people.ts';
import { type Allocation, follow, openWalk } from './walk.ts';

const armsOf = (...weights: number[]): Arm[] => weights.map((weight, arm) => ({ id: 'ABC'.charAt(arm), weight }));
const [equal, unequal, three] = [armsOf(1, 1), armsOf(2, 1), armsOf(1, 1, 1)];
const written = (chances: readonly Chance[]) =>
  chances.map(({ numerator, denominator }) => `${numerator}/${denominator}`).join(' ');

const procedures: StepwiseProcedure[] = [
  { kind: 'complete' },
  { kind: 'permutedBlocks', sizes: [6] },
  { kind: 'permutedBlocks', sizes: [6, 12] },
  { kind: 'bigStick', tolerance: 2 },
  { kind: 'biasedCoin', favour: 2, against: 1 },
  { kind: 'urn', initial: 0, added: 1 },
  { kind: 'urn', initial: 2, added: 3 },
  { kind: 'blockUrn', blocks: 2 },
  { kind: 'maximal', tolerance: 2, size: 6 },
  {
    kind: 'minimisation',
    factors: [
      { id: 'site', weight: 2 },
      { id: 'age', weight: 1 },
    ],
    distance: 'range',
    favour: 4,
    against: 1,
  },
  { kind: 'minimisation', factors: [{ id: 'age', weight: 1 }], distance: 'variance', favour: 3, against: 1 },
  { kind: 'households', of: { kind: 'bigStick', tolerance: 2 } },
];

/** For procedures that look at people: levels that mix, and a couple now and then. */
const people: readonly Participant[] = Array.from({ length: 15 }, (_, index) => ({
  levels: { site: index % 3 ? 'east' : 'west', age: index % 2 ? 'old' : 'young' },
  household: `${index - (index % 4 === 2 ? 1 : 0)}`,
}));
const drawnArms = (drawn: Iterable<Allocation>) => [...drawn].map(({ arm }) => arm);

/** Every sequence of a length. */
function sequences(arms: readonly Arm[], length: number): string[][] {
  if (length === 0) return [[]];
  return sequences(arms, length - 1).flatMap((start) => arms.map(({ id }) => [...start, id]));
}

for (const procedure of procedures) {
  for (const arms of [equal, unequal, three]) {
    const name = `${JSON.stringify(procedure)}, ${arms.map(({ weight }) => weight).join(':')}`;

    test(`${name}: the chances of all sequences add up to 1`, () => {
      const chances = sequences(arms, 6).map((sequence) => sequenceChance({ arms, procedure, people }, sequence));
      const common = chances.reduce((product, { denominator }) => lcm(product, denominator), 1n);
      const sum = chances.reduce((total, { numerator, denominator }) => total + numerator * (common / denominator), 0n);
      assert.equal(sum, common);
    });

    test(`${name}: what is drawn has the chances that are told`, () => {
      const runs = 3_000;
      const counts = new Map<string, number>();
      for (let run = 0; run < runs; run += 1) {
        const walk = openWalk({ arms, procedure }, seededDraws(seedOf(run), 'chances', ''));
        const drawn = drawnArms(follow(walk, people.slice(0, 4))).join('');
        counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
      }
      let [chiSquare, cells] = [0, 0];
      for (const sequence of sequences(arms, 4)) {
        const expected = runs * chanceAsNumber(sequenceChance({ arms, procedure, people }, sequence));
        const found = counts.get(sequence.join('')) ?? 0;
        if (expected === 0) assert.equal(found, 0, sequence.join(''));
        else [chiSquare, cells] = [chiSquare + (found - expected) ** 2 / expected, cells + 1];
      }
      // Mean and variance of a chi square; five standard deviations, and the seeds are fixed.
      assert.ok(chiSquare < cells - 1 + 5 * Math.sqrt(2 * (cells - 1)), `${chiSquare} of ${cells} cells`);
    });

    // A block urn of unequal arms does not keep it: at 2:1 and two sets, A has 0.64 at the fifth step.
    const keepsRatio = procedure.kind !== 'blockUrn' || arms !== unequal;
    test(`${name}: every step ${keepsRatio ? 'keeps' : 'leaves'} the ratio before anything is drawn`, () => {
      let farthest = 0;
      const total = arms.reduce((sum, { weight }) => sum + weight, 0);
      for (let step = 0; step < 6; step += 1) {
        for (const { id, weight } of arms) {
          const chance = sequences(arms, step).reduce(
            (sum, past) => sum + chanceAsNumber(sequenceChance({ arms, procedure, people }, [...past, id])),
            0,
          );
          farthest = Math.max(farthest, Math.abs(chance - weight / total));
        }
      }
      assert.equal(farthest < 1e-12, keepsRatio, `${farthest}`);
    });
  }
}

test('the chances of the papers', () => {
  const next = (procedure: StepwiseProcedure, past: string, arms = equal) =>
    written(nextChances({ arms, procedure }, [...past]));
  // Efron 1971: 2/3 to the arm that is behind.
  assert.equal(next({ kind: 'biasedCoin', favour: 2, against: 1 }, 'A'), '1/3 2/3');
  assert.equal(next({ kind: 'biasedCoin', favour: 2, against: 1 }, 'AB'), '1/2 1/2');
  // Wei 1977, UD(α, β): after n draws, n_A of them A, the chance of A is (α + β n_B) / (2 α + β n).
  assert.equal(next({ kind: 'urn', initial: 0, added: 1 }, 'A'), '0/1 1/1');
  assert.equal(next({ kind: 'urn', initial: 1, added: 1 }, 'AAB'), '2/5 3/5');
  // Soares & Wu 1983: fair until the tolerance is reached.
  assert.equal(next({ kind: 'bigStick', tolerance: 2 }, 'A'), '1/2 1/2');
  assert.equal(next({ kind: 'bigStick', tolerance: 2 }, 'AA'), '0/1 1/1');
  // Zhao & Weng 2011, λ = 2, 1:1: after A, one A and two B are left; after AB the set is back.
  assert.equal(next({ kind: 'blockUrn', blocks: 2 }, 'A'), '1/3 2/3');
  assert.equal(next({ kind: 'blockUrn', blocks: 2 }, 'AB'), '1/2 1/2');
  // A block of 4 whose first two are alike.
  assert.equal(next({ kind: 'permutedBlocks', sizes: [4] }, 'AA'), '0/1 1/1');
  assert.equal(next({ kind: 'permutedBlocks', sizes: [4] }, 'A'), '1/3 2/3');
  // Sizes 2 and 4 after A: (1/2) · 1 + (1/2) · 2/3 for B.
  assert.equal(next({ kind: 'permutedBlocks', sizes: [2, 4] }, 'A'), '1/6 5/6');
  assert.equal(next({ kind: 'complete' }, 'AAAA', unequal), '2/3 1/3');
});

test('the maximal procedure gives every admissible order the same chance', () => {
  const procedure = { kind: 'maximal', tolerance: 2, size: 8 } as const;
  const orders = sequences(equal, 8).filter((order) => {
    let ahead = 0;
    const within = order.every((arm) => {
      ahead += arm === 'A' ? 1 : -1;
      return Math.abs(ahead) <= 2;
    });
    return within && ahead === 0;
  });
  // Of 8 steps within 2 that end balanced there are 2 · 3^3.
  assert.equal(orders.length, 54);
  const chances = new Set(orders.map((order) => written([sequenceChance({ arms: equal, procedure }, order)])));
  assert.deepEqual([...chances], ['1/54']);
});

test('the chances of a step add up to 1 after any past that is drawn', () => {
  const property = fc.property(
    fc.constantFrom(...procedures),
    fc.constantFrom(equal, unequal, three),
    fc.nat(5_000),
    fc.nat(14),
    (procedure, arms, run, length) => {
      const walk = openWalk({ arms, procedure }, seededDraws(seedOf(run), 'sums', ''));
      const past = drawnArms(follow(walk, people.slice(0, length)));
      const sum = nextChances({ arms, procedure, people }, past).reduce(
        (total, chance) => total + chanceAsNumber(chance),
        0,
      );
      assert.ok(Math.abs(sum - 1) < 1e-12);
    },
  );
  fc.assert(property, { numRuns: 150 });
});

test('a past that is never drawn, an unknown arm and an impossible design are refused', () => {
  const bigStick = { kind: 'bigStick', tolerance: 1 } as const;
  const refused = (work: () => unknown, code: string) =>
    assert.throws(work, (error) => error instanceof RandomizationError && error.code === code);
  refused(() => nextChances({ arms: equal, procedure: bigStick }, ['A', 'A']), 'history.differs');
  refused(() => nextChances({ arms: equal, procedure: bigStick }, ['C']), 'arms.unknown');
  const coin = { kind: 'biasedCoin', favour: 1, against: 1 } as const;
  refused(() => nextChances({ arms: equal, procedure: coin }), 'biasedCoin.chances');
  refused(() => nextChances({ arms: equal, procedure: { kind: 'urn', initial: -1, added: 1 } }), 'urn.balls');
  refused(() => nextChances({ arms: equal, procedure: { kind: 'blockUrn', blocks: 0 } }), 'blockUrn.blocks');
  refused(() => nextChances({ arms: equal, procedure: { kind: 'maximal', tolerance: 2, size: 7 } }), 'maximal.size');
  refused(
    () => nextChances({ arms: armsOf(4, 3), procedure: { kind: 'maximal', tolerance: 2, size: 7 } }),
    'maximal.ratio',
  );
});

function seedOf(run: number): Uint8Array {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, run + 1);
  return seed;
}

function lcm(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
