/** Puts the outbox on the screen. */
import { change, type State } from '../page/state.ts';
import { holdsEntries, listEntries, type Waiting } from '../storage/outbox.ts';

let newest: Promise<unknown> = Promise.resolve();

/**
 * A list read earlier never replaces one read later, and nobody goes on before the later one is shown: the screen must not take an entry
 * just saved for a sent one.
 */
export async function showEntries(besides: Partial<State> = {}): Promise<readonly Waiting[]> {
  const reading = listEntries();
  const own = reading.catch(() => null);
  newest = own;
  const entries = await reading;
  if (own === newest) {
    change({ entries, storageFull: holdsEntries(), ...besides });
    return entries;
  }
  for (let last: Promise<unknown> = own; last !== newest; ) {
    last = newest;
    await last;
  }
  change(besides);
  return entries;
}
