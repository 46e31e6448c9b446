/** The whole house on one machine: two clusters, the vault, the study server; started in order, stopped in order. */
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Cluster } from '@limen/postgres';
import { keySettings } from '@limen/vault';
import { Failure } from '../failure.ts';
import { protocolsFolder, root } from '../places.ts';
import { buildWeb } from '../web/build.ts';
import { type Child, startChild } from './child.ts';
import { startDatabases } from './databases.ts';
import { type KeptChild, keepRunning } from './keep-running.ts';
import { demoKeys, type KeySource, systemKeys, type VaultKeys, vaultKeysOf } from './keys.ts';

export type House = {
  readonly address: string;
  readonly study: Child;
  readonly vault: KeptChild;
  readonly vaultAddress: string;
  readonly vaultKeys: VaultKeys;
  readonly databaseUrl: string;
  readonly clusters: readonly Cluster[];
  /** Resolves when one of the processes ends by itself; the vault is started again instead. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
};

export type HouseOptions = {
  /** Everything the installation keeps is below this folder. */
  readonly folder: string;
  readonly port: number;
  /** Of the vault's own pages and questions. */
  readonly vaultPort: number;
  /** For the first account of either server. */
  readonly setupCode: string;
  /** Only for a demonstration: an accelerated clock and keys that follow from a seed. */
  readonly demo?: { readonly seed: string; readonly now: string };
  readonly say: (line: string) => void;
  readonly log?: (line: string) => void;
};

export async function startHouse(options: HouseOptions): Promise<House> {
  const { folder, say } = options;
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711).catch(() => undefined);
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const web = buildWeb(say);
    // A failure is reported when it is awaited below, after the databases.
    web.catch(() => undefined);
    const databases = await startDatabases(folder, say, started);
    const folders = await web;
    const keySource: KeySource = options.demo ? demoKeys(options.demo.seed) : systemKeys;
    const keys = await vaultKeysOf(path.join(folder, 'keys'), keySource);
    const demo = options.demo;
    const args = demo ? ['--demo'] : [];
    const startVault = (port: number, now: string | null) =>
      startChild({
        name: 'vault',
        entry: path.join(root, 'apps/vault/src/main.ts'),
        args,
        env: {
          VAULT_DATABASE_URL: databases.vaultUrl,
          ...vaultKeySettings(keys),
          LIMEN_VAULT_PORT: String(port),
          LIMEN_VAULT_SETUP_CODE: options.setupCode,
          LIMEN_VAULT_STUDY_TOKEN: keys.studyToken,
          LIMEN_VAULT_SUPPLY_TOKEN: keys.supplyToken,
          LIMEN_VAULT_EMERGENCY_TOKEN: keys.emergencyToken,
          ...(demo ? { LIMEN_DEMO_SEED: demo.seed, LIMEN_DEMO_NOW: now ?? demo.now } : {}),
        },
        ...(options.log ? { log: options.log } : {}),
      });
    const first = await startVault(options.vaultPort, null);
    const vaultAddress = addressOf(first);
    // Diaries, safety reports and everything else go on without the vault; only what needs it waits.
    const vault = keepRunning({ first, again: (now) => startVault(Number(new URL(vaultAddress).port), now), say });
    started.push(vault);
    const study = await startChild({
      name: 'study',
      entry: path.join(root, 'apps/study/src/main.ts'),
      args,
      env: {
        DATABASE_URL: databases.studyUrl,
        LIMEN_PORT: String(options.port),
        LIMEN_VAULT_ADDRESS: vaultAddress,
        LIMEN_VAULT_TOKEN: keys.studyToken,
        LIMEN_VAULT_PAGES: `${vaultAddress}/room`,
        LIMEN_KEYS_FILE: path.join(folder, 'keys', 'study-keys.json'),
        LIMEN_SETUP_CODE: options.setupCode,
        LIMEN_LIBRARY: protocolsFolder,
        LIMEN_CONSOLE_FOLDER: folders.console,
        LIMEN_COMPANION_FOLDER: folders.companion,
        ...(demo ? { LIMEN_DEMO_SEED: demo.seed, LIMEN_DEMO_NOW: demo.now } : {}),
      },
      ...(options.log ? { log: options.log } : {}),
    });
    started.push(study);
    let stopping = false;
    return {
      address: addressOf(study),
      study,
      vault,
      vaultAddress,
      vaultKeys: keys,
      databaseUrl: databases.studyUrl,
      clusters: databases.clusters,
      broken: Promise.race([
        study.ended.then(() => 'study server'),
        ...databases.clusters.map((cluster) => cluster.ended.then(() => 'database')),
      ]).then((which) => (stopping ? new Promise<string>(() => undefined) : which)),
      stop: () => {
        stopping = true;
        return stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A key file or a command of the environment stands before the key that is kept in the installation. */
function vaultKeySettings({ key, nextKey }: VaultKeys): Record<string, string> {
  const given = [keySettings.file, keySettings.command].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  if (given.length > 0) return Object.fromEntries(given);
  return { VAULT_KEY: key, ...(nextKey === undefined ? {} : { VAULT_NEW_KEY: nextKey }) };
}

function addressOf(child: Child): string {
  const { address } = child.ready;
  if (typeof address !== 'string')
    throw new Failure('server_did_not_start', `The ${child.name} server did not say where it listens.`);
  return address;
}
