import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { BinariesChoice } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { startCluster } from './cluster.ts';
import { withClient } from './connection.ts';
import { migrate, readMigrations } from './migrate.ts';
import { readProcessState } from './process-state.ts';

/** A database of one test's own. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  readonly connectionString: string;
  /** Ends every connection to it and removes it. Idempotent. */
  drop(): Promise<void>;
}

export interface TestDatabases extends AsyncDisposable {
  /** A new database: empty, or with all migrations of the folder applied (copied from a template made once). */
  freshDatabase(migrationsFolder?: string): Promise<TestDatabase>;
  /** The server beneath, started when first asked for. */
  cluster(): Promise<Cluster>;
  /** Stops the server and removes its files. Done at the end of the process in any case. */
  close(): Promise<void>;
}

/**
 * Databases for tests, on one throw-away server without durability. Nothing is started until it is needed, and nothing
 * is left behind: not even if the process ends by an uncaught error.
 */
export function createTestDatabases(options: { readonly binaries?: BinariesChoice } = {}): TestDatabases {
  const templates = new Map<string, Promise<string>>();
  let starting: Promise<StartedCluster> | undefined;

  const started = (): Promise<StartedCluster> => {
    starting ??= startThrowAway(options.binaries ?? 'auto');
    return starting;
  };
  const makeTemplate = async (key: string, folder: string): Promise<string> => {
    const { cluster } = await started();
    const name = `template_${key}`;
    await execute(cluster, `create database ${pg.escapeIdentifier(name)}`);
    await migrate(cluster.connectionString(name), folder);
    return name;
  };
  const templateOf = async (folder: string): Promise<string> => {
    const migrations = await readMigrations(folder);
    const key = createHash('sha256')
      .update(migrations.map((one) => one.sha256).join())
      .digest('hex')
      .slice(0, 24);
    const made = templates.get(key) ?? makeTemplate(key, folder);
    templates.set(key, made);
    return made;
  };
  const close = async (): Promise<void> => {
    const current = starting;
    starting = undefined;
    templates.clear();
    await current?.then((server) => server.end());
  };
  return {
    freshDatabase: async (folder) => {
      const template = folder === undefined ? 'template0' : await templateOf(folder);
      return copyTemplate((await started()).cluster, template);
    },
    cluster: async () => (await started()).cluster,
    close,
    [Symbol.asyncDispose]: close,
  };
}

let shared: TestDatabases | undefined;

/** The one set of test databases that all test files of this process share. */
export function sharedTestDatabases(): TestDatabases {
  shared ??= createTestDatabases();
  return shared;
}

/** A new database on the shared server: `await using database = await freshDatabase(folder)`. */
export function freshDatabase(migrationsFolder?: string): Promise<TestDatabase> {
  return sharedTestDatabases().freshDatabase(migrationsFolder);
}

interface StartedCluster {
  readonly cluster: Cluster;
  end(): Promise<void>;
}

async function startThrowAway(binaries: BinariesChoice): Promise<StartedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'limen-test-'));
  const cluster = await startCluster({ dataFolder: folder, binaries, durable: false });
  const atExit = (): void => {
    endAtOnce(cluster);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  return {
    cluster,
    end: async () => {
      process.removeListener('exit', atExit);
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The end of a process leaves no time to wait in order; this server has nothing worth keeping. */
function endAtOnce(cluster: Cluster): void {
  try {
    process.kill(cluster.pid, 'SIGQUIT');
  } catch {
    return;
  }
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < 100 && readProcessState(cluster.pid) === 'running'; waited += 1) {
    Atomics.wait(clock, 0, 0, 20);
  }
  if (process.platform !== 'win32') rmSync(cluster.socketFolder, { recursive: true, force: true });
}

async function copyTemplate(cluster: Cluster, template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(cluster, `create database ${name} template ${pg.escapeIdentifier(template)} strategy file_copy`);
  let dropping: Promise<void> | undefined;
  const drop = (): Promise<void> => {
    dropping ??= execute(cluster, `drop database if exists ${name} with (force)`);
    return dropping;
  };
  return { name, connectionString: cluster.connectionString(name), drop, [Symbol.asyncDispose]: drop };
}

async function execute(cluster: Cluster, sql: string): Promise<void> {
  await withClient(cluster.adminConnectionString, (client) => client.query(sql));
}
