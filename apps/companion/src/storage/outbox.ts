/**
 * Entries on the phone that have not reached the server. An entry is here, on disk, before the screen says it is saved,
 * and leaves only with the server's receipt or by the person's own hand. Where the phone is full it is held in memory,
 * which the screen says, and written as soon as there is room.
 */
import type { Entry } from '../outbox/entry.ts';
import { openDatabase, strict } from './database.ts';
import { isStorageFull } from './full.ts';
import { Locked } from './keys.ts';
import { seal, unseal } from './sealing.ts';

export type Waiting = Entry & { readonly position: number };

const place = 'outbox';

/** What found no room, in the order made; positions below zero. */
let held: readonly Waiting[] = [];
let lastHeld = 0;

/** Whether an entry would be lost if this window were closed now. */
export function holdsEntries(): boolean {
  return held.length > 0;
}

export function forgetHeldEntries(): void {
  held = [];
}

export async function addEntry(entry: Entry): Promise<void> {
  try {
    await writeEntry(entry);
  } catch (error) {
    if (!isStorageFull(error)) throw error;
    lastHeld -= 1;
    held = [...held, { ...entry, position: lastHeld }];
  }
}

/** Tries again to write what found no room. */
export async function writeHeld(): Promise<void> {
  for (const one of held) {
    const { position, ...entry } = one;
    try {
      await writeEntry(entry);
    } catch {
      return;
    }
    held = held.filter((other) => other.position !== position);
  }
}

async function writeEntry(entry: Entry): Promise<void> {
  const sealed = await seal(place, entry);
  const transaction = (await openDatabase()).transaction('outbox', 'readwrite', strict);
  try {
    await Promise.all([transaction.store.add(sealed), transaction.done]);
  } catch (error) {
    // A request still under way is told only that the transaction ended; the transaction knows why.
    throw transaction.error ?? error;
  }
}

/** In the order made. */
export async function listEntries(): Promise<readonly Waiting[]> {
  const transaction = (await openDatabase()).transaction('outbox');
  const [positions, sealed] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
  const entries = await Promise.all(sealed.map((one) => unseal(place, one).catch(rethrowLocked)));
  const written = entries.flatMap((entry, index) => {
    const position = positions[index];
    return entry === null || position === undefined ? [] : [{ ...(entry as Entry), position }];
  });
  return [...written, ...held];
}

function rethrowLocked(error: unknown): null {
  if (error instanceof Locked) throw error;
  return null;
}

export async function replaceEntry(position: number, entry: Entry): Promise<void> {
  if (position < 0) {
    held = held.map((one) => (one.position === position ? { ...entry, position } : one));
    return;
  }
  const sealed = await seal(place, entry);
  const transaction = (await openDatabase()).transaction('outbox', 'readwrite', strict);
  // Another tab may have sent it meanwhile: what is gone stays gone.
  const there = (await transaction.store.getKey(position)) !== undefined;
  await Promise.all([there ? transaction.store.put(sealed, position) : null, transaction.done]);
}

export async function removeEntry(position: number): Promise<void> {
  held = held.filter((one) => one.position !== position);
  if (position < 0) return;
  const transaction = (await openDatabase()).transaction('outbox', 'readwrite', strict);
  await Promise.all([transaction.store.delete(position), transaction.done]);
}
