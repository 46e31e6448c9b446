/**
 * Everything in the vault is sealed under, or drawn from, its root key. The root key stands in the database, wrapped by the
 * vault key, which does not: so the vault key can be changed while every label, token and trail stays what it is.
 */
import type pg from 'pg';
import { deriveKey, keyBytes, open, seal } from './sealing.ts';

type Queries = Pick<pg.Pool | pg.ClientBase, 'query'>;

const purpose = 'root key';

export class WrongVaultKey extends Error {
  constructor() {
    super('The vault key is not the one that this database was sealed with. Nothing was changed.');
    this.name = 'WrongVaultKey';
  }
}

/**
 * The root key under the first of the keys that opens it. A database without one gets its first: `fresh`, or, where studies
 * were sealed before there were root keys, the vault key itself.
 *
 * @throws WrongVaultKey
 */
export async function openRootKey(
  queries: Queries,
  keys: readonly Uint8Array[],
  { fresh, now }: { readonly fresh: Uint8Array; readonly now: string },
): Promise<Buffer> {
  const wrapped = await readWrapped(queries);
  if (wrapped !== null) return unwrap(wrapped, keys);
  const sealed = await queries.query<{ study_id: string; wrapped_key: Buffer }>(
    'select study_id, wrapped_key from study limit 1',
  );
  const trail = await queries.query('select 1 from trail limit 1');
  const key = keys.find((one) => sealed.rows.every((row) => opensStudy(one, row)));
  if (key === undefined) throw new WrongVaultKey();
  const root = sealed.rowCount === 0 && trail.rowCount === 0 ? fresh : key;
  await queries.query('insert into root_key (wrapped, wrapped_at) values ($1, $2) on conflict (one) do nothing', [
    wrap(root, key),
    now,
  ]);
  return unwrap((await readWrapped(queries)) ?? Buffer.alloc(0), keys);
}

/**
 * Wraps the root key by another vault key, in one statement; asked again, it changes nothing.
 *
 * @throws WrongVaultKey where neither key opens it
 */
export async function rotateVaultKey(
  queries: Queries,
  { from, to, now }: { readonly from: Uint8Array; readonly to: Uint8Array; readonly now: string },
): Promise<'rotated' | 'already'> {
  if (to.length !== keyBytes) throw new RangeError('The vault key has 32 bytes');
  const root = await openRootKey(queries, [to, from], { fresh: from, now });
  const wrapped = await readWrapped(queries);
  if (wrapped !== null && opens(wrapped, to)) return 'already';
  await queries.query('update root_key set wrapped = $1, wrapped_at = $2', [wrap(root, to), now]);
  return 'rotated';
}

async function readWrapped(queries: Queries): Promise<Buffer | null> {
  return (await queries.query<{ wrapped: Buffer }>('select wrapped from root_key')).rows[0]?.wrapped ?? null;
}

const wrap = (root: Uint8Array, key: Uint8Array) => seal(deriveKey(key, 'root'), root, purpose);

function unwrap(wrapped: Buffer, keys: readonly Uint8Array[]): Buffer {
  const key = keys.find((one) => opens(wrapped, one));
  if (key === undefined) throw new WrongVaultKey();
  return open(deriveKey(key, 'root'), wrapped, purpose);
}

function opens(wrapped: Buffer, key: Uint8Array): boolean {
  try {
    return open(deriveKey(key, 'root'), wrapped, purpose).length === keyBytes;
  } catch {
    return false;
  }
}

function opensStudy(key: Uint8Array, row: { readonly study_id: string; readonly wrapped_key: Buffer }): boolean {
  try {
    return open(deriveKey(key, 'wrap'), row.wrapped_key, `data key ${row.study_id}`).length === keyBytes;
  } catch {
    return false;
  }
}
