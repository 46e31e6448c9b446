/** The key files of an installation. Each is for one server only, and none is ever printed. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseLogins } from '@limen/postgres';

export type VaultKeys = {
  readonly key: string;
  /** While the key is being changed: the database may be under either. */
  readonly nextKey?: string;
  readonly studyToken: string;
  readonly supplyToken: string;
  readonly emergencyToken: string;
};

/** 32 bytes: fresh from the system, or derived from the seed of a demonstration. */
export type KeySource = (label: string) => Buffer;

export const systemKeys: KeySource = () => randomBytes(32);

export function demoKeys(seed: string): KeySource {
  return (label) => createHmac('sha256', `limen demonstration ${seed}`).update(label).digest();
}

const vaultKeysFile = 'vault-keys.json';

/** Reads the vault's keys, or makes them at the first start (mode 0600). */
export async function vaultKeysOf(folder: string, source: KeySource): Promise<VaultKeys> {
  return keptIn(path.join(folder, vaultKeysFile), () => ({
    key: source('vault key').toString('base64'),
    studyToken: source('vault token study').toString('base64url'),
    supplyToken: source('vault token supply').toString('base64url'),
    emergencyToken: source('vault token emergency').toString('base64url'),
  }));
}

/** The two logins of a server's database. Random in a demonstration too: nothing that is shown follows from them. */
export async function loginsOf(folder: string, server: 'study' | 'vault'): Promise<DatabaseLogins> {
  const login = (user: string) => ({ user, password: randomBytes(32).toString('base64url') });
  return keptIn(path.join(folder, `${server}-logins.json`), () => ({
    owner: login(`limen_${server}_owner`),
    server: login(`limen_${server}`),
  }));
}

/**
 * Both keys stand in the file before the database is changed, and the old one goes when it has been: whenever it is broken
 * off, the vault finds the key that opens it. Begun again, it goes on with the same new key.
 */
export function changeVaultKey(folder: string): { begin(): Promise<string>; end(): Promise<void> } {
  const file = path.join(folder, vaultKeysFile);
  const read = async () => JSON.parse(await readFile(file, 'utf8')) as VaultKeys;
  return {
    begin: async () => {
      const keys = await read();
      const nextKey = keys.nextKey ?? systemKeys('vault key').toString('base64');
      await replace(file, { ...keys, nextKey });
      return nextKey;
    },
    end: async () => {
      const { nextKey, ...keys } = await read();
      if (nextKey !== undefined) await replace(file, { ...keys, key: nextKey });
    },
  };
}

/** On disk before the old one goes. */
async function replace(file: string, content: object): Promise<void> {
  const half = `${file}.new`;
  await rm(half, { force: true });
  await writeFile(half, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await rename(half, file);
}

async function keptIn<T>(file: string, make: () => T): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = make();
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}
