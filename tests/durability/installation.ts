/**
 * A whole installation that can be hurt: study server and vault as processes of their own, each on a durable PostgreSQL.
 * Any of them can be killed and started again; the addresses of the vault and of the databases stay the same throughout.
 */
import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkpointPublicKey } from '@limen/ledger';
import { type Cluster, ensureDatabase, startCluster } from '@limen/postgres';
import { readOrCreateKeys } from '@limen/study';
import { killWithBackends, type ServerProcess, startServerProcess } from './server-process.ts';

export const root = path.join(import.meta.dirname, '..', '..');
export const setupCode = 'SETUP-1234';

const entryOf = (server: 'study' | 'vault') => path.join(root, 'apps', server, 'src', 'main.ts');
const databaseName = 'limen_study';
const vaultDatabaseName = 'limen_vault';
/** The study server's, for the vault. */
export const vaultToken = 'study-token-of-the-vault';
const firstMoment = Date.parse('2027-02-01T09:00:00.000Z');

export type Installation = {
  /** Of the study server; changes when it is started again. */
  readonly address: string;
  readonly serverPid: number;
  readonly vaultAddress: string;
  readonly databaseUrl: string;
  readonly vaultDatabaseUrl: string;
  readonly cluster: Cluster;
  /** What the server's clock shows, ms since 1970. */
  readonly now: number;
  setClock(now: number): Promise<void>;
  startServer(): Promise<void>;
  /** In order: what is under way is answered and a last checkpoint is signed. */
  stopServer(): Promise<void>;
  /** SIGKILL: nothing of it runs any further. */
  killServer(): Promise<void>;
  /** At the address it had before. */
  startVault(): Promise<void>;
  killVault(): Promise<void>;
  startDatabase(): Promise<void>;
  /** SIGKILL to the postmaster and to all its backends. */
  killDatabase(): Promise<void>;
  /** Keys that may sign the checkpoints. */
  publicKeys(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** `nodeOptions` are given to the study server's Node, such as `--cpu-prof`. */
export async function openInstallation(
  options: { readonly nodeOptions?: readonly string[] } = {},
): Promise<Installation> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limen-durable-'));
  const socketLink = path.join(folder, 'socket');
  const keysFile = path.join(folder, 'keys', 'study.json');
  let cluster = await startCluster({ dataFolder: path.join(folder, 'study'), durable: true });
  const vaultCluster = await startCluster({ dataFolder: path.join(folder, 'vault'), durable: true });
  const vaultDatabaseUrl = vaultCluster.connectionString(vaultDatabaseName);
  let now = firstMoment;
  let vault: ServerProcess | null = null;
  let vaultAddress = '';
  let server: ServerProcess | null = null;

  const linkSocket = (): void => {
    if (process.platform === 'win32') return;
    rmSync(socketLink, { force: true });
    symlinkSync(cluster.socketFolder, socketLink);
  };
  const databaseUrl = (): string => {
    const url = cluster.connectionString(databaseName);
    // A server that outlives its database finds the next one by the same name.
    return process.platform === 'win32'
      ? url
      : url.replace(encodeURIComponent(cluster.socketFolder), encodeURIComponent(socketLink));
  };
  const running = (): ServerProcess => {
    if (server === null) throw new Error('The study server is not running.');
    return server;
  };
  const demonstration = () => ({ LIMEN_DEMO_SEED: 'durability', LIMEN_DEMO_NOW: new Date(now).toISOString() });
  const startVault = async (): Promise<void> => {
    vault = await startServerProcess({
      entry: entryOf('vault'),
      env: {
        VAULT_DATABASE_URL: vaultDatabaseUrl,
        VAULT_KEY: Buffer.alloc(32, 9).toString('base64'),
        LIMEN_VAULT_STUDY_TOKEN: vaultToken,
        LIMEN_VAULT_SUPPLY_TOKEN: 'supply-token-of-the-vault',
        LIMEN_VAULT_EMERGENCY_TOKEN: 'emergency-token-of-vault',
        LIMEN_VAULT_PORT: vaultAddress === '' ? '0' : new URL(vaultAddress).port,
        ...demonstration(),
      },
    });
    vaultAddress = vault.address;
  };
  const startServer = async (): Promise<void> => {
    server = await startServerProcess({
      entry: entryOf('study'),
      ...(options.nodeOptions === undefined ? {} : { nodeOptions: options.nodeOptions }),
      env: {
        DATABASE_URL: databaseUrl(),
        LIMEN_PORT: '0',
        LIMEN_VAULT_ADDRESS: vaultAddress,
        LIMEN_VAULT_TOKEN: vaultToken,
        LIMEN_KEYS_FILE: keysFile,
        LIMEN_SETUP_CODE: setupCode,
        LIMEN_LIBRARY: path.join(root, 'protocols'),
        ...demonstration(),
      },
    });
  };
  const endServer = async (signal: NodeJS.Signals): Promise<void> => {
    await running().end(signal);
    server = null;
  };
  const close = async (): Promise<void> => {
    await server?.end('SIGTERM');
    await vault?.end('SIGTERM');
    await Promise.all([cluster.stop(), vaultCluster.stop()]);
    if (process.platform !== 'win32') unlinkSync(socketLink);
    rmSync(folder, { recursive: true, force: true });
  };

  linkSocket();
  await ensureDatabase(cluster.adminConnectionString, databaseName);
  await ensureDatabase(vaultCluster.adminConnectionString, vaultDatabaseName);
  await startVault();
  await startServer();

  return {
    get address() {
      return running().address;
    },
    get serverPid() {
      return running().pid;
    },
    get vaultAddress() {
      return vaultAddress;
    },
    vaultDatabaseUrl,
    get databaseUrl() {
      return databaseUrl();
    },
    get cluster() {
      return cluster;
    },
    get now() {
      return now;
    },
    setClock: async (moment) => {
      now = moment;
      const at = new Date(moment).toISOString();
      await Promise.all([running().setClock(at), vault?.setClock(at)]);
    },
    startServer,
    stopServer: () => endServer('SIGTERM'),
    killServer: () => endServer('SIGKILL'),
    startVault,
    killVault: async () => {
      await vault?.end('SIGKILL');
      vault = null;
    },
    startDatabase: async () => {
      cluster = await startCluster({ dataFolder: path.join(folder, 'study'), durable: true });
      linkSocket();
    },
    killDatabase: async () => {
      killWithBackends(cluster.pid);
      await cluster.ended;
      // The server is gone already; this lets go of its folder.
      await cluster.stop();
    },
    publicKeys: async () => [checkpointPublicKey((await readOrCreateKeys(keysFile)).checkpointKey)],
    close,
  };
}
