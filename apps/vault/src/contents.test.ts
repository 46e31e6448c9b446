import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate } from '@limen/randomization';
import { contentsOf, type Design } from './contents.ts';

const steps = (held: readonly (readonly [fromDose: number, intervention: string])[]) => ({
  kind: 'steps' as const,
  steps: held.map(([fromDose, intervention]) => ({ fromDose, intervention })),
});
const designOf = (first: number): Design => {
  const content = steps([
    [4, 'high'],
    [first, 'low'],
  ]);
  const arms = ['rising', 'same'].map((id) => ({ id, weight: 1, content }));
  return { procedure: { kind: 'complete' }, stratifyBy: [], capsules: 5, arms };
};
const allocation = allocate({
  seed: new Uint8Array(32),
  studyId: 'study',
  stratum: 'all',
  step: 0,
  arms: [
    { id: 'rising', weight: 1 },
    { id: 'same', weight: 1 },
  ],
  procedure: { kind: 'complete' },
});

test('capsules hold what the steps of the arm fix, by capsule number', () => {
  assert.deepEqual(contentsOf(designOf(1), allocation), ['low', 'low', 'low', 'high', 'high']);
});

test('steps that leave the first capsule open are refused', () => {
  assert.throws(() => contentsOf(designOf(2), allocation), RangeError);
});
