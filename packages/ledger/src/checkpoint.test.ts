import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { canonicalJson } from './canonical.ts';
import {
  type Checkpoint,
  checkpointPublicKey,
  takeCheckpoint,
  verifyCheckpoint,
  verifySuccession,
} from './checkpoint.ts';
import { LedgerError } from './errors.ts';
import { exampleKey, exampleRecord, exampleStudy } from './example-record.ts';

const [first, second] = exampleRecord().checkpoints.map(({ checkpoint }) => checkpoint);
assert.ok(first !== undefined && second !== undefined);
const trusted = [checkpointPublicKey(exampleKey)];

test('checkpoints follow one another from a first one', () => {
  assert.ok(verifySuccession(exampleStudy, null, first, trusted).ok);
  assert.ok(verifySuccession(exampleStudy, first, second, trusted).ok);
  assert.equal(codeOf(verifySuccession(exampleStudy, null, second)), 'number');
  assert.equal(codeOf(verifySuccession('another', null, first)), 'study');
});

test('any Ed25519 implementation can verify the signature', () => {
  const { signature, publicKey, ...rest } = second;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey, 'hex').toString('base64url') },
    format: 'jwk',
  });
  const signed = Buffer.from(`limen/ledger/v1/checkpoint-signature\n${canonicalJson({ ...rest, publicKey })}`);
  assert.ok(verify(null, signed, key, Buffer.from(signature, 'hex')));
});

test('a checkpoint altered in any field is refused', () => {
  const otherHash = 'ab'.repeat(32);
  const changes: Partial<Checkpoint>[] = [
    { studyId: 'other' },
    { number: 3 },
    { takenAt: '2027-01-01T00:00:00Z' },
    { streams: 4 },
    { entries: 1 },
    { root: otherHash },
    { previous: otherHash },
    { signature: `${second.signature.slice(0, 126)}00` },
    { signature: 'short' },
  ];
  for (const change of changes) {
    assert.ok(!verifyCheckpoint({ ...second, ...change }, trusted).ok, JSON.stringify(change));
  }
});

test('a checkpoint signed by somebody else is refused where keys are named', () => {
  const foreign = takeCheckpoint({
    studyId: exampleStudy,
    previous: first,
    takenAt: second.takenAt,
    summary: second,
    secretKey: new Uint8Array(32).fill(9),
  });
  assert.equal(codeOf(verifyCheckpoint(foreign, trusted)), 'untrustedKey');
  assert.ok(verifyCheckpoint(foreign).ok);
});

test('a checkpoint that skips its predecessor’s content is refused', () => {
  const fork = takeCheckpoint({
    studyId: exampleStudy,
    previous: { ...first, entries: first.entries + 1 },
    takenAt: second.takenAt,
    summary: second,
    secretKey: exampleKey,
  });
  assert.equal(codeOf(verifySuccession(exampleStudy, first, fork)), 'previous');
});

test('taking a checkpoint of another study, of an earlier time or with an unsound key is refused', () => {
  const request = {
    studyId: exampleStudy,
    previous: second,
    takenAt: second.takenAt,
    summary: second,
    secretKey: exampleKey,
  };
  const refuses = (change: Partial<typeof request>, code: string) =>
    assert.throws(
      () => takeCheckpoint({ ...request, ...change }),
      (error) => error instanceof LedgerError && error.code === code,
    );
  refuses({ studyId: 'other' }, 'checkpoint.order');
  refuses({ takenAt: first.takenAt }, 'checkpoint.order');
  refuses({ takenAt: 'now' }, 'time.malformed');
  refuses({ secretKey: new Uint8Array(31) }, 'key.malformed');
});

function codeOf(verification: ReturnType<typeof verifyCheckpoint>): string | null {
  return verification.ok ? null : verification.code;
}
