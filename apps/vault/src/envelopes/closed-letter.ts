/** A letter to one device: only who holds the private key of the request can open it. */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { pad } from '../sealing.ts';

const curve = 'prime256v1';
const nonceBytes = 12;

/** Bound to study and participant: opened for somebody else, it does not open. */
export const letterInfo = (studyId: string, participantId: string): string =>
  `limen envelope sheet ${studyId} ${participantId}`;

/**
 * ECDH on P-256 with a key used once, HKDF-SHA-256, AES-256-GCM; what a browser's own cryptography offers. `publicKey`:
 * an uncompressed point, 65 bytes. Answers key, nonce, ciphertext and tag, base64url; its length does not tell the
 * content. Null where the point is not on the curve.
 */
export function writeLetter(text: string, publicKey: Uint8Array, info: string): string | null {
  const own = createECDH(curve);
  const point = own.generateKeys();
  let secret: Buffer;
  try {
    secret = own.computeSecret(publicKey);
  } catch {
    return null;
  }
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, 32));
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(pad(text)), cipher.final()]);
  return Buffer.concat([point, nonce, body, cipher.getAuthTag()]).toString('base64url');
}
