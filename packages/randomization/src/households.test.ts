import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allocations, walkStratum } from './allocate.ts';
import { chanceAsNumber, nextChances, sequenceChance } from './chances.ts';
import type { Procedure } from './design.ts';
import type { Participant } from './people.ts';
import { predictability } from './predictability.ts';

const arms = [
  { id: 'A', weight: 1 },
  { id: 'B', weight: 1 },
];
const of = { kind: 'bigStick', tolerance: 2 } as const;
const procedure: Procedure = { kind: 'households', of };
const design = { seed: new Uint8Array(32).fill(8), studyId: 'couples', stratum: 'all', arms };
const home = (household?: string): Participant => (household === undefined ? {} : { household });

test('a household has one arm, and households are drawn as people would be', () => {
  const code = fc.option(fc.constantFrom('h1', 'h2', 'h3', 'h4', 'h5', 'h6'), { nil: undefined });
  fc.assert(
    fc.property(fc.array(code, { maxLength: 30 }), (codes) => {
      const drawn = [...allocations({ ...design, procedure }, codes.map(home))].map(({ arm }) => arm);
      const first = codes.flatMap((household, index) =>
        household !== undefined && codes.indexOf(household) < index ? [] : [index],
      );
      const alone = [
        ...allocations(
          { ...design, procedure: of },
          first.map(() => ({})),
        ),
      ].map(({ arm }) => arm);
      assert.deepEqual(
        first.map((index) => drawn[index]),
        alone,
      );
      for (const [index, household] of codes.entries()) {
        if (household !== undefined) assert.equal(drawn[index], drawn[codes.indexOf(household)]);
      }
    }),
  );
});

test('a walk can be taken up again: who was drawn and taken back leaves no trace', () => {
  const start = walkStratum({ ...design, procedure });
  start(home('left'));
  const { allocation, after } = start(home('came'));
  const again = [...allocations({ ...design, procedure }, [home('came'), home('left')])];
  assert.deepEqual([allocation, after(home('left')).allocation], again);
});

test('whoever knows the household knows the arm', () => {
  const people = [home('h1'), home('h2'), home('h1')];
  const chances = nextChances({ arms, procedure, people }, ['A', 'B']).map(chanceAsNumber);
  assert.deepEqual(chances, [1, 0]);
  assert.equal(chanceAsNumber(sequenceChance({ arms, procedure, people }, ['A', 'B', 'B'])), 0);
  assert.equal(chanceAsNumber(sequenceChance({ arms, procedure, people }, ['A', 'B', 'A'])), 0.25);
});

test('in couples every second person is guessed for certain', () => {
  const people = Array.from({ length: 100 }, (_, index) => home(`h${Math.floor(index / 2)}`));
  const complete: Procedure = { kind: 'households', of: { kind: 'complete' } };
  const seed = new Uint8Array(32).fill(2);
  const { correctGuessRate, informedGuessRate } = predictability({
    ...{ arms, procedure: complete, participants: 100, runs: 400, seed, people },
  });
  assert.equal(informedGuessRate, 0.75);
  assert.ok(Math.abs(correctGuessRate - 0.75) < 0.01, `${correctGuessRate}`);
});
