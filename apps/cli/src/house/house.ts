/** The whole house on one machine: two clusters, the vault, the study server; started in order, stopped in order. */
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Cluster, ensureDatabase, startCluster } from '@limen/postgres';
import { Failure } from '../failure.ts';
import { protocolsFolder, root } from '../places.ts';
import { buildWeb } from '../web/build.ts';
import { type Child, startChild } from './child.ts';
import { demoKeys, type KeySource, systemKeys, type VaultKeys, vaultKeysOf } from './keys.ts';

export type House = {
  readonly address: string;
  readonly study: Child;
  readonly vault: Child;
  readonly vaultAddress: string;
  readonly vaultKeys: VaultKeys;
  readonly databaseUrl: string;
  readonly clusters: readonly Cluster[];
  /** Resolves when one of the processes ends by itself. */
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

const names = { study: 'limen_study', vault: 'limen_vault' } as const;

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
    const vault = await startChild({
      name: 'vault',
      entry: path.join(root, 'apps/vault/src/main.ts'),
      args,
      env: {
        VAULT_DATABASE_URL: databases.vaultUrl,
        VAULT_KEY: keys.key,
        LIMEN_VAULT_PORT: String(options.vaultPort),
        LIMEN_VAULT_SETUP_CODE: options.setupCode,
        LIMEN_VAULT_STUDY_TOKEN: keys.studyToken,
        LIMEN_VAULT_SUPPLY_TOKEN: keys.supplyToken,
        LIMEN_VAULT_EMERGENCY_TOKEN: keys.emergencyToken,
        ...(demo ? { LIMEN_DEMO_SEED: demo.seed, LIMEN_DEMO_NOW: demo.now } : {}),
      },
      ...(options.log ? { log: options.log } : {}),
    });
    started.push(vault);
    const vaultAddress = addressOf(vault);
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
        vault.ended.then(() => 'vault'),
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

/** One cluster each: catalogues and statistics views leak across the databases of one cluster. */
async function startDatabases(folder: string, say: (line: string) => void, started: { stop(): Promise<void> }[]) {
  const external = { study: process.env.DATABASE_URL, vault: process.env.VAULT_DATABASE_URL };
  if (external.study && external.vault) {
    if (external.study === external.vault) {
      throw new Failure(
        'databases_shared',
        'DATABASE_URL and VAULT_DATABASE_URL name the same database.',
        'Give the vault a cluster of its own: catalogue views of one cluster tell of its other databases.',
      );
    }
    return { clusters: [], studyUrl: external.study, vaultUrl: external.vault };
  }
  if (external.study || external.vault) {
    throw new Failure(
      'database_missing',
      'Only one of DATABASE_URL and VAULT_DATABASE_URL is set.',
      'Set both, or neither to have the databases managed on this machine.',
    );
  }
  const opened = await Promise.allSettled(
    (['study', 'vault'] as const).map((name) =>
      startCluster({ dataFolder: path.join(folder, `${name}-database`), log: say }),
    ),
  );
  const clusters = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  started.push(...clusters);
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const [study, vault] = clusters as [Cluster, Cluster];
  await Promise.all([
    ensureDatabase(study.adminConnectionString, names.study),
    ensureDatabase(vault.adminConnectionString, names.vault),
  ]);
  return {
    clusters,
    studyUrl: study.connectionString(names.study),
    vaultUrl: vault.connectionString(names.vault),
  };
}

function addressOf(child: Child): string {
  const { address } = child.ready;
  if (typeof address !== 'string')
    throw new Failure('server_did_not_start', `The ${child.name} server did not say where it listens.`);
  return address;
}
