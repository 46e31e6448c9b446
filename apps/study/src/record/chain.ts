/** One entry onto its stream, hashed by the machine's own SHA-256; the ledger package decides what is hashed. */
import { hash } from 'node:crypto';
import { commitPayload, type Draft, type Entry, entryHash, type Head, type Header, headOf } from '@limen/ledger';

export const nativeDigest = (text: string): string => hash('sha256', text, 'hex');

/** As `appendEntry` of the ledger package, for drafts made here: their texts and times are sound by construction. */
export function chainEntry(head: Head, draft: Draft): { readonly entry: Entry; readonly head: Head } {
  const { eventId, type, recordedAt, actor, cause, payload, salt } = draft;
  const header: Header = {
    studyId: head.studyId,
    stream: head.stream,
    seq: head.seq + 1,
    eventId,
    type,
    recordedAt,
    actor: { id: actor.id, role: actor.role },
    cause,
    commitment: commitPayload(payload, salt, nativeDigest),
    previous: head.hash,
  };
  const entry: Entry = { header, hash: entryHash(header, nativeDigest), content: { salt, payload } };
  return { entry, head: headOf(entry) };
}
