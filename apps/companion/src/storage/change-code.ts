/** A new personal code for a phone in use: everything on it is sealed anew under a key that the new code opens. */
import { openDatabase, type Sealed, type StoreName, strict } from './database.ts';
import { hold, needKey, newKey, rawKeyOf } from './keys.ts';
import { resealed } from './sealing.ts';

type Held = { readonly store: StoreName; readonly name: string | number; readonly sealed: Sealed };

const stores = ['documents', 'drafts', 'outbox'] as const;
const placeOf = ({ store, name }: Held) => (store === 'outbox' ? store : `${store}/${name}`);

/**
 * False where the code opens this phone already; nothing changes then. A PIN and a passkey fall away: they open a key
 * that is no more. It happens as a whole or not at all.
 */
export function changeCode(code: string): Promise<boolean> {
  return navigator.locks.request('limen-code', async () => {
    const known = await rawKeyOf(code);
    known?.fill(0);
    if (known !== null) return false;
    const from = await needKey();
    const { key, wrapped } = await newKey(code);
    while (!(await tryToChange(from, key, wrapped)));
    await hold(key);
    return true;
  });
}

/** False where something was written between reading and writing. */
async function tryToChange(from: CryptoKey, key: CryptoKey, wrapped: Awaited<ReturnType<typeof newKey>>['wrapped']) {
  const reading = await openChange('readonly');
  const before = await reading.held();
  // What the old key does not open counts as absent, and stays as it is.
  const resealing = before.map(async (one) => {
    const sealed = await resealed(from, key, placeOf(one), one.sealed).catch(() => null);
    return sealed === null ? [] : [{ ...one, sealed }];
  });
  const after = (await Promise.all(resealing)).flat();
  const writing = await openChange('readwrite');
  const same = versionOf(await writing.held()) === versionOf(before);
  if (same) writing.write(after, wrapped, key);
  await writing.done;
  return same;
}

/** Every sealing has an initialisation vector of its own. */
function versionOf(held: readonly Held[]): string {
  return JSON.stringify(held.map(({ store, name, sealed }) => [store, name, [...sealed.iv]]));
}

async function openChange(mode: 'readonly' | 'readwrite') {
  const transaction = (await openDatabase()).transaction(['keys', ...stores], mode, strict);
  const heldIn = async (store: StoreName): Promise<Held[]> => {
    const own = transaction.objectStore(store);
    const [names, sealed] = await Promise.all([own.getAllKeys(), own.getAll()]);
    return sealed.flatMap((one, index) => {
      const name = names[index];
      return name === undefined ? [] : [{ store, name, sealed: one }];
    });
  };
  return {
    held: async () => (await Promise.all(stores.map(heldIn))).flat(),
    write(held: readonly Held[], wrapped: object, key: CryptoKey) {
      for (const { store, name, sealed } of held) void transaction.objectStore(store).put?.(sealed, name as never);
      const keys = transaction.objectStore('keys');
      void keys.put?.(wrapped as never, 'wrapped');
      void keys.put?.(key, 'data');
      for (const name of ['pin', 'passkey', 'tries']) void keys.delete?.(name);
    },
    done: transaction.done,
  };
}
