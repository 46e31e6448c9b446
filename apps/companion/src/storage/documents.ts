/** Named documents and drafts, sealed. What cannot be opened counts as absent: it can be fetched or entered again. */
import { openDatabase, type StoreName, strict } from './database.ts';
import { isStorageFull } from './full.ts';
import { seal, unseal } from './sealing.ts';

export async function writeDocument(name: string, value: unknown): Promise<void> {
  await write('documents', name, value);
}

export function readDocument(name: string): Promise<unknown> {
  return read('documents', name);
}

export async function deleteDocument(name: string): Promise<void> {
  held.delete(`documents/${name}`);
  await (await openDatabase()).delete('documents', name);
}

/** The names of drafts are hashed: they would tell which questionnaire is being answered. */
async function nameOfDraft(subject: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`limen/draft/${subject}`));
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function writeDraft(subject: string, value: unknown): Promise<void> {
  await write('drafts', await nameOfDraft(subject), value);
}

export async function readDraft(subject: string): Promise<unknown> {
  return read('drafts', await nameOfDraft(subject));
}

export async function deleteDraft(subject: string): Promise<void> {
  const name = await nameOfDraft(subject);
  held.delete(`drafts/${name}`);
  await (await openDatabase()).delete('drafts', name);
}

type Store = Exclude<StoreName, 'outbox'>;

/** What found no room on a full phone, by store and name: it lasts as long as the window. */
const held = new Map<string, unknown>();

export function forgetHeldDocuments(): void {
  held.clear();
}

async function write(store: Store, name: string, value: unknown): Promise<void> {
  const place = `${store}/${name}`;
  const sealed = await seal(place, value);
  const transaction = (await openDatabase()).transaction(store, 'readwrite', strict);
  try {
    await Promise.all([transaction.store.put(sealed, name), transaction.done]);
    held.delete(place);
  } catch (error) {
    if (!isStorageFull(transaction.error ?? error)) throw error;
    held.set(place, value);
  }
}

async function read(store: Store, name: string): Promise<unknown> {
  const place = `${store}/${name}`;
  if (held.has(place)) return held.get(place);
  const sealed = await (await openDatabase()).get(store, name);
  if (sealed === undefined) return null;
  try {
    return await unseal(place, sealed);
  } catch {
    return null;
  }
}
