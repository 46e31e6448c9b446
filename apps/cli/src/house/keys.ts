/** The key files of an installation. Each is for one server only, and none is ever printed. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseLogins } from '@limen/postgres';

export type VaultKeys = {
  readonly key: string;
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

/** Reads the vault's keys, or makes them at the first start (mode 0600). */
export async function vaultKeysOf(folder: string, source: KeySource): Promise<VaultKeys> {
  return keptIn(path.join(folder, 'vault-keys.json'), () => ({
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
