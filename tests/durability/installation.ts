/**
 * A whole installation that can be hurt: the study server as a process of its own on a durable PostgreSQL, beside the
 * real vault. Either can be killed and started again; the address of the database stays the same throughout.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { checkpointPublicKey } from '@limen/ledger';
import { type Cluster, ensureDatabase, startCluster } from '@limen/postgres';
import { readOrCreateKeys } from '@limen/study';
import { startVault, type Vault } from '@limen/vault';

export const root = path.join(import.meta.dirname, '..', '..');
export const setupCode = 'SETUP-1234';

const entry = path.join(root, 'apps', 'study', 'src', 'main.ts');
const databaseName = 'limen_study';
const vaultToken = 'study-token-of-the-vault';
const firstMoment = Date.parse('2027-02-01T09:00:00.000Z');
const startWithinMs = 60_000;

export type Installation = {
  /** Of the study server; changes when it is started again. */
  readonly address: string;
  readonly serverPid: number;
  readonly databaseUrl: string;
  readonly cluster: Cluster;
  /** What the server's clock shows, ms since 1970. */
  readonly now: number;
  setClock(now: number): Promise<void>;
  startServer(): Promise<void>;
  /** In order: what is under way is answered and a last checkpoint is signed. */
  stopServer(): Promise<void>;
  /** SIGKILL: nothing of it runs any further. */
  killServer(): Promise<void>;
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
  const vaultCluster = await startCluster({ dataFolder: path.join(folder, 'vault'), durable: false });
  let now = firstMoment;
  let vault: Vault | null = null;
  let server: Server | null = null;

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
  const running = (): Server => {
    if (server === null) throw new Error('The study server is not running.');
    return server;
  };
  const startServer = async (): Promise<void> => {
    server = await startProcess(options.nodeOptions ?? [], {
      DATABASE_URL: databaseUrl(),
      LIMEN_PORT: '0',
      LIMEN_VAULT_ADDRESS: vault?.address ?? '',
      LIMEN_VAULT_TOKEN: vaultToken,
      LIMEN_KEYS_FILE: keysFile,
      LIMEN_SETUP_CODE: setupCode,
      LIMEN_LIBRARY: path.join(root, 'protocols'),
      LIMEN_DEMO_SEED: 'durability',
      LIMEN_DEMO_NOW: new Date(now).toISOString(),
    });
  };
  const endServer = async (signal: NodeJS.Signals): Promise<void> => {
    await running().end(signal);
    server = null;
  };
  const close = async (): Promise<void> => {
    await server?.end('SIGTERM');
    await vault?.close();
    await Promise.all([cluster.stop(), vaultCluster.stop()]);
    if (process.platform !== 'win32') unlinkSync(socketLink);
    rmSync(folder, { recursive: true, force: true });
  };

  linkSocket();
  await ensureDatabase(cluster.adminConnectionString, databaseName);
  await ensureDatabase(vaultCluster.adminConnectionString, 'limen_vault');
  vault = await startVault({
    databaseUrl: vaultCluster.connectionString('limen_vault'),
    key: new Uint8Array(32).fill(9),
    tokens: { study: vaultToken, supply: 'supply-token-of-the-vault', emergency: 'emergency-token-of-vault' },
    port: 0,
    clock: { now: () => new Date(now).toISOString() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: () => undefined,
  });
  await startServer();

  return {
    get address() {
      return running().address;
    },
    get serverPid() {
      return running().pid;
    },
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
      await running().setClock(new Date(moment).toISOString());
    },
    startServer,
    stopServer: () => endServer('SIGTERM'),
    killServer: () => endServer('SIGKILL'),
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

type Server = {
  readonly address: string;
  readonly pid: number;
  setClock(now: string): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
};

async function startProcess(nodeOptions: readonly string[], env: Record<string, string>): Promise<Server> {
  const child = spawn(process.execPath, [...nodeOptions, entry, '--demo'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  const last: string[] = [];
  createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) => {
    last.push(line);
    if (last.length > 20) last.shift();
  });
  const address = await Promise.race([
    addressOf(child),
    ended.then(() => Promise.reject(new Error(`The study server ended while starting:\n${last.join('\n')}`))),
  ]);
  return {
    address,
    pid: child.pid ?? 0,
    setClock: (now) => tellClock(child, now),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The study server did not start in time.')), startWithinMs);
    createInterface({ input: child.stdout ?? process.stdin }).once('line', (line) => {
      clearTimeout(timer);
      resolve((JSON.parse(line) as { address: string }).address);
    });
    child.once('exit', () => clearTimeout(timer));
  });
}

function tellClock(child: ChildProcess, now: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const heard = (message: unknown) => {
      if ((message as { now?: unknown }).now !== now) return;
      child.off('message', heard);
      resolve();
    };
    child.on('message', heard);
    child.send({ type: 'clock', now }, (error) => {
      if (error) reject(error);
    });
  });
}

function killWithBackends(postmaster: number): void {
  const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  const backends = listed
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, parent = 0]) => (parent === postmaster ? [pid] : []));
  for (const pid of [postmaster, ...backends]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
