/**
 * The PIN of this phone: PBKDF2-HMAC-SHA-256, 600,000 rounds (OWASP Password Storage Cheat Sheet, 2023), wraps the data
 * key. The PIN itself is stored nowhere; whether it is right shows only in whether the key opens.
 */
import { openDatabase, type PinKey, strict, type Tries } from './database.ts';
import { rawKeyOf, unwrap, use, wrapUnder } from './keys.ts';
import { mostTries, waitBeforeTry } from './tries.ts';

const iterations = 600_000;

async function keyOfPin(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds };
  return crypto.subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** False where the personal code is another: who holds an open phone cannot shut its owner out. */
export async function setPin(code: string, pin: string): Promise<boolean> {
  const raw = await rawKeyOf(code);
  if (raw === null) return false;
  const record: PinKey = { ...(await wrapUnder((salt) => keyOfPin(pin, salt, iterations), raw)), iterations };
  const transaction = (await openDatabase()).transaction('keys', 'readwrite', strict);
  const { store } = transaction;
  await Promise.all([store.put(record, 'pin'), store.delete('tries'), store.delete('data'), transaction.done]);
  await use(raw);
  return true;
}

/** `untilMs`: when the next try counts, by the device's clock. */
export type Tried =
  | { readonly outcome: 'open' }
  | { readonly outcome: 'wrong'; readonly triesLeft: number; readonly untilMs: number }
  | { readonly outcome: 'wait'; readonly untilMs: number }
  /** Too many were wrong: the PIN is gone, the personal code opens. */
  | { readonly outcome: 'removed' };

/** One try at a time, whatever the number of windows. */
export function openWithPin(pin: string): Promise<Tried> {
  return navigator.locks.request('limen-pin', () => tryPin(pin));
}

async function tryPin(pin: string): Promise<Tried> {
  const database = await openDatabase();
  const record = (await database.get('keys', 'pin')) as PinKey | undefined;
  if (record === undefined) return { outcome: 'removed' };
  const { wrong, lastMs } = ((await database.get('keys', 'tries')) ?? { wrong: 0, lastMs: 0 }) as Tries;
  const nowMs = Date.now();
  const waitMs = waitBeforeTry(wrong, lastMs, nowMs);
  if (waitMs > 0) return { outcome: 'wait', untilMs: nowMs + waitMs };
  const counted = { wrong: wrong + 1, lastMs: nowMs };
  const transaction = database.transaction('keys', 'readwrite', strict);
  await Promise.all([transaction.store.put(counted, 'tries'), transaction.done]);
  const raw = await unwrap(await keyOfPin(pin, record.salt, record.iterations), record);
  if (raw !== null) {
    await database.delete('keys', 'tries');
    await use(raw);
    return { outcome: 'open' };
  }
  if (counted.wrong < mostTries) {
    const triesLeft = mostTries - counted.wrong;
    return { outcome: 'wrong', triesLeft, untilMs: nowMs + waitBeforeTry(counted.wrong, nowMs, nowMs) };
  }
  await removePin();
  return { outcome: 'removed' };
}

async function removePin(): Promise<void> {
  const transaction = (await openDatabase()).transaction('keys', 'readwrite', strict);
  await Promise.all([transaction.store.delete('pin'), transaction.store.delete('tries'), transaction.done]);
}

/** False where the personal code is another. The app stays open and opens by itself from now on. */
export async function takePinAway(code: string): Promise<boolean> {
  const raw = await rawKeyOf(code);
  if (raw === null) return false;
  await removePin();
  await use(raw);
  return true;
}
