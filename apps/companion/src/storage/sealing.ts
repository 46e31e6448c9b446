/**
 * AES-256-GCM under a key that never leaves the browser's key store. The place of a payload (store and name) is
 * authenticated with it, so one cannot be put in the place of another.
 *
 * A second copy of the key lies wrapped under the personal code (HKDF-SHA-256; the code is random and long, so no slow
 * derivation is needed). Locking deletes the first copy; the code opens the second, offline too.
 */
import { type Database, openDatabase, type Sealed, strict, type WrappedKey } from './database.ts';

const dataKeyBytes = 32;
const ivBytes = 12;

export class Locked extends Error {
  override readonly name = 'Locked';
}

let inUse: CryptoKey | null = null;

export async function hasKey(): Promise<boolean> {
  return (await readKey(await openDatabase())) !== null;
}

/** Whether this phone holds data of somebody, open or locked. */
export async function hasWrappedKey(): Promise<boolean> {
  return (await (await openDatabase()).get('keys', 'wrapped')) !== undefined;
}

async function readKey(database: Database): Promise<CryptoKey | null> {
  // Read anew each time: another tab may have locked the app.
  const found = await database.get('keys', 'data');
  inUse = found instanceof CryptoKey ? found : null;
  return inUse;
}

async function needKey(): Promise<CryptoKey> {
  const key = inUse ?? (await readKey(await openDatabase()));
  if (key === null) throw new Locked('The app is locked.');
  return key;
}

/** Starts afresh for the holder of a code. The raw key exists only inside this call. */
export async function createKey(code: string): Promise<void> {
  const raw = crypto.getRandomValues(new Uint8Array(dataKeyBytes));
  await storeKeys(raw, code);
  raw.fill(0);
}

/** True where the code is the one the key was wrapped under; the app is open then. */
export async function unlock(code: string): Promise<boolean> {
  const wrapped = await (await openDatabase()).get('keys', 'wrapped');
  if (wrapped === undefined || wrapped instanceof CryptoKey) return false;
  try {
    const { iv, bytes, salt } = wrapped;
    const raw = new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await keyOfCode(code, salt), bytes),
    );
    const database = await openDatabase();
    await database.put('keys', await importKey(raw), 'data');
    raw.fill(0);
    await readKey(database);
    return true;
  } catch {
    return false;
  }
}

export async function lock(): Promise<void> {
  const database = await openDatabase();
  const transaction = database.transaction('keys', 'readwrite', strict);
  await Promise.all([transaction.store.delete('data'), transaction.done]);
  inUse = null;
}

export function forgetKey(): void {
  inUse = null;
}

async function storeKeys(raw: Uint8Array<ArrayBuffer>, code: string): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOfCode(code, salt), raw);
  const wrapped: WrappedKey = { salt, iv, bytes };
  const key = await importKey(raw);
  const database = await openDatabase();
  const transaction = database.transaction('keys', 'readwrite', strict);
  await Promise.all([transaction.store.put(key, 'data'), transaction.store.put(wrapped, 'wrapped'), transaction.done]);
  inUse = key;
}

function importKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** A code as typed: spaces and hyphens fall away, I and L read as 1, O as 0. */
export function normaliseCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
}

async function keyOfCode(code: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = new TextEncoder().encode(normaliseCode(code));
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode('limen/companion/data-key');
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info };
  return crypto.subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

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
