/** Is today's record a continuation of what a checkpoint saw? A chain that was rewritten and chained anew is not. */
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts';
import { portableDigest } from './digest.ts';
import type { Entry } from './entry.ts';
import { LedgerError } from './errors.ts';
import { openHeadSet, type StreamHead } from './heads.ts';
import {
  failureAt,
  type LedgerFailure,
  type Measured,
  measure,
  openStreamCheck,
  type StreamCheck,
  type VerifyOptions,
} from './verify-stream.ts';

/** A checkpoint together with the heads under its root. The heads need no trust: the root proves them. */
export type WitnessedHeads = { readonly checkpoint: Checkpoint; readonly heads: readonly StreamHead[] };

export type HistoryVerification =
  | {
      readonly ok: true;
      readonly streams: number;
      readonly entries: number;
      /** Entries recorded since the checkpoint. */
      readonly since: number;
    }
  | ({ readonly ok: false } & LedgerFailure)
  | { readonly ok: false; readonly code: 'checkpoint'; readonly position: null; readonly reason: string };

/**
 * Verifies all streams of a study and holds them against an older checkpoint. Entries of a stream come in order; streams
 * may be mixed.
 */
export function verifyHistory(
  witnessed: WitnessedHeads,
  entries: Iterable<Entry>,
  options: VerifyOptions & { readonly publicKeys?: readonly string[] } = {},
): HistoryVerification {
  const { checkpoint, heads } = witnessed;
  const refused = refuseCheckpoint(witnessed, options.publicKeys);
  if (refused !== null) return { ok: false, code: 'checkpoint', position: null, reason: refused };
  const study = openStudyCheck(checkpoint.studyId, options);
  for (const head of heads) study.anchor(head);
  let count = 0;
  for (const entry of entries) {
    count += 1;
    const failure = study.accept(entry, measure(entry, options.digest ?? portableDigest));
    if (failure !== null) return { ok: false, ...failure };
  }
  const [failure] = study.close();
  if (failure !== undefined) return { ok: false, ...failure };
  return { ok: true, streams: study.streams(), entries: count, since: count - checkpoint.entries };
}

export type StudyCheck = {
  /** States what a stream's entry must be. Anchors of a stream come in ascending order and before its entries. */
  anchor(head: StreamHead): void;
  accept(entry: Entry, measured: Measured): LedgerFailure | null;
  /** What only the end shows: missing content and missing tails. */
  close(): readonly LedgerFailure[];
  streams(): number;
  erased(): number;
};

export function openStudyCheck(studyId: string, options: VerifyOptions): StudyCheck {
  const checks = new Map<string, StreamCheck>();
  const anchors = new Map<string, StreamHead[]>();
  const passed = new Map<string, number>();

  const checkOf = (stream: string): StreamCheck => {
    const known = checks.get(stream);
    if (known !== undefined) return known;
    const opened = openStreamCheck(studyId, stream, options);
    checks.set(stream, opened);
    return opened;
  };

  /** Holds the entry against the stream's next anchor. */
  const meetAnchor = (entry: Entry): LedgerFailure | null => {
    const { stream, seq } = entry.header;
    const place = passed.get(stream) ?? 0;
    const next = anchors.get(stream)?.[place];
    if (next === undefined || seq < next.seq) return null;
    passed.set(stream, place + 1);
    if (seq === next.seq && entry.hash === next.hash) return null;
    const since = (anchors.get(stream)?.[place - 1]?.seq ?? 0) + 1;
    return { ...failureAt(stream, next.seq, 'rewritten', 'hash', `entries ${since} to ${next.seq}`), since };
  };

  return {
    anchor(head) {
      const list = anchors.get(head.stream);
      if (list === undefined) anchors.set(head.stream, [head]);
      else list.push(head);
    },
    accept(entry, measured) {
      if (measured.malformed !== null) {
        const { stream, seq } = statedPosition(entry);
        return failureAt(stream, seq, 'malformed', measured.malformed);
      }
      const failure = checkOf(entry.header.stream).accept(entry, measured);
      const rewritten = meetAnchor(entry);
      return failure ?? rewritten;
    },
    close() {
      const failures: LedgerFailure[] = [];
      for (const stream of new Set([...checks.keys(), ...anchors.keys()])) {
        const check = checkOf(stream);
        const missing = check.unresolved(Number.POSITIVE_INFINITY);
        if (missing !== null) failures.push(missing);
        const last = anchors.get(stream)?.at(-1);
        const { seq } = check.head();
        if (last !== undefined && seq < last.seq) {
          failures.push(failureAt(stream, seq + 1, 'truncated', 'seq', `a checkpoint saw ${last.seq} entries`));
        }
      }
      return failures;
    },
    streams: () => checks.size,
    erased: () => checks.values().reduce((sum, check) => sum + check.erased(), 0),
  };
}

/** Where a malformed entry says it stands, as far as it says so. */
function statedPosition(entry: unknown): { stream: string; seq: number } {
  const header: unknown = typeof entry === 'object' && entry !== null && 'header' in entry ? entry.header : null;
  if (typeof header !== 'object' || header === null) return { stream: '', seq: 0 };
  const stream = 'stream' in header && typeof header.stream === 'string' ? header.stream : '';
  const seq = 'seq' in header && typeof header.seq === 'number' ? header.seq : 0;
  return { stream, seq };
}

function refuseCheckpoint({ checkpoint, heads }: WitnessedHeads, publicKeys: readonly string[] | undefined) {
  const alone = verifyCheckpoint(checkpoint, publicKeys);
  if (!alone.ok) return alone.reason;
  return areUnderRoot(heads, checkpoint) ? null : `The heads given are not those of checkpoint ${checkpoint.number}.`;
}

function areUnderRoot(heads: readonly StreamHead[], checkpoint: Checkpoint): boolean {
  try {
    const { root, streams, entries } = openHeadSet(heads).summary();
    return root === checkpoint.root && streams === checkpoint.streams && entries === checkpoint.entries;
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}
