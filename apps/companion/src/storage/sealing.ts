/**
 * AES-256-GCM under a key that never leaves the browser's key store; see `keys.ts`. The place of a payload (store and
 * name) is authenticated with it, so one cannot be put in the place of another.
 */
import type { Sealed } from './database.ts';
import { needKey } from './keys.ts';

const ivBytes = 12;

export async function seal(place: string, value: unknown): Promise<Sealed> {
  return sealBytes(await needKey(), place, new TextEncoder().encode(JSON.stringify(value)));
}

export async function unseal(place: string, sealed: Sealed): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(await needKey(), place, sealed)));
}

/** The same payload under another key. */
export async function resealed(from: CryptoKey, to: CryptoKey, place: string, sealed: Sealed): Promise<Sealed> {
  return sealBytes(to, place, await unsealBytes(from, place, sealed));
}

async function sealBytes(key: CryptoKey, place: string, payload: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const additionalData = new TextEncoder().encode(place);
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, payload) };
}

function unsealBytes(key: CryptoKey, place: string, { iv, bytes }: Sealed): Promise<ArrayBuffer> {
  const additionalData = new TextEncoder().encode(place);
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes);
}
