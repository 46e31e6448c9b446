/**
 * The data key. A copy lies wrapped under the personal code (HKDF-SHA-256; the code is random and long, so no slow
 * derivation is needed), and further copies under a PIN or a passkey where the person wants one.
 *
 * Without PIN or passkey the key in use lies in the browser's key store, not extractable, and the app opens by itself.
 * With one it is held in the memory of the open window alone: closing the app, or being away, locks it.
 */
import { type Database, openDatabase, strict, type WrappedKey } from './database.ts';

const dataKeyBytes = 32;
const ivBytes = 12;
const saltBytes = 16;

export class Locked extends Error {
  override readonly name = 'Locked';
}

let inUse: CryptoKey | null = null;

export type Guards = { readonly pin: boolean; readonly passkey: boolean };

/** What besides the personal code opens this phone. */
export async function readGuards(): Promise<Guards> {
  const names = await (await openDatabase()).getAllKeys('keys');
  return { pin: names.includes('pin'), passkey: names.includes('passkey') };
}

async function isGuarded(database: Database): Promise<boolean> {
  const names = await database.getAllKeys('keys');
  return names.includes('pin') || names.includes('passkey');
}

export async function hasKey(): Promise<boolean> {
  return (await readKey(await openDatabase())) !== null;
}

/** Whether this phone holds data of somebody, open or locked. */
export async function hasWrappedKey(): Promise<boolean> {
  return (await (await openDatabase()).get('keys', 'wrapped')) !== undefined;
}

async function readKey(database: Database): Promise<CryptoKey | null> {
  if (await isGuarded(database)) return inUse;
  // Read anew each time: another tab may have locked the app.
  const found = await database.get('keys', 'data');
  inUse = found instanceof CryptoKey ? found : null;
  return inUse;
}

export async function needKey(): Promise<CryptoKey> {
  const key = inUse ?? (await readKey(await openDatabase()));
  if (key === null) throw new Locked('The app is locked.');
  return key;
}

/** A fresh data key, and its copy that the code opens. The raw key exists only inside this call. */
export async function newKey(code: string): Promise<{ key: CryptoKey; wrapped: WrappedKey }> {
  const raw = crypto.getRandomValues(new Uint8Array(dataKeyBytes));
  const wrapped = await wrapUnder((salt) => keyOfCode(code, salt), raw);
  return { key: await fromRaw(raw), wrapped };
}

/** Starts afresh for the holder of a code. */
export async function createKey(code: string): Promise<void> {
  const { key, wrapped } = await newKey(code);
  await (await openDatabase()).put('keys', wrapped, 'wrapped');
  await hold(key);
}

/** True where the code is the one the key was wrapped under; the app is open then. */
export async function unlock(code: string): Promise<boolean> {
  const raw = await rawKeyOf(code);
  if (raw === null) return false;
  await use(raw);
  await (await openDatabase()).delete('keys', 'tries');
  return true;
}

/** The key in the clear, for wrapping it anew; null where the code is another. The caller fills it with zeros. */
export async function rawKeyOf(code: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const wrapped = await (await openDatabase()).get('keys', 'wrapped');
  if (wrapped === undefined) return null;
  const { salt } = wrapped as WrappedKey;
  return unwrap(await keyOfCode(code, salt), wrapped as WrappedKey);
}

export async function wrapUnder(
  keyFor: (salt: Uint8Array<ArrayBuffer>) => Promise<CryptoKey>,
  raw: Uint8Array<ArrayBuffer>,
): Promise<WrappedKey> {
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyFor(salt), raw);
  return { salt, iv, bytes };
}

/** Null where the key is the wrong one. */
export async function unwrap(key: CryptoKey, { iv, bytes }: WrappedKey): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes));
  } catch {
    return null;
  }
}

/** Opens the app with the data key and clears the bytes given. */
export async function use(raw: Uint8Array<ArrayBuffer>): Promise<void> {
  await hold(await fromRaw(raw));
}

async function fromRaw(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  raw.fill(0);
  return key;
}

export async function hold(key: CryptoKey): Promise<void> {
  const database = await openDatabase();
  if (await isGuarded(database)) await database.delete('keys', 'data');
  else await database.put('keys', key, 'data');
  inUse = key;
}

export async function lock(): Promise<void> {
  const transaction = (await openDatabase()).transaction('keys', 'readwrite', strict);
  await Promise.all([transaction.store.delete('data'), transaction.done]);
  inUse = null;
}

export function forgetKey(): void {
  inUse = null;
}

/** A code as typed: spaces and hyphens fall away, I and L read as 1, O as 0. */
export function normaliseCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
}

function keyOfCode(code: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return expand(new TextEncoder().encode(normaliseCode(code)), salt, 'limen/companion/data-key');
}

/** From material that is random and long: HKDF-SHA-256. */
export async function expand(
  material: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  purpose: string,
): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(purpose) };
  return crypto.subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
