/** `limen vault …`: what is done with the vault’s database and its key, while nobody else is at it. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Arguments, Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { systemKeys } from '../house/keys.ts';

const options = {
  folder: {
    type: 'string',
    value: 'FOLDER',
    help: 'An installation that is not running (default .limen/installation)',
  },
  database: {
    type: 'string',
    value: 'URL',
    help: 'The vault’s database instead; its key is then in the environment',
  },
} as const;

export const vaultVerify: Command = {
  name: 'vault verify',
  summary: 'Are the vault’s trails whole, and are the allocations those of the committed seeds?',
  usage: 'vault verify [--folder FOLDER | --database URL]',
  options,
  examples: [{ line: 'vault verify', says: 'Says how much was checked and where a fault is, and nothing secret' }],
  async run(given, terminal) {
    const { verifyVault } = await import('@limen/vault');
    const report = await withVault(given, async ({ url, keys }) => verifyVault(url, keys));
    terminal.result(report);
    if (!terminal.json) {
      for (const { studyId, trailEntries, allocations, ok } of report.studies) {
        terminal.print(`${ok ? 'ok ' : 'NOT'} ${studyId}: ${trailEntries} entries, ${allocations} allocations`);
      }
      for (const { studyId, part, place, reason } of report.faults) {
        terminal.print(`  ${studyId} ${part} ${place}: ${reason}`);
      }
      terminal.print(report.ok ? 'Verified: every trail and every allocation.' : 'NOT verified.');
    }
    return report.ok ? 0 : 1;
  },
};

export const vaultRotateKey: Command = {
  name: 'vault rotate-key',
  summary: 'Another vault key; labels, tokens and trails stay what they are',
  usage: 'vault rotate-key [--folder FOLDER | --database URL]',
  options,
  examples: [
    { line: 'vault rotate-key', says: 'A new key for the installation in this folder' },
    {
      line: 'vault rotate-key --database URL',
      says: 'From VAULT_KEY to VAULT_NEW_KEY, or the files or commands named',
    },
  ],
  async run(given, terminal) {
    const { rotateVaultKey } = await import('@limen/vault');
    const { withClient } = await import('@limen/postgres');
    const outcome = await withVault(given, async ({ url, keys, beginChange, endChange }) => {
      const [from] = keys;
      const to = await beginChange();
      if (from === undefined) throw new Failure('key_missing', 'There is no vault key.');
      const now = new Date().toISOString();
      const answer = await withClient(url, (client) => rotateVaultKey(client, { from, to, now }));
      await endChange();
      return answer;
    });
    terminal.result({ outcome });
    if (!terminal.json)
      terminal.print('The vault has its new key. The old one opens backups made before today, and only those.');
    return 0;
  },
};

type OpenVault = {
  /** As the database's owner. */
  readonly url: string;
  /** The first that opens the database is the one. */
  readonly keys: readonly Uint8Array[];
  /** Answers the key to change to, after it was put where the vault would find it. */
  beginChange(): Promise<Uint8Array>;
  endChange(): Promise<void>;
};

async function withVault<T>(given: Arguments, work: (vault: OpenVault) => Promise<T>): Promise<T> {
  const { keySettings, newKeySettings, readVaultKey } = await import('@limen/vault');
  const { env } = process;
  const fromEnvironment = Object.values(keySettings).some((name) => env[name] !== undefined);
  const url = given.text('database');
  if (url !== undefined) {
    const keys = [await readVaultKey(env)];
    return work({ url, keys, beginChange: () => readVaultKey(env, newKeySettings), endChange: async () => undefined });
  }
  const folder = path.resolve(given.text('folder') ?? '.limen/installation');
  if (!(await stat(path.join(folder, 'vault-database')).catch(() => null))) {
    throw new Failure('installation_not_found', `There is no installation in ${folder}.`, 'Name it with --folder.');
  }
  const { startCluster } = await import('@limen/postgres');
  const { openVaultDatabase } = await import('../house/databases.ts');
  const { changeVaultKey, vaultKeysOf } = await import('../house/keys.ts');
  const keysFolder = path.join(folder, 'keys');
  const cluster = await startCluster({ dataFolder: path.join(folder, 'vault-database') });
  try {
    const owner = await openVaultDatabase(cluster, folder);
    if (fromEnvironment) {
      const keys = [await readVaultKey(env)];
      return await work({
        url: owner,
        keys,
        beginChange: () => readVaultKey(env, newKeySettings),
        endChange: async () => undefined,
      });
    }
    const { key, nextKey } = await vaultKeysOf(keysFolder, systemKeys);
    const bytes = (text: string) => Buffer.from(text, 'base64');
    const change = changeVaultKey(keysFolder);
    return await work({
      url: owner,
      keys: [key, ...(nextKey === undefined ? [] : [nextKey])].map(bytes),
      beginChange: async () => bytes(await change.begin()),
      endChange: () => change.end(),
    });
  } finally {
    await cluster.stop();
  }
}
