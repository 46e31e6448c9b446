/** SHA-256 over text. Every hash of the ledger can be made again with `printf '…' | sha256sum`. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { LedgerError } from './errors.ts';

/**
 * SHA-256 of the UTF-8 bytes of a text as 64 lower-case hexadecimal digits. A host may pass its native one to the
 * verifiers for speed (Node: `text => hash('sha256', text, 'hex')`); the result must be the same.
 */
export type Digest = (text: string) => string;

export const portableDigest: Digest = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** First line of everything hashed: hashes made for one purpose are no hashes for another. */
export type Domain = 'entry' | 'genesis' | 'commitment' | 'checkpoint' | 'checkpoint-genesis' | 'checkpoint-signature';

export function inDomain(domain: Domain, text: string): string {
  return `limen/ledger/v1/${domain}\n${text}`;
}

const hashPattern = /^[0-9a-f]{64}$/;

export function isHash(text: unknown): text is string {
  return typeof text === 'string' && hashPattern.test(text);
}

export function assertHash(text: string): void {
  if (!isHash(text)) throw new LedgerError('hash.malformed');
}

const instantPattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

/** UTC with seconds and `Z`; at most nanoseconds. */
export function isInstant(text: unknown): text is string {
  return typeof text === 'string' && instantPattern.test(text) && !Number.isNaN(Date.parse(text));
}

const clockToleranceMs = 2_000;

/** A clock may be set back a little between two entries, not more (see `time.backwards`). */
export function runsBackwards(earlier: string, later: string): boolean {
  // Text order is time order for equal formats; only a possible step back needs parsing.
  return later < earlier && Date.parse(later) < Date.parse(earlier) - clockToleranceMs;
}
