/**
 * Entries on the phone that have not reached the server. An entry is here, on disk, before the screen says it is saved,
 * and leaves only with the server's receipt or by the person's own hand.
 */
import type { Entry } from '../outbox/entry.ts';
import { openDatabase, strict } from './database.ts';
import { Locked } from './keys.ts';
import { seal, unseal } from './sealing.ts';

export type Waiting = Entry & { readonly position: number };

const place = 'outbox';

export async function addEntry(entry: Entry): Promise<number> {
  const sealed = await seal(place, entry);
  const transaction = (await openDatabase()).transaction('outbox', 'readwrite', strict);
  const [position] = await Promise.all([transaction.store.add(sealed), transaction.done]);
  return position;
}

/** In the order made. */
export async function listEntries(): Promise<readonly Waiting[]> {
  const transaction = (await openDatabase()).transaction('outbox');
  const [positions, sealed] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
  const entries = await Promise.all(sealed.map((one) => unseal(place, one).catch(rethrowLocked)));
  return entries.flatMap((entry, index) => {
    const position = positions[index];
    return entry === null || position === undefined ? [] : [{ ...(entry as Entry), position }];
  });
}

function rethrowLocked(error: unknown): null {
  if (error instanceof Locked) throw error;
  return null;
}

export async function replaceEntry(position: number, entry: Entry): Promise<void> {
  const sealed = await seal(place, entry);
  const transaction = (await openDatabase()).transaction('outbox', 'readwrite', strict);
  // Another tab may have sent it meanwhile: what is gone stays gone.
  const there = (await transaction.store.getKey(position)) !== undefined;
  await Promise.all([there ? transaction.store.put(sealed, position) : null, transaction.done]);
}

export async function removeEntry(position: number): Promise<void> {
  const transaction = (await openDatabase()).transaction('outbox', 'readwrite', strict);
  await Promise.all([transaction.store.delete(position), transaction.done]);
}
