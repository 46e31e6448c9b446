/**
 * AES-256-GCM under a key that never leaves the browser's key store; see `keys.ts`. The place of a payload (store and
 * name) is authenticated with it, so one cannot be put in the place of another.
 */
import type { Sealed } from './database.ts';
import { needKey } from './keys.ts';

const ivBytes = 12;

export async function seal(place: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const additionalData = new TextEncoder().encode(place);
  const text = new TextEncoder().encode(JSON.stringify(value));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await needKey(), text);
  return { iv, bytes };
}

export async function unseal(place: string, { iv, bytes }: Sealed): Promise<unknown> {
  const additionalData = new TextEncoder().encode(place);
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, await needKey(), bytes);
  return JSON.parse(new TextDecoder().decode(text));
}
