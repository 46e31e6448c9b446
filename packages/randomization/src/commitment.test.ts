import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allocations } from './allocate.ts';
import { commitment, type RecordedAllocation, verifyAllocations } from './commitment.ts';
import { defaultProcedure, selfBlindingArms } from './design.ts';
import { RandomizationError } from './errors.ts';

const design = {
  protocolHash: 'ab'.repeat(32),
  studyId: 'study',
  arms: [
    { id: 'active', weight: 1 },
    { id: 'placebo', weight: 1 },
  ],
  procedure: defaultProcedure,
  seed: new Uint8Array(32).fill(3),
};

/** Strata enrol in turn, as sites do. */
const recorded: readonly RecordedAllocation[] = ['site-1', 'site-2', 'site-3']
  .flatMap((stratum) =>
    allocations({ ...design, stratum })
      .take(30)
      .map((allocation, step) => ({ ...allocation, stratum, step }))
      .toArray(),
  )
  .sort((a, b) => a.step - b.step);

const claim = { ...design, commitment: commitment(design), allocations: recorded };

test('with the seed revealed every allocation is found again', () => {
  assert.deepEqual(verifyAllocations(claim), { ok: true, count: 90 });
});

test('one altered allocation is reported with its index, stratum and step', () => {
  fc.assert(
    fc.property(fc.nat(recorded.length - 1), (index) => {
      const honest = recorded[index];
      assert.ok(honest !== undefined);
      const arm = honest.arm === 'active' ? 'placebo' : 'active';
      const verification = verifyAllocations({ ...claim, allocations: recorded.with(index, { ...honest, arm }) });
      assert.deepEqual(verification, {
        ok: false,
        reason: 'arm',
        firstDifference: { index, stratum: honest.stratum, step: honest.step, expected: honest.arm, found: arm },
      });
    }),
  );
});

test('a participant left out or counted twice is reported', () => {
  const withoutOne = verifyAllocations({ ...claim, allocations: recorded.toSpliced(40, 1) });
  assert.ok(!withoutOne.ok && withoutOne.reason === 'missingStep');
  const [first] = recorded;
  assert.ok(first !== undefined);
  const twice = verifyAllocations({ ...claim, allocations: [...recorded, first] });
  assert.ok(!twice.ok && twice.reason === 'repeatedStep' && twice.firstDifference.index === 90);
});

test('an altered week of a self-blinding schedule is reported', () => {
  const weekly = { ...design, arms: selfBlindingArms, procedure: { kind: 'selfBlindingWeeks', weeks: 4 } as const };
  const drawn = allocations({ ...weekly, stratum: '' })
    .take(20)
    .map((allocation, step) => ({ ...allocation, stratum: '', step }))
    .toArray();
  const published = { ...weekly, commitment: commitment(weekly) };
  assert.deepEqual(verifyAllocations({ ...published, allocations: drawn }), { ok: true, count: 20 });
  const [first] = drawn;
  assert.ok(first?.sequence !== undefined);
  const altered = { ...first, sequence: first.sequence.toReversed() };
  const verification = verifyAllocations({ ...published, allocations: drawn.with(0, altered) });
  assert.ok(!verification.ok && verification.reason === 'sequence');
});

test('the commitment binds protocol, study, arms, procedure and seed', () => {
  const changes = [
    { protocolHash: 'cd'.repeat(32) },
    { studyId: 'study2' },
    { arms: design.arms.toReversed() },
    {
      arms: [
        { id: 'active', weight: 2 },
        { id: 'placebo', weight: 1 },
      ],
    },
    { procedure: { kind: 'bigStick', tolerance: 2 } as const },
    { procedure: { kind: 'permutedBlocks', sizes: [2, 4] } as const },
    { procedure: { kind: 'permutedBlocks', sizes: [24] } as const },
    { seed: new Uint8Array(32).fill(4) },
  ];
  const hashes = [{}, ...changes].map((change) => commitment({ ...design, ...change }));
  assert.equal(new Set(hashes).size, hashes.length);
  for (const hash of hashes) assert.match(hash, /^[0-9a-f]{64}$/);
  for (const change of changes) {
    const verification = verifyAllocations({ ...claim, ...change });
    assert.ok(!verification.ok && verification.reason === 'commitment');
  }
});

test('the published form of the commitment does not change between versions', () => {
  // Computed apart from this code (Python hashlib over the documented fields): a published one must verify for ever.
  assert.equal(commitment(design), '32c59de0964204d6e0be1f1939df7f59380e07e08e07bc9feefb729b18cebd25');
});

test('a protocol hash that is not a SHA-256 is refused', () => {
  assert.throws(
    () => commitment({ ...design, protocolHash: 'draft' }),
    (error) => error instanceof RandomizationError && error.code === 'protocolHash.malformed',
  );
});
