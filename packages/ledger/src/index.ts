/** The record nobody can alter unseen: entries in chains, checkpoints over all chains, and the check of both. */
export {
  type Archive,
  type ArchiveManifest,
  renderArchive,
  type StoredCheckpoint,
} from './archive.ts';
export { canonicalJson, type Json } from './canonical.ts';
export {
  type Checkpoint,
  type CheckpointFailureCode,
  type CheckpointVerification,
  checkpointHash,
  checkpointPublicKey,
  genesisCheckpointHash,
  signCheckpoint,
  takeCheckpoint,
  type UnsignedCheckpoint,
  verifyCheckpoint,
  verifySuccession,
} from './checkpoint.ts';
export { type Digest, portableDigest } from './digest.ts';
export {
  type Actor,
  appendEntry,
  type Content,
  commitPayload,
  type Draft,
  type Entry,
  type ErasedEntry,
  entryHash,
  erasureType,
  genesisHash,
  genesisHead,
  type Head,
  type Header,
  headOf,
  withoutContent,
} from './entry.ts';
export { LedgerError, type LedgerErrorCode, ledgerErrors } from './errors.ts';
export {
  checkpointRoot,
  type HeadSet,
  type HeadSummary,
  type InclusionProof,
  openHeadSet,
  proveInclusion,
  type StreamHead,
  verifyInclusion,
} from './heads.ts';
export {
  type ArchiveCheck,
  type ArchiveFailure,
  type ArchiveOptions,
  type ArchiveReport,
  type ArchiveVerifier,
  openArchiveVerifier,
  verifyArchive,
} from './verify-archive.ts';
export { type HistoryVerification, verifyHistory, type WitnessedHeads } from './verify-history.ts';
export {
  type LedgerFailure,
  type LedgerFailureCode,
  ledgerFailures,
  type StreamVerification,
  type VerifyOptions,
  verifyStream,
} from './verify-stream.ts';
