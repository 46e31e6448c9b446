/** Envelope encryption: a data key per study, wrapped by the vault key; AES-256-GCM, bound to what it is. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

export type RandomBytes = (length: number) => Uint8Array;

/** `purpose` is authenticated: a ciphertext moved to another place does not open. */
export function seal(key: Uint8Array, plain: Uint8Array, purpose: string): Buffer {
  // Always the system's: a demonstration's source starts over with its process, and a nonce used twice opens both.
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Throws when the key, the purpose or a single bit is not the one it was sealed with. */
export function open(key: Uint8Array, sealed: Uint8Array, purpose: string): Buffer {
  const buffer = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, buffer.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(purpose));
  decipher.setAuthTag(buffer.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(buffer.subarray(nonceBytes + tagBytes)), decipher.final()]);
}

/** A key for one use, derived from the vault key. */
export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return createHmac('sha256', key).update(`limen vault ${purpose}`).digest();
}

/**
 * What a text is padded to before it is sealed, so that a ciphertext's length says nothing of an arm's name or of how
 * many capsules are active.
 */
const blockBytes = 1024;

export function pad(text: string): Buffer {
  const body = Buffer.from(text);
  const length = Math.ceil((body.length + 4) / blockBytes) * blockBytes;
  const padded = Buffer.alloc(length);
  padded.writeUInt32BE(body.length, 0);
  body.copy(padded, 4);
  return padded;
}

export function unpad(padded: Buffer): string {
  return padded.subarray(4, 4 + padded.readUInt32BE(0)).toString('utf8');
}
