/**
 * One entry of the record. The header says who, when, what kind and after what; the content (payload and salt) is bound
 * by a commitment only, so that it can be erased and the chain of headers still verifies.
 */
import { canonicalJson, type Json, writeText } from './canonical.ts';
import { assertHash, type Digest, inDomain, isHash, isInstant, portableDigest, runsBackwards } from './digest.ts';
import { LedgerError } from './errors.ts';

export type Actor = { readonly id: string; readonly role: string };

export type Header = {
  readonly studyId: string;
  /** The chain the entry belongs to, usually one participant. */
  readonly stream: string;
  /** 1 for the first entry of a stream, then without gaps. */
  readonly seq: number;
  readonly eventId: string;
  readonly type: string;
  /** Server time, UTC. */
  readonly recordedAt: string;
  readonly actor: Actor;
  /** Id of the event or command this one follows from. */
  readonly cause: string | null;
  readonly commitment: string;
  /** Hash of the entry before; of the first entry `genesisHash(studyId, stream)`. */
  readonly previous: string;
};

export type Content = { readonly salt: string; readonly payload: Json };

export type Entry = {
  readonly header: Header;
  readonly hash: string;
  /** null once erased. */
  readonly content: Content | null;
};

/** The end of a stream: what the next entry is chained to. */
export type Head = {
  readonly studyId: string;
  readonly stream: string;
  /** 0 before the first entry. */
  readonly seq: number;
  readonly hash: string;
  /** Of the last entry; null before the first. */
  readonly recordedAt: string | null;
};

export type Draft = {
  readonly eventId: string;
  readonly type: string;
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly cause: string | null;
  readonly payload: Json;
  /** 32 fresh random bytes as hexadecimal digits; without it a short payload could be guessed from its commitment. */
  readonly salt: string;
};

/** The type of the entries that declare content of earlier entries of the same stream erased. */
export const erasureType = 'payload.erased';

export type ErasedEntry = { readonly seq: number; readonly eventId: string };

/** SHA-256 over salt and canonical payload. */
export function commitPayload(payload: unknown, salt: string, digest: Digest = portableDigest): string {
  if (!isHash(salt)) throw new LedgerError('salt.malformed');
  return digest(inDomain('commitment', `${salt}\n${canonicalJson(payload)}`));
}

/** The canonical text of a header, equal to `canonicalJson(header)`: half of a verifier's work, so written out by hand. */
export function headerText(header: Header): string {
  const { actor, cause, commitment, eventId, previous, recordedAt, seq, stream, studyId, type } = header;
  return (
    `{"actor":{"id":${writeText(actor.id)},"role":${writeText(actor.role)}}` +
    `,"cause":${cause === null ? 'null' : writeText(cause)},"commitment":${writeText(commitment)}` +
    `,"eventId":${writeText(eventId)},"previous":${writeText(previous)},"recordedAt":${writeText(recordedAt)}` +
    `,"seq":${seq},"stream":${writeText(stream)},"studyId":${writeText(studyId)},"type":${writeText(type)}}`
  );
}

export function entryHash(header: Header, digest: Digest = portableDigest): string {
  return digest(inDomain('entry', headerText(header)));
}

export function genesisHash(studyId: string, stream: string, digest: Digest = portableDigest): string {
  return digest(inDomain('genesis', canonicalJson({ stream, studyId })));
}

export function genesisHead(studyId: string, stream: string): Head {
  assertTexts({ studyId, stream });
  return { studyId, stream, seq: 0, hash: genesisHash(studyId, stream), recordedAt: null };
}

/** Chains a draft to the head of its stream. Throws `LedgerError` and changes nothing when the draft is not sound. */
export function appendEntry(previousHead: Head, draft: Draft): { readonly entry: Entry; readonly head: Head } {
  assertHead(previousHead);
  assertDraft(draft);
  if (previousHead.recordedAt !== null && runsBackwards(previousHead.recordedAt, draft.recordedAt)) {
    throw new LedgerError('time.backwards', `${previousHead.recordedAt}, then ${draft.recordedAt}`);
  }
  const header: Header = {
    studyId: previousHead.studyId,
    stream: previousHead.stream,
    seq: previousHead.seq + 1,
    eventId: draft.eventId,
    type: draft.type,
    recordedAt: draft.recordedAt,
    actor: { id: draft.actor.id, role: draft.actor.role },
    cause: draft.cause,
    commitment: commitPayload(draft.payload, draft.salt),
    previous: previousHead.hash,
  };
  const entry: Entry = { header, hash: entryHash(header), content: { salt: draft.salt, payload: draft.payload } };
  if (draft.type === erasureType) assertErasure(header.seq, draft.payload);
  return { entry, head: headOf(entry) };
}

export function headOf(entry: Entry): Head {
  const { studyId, stream, seq, recordedAt } = entry.header;
  return { studyId, stream, seq, hash: entry.hash, recordedAt };
}

/** The entry as it remains after its payload and salt are destroyed. */
export function withoutContent(entry: Entry): Entry {
  if (entry.header.type === erasureType) throw new LedgerError('erasure.forbidden');
  return { header: entry.header, hash: entry.hash, content: null };
}

/** What the payload of an erasure names; null when the payload is not one. */
export function readErasure(payload: Json): readonly ErasedEntry[] | null {
  const list = isRecord(payload) ? payload.erased : undefined;
  if (!Array.isArray(list) || list.length === 0) return null;
  const named: ErasedEntry[] = [];
  for (const item of list) {
    if (!isRecord(item)) return null;
    const { seq, eventId } = item;
    if (typeof seq !== 'number' || !Number.isInteger(seq) || seq < 1 || typeof eventId !== 'string') return null;
    named.push({ seq, eventId });
  }
  return named;
}

function assertErasure(seq: number, payload: Json): void {
  const named = readErasure(payload);
  if (named === null) throw new LedgerError('erasure.malformed');
  if (named.some((erased) => erased.seq >= seq)) throw new LedgerError('erasure.malformed', 'names a later entry');
}

function assertHead(head: Head): void {
  assertTexts({ studyId: head.studyId, stream: head.stream });
  assertHash(head.hash);
  if (!Number.isSafeInteger(head.seq) || head.seq < 0) throw new LedgerError('seq.invalid', String(head.seq));
}

function assertDraft(draft: Draft): void {
  const { eventId, type, actor } = draft;
  assertTexts({ eventId, type, 'actor.id': actor.id, 'actor.role': actor.role });
  if (draft.cause !== null) assertTexts({ cause: draft.cause });
  if (!isInstant(draft.recordedAt)) throw new LedgerError('time.malformed', draft.recordedAt);
}

function assertTexts(texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    if (text === '') throw new LedgerError('text.empty', name);
    if (!text.isWellFormed()) throw new LedgerError('canonical.text', name);
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
