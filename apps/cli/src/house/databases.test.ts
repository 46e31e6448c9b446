/** The walls between the databases of a house, tried with the logins that its servers have. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Cluster, ensureDatabase, type Login, migrate, startCluster, withClient } from '@limen/postgres';
import { migrationsFolder, startVault, vaultClient } from '@limen/vault';
import { startDatabases } from './databases.ts';

const refused = '42501';
const token = 'study-token-of-the-vault';
const studyId = 'walls';
let folder: string;
let cluster: Cluster;
let urls: { studyUrl: string; vaultUrl: string };
const started: { stop(): Promise<void> }[] = [];

/** SQLSTATE of a refusal, or the rows. */
async function ask(url: string, sql: string): Promise<string | readonly Record<string, unknown>[]> {
  return withClient(url, async (client) => {
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } catch (error) {
      return (error as { code: string }).code;
    }
  }).catch((error: { code: string }) => error.code);
}

const loginIn = (url: string): Login => {
  const { username, password } = new URL(url.replace('@/', '@localhost/'));
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
};

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'limen-walls-'));
  chmodSync(folder, 0o711);
  // As an installation was before there were logins: everything belongs to the superuser.
  const earlier = await startCluster({ dataFolder: path.join(folder, 'vault-database'), durable: false });
  await ensureDatabase(earlier.adminConnectionString, 'limen_vault');
  await migrate(earlier.connectionString('limen_vault'), migrationsFolder);
  await earlier.stop();

  const databases = await startDatabases(folder, () => undefined, started);
  urls = databases;
  cluster = databases.clusters[1] as Cluster;
  const vault = await startVault({
    databaseUrl: urls.vaultUrl,
    key: Buffer.alloc(32, 7),
    tokens: { study: token, supply: 'supply-token-of-the-vault', emergency: 'emergency-token-of-vault' },
    port: 0,
    clock: { now: () => '2027-02-01T08:00:00.000Z' },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: () => undefined,
  });
  started.push({ stop: () => vault.close() });
  const client = vaultClient({ address: vault.address, token });
  const arm = (id: string) => ({ id, weight: 1, content: { kind: 'constant' as const, intervention: id } });
  await client.createStudy({
    studyId,
    protocolHash: 'a'.repeat(64),
    procedure: { kind: 'complete' },
    arms: [arm('active'), arm('placebo')],
    stratifyBy: [],
    capsules: 14,
  });
  for (let index = 0; index < 10; index += 1) {
    const participantId = `person-${index}`;
    await client.allocate(studyId, { participantId, stratum: 'all', requestId: `request-${index}` });
  }
  await withClient(cluster.connectionString('limen_vault'), (admin) => admin.query('analyze'));
});

after(async () => {
  for (const part of started.reverse()) await part.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the login of the running vault', () => {
  const refusals: Readonly<Record<string, string>> = {
    'changes no entry of the trail': "update trail set type = 'x'",
    'removes none': 'delete from trail',
    'empties no table': 'truncate trail',
    'turns no trigger off': 'alter table trail disable trigger all',
    'does not pass itself off as a replica, whose triggers rest': 'set session_replication_role = replica',
    'changes no allocation': "update allocation set sealed = '\\x00'",
    'moves no label': "update allocation set kit = 'X'",
    'moves no step': 'update allocation set step = step + 100',
    'removes no allocation': 'delete from allocation',
    'changes no seed': "update study set sealed_seed = '\\x00'",
    'makes no table': 'create table anything (x int)',
    'makes no database': 'create database anything',
    'makes no role': 'create role anything',
    'becomes no owner': 'set role limen_vault_owner',
    'becomes no superuser': 'alter role limen_vault superuser',
    'reads no file': "select pg_read_file('postgresql.conf')",
    'lists no folder': "select pg_ls_dir('.')",
    'copies to no program': "copy (select 1) to program 'cat'",
    'copies to no file': "copy (select 1) to '/tmp/limen-never'",
    'adds no extension that reaches out': 'create extension dblink',
    'changes no note of a migration': 'delete from limen_migration',
  };
  for (const [sentence, sql] of Object.entries(refusals)) {
    it(sentence, async () => {
      const answer = await ask(urls.vaultUrl, sql);
      assert.ok(answer === refused || answer === '58P01' || answer === '0A000', `${sql}: ${JSON.stringify(answer)}`);
      assert.equal((await ask(urls.vaultUrl, 'select 1 from trail'))?.length, 11, 'and nothing is changed');
    });
  }

  it('is no superuser and holds none of its powers', async () => {
    const sql = `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles
      where rolname in ('limen_vault', 'limen_vault_owner')`;
    const nothing = {
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolbypassrls: false,
    };
    assert.deepEqual(await ask(urls.vaultUrl, sql), [nothing, nothing]);
  });

  it('keeps its password beside the keys, for the one who starts the house', () => {
    const file = path.join(folder, 'keys', 'vault-logins.json');
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(readFileSync(file, 'utf8').includes(loginIn(urls.vaultUrl).password));
    assert.ok(!readFileSync(path.join(folder, 'keys', 'study-logins.json'), 'utf8').includes('limen_vault'));
  });
});

describe('the login of the study server', () => {
  it('does not get into the cluster of the vault, whichever database it names', async () => {
    const login = loginIn(urls.studyUrl);
    for (const database of ['limen_vault', 'limen_study', 'postgres', 'template1']) {
      assert.equal(await ask(cluster.connectionString(database, login), 'select 1'), '28P01', database);
    }
    assert.deepEqual(
      await ask(cluster.adminConnectionString, `select 1 from pg_roles where rolname = '${login.user}'`),
      [],
    );
  });

  it('changes no entry of the record', async () => {
    assert.equal(await ask(urls.studyUrl, "update ledger set type = 'x'"), refused);
    assert.equal(await ask(urls.studyUrl, 'delete from ledger'), refused);
    assert.equal(await ask(urls.studyUrl, 'set session_replication_role = replica'), refused);
  });
});

describe('a blinded login in the vault’s own cluster', () => {
  const login = { user: 'blinded', password: 'a-password-of-some-length' };
  const url = (database: string) => cluster.connectionString(database, login);

  before(() =>
    withClient(cluster.adminConnectionString, (admin) =>
      admin.query(`create role blinded login password '${login.password}'`),
    ),
  );

  it('gets into none of its databases', async () => {
    for (const database of ['limen_vault', 'postgres', 'template1']) {
      assert.equal(await ask(url(database), 'select 1'), refused, database);
    }
  });

  describe('that was let in by mistake', () => {
    before(() =>
      withClient(cluster.adminConnectionString, (admin) =>
        admin.query('grant connect on database limen_vault to blinded'),
      ),
    );

    const statements: readonly string[] = [
      // Whether a row is there, told by a foreign key or a unique index.
      `insert into public.allocation values ('${studyId}', 'person-1', 'all', 1, 'r', 'k', '', now())`,
      `insert into public.replacement values ('${studyId}', 'r', 'person-99', 'k', 1, 'lost', now())`,
      `insert into public.kit values ('${studyId}', 'k')`,
      // Estimates of how many rows a value has.
      'explain select * from public.allocation where step = 1',
      'explain analyze select * from public.trail',
      'select * from public.allocation',
      'select count(*) from public.trail',
      'select next_step from public.stratum',
      'select sealed_seed, wrapped_key from public.study',
      'select public.refuse_change()',
      'create view public.peek as select * from public.allocation',
      'create function public.peek(text) returns boolean language sql cost 0.01 as $$ select true $$',
      'create temp view peek as select * from public.allocation',
      "copy public.allocation to program 'cat'",
      'copy public.allocation to stdout',
      "select pg_read_file('PG_VERSION')",
      "select pg_read_binary_file('global/pg_control')",
      "select pg_stat_file('PG_VERSION')",
      'select * from pg_ls_waldir()',
      'select * from pg_largeobject',
      "select lo_import('/etc/hostname')",
      'create extension dblink schema public',
      'select rolpassword from pg_authid',
      'select * from pg_statistic',
      'select pg_current_logfile()',
      'checkpoint',
    ];
    for (const sql of statements) {
      it(`is refused: ${sql.slice(0, 70)}`, async () => {
        const answer = await ask(url('limen_vault'), sql);
        assert.ok(answer === refused || answer === '0A000', JSON.stringify(answer));
      });
    }

    it('finds views that show values empty, and nobody’s statements', async () => {
      assert.deepEqual(await ask(url('limen_vault'), "select * from pg_stats where schemaname = 'public'"), []);
      assert.deepEqual(
        await ask(url('limen_vault'), 'select * from information_schema.columns where table_schema = $$public$$'),
        [],
      );
      const texts = await ask(
        url('limen_vault'),
        "select distinct query from pg_stat_activity where usename is distinct from 'blinded' and query <> ''",
      );
      assert.deepEqual(texts, [{ query: '<insufficient privilege>' }]);
    });

    it('does read names and counts in the catalogue, which is why the study server has no login here', async () => {
      const counted = await ask(
        url('limen_vault'),
        "select reltuples::int as n from pg_class where relname = 'allocation'",
      );
      assert.deepEqual(counted, [{ n: 10 }]);
      const inserted = await ask(
        url('limen_vault'),
        "select n_tup_ins is not null as told from pg_stat_user_tables where relname = 'allocation'",
      );
      assert.deepEqual(inserted, [{ told: true }]);
      // One table for all arms: what is counted is how many people there are, which blinded people may know.
      const byArm = await ask(
        url('limen_vault'),
        "select 1 from pg_class where relnamespace = 'public'::regnamespace and relname ~ 'active|placebo|arm'",
      );
      assert.deepEqual(byArm, []);
    });
  });
});
