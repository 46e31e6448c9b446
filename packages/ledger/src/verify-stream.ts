/** Is this chain whole? Every entry is hashed again and compared with what is stored; nothing stored is believed. */
import { canonicalJson } from './canonical.ts';
import { type Digest, inDomain, isHash, isInstant, portableDigest, runsBackwards } from './digest.ts';
import {
  type Content,
  type Entry,
  erasureType,
  genesisHash,
  type Head,
  type Header,
  headerText,
  readErasure,
} from './entry.ts';
import { LedgerError } from './errors.ts';

/** What can be wrong with a record, and what it means. */
export const ledgerFailures = {
  malformed: 'is not an entry of this format',
  wrongStudy: 'belongs to another study',
  wrongStream: 'belongs to another stream',
  sequence: 'an entry is missing, repeated or out of order',
  broken: 'does not follow the entry before it',
  altered: 'the header or its hash was altered',
  backwards: 'the recorded time runs backwards',
  contentAltered: 'the payload or its salt was altered',
  contentMissing: 'the payload is gone and no later erasure names it',
  erasureMalformed: 'the erasure does not name earlier entries of its stream',
  erasureMismatch: 'the erasure names another event than the one whose payload is gone',
  truncated: 'entries that a checkpoint has seen are gone',
  rewritten: 'differs from what a checkpoint has seen',
} as const;

export type LedgerFailureCode = keyof typeof ledgerFailures;

export type LedgerFailure = {
  readonly code: LedgerFailureCode;
  readonly position: { readonly stream: string; readonly seq: number };
  /** The stored field that does not fit. */
  readonly field: keyof Header | 'header' | 'hash' | 'content';
  /** A sentence for people. */
  readonly reason: string;
  /** Of a rewritten history: the first entry that may differ; the last checkpoint before it still fits. */
  readonly since?: number;
};

export type StreamVerification =
  | {
      readonly ok: true;
      readonly count: number;
      /** Entries whose content is properly erased. */
      readonly erased: number;
      readonly head: Head;
    }
  | ({ readonly ok: false } & LedgerFailure);

export type VerifyOptions = {
  /** A faster SHA-256 of the host; see `Digest`. */
  readonly digest?: Digest;
  /** `withheld` accepts a copy of the record that carries headers only; contents that are there are still checked. */
  readonly contents?: 'required' | 'withheld';
};

/** Verifies the entries of one stream, given in order from the first. Answers the failure that lies earliest. */
export function verifyStream(
  stream: { readonly studyId: string; readonly stream: string },
  entries: Iterable<Entry>,
  options: VerifyOptions = {},
): StreamVerification {
  const check = openStreamCheck(stream.studyId, stream.stream, options);
  let first: LedgerFailure | null = null;
  for (const entry of entries) {
    const failure = check.accept(entry, measure(entry, options.digest ?? portableDigest));
    if (failure !== null) {
      first = failure;
      break;
    }
  }
  // Content found missing before the break lies earlier than the break itself.
  first = check.unresolved(first?.position.seq ?? Number.POSITIVE_INFINITY) ?? first;
  if (first !== null) return { ok: false, ...first };
  const head = check.head();
  return { ok: true, count: head.seq, erased: check.erased(), head };
}

/** What an entry says, hashed again; null where it is not well-formed. */
export type Measured = {
  readonly malformed: LedgerFailure['field'] | null;
  readonly headerText: string;
  readonly hash: string;
  readonly payloadText: string | null;
  readonly commitment: string | null;
};

const unmeasured = { headerText: '', hash: '', payloadText: null, commitment: null };

export function measure(entry: Entry, digest: Digest): Measured {
  const malformed = malformedField(entry);
  if (malformed !== null) return { ...unmeasured, malformed };
  const text = headerText(entry.header);
  const hash = digest(inDomain('entry', text));
  if (entry.content === null) return { malformed, headerText: text, hash, payloadText: null, commitment: null };
  const payloadText = canonicalOrNull(entry.content.payload);
  if (payloadText === null) return { ...unmeasured, malformed: 'content' };
  const commitment = digest(inDomain('commitment', `${entry.content.salt}\n${payloadText}`));
  return { malformed, headerText: text, hash, payloadText, commitment };
}

export type StreamCheck = {
  accept(entry: Entry, measured: Measured): LedgerFailure | null;
  /** Missing content that nothing has explained, before a position. */
  unresolved(before: number): LedgerFailure | null;
  head(): Head;
  erased(): number;
};

export function openStreamCheck(studyId: string, stream: string, options: VerifyOptions): StreamCheck {
  let head: Head = { studyId, stream, seq: 0, hash: genesisHash(studyId, stream, options.digest), recordedAt: null };
  const missing = new Map<number, string>();
  let erased = 0;

  const advance = (entry: Entry) => {
    const { seq, recordedAt } = entry.header;
    head = { studyId, stream, seq, hash: entry.hash, recordedAt };
  };

  return {
    accept(entry, measured) {
      if (measured.malformed !== null) return failureAt(stream, head.seq + 1, 'malformed', measured.malformed);
      const failure = checkChain(head, entry, measured) ?? checkContent(entry, measured);
      // Go on from what is stated, so that one fault is not reported again with every entry after it.
      if (failure === null || entry.header.seq > head.seq) advance(entry);
      if (failure !== null) return failure;
      if (entry.content === null && options.contents !== 'withheld')
        missing.set(entry.header.seq, entry.header.eventId);
      if (entry.header.type !== erasureType || entry.content === null) return null;
      const outcome = resolveErasure(entry.header, entry.content, missing);
      if (typeof outcome !== 'number') return outcome;
      erased += outcome;
      return null;
    },
    unresolved(before) {
      const [seq] = missing.keys();
      return seq === undefined || seq >= before ? null : failureAt(stream, seq, 'contentMissing', 'content');
    },
    head: () => head,
    erased: () => erased,
  };
}

export function failureAt(
  stream: string,
  seq: number,
  code: LedgerFailureCode,
  field: LedgerFailure['field'],
  detail?: string,
): LedgerFailure {
  const reason = `Entry ${seq} of stream ${stream}: ${ledgerFailures[code]}${detail === undefined ? '' : ` (${detail})`}.`;
  return { code, position: { stream, seq }, field, reason };
}

function checkChain(head: Head, entry: Entry, measured: Measured): LedgerFailure | null {
  const { header } = entry;
  const due = head.seq + 1;
  if (header.studyId !== head.studyId) return failureAt(head.stream, due, 'wrongStudy', 'studyId');
  if (header.stream !== head.stream) return failureAt(head.stream, due, 'wrongStream', 'stream');
  if (header.seq !== due) return failureAt(head.stream, due, 'sequence', 'seq', `found ${header.seq}`);
  if (header.previous !== head.hash) return failureAt(head.stream, due, 'broken', 'previous');
  if (entry.hash !== measured.hash) {
    const commitmentToo = measured.commitment !== null && measured.commitment !== header.commitment;
    return failureAt(head.stream, due, 'altered', commitmentToo ? 'commitment' : 'hash');
  }
  if (head.recordedAt !== null && runsBackwards(head.recordedAt, header.recordedAt)) {
    return failureAt(head.stream, due, 'backwards', 'recordedAt');
  }
  return null;
}

function checkContent({ header, content }: Entry, measured: Measured): LedgerFailure | null {
  if (content !== null && measured.commitment !== header.commitment) {
    return failureAt(header.stream, header.seq, 'contentAltered', 'content');
  }
  return null;
}

/** Answers how many missing contents the erasure explains. */
function resolveErasure(header: Header, content: Content, missing: Map<number, string>): number | LedgerFailure {
  const named = readErasure(content.payload);
  if (named?.every((erased) => erased.seq < header.seq) !== true) {
    return failureAt(header.stream, header.seq, 'erasureMalformed', 'content');
  }
  let explained = 0;
  for (const { seq, eventId } of named) {
    const eventIdThere = missing.get(seq);
    if (eventIdThere === undefined) continue;
    missing.delete(seq);
    if (eventIdThere !== eventId) {
      return failureAt(header.stream, header.seq, 'erasureMismatch', 'content', `entry ${seq}`);
    }
    explained += 1;
  }
  return explained;
}

function canonicalOrNull(payload: unknown): string | null {
  try {
    return canonicalJson(payload);
  } catch (error) {
    if (error instanceof LedgerError) return null;
    throw error;
  }
}

const textFields = ['studyId', 'stream', 'eventId', 'type'] as const;

/** Entries may come from a file or a table that somebody has had in hand: their types are checked, not assumed. */
function malformedField(entry: unknown): LedgerFailure['field'] | null {
  if (!isRecord(entry)) return 'header';
  const { header, hash, content } = entry;
  if (!isRecord(header)) return 'header';
  for (const field of textFields) if (!isFilledText(header[field])) return field;
  if (!Number.isSafeInteger(header.seq) || Number(header.seq) < 1) return 'seq';
  if (!isInstant(header.recordedAt)) return 'recordedAt';
  if (!isRecord(header.actor) || !isFilledText(header.actor.id) || !isFilledText(header.actor.role)) return 'actor';
  if (header.cause !== null && !isFilledText(header.cause)) return 'cause';
  // Each of these is compared with a hash made anew, so only its type matters here.
  if (!isFilledText(header.commitment)) return 'commitment';
  if (!isFilledText(header.previous)) return 'previous';
  if (typeof hash !== 'string') return 'hash';
  if (content === null) return null;
  return isRecord(content) && isHash(content.salt) && content.payload !== undefined ? null : 'content';
}

function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
