/** Tokens and seal codes: drawn from a stream of their own, which knows nothing of any allocation. */
import { createHmac } from 'node:crypto';
import { shortCodeOf, tokenBytes, tokenOfBytes } from '@limen/protocol';

/**
 * Of slot 0 to 7. The same participant has the same tokens under every allocation: what a study server sees of them is
 * the same whatever they are on.
 */
export function tokenBytesOf(key: Uint8Array, studyId: string, participantId: string, slot: number): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify(['envelope', studyId, participantId, slot]))
    .digest()
    .subarray(0, tokenBytes);
}

/** What is printed on the paper strip that closes the leftovers: another one on every sheet. */
export function sealCodeOf(key: Uint8Array, studyId: string, participantId: string, sheet: number): string {
  const digest = createHmac('sha256', key)
    .update(JSON.stringify(['seal', studyId, participantId, sheet]))
    .digest();
  return shortCodeOf(tokenOfBytes(digest.subarray(0, tokenBytes)));
}
