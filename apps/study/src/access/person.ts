/** Personal data of a participant: sealed under a key of its own, which is wrapped by the installation's key. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export type Contact = { name?: string | undefined; email?: string | undefined };
export type SealedPerson = { readonly wrappedKey: Buffer; readonly sealed: Buffer };

const nonceBytes = 12;
const tagBytes = 16;

/** `bound` names study and participant: a sealed record moved to another row cannot be opened there. */
export function sealPersonal(content: object, wrap: Uint8Array, bound: string): SealedPerson {
  const key = randomBytes(32);
  return { wrappedKey: seal(key, wrap, bound), sealed: seal(Buffer.from(JSON.stringify(content)), key, bound) };
}

/** Throws where a byte was changed or the key is another one. */
export function openPersonal(person: SealedPerson, wrap: Uint8Array, bound: string): unknown {
  return JSON.parse(open(person.sealed, open(person.wrappedKey, wrap, bound), bound).toString('utf8'));
}

export const sealContact = (contact: Contact, wrap: Uint8Array, bound: string): SealedPerson =>
  sealPersonal(contact, wrap, bound);

export const openContact = (person: SealedPerson, wrap: Uint8Array, bound: string): Contact =>
  openPersonal(person, wrap, bound) as Contact;

function seal(plain: Buffer, key: Uint8Array, bound: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(sealed: Buffer, key: Uint8Array, bound: string): Buffer {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(sealed.length - tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(bound))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
}
