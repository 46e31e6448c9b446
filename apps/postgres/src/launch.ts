import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './account.ts';
import { asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { programPath } from './binaries.ts';
import { cleanEnvironment, lastLines } from './create.ts';
import type { DataFolder } from './data-folder.ts';
import { PostgresError } from './errors.ts';
import { readPostmasterNote } from './postmaster.ts';
import { readProcessState } from './process-state.ts';
import { forgetSocketFolder, makeSocketFolder, noteSocketFolder } from './socket-folder.ts';

const WINDOWS = process.platform === 'win32';
const START_MS = 120_000;
const STOP_MS = 60_000;
const POLL_MS = 10;
const LARGEST_LOG_BYTES = 5 * 2 ** 20;
/** Backends of a killed server take a moment to notice; until then PostgreSQL refuses to start beside them. */
const TRIES = 20;
const BETWEEN_TRIES_MS = 250;

export interface LaunchOptions {
  readonly place: DataFolder;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly durable: boolean;
  readonly endWithParent: boolean;
}

export interface Server {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly child: ChildProcess;
}

/** Starts the server and waits until it takes connections. */
export async function launchServer(options: LaunchOptions): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    forgetSocketFolder(options.place.folder, options.account);
    const listen = await chooseListening(options.account);
    noteSocketFolder(options.place.folder, listen.host);
    const outcome = await tryLaunch(options, listen);
    if ('pid' in outcome) return outcome;
    forgetSocketFolder(options.place.folder, options.account);
    const beside = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(outcome.said);
    if (!beside || tries === TRIES) throw explainFailure(outcome.said);
    await pause(BETWEEN_TRIES_MS);
  }
}

function explainFailure(said: string): PostgresError {
  if (said.includes('No space left on device')) return new PostgresError('disk_full', lastLines(said, 3));
  if (/has wrong ownership|Permission denied/.test(said)) {
    return new PostgresError('data_folder_foreign_owner', lastLines(said, 3));
  }
  if (/could not open file ".*(pg_control|postgresql\.conf)"|is not a valid data directory/.test(said)) {
    return new PostgresError('data_folder_damaged', lastLines(said, 3));
  }
  return new PostgresError('postgres_failed_to_start', lastLines(said));
}

interface Listening {
  readonly host: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** A private Unix socket; on Windows, which has none for PostgreSQL's programs of every version, loopback. */
async function chooseListening(account: Account): Promise<Listening> {
  if (process.platform !== 'win32') {
    const host = makeSocketFolder(account);
    const settings = { listen_addresses: '', unix_socket_directories: host, unix_socket_permissions: '0700' };
    return { host, port: 5432, settings };
  }
  const port = await findFreePort();
  return { host: '127.0.0.1', port, settings: { listen_addresses: '127.0.0.1', unix_socket_directories: '' } };
}

function findFreePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolvePort(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function listSettings(options: LaunchOptions, listen: Listening): Record<string, string> {
  return {
    ...listen.settings,
    port: String(listen.port),
    max_connections: '60',
    shared_buffers: '128MB',
    synchronous_commit: options.durable ? 'on' : 'off',
    fsync: options.durable ? 'on' : 'off',
    full_page_writes: options.durable ? 'on' : 'off',
    wal_compression: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
    // What the server did, and never the errors of statements: their details carry people's data.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    logging_collector: 'off',
  };
}

async function tryLaunch(options: LaunchOptions, listen: Listening): Promise<Server | { readonly said: string }> {
  const { place, account } = options;
  rotateLog(place.logFile);
  const before = logSize(place.logFile);
  const log = openSync(place.logFile, 'a', 0o600);
  const settings = Object.entries(listSettings(options, listen)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [program, ...parameters] = composeCommand(options, settings);
  // A session of its own: the terminal's interrupt is for us, and we stop the server in our order.
  const child = spawn(program, parameters, {
    ...asAccount(account),
    cwd: place.cluster,
    env: cleanEnvironment(),
    stdio: ['ignore', log, log],
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  const deadline = Date.now() + START_MS;
  while (failure === undefined && !endedTooSoon(child)) {
    const note = readPostmasterNote(place.cluster);
    if (note !== undefined && (note.pid === child.pid || WINDOWS) && note.status === 'ready') {
      return { pid: note.pid, host: listen.host, port: listen.port, child };
    }
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      failure = `not ready after ${START_MS / 1000} s`;
    }
    await pause(POLL_MS);
  }
  return { said: `${readFileSync(place.logFile, 'utf8').slice(before)}\n${failure ?? ''}`.trim() };
}

/** Windows starts the server through `pg_ctl`, which drops an administrator's rights and then ends by itself. */
function composeCommand(options: LaunchOptions, settings: readonly string[]): readonly [string, ...string[]] {
  const { binaries, place } = options;
  if (WINDOWS) {
    const quoted = settings.map((setting) => (setting === '-c' ? setting : `"${setting}"`)).join(' ');
    return [programPath(binaries, 'pg_ctl'), 'start', '-W', '-D', place.cluster, '-l', place.logFile, '-o', quoted];
  }
  const postgres = [programPath(binaries, 'postgres'), '-D', place.cluster, ...settings] as const;
  return options.endWithParent ? tieToParent(postgres) : postgres;
}

function endedTooSoon(child: ChildProcess): boolean {
  if (child.signalCode !== null) return true;
  return WINDOWS ? (child.exitCode ?? 0) !== 0 : child.exitCode !== null;
}

/** On Linux the kernel interrupts the server (an orderly, fast stop) when its parent dies, however it dies. */
function tieToParent(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (process.platform !== 'linux' || !hasSetpriv()) return command;
  return ['setpriv', '--pdeathsig', 'INT', '--', ...command];
}

let setprivFound: boolean | undefined;

function hasSetpriv(): boolean {
  setprivFound ??= (spawnSync('setpriv', ['--help'], { encoding: 'utf8' }).stdout ?? '').includes('--pdeathsig');
  return setprivFound;
}

function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function rotateLog(path: string): void {
  if (logSize(path) > LARGEST_LOG_BYTES) renameSync(path, `${path}.1`);
}

/** Stops a server: first in order, then, if it does not listen, at once (it recovers at the next start). */
export async function stopServer(pid: number, cluster: string, binaries: Binaries): Promise<void> {
  if (readPostmasterNote(cluster)?.pid !== pid) return waitForEnd(pid, STOP_MS);
  if (WINDOWS) {
    spawnSync(programPath(binaries, 'pg_ctl'), ['stop', '-D', cluster, '-m', 'fast', '-w'], { windowsHide: true });
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (readProcessState(pid) !== 'running') return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    await waitForEnd(pid, STOP_MS);
  }
}

async function waitForEnd(pid: number, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (readProcessState(pid) === 'running' && Date.now() < deadline) await pause(POLL_MS);
}
