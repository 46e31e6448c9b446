/**
 * Ids that blinded people see: keyed hashes of their cause. They look random and carry no order, and the same command
 * under the same key gives the same id, so that a repeat is harmless.
 */
import type { Deriver } from './keys.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Crockford's base 32, most significant bit first; five bits a character. */
export function crockford(bytes: Uint8Array, characters: number): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && text.length < characters) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31];
    }
  }
  return text;
}

export const idCharacters = { participant: 10, event: 20, account: 16, code: 26 } as const;

/** 50 bits. `attempt` counts up where an id is taken. */
export function participantIdFor(deriver: Deriver, studyId: string, commandId: string, attempt: number): string {
  const cause = attempt === 0 ? commandId : `${commandId}|${attempt}`;
  return crockford(deriver.derive('participant', studyId, cause), idCharacters.participant);
}

/** 100 bits, for events, holds, signals, submissions and adverse events. */
export function recordIdFor(deriver: Deriver, purpose: string, studyId: string, cause: string): string {
  return crockford(deriver.derive(purpose, studyId, cause), idCharacters.event);
}

export function accountIdFor(deriver: Deriver, loginKey: string): string {
  return crockford(deriver.derive('account', '', loginKey), idCharacters.account);
}

/**
 * 130 bits of a keyed hash: the personal code, in groups of five for reading aloud. A code that takes the place of
 * another has the command that asked for it in its hash.
 */
export function personalCodeFor(
  deriver: Deriver,
  studyId: string,
  participantId: string,
  commandId: string | null = null,
): string {
  const holder = commandId === null ? participantId : `${participantId}|${commandId}`;
  const text = crockford(deriver.deriveCode(studyId, holder), idCharacters.code);
  return (text.match(/.{1,5}/g) ?? []).join('-');
}

/** Opens the packing of one participant to who packs for them, and nothing else. */
export function helperCodeFor(deriver: Deriver, studyId: string, participantId: string): string {
  const text = crockford(deriver.derive('packing-helper', studyId, participantId), idCharacters.code);
  return (text.match(/.{1,5}/g) ?? []).join('-');
}

/** A code as typed: spaces and hyphens fall away, I and L read as 1, O as 0. */
export function normaliseCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
}
