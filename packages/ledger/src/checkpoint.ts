/** A signed statement of where all streams of a study stood. It leaves the machine; history is held against it. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical.ts';
import { inDomain, isHash, isInstant, portableDigest } from './digest.ts';
import { LedgerError } from './errors.ts';
import type { HeadSummary } from './heads.ts';

export type UnsignedCheckpoint = HeadSummary & {
  readonly studyId: string;
  /** 1 for the first checkpoint of a study, then without gaps. */
  readonly number: number;
  /** UTC. */
  readonly takenAt: string;
  /** `checkpointHash` of the one before; of the first `genesisCheckpointHash(studyId)`. */
  readonly previous: string;
};

export type Checkpoint = UnsignedCheckpoint & {
  /** Ed25519, 32 bytes as hexadecimal digits. */
  readonly publicKey: string;
  /** Ed25519 over all other fields, 64 bytes as hexadecimal digits. */
  readonly signature: string;
};

export type CheckpointFailureCode =
  | 'malformed'
  | 'untrustedKey'
  | 'signature'
  | 'study'
  | 'number'
  | 'previous'
  | 'backwards';

export type CheckpointVerification =
  | { readonly ok: true; readonly hash: string }
  | { readonly ok: false; readonly code: CheckpointFailureCode; readonly reason: string };

/** Takes the checkpoint that follows `previous`; null before the first. Throws `LedgerError` `checkpoint.order`. */
export function takeCheckpoint(request: {
  readonly studyId: string;
  readonly previous: Checkpoint | null;
  readonly takenAt: string;
  readonly summary: HeadSummary;
  /** 32 bytes, kept outside the database. */
  readonly secretKey: Uint8Array;
}): Checkpoint {
  const { studyId, previous, takenAt, summary } = request;
  if (!isInstant(takenAt)) throw new LedgerError('time.malformed', takenAt);
  if (previous !== null && (previous.studyId !== studyId || Date.parse(takenAt) < Date.parse(previous.takenAt))) {
    throw new LedgerError('checkpoint.order');
  }
  return signCheckpoint(
    {
      studyId,
      number: (previous?.number ?? 0) + 1,
      takenAt,
      streams: summary.streams,
      entries: summary.entries,
      root: summary.root,
      previous: previous === null ? genesisCheckpointHash(studyId) : checkpointHash(previous),
    },
    request.secretKey,
  );
}

export function signCheckpoint(unsigned: UnsignedCheckpoint, secretKey: Uint8Array): Checkpoint {
  if (secretKey.length !== 32) throw new LedgerError('key.malformed');
  const signed = { ...unsigned, publicKey: bytesToHex(ed25519.getPublicKey(secretKey)) };
  return { ...signed, signature: bytesToHex(ed25519.sign(signedBytes(signed), secretKey)) };
}

/** The public key that belongs to a secret key, as hexadecimal digits. */
export function checkpointPublicKey(secretKey: Uint8Array): string {
  if (secretKey.length !== 32) throw new LedgerError('key.malformed');
  return bytesToHex(ed25519.getPublicKey(secretKey));
}

export function checkpointHash(checkpoint: Checkpoint): string {
  return portableDigest(inDomain('checkpoint', canonicalJson(checkpointFields(checkpoint))));
}

export function genesisCheckpointHash(studyId: string): string {
  return portableDigest(inDomain('checkpoint-genesis', canonicalJson({ studyId })));
}

/**
 * Verifies a checkpoint by itself. Without `publicKeys` the signature is checked against the key that the checkpoint
 * names, which shows that it is undamaged but not who made it.
 */
export function verifyCheckpoint(checkpoint: Checkpoint, publicKeys?: readonly string[]): CheckpointVerification {
  const name = `Checkpoint ${checkpoint.number}`;
  if (!isCheckpoint(checkpoint)) return refuse('malformed', `${name} is not a checkpoint of this format.`);
  if (publicKeys !== undefined && !publicKeys.includes(checkpoint.publicKey)) {
    return refuse('untrustedKey', `${name} is signed with a key that is not among the trusted ones.`);
  }
  if (!hasGoodSignature(checkpoint)) return refuse('signature', `${name} was altered after it was signed.`);
  return { ok: true, hash: checkpointHash(checkpoint) };
}

/** Verifies that a checkpoint is sound and directly follows the one before (null: is the first). */
export function verifySuccession(
  studyId: string,
  previous: Checkpoint | null,
  checkpoint: Checkpoint,
  publicKeys?: readonly string[],
): CheckpointVerification {
  const alone = verifyCheckpoint(checkpoint, publicKeys);
  if (!alone.ok) return alone;
  const name = `Checkpoint ${checkpoint.number}`;
  if (checkpoint.studyId !== studyId) return refuse('study', `${name} belongs to another study.`);
  const due = (previous?.number ?? 0) + 1;
  if (checkpoint.number !== due) return refuse('number', `Checkpoint ${due} is missing; found ${checkpoint.number}.`);
  const hash = previous === null ? genesisCheckpointHash(studyId) : checkpointHash(previous);
  if (checkpoint.previous !== hash) return refuse('previous', `${name} does not follow the checkpoint before it.`);
  if (previous !== null && Date.parse(checkpoint.takenAt) < Date.parse(previous.takenAt)) {
    return refuse('backwards', `${name} is older than the checkpoint before it.`);
  }
  return alone;
}

/** Whether a value read from elsewhere has the shape of a checkpoint. */
export function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const counts = [fields.number, fields.streams, fields.entries];
  return (
    typeof fields.studyId === 'string' &&
    fields.studyId.isWellFormed() &&
    counts.every((count) => Number.isSafeInteger(count) && Number(count) >= 0) &&
    isInstant(fields.takenAt) &&
    [fields.root, fields.previous, fields.publicKey].every(isHash) &&
    typeof fields.signature === 'string' &&
    /^[0-9a-f]{128}$/.test(fields.signature)
  );
}

function hasGoodSignature(checkpoint: Checkpoint): boolean {
  const [signature, publicKey] = [hexToBytes(checkpoint.signature), hexToBytes(checkpoint.publicKey)];
  try {
    // Strict RFC 8032: one valid signature per message and key, so that no byte of it can be changed unseen.
    return ed25519.verify(signature, signedBytes(checkpoint), publicKey, { zip215: false });
  } catch {
    return false; // the key or the signature is not a point of the curve
  }
}

function signedBytes(checkpoint: Omit<Checkpoint, 'signature'>): Uint8Array {
  const { signature: _, ...fields } = checkpointFields({ ...checkpoint, signature: '' });
  return utf8ToBytes(inDomain('checkpoint-signature', canonicalJson(fields)));
}

/** The fields of a checkpoint and nothing that came along with them. */
export function checkpointFields(checkpoint: Checkpoint): Checkpoint {
  const { studyId, number, takenAt, streams, entries, root, previous, publicKey, signature } = checkpoint;
  return { studyId, number, takenAt, streams, entries, root, previous, publicKey, signature };
}

function refuse(code: CheckpointFailureCode, reason: string): CheckpointVerification {
  return { ok: false, code, reason };
}
