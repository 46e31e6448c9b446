/** Puts the outbox on the screen. */
import { change, type State } from '../page/state.ts';
import { holdsEntries, listEntries, type Waiting } from '../storage/outbox.ts';

let reads = 0;

/** A list read earlier never replaces one read later: the screen must not take an entry just saved for a sent one. */
export async function showEntries(besides: Partial<State> = {}): Promise<readonly Waiting[]> {
  reads += 1;
  const own = reads;
  const entries = await listEntries();
  const fresh = own === reads ? { entries, storageFull: holdsEntries() } : {};
  change({ ...fresh, ...besides });
  return entries;
}
