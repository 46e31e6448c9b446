import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interventionsOfArm, plannedIntervention } from './index.ts';

test('a capsule holds what the last step begun says, in whatever order the steps are written', () => {
  const steps = [
    { fromDose: 4, intervention: 'high' },
    { fromDose: 1, intervention: 'sham' },
    { fromDose: 2, intervention: 'low' },
  ];
  const arm = { content: { kind: 'steps' as const, steps } };
  const held = [1, 2, 3, 4, 9].map((dose) => plannedIntervention(arm, dose));
  assert.deepEqual(held, ['sham', 'low', 'low', 'high', 'high']);
  assert.deepEqual(interventionsOfArm(arm), ['high', 'sham', 'low']);
});

test('nothing is said of a capsule before the first step, or of one that is drawn', () => {
  const late = { content: { kind: 'steps' as const, steps: [{ fromDose: 2, intervention: 'low' }] } };
  assert.equal(plannedIntervention(late, 1), undefined);
  const drawn = { content: { kind: 'drawn' as const, active: 'low', placebo: 'none' } };
  assert.equal(plannedIntervention(drawn, 1), undefined);
  assert.deepEqual(interventionsOfArm(drawn), ['low', 'none']);
});
