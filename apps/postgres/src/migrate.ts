import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase, Pool } from 'pg';
import { withClient } from './connection.ts';
import { PostgresError } from './errors.ts';

/** One forward-only step of a database. */
export interface Migration {
  readonly number: number;
  /** File name without its ending, such as `0003_kits`. */
  readonly name: string;
  readonly sql: string;
  /** Of the text with Unix line ends, so that a checkout on Windows gives the same. */
  readonly sha256: string;
}

export interface MigrationOutcome {
  /** Names of the migrations applied now, in order. */
  readonly applied: readonly string[];
  /** How many the database has in all. */
  readonly total: number;
}

const FILE_NAME = /^(\d{3,6})[_-][a-z0-9][a-z0-9_-]*\.sql$/;
/** Key of the advisory lock: the first bytes of "limen". Two servers that start at once migrate one after the other. */
const LOCK_KEY = 0x6c_69_6d_65;

const TABLE = `create table if not exists public.limen_migration (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
)`;

/**
 * Brings a database forward: every file `NNNN_name.sql` of the folder that is not yet applied runs in its number's order,
 * each in a transaction of its own together with the note that it ran.
 *
 * A migration must not hold `commit` or `rollback` of its own. A login that may not make tables only looks whether all is
 * done.
 *
 * @throws PostgresError `migration_folder_invalid`, `migration_changed`, `migration_out_of_order`, `migration_failed`,
 * `migration_needs_owner`, `database_newer_than_program`
 */
export async function migrate(database: string | Pool, folder: string): Promise<MigrationOutcome> {
  const migrations = await readMigrations(folder);
  if (typeof database === 'string') return withClient(database, (client) => bringForward(client, migrations));
  const client = await database.connect();
  try {
    return await bringForward(client, migrations);
  } finally {
    client.release();
  }
}

/** Reads a folder of migrations in order; other files than `.sql` are left alone. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const name of names) {
    const match = FILE_NAME.exec(name);
    if (match === null) throw new PostgresError('migration_folder_invalid', name);
    const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
    const sha256 = createHash('sha256').update(sql).digest('hex');
    migrations.push({ number: Number(match[1]), name: name.slice(0, -'.sql'.length), sql, sha256 });
  }
  migrations.sort((left, right) => left.number - right.number);
  const twice = migrations.find((one, index) => migrations[index + 1]?.number === one.number);
  if (twice !== undefined) throw new PostgresError('migration_folder_invalid', `number ${twice.number} twice`);
  return migrations;
}

async function bringForward(client: ClientBase, migrations: readonly Migration[]): Promise<MigrationOutcome> {
  await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
  try {
    await client.query('set client_min_messages to warning');
    const owner = await mayMakeTables(client);
    if (owner) await client.query(TABLE);
    const { rows } = await client.query<{ number: number; name: string; sha256: string }>(
      'select number, name, sha256 from public.limen_migration order by number',
    );
    const pending = comparePlan(migrations, rows);
    if (!owner && pending[0]) throw new PostgresError('migration_needs_owner', pending[0].name);
    for (const migration of pending) await apply(client, migration);
    return { applied: pending.map((one) => one.name), total: rows.length + pending.length };
  } finally {
    await client.query('reset all').catch(() => undefined);
    await client.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => undefined);
  }
}

async function mayMakeTables(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>("select has_schema_privilege('public', 'create') as may");
  return rows[0]?.may === true;
}

/** Checks that history is as the folder tells it, and answers what is still to do. */
function comparePlan(
  migrations: readonly Migration[],
  history: readonly { number: number; name: string; sha256: string }[],
): readonly Migration[] {
  const byNumber = new Map(migrations.map((one) => [one.number, one]));
  for (const past of history) {
    const now = byNumber.get(past.number);
    if (now === undefined) throw new PostgresError('database_newer_than_program', `it has ${past.name}`);
    if (now.sha256 !== past.sha256) throw new PostgresError('migration_changed', past.name);
  }
  const last = history.at(-1)?.number ?? -1;
  const done = new Set(history.map((past) => past.number));
  const pending = migrations.filter((one) => !done.has(one.number));
  const late = pending.find((one) => one.number < last);
  if (late !== undefined) throw new PostgresError('migration_out_of_order', `${late.name} after number ${last}`);
  return pending;
}

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    const before = await readTransactionId(client);
    await client.query(migration.sql);
    await client.query('reset all');
    await client.query('insert into public.limen_migration (number, name, sha256) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.sha256,
    ]);
    if ((await readTransactionId(client)) !== before) throw new Error('it ended the transaction it was run in');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new PostgresError('migration_failed', `${migration.name}: ${reason}`, { cause: error });
  }
}

async function readTransactionId(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id');
  return rows[0]?.id ?? '';
}
