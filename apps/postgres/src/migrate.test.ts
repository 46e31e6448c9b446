import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { withClient } from './connection.ts';
import type { PostgresProblemCode } from './index.ts';
import { createTestDatabases, ensureDatabase, migrate, PostgresError, sharedTestDatabases } from './index.ts';
import { readProcessState } from './process-state.ts';

const databases = sharedTestDatabases();
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'limen-migrations-test-'));
  folders.push(folder);
  add(folder, files);
  return folder;
}

function add(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const refusal =
  (code: PostgresProblemCode, details = /(?:)/) =>
  (error: unknown) => {
    assert.ok(error instanceof PostgresError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.details, details);
    return true;
  };

const ask = (connectionString: string, sql: string) =>
  withClient(connectionString, async (client) => (await client.query({ text: sql, rowMode: 'array' })).rows);

const TWO = {
  '0001_people.sql': 'create table person (id int primary key);\ncreate index on person (id);\n',
  '0002_names.sql': 'set search_path to pg_catalog; alter table public.person add name text;\n',
  'README.md': 'not a migration',
};

it('migrations run once, in order, and are remembered by hash', async () => {
  await using database = await databases.freshDatabase();
  const folder = folderOf(TWO);
  assert.deepEqual(await migrate(database.connectionString, folder), {
    applied: ['0001_people', '0002_names'],
    total: 2,
  });
  assert.deepEqual(await migrate(database.connectionString, folder), { applied: [], total: 2 });
  const noted = await ask(database.connectionString, 'select number, length(sha256) from limen_migration order by 1');
  assert.deepEqual(noted, [
    [1, 64],
    [2, 64],
  ]);
});

it('line ends do not count as a change, anything else does', async () => {
  await using database = await databases.freshDatabase();
  const folder = folderOf(TWO);
  await migrate(database.connectionString, folder);
  add(folder, { '0001_people.sql': TWO['0001_people.sql'].replaceAll('\n', '\r\n') });
  assert.deepEqual((await migrate(database.connectionString, folder)).applied, []);
  add(folder, { '0001_people.sql': `${TWO['0001_people.sql']} ` });
  await assert.rejects(migrate(database.connectionString, folder), refusal('migration_changed', /0001_people/));
});

it('a migration that fails leaves nothing of itself and keeps what went before', async () => {
  await using database = await databases.freshDatabase();
  const folder = folderOf({ ...TWO, '0003_bad.sql': 'create table half (id int); select 1 / 0;' });
  await assert.rejects(
    migrate(database.connectionString, folder),
    refusal('migration_failed', /0003_bad: division by zero/),
  );
  assert.deepEqual(
    await ask(database.connectionString, "select to_regclass('half'), (select count(*)::int from limen_migration)"),
    [[null, 2]],
  );
  add(folder, { '0003_bad.sql': 'create table whole (id int);' });
  assert.deepEqual((await migrate(database.connectionString, folder)).applied, ['0003_bad']);
});

it('a migration that commits by itself is refused', async () => {
  await using database = await databases.freshDatabase();
  const folder = folderOf({ '0001_sly.sql': 'create table a (id int); commit; begin; create table b (id int);' });
  await assert.rejects(
    migrate(database.connectionString, folder),
    refusal('migration_failed', /ended the transaction/),
  );
});

it('a late number, a missing file, a bad name and a number twice are refused', async () => {
  await using database = await databases.freshDatabase();
  const folder = folderOf({ '0001_a.sql': 'select 1', '0003_c.sql': 'select 1' });
  await migrate(database.connectionString, folder);
  add(folder, { '0002_b.sql': 'select 1' });
  await assert.rejects(migrate(database.connectionString, folder), refusal('migration_out_of_order', /0002_b/));
  await assert.rejects(
    migrate(database.connectionString, folderOf({ '0001_a.sql': 'select 1' })),
    refusal('database_newer_than_program', /0003_c/),
  );
  await assert.rejects(
    migrate(database.connectionString, folderOf({ 'first.sql': '' })),
    refusal('migration_folder_invalid'),
  );
  await assert.rejects(
    migrate(database.connectionString, folderOf({ '001_a.sql': '', '0001_b.sql': '' })),
    refusal('migration_folder_invalid', /twice/),
  );
});

it('servers that start at once migrate one after the other', async () => {
  await using database = await databases.freshDatabase();
  const folder = folderOf(TWO);
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => migrate(database.connectionString, folder)));
  assert.equal(outcomes.flatMap((outcome) => outcome.applied).length, 2);
});

it('a fresh database has the migrations, is nobody else’s, and goes when it is dropped', async () => {
  const folder = folderOf(TWO);
  const one = await databases.freshDatabase(folder);
  const other = await databases.freshDatabase(folder);
  await ask(one.connectionString, "insert into person values (1, 'Ada')");
  assert.deepEqual(await ask(other.connectionString, 'select count(*)::int from person'), [[0]]);
  await one.drop();
  await one.drop();
  await assert.rejects(ask(one.connectionString, 'select 1'), /does not exist/);
  await other.drop();
});

it('a database is ensured by many at once', async () => {
  const cluster = await databases.cluster();
  await Promise.all(Array.from({ length: 4 }, () => ensureDatabase(cluster.adminConnectionString, 'odd "name"')));
  assert.deepEqual(await ask(cluster.connectionString('odd "name"'), 'select current_database()'), [['odd "name"']]);
});

it('closing test databases leaves no server and no files', async () => {
  const own = createTestDatabases();
  const cluster = await own.cluster();
  await own.close();
  assert.equal(readProcessState(cluster.pid), 'gone');
  assert.equal(existsSync(cluster.dataFolder), false);
  await own.close();
});
