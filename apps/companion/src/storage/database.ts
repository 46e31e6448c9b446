/** The phone's own database. Nothing a person entered is ever written here unsealed; see `sealing.ts`. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

export type Sealed = { readonly iv: Uint8Array<ArrayBuffer>; readonly bytes: ArrayBuffer };

/** The data key wrapped under the personal code, for opening a locked app without the network. */
export type WrappedKey = Sealed & { readonly salt: Uint8Array<ArrayBuffer> };

/** The data key wrapped under a PIN. */
export type PinKey = WrappedKey & { readonly iterations: number };

/** The data key wrapped under what a passkey derives from `input` (WebAuthn PRF). */
export type PasskeyKey = WrappedKey & {
  readonly credential: Uint8Array<ArrayBuffer>;
  readonly input: Uint8Array<ArrayBuffer>;
};

/** Wrong PINs in a row; written before a try is judged, so that closing the app gives none for free. */
export type Tries = { readonly wrong: number; readonly lastMs: number };

interface Schema extends DBSchema {
  /**
   * `data`: the AES-GCM key in use, not extractable; absent while locked, and always where there is a PIN or a passkey.
   * `wrapped`, `pin`, `passkey`: its copies under the personal code and the locks. `tries`: see `Tries`.
   */
  keys: { key: string; value: CryptoKey | WrappedKey | PinKey | PasskeyKey | Tries };
  /** Documents by name: session, today, history, preferences. */
  documents: { key: string; value: Sealed };
  /** Answers not yet saved; the name is a keyed hash, so that it does not tell what is being answered. */
  drafts: { key: string; value: Sealed };
  /** Unsent entries in the order made. */
  outbox: { key: number; value: Sealed };
}

export type Database = IDBPDatabase<Schema>;
export type StoreName = 'documents' | 'drafts' | 'outbox';

const name = 'limen';
let opened: Promise<Database> | null = null;

export function openDatabase(): Promise<Database> {
  opened ??= openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('keys');
      database.createObjectStore('documents');
      database.createObjectStore('drafts');
      database.createObjectStore('outbox', { autoIncrement: true });
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

/** A write that has returned has reached the disk, as far as the browser can promise it. */
export const strict = { durability: 'strict' } as const;

export async function eraseEverything(): Promise<void> {
  const database = await openDatabase();
  const transaction = database.transaction(['keys', 'documents', 'drafts', 'outbox'], 'readwrite', strict);
  await Promise.all([
    transaction.objectStore('keys').clear(),
    transaction.objectStore('documents').clear(),
    transaction.objectStore('drafts').clear(),
    transaction.objectStore('outbox').clear(),
    transaction.done,
  ]);
}
