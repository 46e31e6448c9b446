import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './account.ts';
import { chooseAccount } from './account.ts';
import type { Binaries, BinariesChoice } from './binaries.ts';
import { chooseBinaries } from './binaries.ts';
import type { Address, Login } from './connection.ts';
import { withClient, writeConnectionString } from './connection.ts';
import { createCluster } from './create.ts';
import type { DataFolder } from './data-folder.ts';
import {
  assertOwnCluster,
  findCluster,
  inspectCluster,
  noteNewCluster,
  openDataFolder,
  placeNewCluster,
  readPassword,
  writePassword,
} from './data-folder.ts';
import { PostgresError } from './errors.ts';
import { launchServer, stopServer } from './launch.ts';
import type { FolderLock } from './lock.ts';
import { lockFolder } from './lock.ts';
import { judgePostmaster, readPostmasterNote, retirePostmasterNote } from './postmaster.ts';
import { readProcessState } from './process-state.ts';
import { forgetSocketFolder, isOwnSocketFolder } from './socket-folder.ts';

export interface ClusterOptions {
  /** Made if missing. Everything the cluster keeps is in it (see `Cluster.dataFolder` for the exception). */
  readonly dataFolder: string;
  readonly binaries?: BinariesChoice;
  /** Told of the steps worth telling a person. */
  readonly log?: (line: string) => void;
  /** `false` gives up durability for speed. For tests only. Default `true`. */
  readonly durable?: boolean;
  /** Whether the server stops when this process is killed (Linux). Default `true`. */
  readonly endWithParent?: boolean;
}

export interface Cluster {
  /** Folder of the Unix socket; `127.0.0.1` on Windows. */
  readonly socketFolder: string;
  /** PostgreSQL's own folder: `<dataFolder>/cluster`, or below `/var/lib/limen` if root's server cannot reach that. */
  readonly dataFolder: string;
  readonly adminConnectionString: string;
  /** Such as `15.18`. */
  readonly version: string;
  readonly binaries: Binaries;
  readonly pid: number;
  /** Whether a server left running by an earlier process was taken over. */
  readonly adopted: boolean;
  /** Fulfilled when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** As the superuser, or with another login. */
  connectionString(database: string, login?: Login): string;
  /** Fast and orderly: running statements are rolled back, everything acknowledged stays. Idempotent. */
  stop(): Promise<void>;
}

const SETTLE_MS = 60_000;
const POLL_MS = 20;

/**
 * Starts, or takes over, the PostgreSQL of a data folder, and creates it the first time.
 *
 * @throws PostgresError with any code of its table but those of migrations
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = openDataFolder(options.dataFolder);
  const lock = lockFolder(folder);
  try {
    return await openLockedFolder(folder, lock, options);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openLockedFolder(folder: string, lock: FolderLock, options: ClusterOptions): Promise<Cluster> {
  const log = options.log ?? (() => undefined);
  const existing = findCluster(folder);
  const known = existing === undefined ? undefined : inspectCluster(existing);
  const account = chooseAccount(known?.ownerUid);
  if (existing !== undefined && known !== undefined) assertOwnCluster(existing, known.ownerUid, account);
  const binaries = chooseBinaries(options.binaries ?? 'auto', account, known?.major);
  const cluster = existing ?? placeNewCluster(folder, account);
  const place: DataFolder = {
    folder,
    cluster,
    passwordFile: join(folder, 'superuser.password'),
    logFile: join(folder, 'postgres.log'),
  };
  if (existing === undefined) {
    log(`Creating a PostgreSQL ${binaries.version} (${binaries.origin}) in ${cluster}`);
    const password = writePassword(place.passwordFile);
    createCluster({ cluster, binaries, account, password, durable: options.durable ?? true });
    noteNewCluster(folder, cluster);
  }
  const password = readPassword(place.passwordFile);
  if (password === undefined) throw new PostgresError('data_folder_damaged', `${place.passwordFile} is missing`);

  const adopted = existing === undefined ? undefined : await adoptLiving(cluster, password, account);
  if (adopted !== undefined) {
    log(`Took over the running PostgreSQL ${binaries.version} of ${cluster}`);
    return describe({ ...adopted, place, binaries, account, lock, adopted: true });
  }
  const server = await launchServer({
    place,
    binaries,
    account,
    durable: options.durable ?? true,
    endWithParent: options.endWithParent ?? true,
  });
  const address: Address = { host: server.host, port: server.port, password };
  await withClient(writeConnectionString(address, 'postgres'), (client) => client.query('select 1')).catch(
    async (error: unknown) => {
      await stopServer(server.pid, cluster, binaries);
      forgetSocketFolder(folder, account);
      throw new PostgresError('postgres_failed_to_start', String(error), { cause: error });
    },
  );
  return describe({ address, pid: server.pid, child: server.child, place, binaries, account, lock, adopted: false });
}

/**
 * Takes over a server that an earlier process left running. One that is on its way down is waited for; the note of a
 * dead one is retired so that the next start is not refused.
 */
async function adoptLiving(
  cluster: string,
  password: string,
  account: Account,
): Promise<{ address: Address; pid: number } | undefined> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const note = readPostmasterNote(cluster);
    const state = judgePostmaster(note);
    if (note === undefined || state === 'none') return undefined;
    if (state === 'dead') {
      retirePostmasterNote(cluster);
      return undefined;
    }
    const host = note.socketFolder === '' ? '127.0.0.1' : note.socketFolder;
    const trusted = host === '127.0.0.1' || isOwnSocketFolder(host, account);
    if (note.status === 'ready' && trusted) {
      const address: Address = { host, port: note.port, password };
      if (await answers(address)) return { address, pid: note.pid };
    }
    if (Date.now() > deadline) throw new PostgresError('data_folder_in_use', `${cluster}, process ${note.pid}`);
    await pause(POLL_MS * 5);
  }
}

async function answers(address: Address): Promise<boolean> {
  try {
    await withClient(writeConnectionString(address, 'postgres'), (client) => client.query('select 1'));
    return true;
  } catch {
    return false;
  }
}

function describe(parts: {
  readonly address: Address;
  readonly pid: number;
  readonly child?: ChildProcess;
  readonly place: DataFolder;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly lock: FolderLock;
  readonly adopted: boolean;
}): Cluster {
  const { address, pid, child, place, binaries, account, lock } = parts;
  const ended = child === undefined || process.platform === 'win32' ? watchForEnd(pid) : waitForExit(child);
  const stop = async (): Promise<void> => {
    await stopServer(pid, place.cluster, binaries);
    // Until now the server did not keep this process alive; its end is waited for, so that nothing of it remains.
    child?.ref();
    if (child !== undefined) await ended;
    forgetSocketFolder(place.folder, account);
    lock.release();
  };
  let stopping: Promise<void> | undefined;
  return {
    socketFolder: address.host,
    dataFolder: place.cluster,
    adminConnectionString: writeConnectionString(address, 'postgres'),
    version: binaries.version,
    binaries,
    pid,
    adopted: parts.adopted,
    ended,
    connectionString: (database, login) => writeConnectionString(address, database, login),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function waitForExit(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** A server that is not our child tells nobody of its end: look from time to time, without keeping the process alive. */
async function watchForEnd(pid: number): Promise<void> {
  while (readProcessState(pid) === 'running') await pause(POLL_MS * 10, undefined, { ref: false });
}
