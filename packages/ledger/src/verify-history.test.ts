import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkpointPublicKey } from './checkpoint.ts';
import { type Entry, headOf } from './entry.ts';
import { chain, checkpointsAfter, exampleDraft, exampleKey, exampleRecord } from './example-record.ts';
import { verifyHistory } from './verify-history.ts';

const draftsOf = (number: number, count: number) =>
  Array.from({ length: count }, (_, index) => exampleDraft(number * 20 + index));
const drafts = { alpha: draftsOf(1, 6), beta: draftsOf(2, 6), gamma: draftsOf(3, 6) };
const streams = {
  alpha: chain('alpha', drafts.alpha),
  beta: chain('beta', drafts.beta),
  gamma: chain('gamma', drafts.gamma),
};
const early = Object.values(streams).flatMap((entries) => entries.slice(0, 4));
const today = Object.values(streams).flat();
const [stored] = checkpointsAfter([early]);
assert.ok(stored !== undefined);
const witnessed = { checkpoint: stored.checkpoint, heads: stored.moved };
const publicKeys = [checkpointPublicKey(exampleKey)];

test('a record that goes on from the checkpoint verifies', () => {
  assert.deepEqual(verifyHistory(witnessed, today, { publicKeys }), { ok: true, streams: 3, entries: 18, since: 6 });
  assert.ok(verifyHistory(witnessed, early).ok);
});

test('history written anew with every hash made good is reported with stream and entry', () => {
  fc.assert(
    fc.property(fc.constantFrom('alpha', 'beta', 'gamma'), fc.nat(3), (name, index) => {
      const rewritten = chain(
        name,
        drafts[name].with(index, exampleDraft(7, { recordedAt: drafts[name][index]?.recordedAt ?? '' })),
      );
      const entries = Object.values({ ...streams, [name]: rewritten }).flat();
      const verification = verifyHistory(witnessed, entries);
      assert.ok(!verification.ok && verification.code === 'rewritten');
      assert.deepEqual(verification.position, { stream: name, seq: 4 });
      assert.equal(verification.since, 1);
    }),
  );
});

test('what was recorded after the checkpoint is not its business', () => {
  const [fifth] = streams.beta.slice(3, 4);
  assert.ok(fifth);
  const otherTail = [...streams.beta.slice(0, 4), ...chain('beta', [exampleDraft(90)], headOf(fifth))];
  assert.ok(verifyHistory(witnessed, Object.values({ ...streams, beta: otherTail }).flat()).ok);
});

test('a stream cut short is reported with the first entry that is gone', () => {
  for (let kept = 0; kept < 4; kept += 1) {
    const cut: Entry[] = Object.values({ ...streams, gamma: streams.gamma.slice(0, kept) }).flat();
    const verification = verifyHistory(witnessed, cut);
    assert.ok(!verification.ok && verification.code === 'truncated');
    assert.deepEqual(verification.position, { stream: 'gamma', seq: kept + 1 });
  }
});

test('heads that are not under the root are refused', () => {
  const [head] = witnessed.heads;
  assert.ok(head !== undefined);
  for (const heads of [[], witnessed.heads.with(0, { ...head, seq: 3 }), [head, ...witnessed.heads]]) {
    const verification = verifyHistory({ ...witnessed, heads }, today);
    assert.ok(!verification.ok && verification.code === 'checkpoint');
  }
});

test('a checkpoint under a key nobody trusts is refused', () => {
  const verification = verifyHistory(witnessed, today, { publicKeys: ['00'.repeat(32)] });
  assert.ok(!verification.ok && verification.code === 'checkpoint');
});

test('erased content does not disturb a checkpoint taken before the erasure', () => {
  const { entries, checkpoints } = exampleRecord();
  const [before] = checkpoints;
  assert.ok(before !== undefined);
  assert.ok(verifyHistory({ checkpoint: before.checkpoint, heads: before.moved }, entries).ok);
});
