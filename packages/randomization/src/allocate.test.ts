import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allocate, allocations } from './allocate.ts';
import { type Arm, defaultProcedure, type Procedure, selfBlindingArms, slotsOf } from './design.ts';
import type { Draws } from './draws.ts';
import { RandomizationError, type RandomizationErrorCode, randomizationErrors } from './errors.ts';
import { nobody } from './people.ts';
import { follow as followWalk, openWalk } from './walk.ts';

const seed = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
const oneToOne: readonly Arm[] = [
  { id: 'A', weight: 1 },
  { id: 'B', weight: 1 },
];
const twoToOne: readonly Arm[] = [
  { id: 'A', weight: 2 },
  { id: 'B', weight: 1 },
];
const base = { seed, studyId: 'study', stratum: 'site-1', arms: oneToOne, procedure: defaultProcedure };

const minimisation = {
  kind: 'minimisation',
  factors: [{ id: 'sex', weight: 1 }],
  distance: 'range',
  favour: 4,
  against: 1,
} as const;

const anySeed = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyArms = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 })
  .map((weights) => weights.map((weight, index) => ({ id: `arm-${index}`, weight })));
const anyDesign = anyArms.chain((arms) => {
  const total = slotsOf(arms).length;
  const procedures: fc.Arbitrary<Procedure>[] = [
    fc.constant({ kind: 'complete' }),
    fc.integer({ min: 1, max: 4 }).map((tolerance) => ({ kind: 'bigStick', tolerance })),
    fc.subarray([total, 2 * total, 3 * total], { minLength: 1 }).map((sizes) => ({ kind: 'permutedBlocks', sizes })),
  ];
  return fc.record({ arms: fc.constant(arms), procedure: fc.oneof(...procedures) });
});

test('the allocation of a step asked alone is the one met on the way from step 0', () => {
  fc.assert(
    fc.property(anySeed, anyDesign, (someSeed, design) => {
      const stratum = { ...base, ...design, seed: someSeed };
      const inOrder = allocations(stratum).take(20).toArray();
      assert.deepEqual(
        inOrder.map((_, step) => allocate({ ...stratum, step })),
        inOrder,
      );
    }),
    { numRuns: 60 },
  );
});

test('a big stick never lets an arm get further ahead than the tolerance, with 2 to 5 arms', () => {
  fc.assert(
    fc.property(anySeed, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 }), (someSeed, tolerance, k) => {
      const arms = Array.from({ length: k }, (_, index) => ({ id: `${index}`, weight: 1 }));
      const counts = new Map(arms.map(({ id }) => [id, 0]));
      const drawn = allocations({ ...base, seed: someSeed, arms, procedure: { kind: 'bigStick', tolerance } }).take(60);
      for (const { arm } of drawn) {
        counts.set(arm, (counts.get(arm) ?? 0) + 1);
        assert.ok(Math.max(...counts.values()) - Math.min(...counts.values()) <= tolerance);
      }
    }),
  );
});

test('every finished block holds the arms in the exact ratio', () => {
  fc.assert(
    fc.property(anySeed, anyArms, fc.integer({ min: 1, max: 3 }), (someSeed, arms, times) => {
      const slots = slotsOf(arms);
      const size = slots.length * times;
      const procedure = { kind: 'permutedBlocks', sizes: [size] } as const;
      const drawn = allocations({ ...base, seed: someSeed, arms, procedure })
        .take(3 * size)
        .toArray();
      const due = Array.from({ length: times }, () => slots)
        .flat()
        .sort();
      for (let from = 0; from < drawn.length; from += size) {
        const block = drawn.slice(from, from + size).map(({ arm }) => arm);
        assert.deepEqual(block.sort(), due);
      }
    }),
  );
});

test('complete allocation: every step has the ratio exactly', () => {
  const chances = enumerate(twoToOne, { kind: 'complete' }, 2);
  assert.deepEqual(rounded(chances), { AA: 0.4444, AB: 0.2222, BA: 0.2222, BB: 0.1111 });
});

test('blocks of 4: the six orders are equally likely', () => {
  const chances = enumerate(oneToOne, { kind: 'permutedBlocks', sizes: [4] }, 4);
  assert.deepEqual(Object.keys(chances).sort(), ['AABB', 'ABAB', 'ABBA', 'BAAB', 'BABA', 'BBAA']);
  for (const chance of Object.values(chances)) assert.ok(Math.abs(chance - 1 / 6) < 1e-12);
});

test('block sizes are drawn with equal chance', () => {
  const chances = enumerate(oneToOne, { kind: 'permutedBlocks', sizes: [2, 4] }, 2);
  // Size 2 gives AB or BA; size 4 begins AA with chance 1/6.
  assert.ok(Math.abs((chances.AA ?? 0) - 1 / 12) < 1e-12);
});

test('big stick with tolerance 1 is a coin followed by its opposite', () => {
  const chances = enumerate(oneToOne, { kind: 'bigStick', tolerance: 1 }, 4);
  assert.deepEqual(chances, { ABAB: 0.25, ABBA: 0.25, BAAB: 0.25, BABA: 0.25 });
});

test('big stick is a fair coin until the tolerance is reached', () => {
  const chances = enumerate(oneToOne, { kind: 'bigStick', tolerance: 2 }, 3);
  assert.equal(chances.AAA, undefined);
  assert.equal(chances.AAB, 0.25);
  assert.equal(chances.ABA, 0.125);
});

test('before it is drawn every step of a big stick keeps the ratio, 2:1 as well as 1:1', () => {
  for (const [arms, share] of [
    [oneToOne, 1 / 2],
    [twoToOne, 2 / 3],
  ] as const) {
    const chances = enumerate(arms, { kind: 'bigStick', tolerance: 2 }, 7);
    for (let step = 0; step < 7; step += 1) {
      const toA = Object.entries(chances).filter(([order]) => order[step] === 'A');
      const chance = toA.reduce((sum, [, each]) => sum + each, 0);
      assert.ok(Math.abs(chance - share) < 1e-12, `step ${step}: ${chance}`);
    }
  }
});

test('weights are a ratio: 4:2 draws as 2:1', () => {
  const fourToTwo = twoToOne.map(({ id, weight }) => ({ id, weight: 2 * weight }));
  for (const procedure of [{ kind: 'complete' }, { kind: 'permutedBlocks', sizes: [3] }, defaultProcedure] as const) {
    const [one, other] = [twoToOne, fourToTwo].map((arms) =>
      allocations({ ...base, arms, procedure })
        .take(30)
        .toArray(),
    );
    assert.deepEqual(one, other);
  }
});

test('real draws from 300 seeds show the ratio at steps early and late', () => {
  const share = (step: number) => {
    let toA = 0;
    for (let study = 0; study < 300; study += 1) {
      toA += allocate({ ...base, studyId: `study-${study}`, step }).arm === 'A' ? 1 : 0;
    }
    return toA / 300;
  };
  // Four standard errors of a share of 300 fair coins; the seeds are fixed.
  for (const step of [0, 1, 7, 20]) assert.ok(Math.abs(share(step) - 0.5) < 4 * Math.sqrt(0.25 / 300));
});

test('a history that is not the seed’s own refuses the draw', () => {
  const history = allocations(base)
    .take(9)
    .map(({ arm }) => arm)
    .toArray();
  assert.equal(allocate({ ...base, step: 9, history }).arm, allocate({ ...base, step: 9 }).arm);
  const altered = history.with(4, history[4] === 'A' ? 'B' : 'A');
  assert.throws(() => allocate({ ...base, step: 9, history: altered }), hasCode('history.differs'));
  assert.throws(() => allocate({ ...base, step: 9, history: history.slice(1) }), hasCode('history.differs'));
});

const refused: readonly [RandomizationErrorCode, Partial<Parameters<typeof allocate>[0]>][] = [
  ['seed.length', { seed: new Uint8Array(16) }],
  ['study.empty', { studyId: '' }],
  ['text.malformed', { stratum: '\ud800' }],
  ['step.invalid', { step: -1 }],
  ['step.invalid', { step: 0.5 }],
  ['arms.tooFew', { arms: [] }],
  [
    'arms.duplicate',
    {
      arms: [
        { id: 'A', weight: 1 },
        { id: 'A', weight: 1 },
      ],
    },
  ],
  [
    'arms.emptyId',
    {
      arms: [
        { id: '', weight: 1 },
        { id: 'A', weight: 1 },
      ],
    },
  ],
  [
    'arms.weight',
    {
      arms: [
        { id: 'A', weight: 0 },
        { id: 'B', weight: 1 },
      ],
    },
  ],
  [
    'arms.weight',
    {
      arms: [
        { id: 'A', weight: 1.5 },
        { id: 'B', weight: 1 },
      ],
    },
  ],
  ['blocks.none', { procedure: { kind: 'permutedBlocks', sizes: [] } }],
  ['blocks.duplicate', { procedure: { kind: 'permutedBlocks', sizes: [4, 4] } }],
  ['blocks.size', { procedure: { kind: 'permutedBlocks', sizes: [4, 5] } }],
  ['blocks.size', { procedure: { kind: 'permutedBlocks', sizes: [0] } }],
  ['bigStick.tolerance', { procedure: { kind: 'bigStick', tolerance: 0 } }],
  ['bigStick.tolerance', { procedure: { kind: 'bigStick', tolerance: 1.5 } }],
  [
    'bigStick.ratio',
    {
      arms: [
        { id: 'A', weight: 64 },
        { id: 'B', weight: 1 },
      ],
    },
  ],
  ['minimisation.chances', { procedure: { ...minimisation, against: 0 } }],
  ['minimisation.chances', { procedure: { ...minimisation, favour: 1 } }],
  ['minimisation.factors', { procedure: { ...minimisation, factors: [] } }],
  [
    'minimisation.factors',
    { procedure: { ...minimisation, factors: [...minimisation.factors, ...minimisation.factors] } },
  ],
  ['minimisation.weight', { procedure: { ...minimisation, factors: [{ id: 'sex', weight: 0.5 }] } }],
  ['minimisation.distance', { procedure: JSON.parse(JSON.stringify({ ...minimisation, distance: 'mean' })) }],
  ['factors.level', { procedure: minimisation }],
  ['factors.level', { procedure: minimisation, people: [{ levels: { age: 'old' } }] }],
  ['nOf1.arms', { procedure: { kind: 'nOf1', cycles: 3, block: [1, 1] } }],
  ['nOf1.cycles', { arms: oneToOne.slice(1), procedure: { kind: 'nOf1', cycles: 0, block: [1, 1] } }],
  ['nOf1.block', { arms: oneToOne.slice(1), procedure: { kind: 'nOf1', cycles: 3, block: [1] } }],
  ['nOf1.block', { arms: oneToOne.slice(1), procedure: { kind: 'nOf1', cycles: 3, block: [1, 0] } }],
  ['bigStick.tolerance', { procedure: { kind: 'households', of: { kind: 'bigStick', tolerance: 0 } } }],
  ['selfBlinding.arms', { procedure: { kind: 'selfBlindingWeeks', weeks: 4 } }],
  [
    'selfBlinding.arms',
    {
      arms: selfBlindingArms.map((arm, index) => ({ ...arm, weight: index + 1 })),
      procedure: { kind: 'selfBlindingWeeks', weeks: 4 },
    },
  ],
  // What the types forbid may still come from a document read as JSON.
  ['selfBlinding.weeks', { arms: selfBlindingArms, procedure: JSON.parse('{"kind":"selfBlindingWeeks","weeks":3}') }],
  ['history.differs', { step: 1, history: [] }],
  ['arms.unknown', { step: 1, history: ['C'] }],
];

for (const [code, change] of refused) {
  test(`${JSON.stringify(change)} is refused as ${code}`, () => {
    assert.throws(() => allocate({ ...base, step: 0, ...change }), hasCode(code));
  });
}

test('every refusal says what to do in a sentence', () => {
  for (const [code, sentence] of Object.entries(randomizationErrors)) {
    assert.match(code, /^[a-zA-Z0-9]+\.[a-zA-Z]+$/);
    assert.match(sentence, /^[A-Z].+\.$/);
  }
});

/** Follows a procedure through every possible draw: the exact chance of each order of arms. */
function enumerate(arms: readonly Arm[], procedure: Procedure, steps: number): Record<string, number> {
  const chances: Record<string, number> = {};
  const scripts: number[][] = [[]];
  for (let script = scripts.pop(); script !== undefined; script = scripts.pop()) {
    const bounds: number[] = [];
    const order = follow(arms, procedure, steps, scripted(script, bounds));
    const [fresh] = bounds.slice(script.length);
    if (fresh === undefined) {
      chances[order] = (chances[order] ?? 0) + bounds.reduce((chance, bound) => chance / bound, 1);
    } else {
      for (let value = 0; value < fresh; value += 1) scripts.push([...script, value]);
    }
  }
  return chances;
}

/** Draws the scripted values, then zeros, and notes the bounds asked for. */
function scripted(script: readonly number[], bounds: number[]): Draws {
  const below = (bound: number) => {
    bounds.push(bound);
    return script[bounds.length - 1] ?? 0;
  };
  return { below, belowBig: (bound) => BigInt(below(Number(bound))) };
}

function follow(arms: readonly Arm[], procedure: Procedure, steps: number, draws: Draws): string {
  const people = Array.from({ length: steps }, () => nobody);
  return [
    ...followWalk(
      openWalk({ arms, procedure }, () => draws),
      people,
    ),
  ]
    .map(({ arm }) => arm)
    .join('');
}

function rounded(chances: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(chances).map(([order, chance]) => [order, Number(chance.toFixed(4))]));
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof RandomizationError && error.code === code;
}
