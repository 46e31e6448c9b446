import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { chooseAccount } from './account.ts';
import { chooseBinaries } from './binaries.ts';
import { withClient } from './connection.ts';
import type { Cluster, ClusterOptions, PostgresProblemCode } from './index.ts';
import { PostgresError, startCluster } from './index.ts';
import { readProcessState } from './process-state.ts';
import { locateShippedPackage } from './shipped.ts';

const ROOT = process.getuid?.() === 0;
const LINUX = process.platform === 'linux';
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limen-cluster-test-'));
  folders.push(folder);
  return folder;
}

/** A stopped data folder that every test copies, as making one takes a second. */
let original = '';

function copyOfOriginal(): string {
  const folder = newFolder();
  assert.equal(spawnSync('cp', ['-a', `${original}/.`, folder]).status, 0);
  return folder;
}

const start = (dataFolder: string, more: Partial<ClusterOptions> = {}): Promise<Cluster> =>
  startCluster({ dataFolder, durable: false, ...more });

async function askOne(cluster: Cluster, sql: string): Promise<string> {
  const { rows } = await withClient(cluster.adminConnectionString, (client) =>
    client.query({ text: sql, rowMode: 'array' }),
  );
  return String(rows[0]?.[0]);
}

const refusal =
  (code: PostgresProblemCode, details = /(?:)/) =>
  (error: unknown) => {
    assert.ok(error instanceof PostgresError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.details, details);
    return true;
  };

function hasSystemPostgres(): boolean {
  try {
    return chooseBinaries('system', chooseAccount()).origin === 'system';
  } catch {
    return false;
  }
}

/** A folder with programs that answer as PostgreSQL of some version and fail as told. */
function fakeBinaries(version: string, initdbSays: string): string {
  const folder = newFolder();
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'postgres'), `#!/bin/sh\necho "postgres (PostgreSQL) ${version}"\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'initdb'), `#!/bin/sh\necho "${initdbSays}" >&2\nexit 1\n`, { mode: 0o755 });
  return folder;
}

before(async () => {
  original = newFolder();
  const cluster = await start(original);
  await withClient(cluster.adminConnectionString, (client) => client.query('create table kept as select 42 as answer'));
  await cluster.stop();
});

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

for (const binaries of ['system', 'shipped'] as const) {
  const absent = binaries === 'system' ? !hasSystemPostgres() : locateShippedPackage() === undefined;
  describe(`a cluster on the ${binaries} PostgreSQL`, { skip: absent && `no ${binaries} PostgreSQL here` }, () => {
    it('is created, keeps what was committed over a restart, and stops twice without complaint', async () => {
      const folder = newFolder();
      const first = await start(folder, { binaries, durable: true });
      assert.equal(first.binaries.origin, binaries);
      assert.equal(
        await askOne(first, 'show server_version_num'),
        await askOne(first, "select current_setting('server_version_num')"),
      );
      assert.equal(await askOne(first, 'show fsync'), 'on');
      assert.equal(await askOne(first, 'show synchronous_commit'), 'on');
      assert.equal(await askOne(first, 'show listen_addresses'), '');
      assert.equal(await askOne(first, 'show server_encoding'), 'UTF8');
      assert.equal(await askOne(first, "select 'a' > 'B'"), 'true', 'sorts by code point on every machine');
      await withClient(first.adminConnectionString, (client) =>
        client.query('create table kept as select 7 as answer'),
      );
      await Promise.all([first.stop(), first.stop()]);
      await first.stop();
      assert.equal(readProcessState(first.pid), 'gone');
      assert.equal(existsSync(first.socketFolder), false);
      const second = await start(folder, { binaries });
      assert.equal(await askOne(second, 'select answer from kept'), '7');
      await second.stop();
      assert.deepEqual(readdirSync(folder).sort(), ['cluster', 'postgres.log', 'superuser.password']);
    });

    it('never runs as root and keeps its socket and password private', {
      skip: !LINUX && 'reads the process table of Linux',
    }, async () => {
      const folder = newFolder();
      const cluster = await start(folder, { binaries });
      const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${cluster.pid}/status`, 'utf8'))?.[1]);
      assert.notEqual(uid, 0);
      assert.equal(statSync(cluster.socketFolder).mode & 0o777, 0o700);
      assert.equal(statSync(cluster.socketFolder).uid, uid);
      assert.equal(statSync(join(folder, 'superuser.password')).mode & 0o777, 0o600);
      assert.equal(statSync(join(folder, 'cluster')).mode & 0o777, 0o700);
      const intruder = cluster.connectionString('postgres', { user: 'limen', password: 'guess' });
      await assert.rejects(
        withClient(intruder, (client) => client.query('select 1')),
        /password authentication failed/,
      );
      await cluster.stop();
    });
  });
}

describe('a server that dies', () => {
  it('is noticed, and starts again with everything that was acknowledged', async () => {
    const folder = copyOfOriginal();
    const first = await start(folder, { durable: true });
    await withClient(first.adminConnectionString, (client) => client.query('insert into kept values (43)'));
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    await first.stop();
    const second = await start(folder);
    assert.equal(await askOne(second, 'select max(answer) from kept'), '43');
    assert.notEqual(second.pid, first.pid);
    await second.stop();
  });

  it('does not block the next start when another program was given its pid', async () => {
    const folder = copyOfOriginal();
    const note = [process.pid, join(folder, 'cluster'), 1, 5432, '/tmp/none', '', '  5432   1', 'ready   '].join('\n');
    writeFileSync(join(folder, 'cluster', 'postmaster.pid'), note, { mode: 0o600 });
    const { uid, gid } = statSync(join(folder, 'cluster'));
    chownSync(join(folder, 'cluster', 'postmaster.pid'), uid, gid);
    const cluster = await start(folder);
    assert.equal(cluster.adopted, false);
    assert.equal(await askOne(cluster, 'select answer from kept'), '42');
    await cluster.stop();
  });
});

describe('a parent that is killed', { skip: process.platform === 'win32' && 'signals of Unix' }, () => {
  async function startElsewhere(folder: string, mode: string) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-open.test-program.ts'), folder, mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    return { child, postmaster: Number(String(line)) };
  }

  it('takes its server with it', { skip: !LINUX && 'only Linux has a signal for that' }, async () => {
    const folder = copyOfOriginal();
    const { child, postmaster } = await startElsewhere(folder, 'end-with-parent');
    child.kill('SIGKILL');
    await once(child, 'exit');
    while (readProcessState(postmaster) === 'running') await pause(20);
    assert.equal(existsSync(join(folder, 'cluster', 'postmaster.pid')), false, 'it stopped in order');
    const socketFolder = readFileSync(join(folder, 'socket.folder'), 'utf8').trim();
    const next = await start(folder);
    assert.equal(existsSync(socketFolder), false, 'the next start tidies up');
    assert.equal(await askOne(next, 'select answer from kept'), '42');
    await next.stop();
  });

  it('leaves a server that the next start takes over and can stop', async () => {
    const folder = copyOfOriginal();
    const { child, postmaster } = await startElsewhere(folder, 'live-on');
    await assert.rejects(start(folder), refusal('data_folder_in_use', new RegExp(`process ${child.pid}`)));
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(readProcessState(postmaster), 'running');
    const next = await start(folder);
    assert.equal(next.adopted, true);
    assert.equal(next.pid, postmaster);
    assert.equal(await askOne(next, 'select answer from kept'), '42');
    await next.stop();
    await next.ended;
    assert.notEqual(readProcessState(postmaster), 'running');
  });
});

describe('a data folder', () => {
  it('serves one holder at a time, and is free again after a stop', async () => {
    const folder = copyOfOriginal();
    const cluster = await start(folder);
    await assert.rejects(start(folder), refusal('data_folder_in_use'));
    await cluster.stop();
    await (await start(folder)).stop();
  });

  it('runs beside others, as every socket has a folder of its own', async () => {
    const both = await Promise.all([start(copyOfOriginal()), start(copyOfOriginal())]);
    assert.notEqual(both[0].socketFolder, both[1].socketFolder);
    assert.deepEqual(await Promise.all(both.map((one) => askOne(one, 'select answer from kept'))), ['42', '42']);
    await Promise.all(both.map((one) => one.stop()));
  });

  it('with strange files is left as it is', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'thesis.txt'), 'do not touch');
    await assert.rejects(start(folder), refusal('data_folder_not_recognised', /thesis\.txt/));
    assert.deepEqual(readdirSync(folder), ['thesis.txt']);
    await assert.rejects(start(join(folder, 'thesis.txt')), refusal('data_folder_not_recognised'));
  });

  it('with a cluster that is no cluster is named as damaged or foreign', async () => {
    const empty = newFolder();
    mkdirSync(join(empty, 'cluster'));
    await assert.rejects(start(empty), refusal('data_folder_damaged'));
    const strange = newFolder();
    mkdirSync(join(strange, 'cluster'));
    writeFileSync(join(strange, 'cluster', 'song.mp3'), '');
    await assert.rejects(start(strange), refusal('data_folder_not_recognised'));
    const holed = copyOfOriginal();
    rmSync(join(holed, 'cluster', 'global', 'pg_control'));
    await assert.rejects(start(holed), refusal('data_folder_damaged', /pg_control/));
    const keyless = copyOfOriginal();
    rmSync(join(keyless, 'superuser.password'));
    await assert.rejects(start(keyless), refusal('data_folder_damaged', /superuser\.password/));
  });

  it('of another user is refused', { skip: !ROOT && 'only root can give a folder away' }, async () => {
    const folder = copyOfOriginal();
    chownSync(join(folder, 'cluster'), 12_345, 12_345);
    await assert.rejects(start(folder), refusal('data_folder_foreign_owner', /uid 12345/));
  });

  it('that PostgreSQL cannot enter keeps its cluster elsewhere and says where', {
    skip: !ROOT && 'only root steps down',
  }, async () => {
    const folder = join(newFolder(), 'inner');
    const cluster = await start(folder);
    const place = cluster.dataFolder;
    assert.match(place, /^\/var\/lib\/limen\/inner-/);
    assert.equal(readFileSync(join(folder, 'cluster.moved'), 'utf8').trim(), place);
    await cluster.stop();
    const again = await start(folder);
    assert.equal(again.dataFolder, place);
    await again.stop();
    rmSync(join(place, '..'), { recursive: true });
    await assert.rejects(start(folder), refusal('data_folder_damaged'));
  });

  it('of another major version asks for that version and opens with it', async (test) => {
    if (!hasSystemPostgres() || locateShippedPackage() === undefined) return test.skip('needs two PostgreSQLs');
    const folder = newFolder();
    await (await start(folder, { binaries: 'shipped' })).stop();
    await assert.rejects(start(folder, { binaries: 'system' }), refusal('data_folder_version_mismatch'));
    const cluster = await start(folder, { binaries: 'auto' });
    assert.equal(cluster.binaries.origin, 'shipped');
    await cluster.stop();
  });
});

describe('a start that fails', () => {
  it('says what the server said last', async () => {
    const folder = copyOfOriginal();
    writeFileSync(join(folder, 'cluster', 'postgresql.auto.conf'), "no_such_setting = 'on'\n");
    await assert.rejects(start(folder), refusal('postgres_failed_to_start', /no_such_setting/));
    assert.equal(existsSync(join(folder, 'limen.lock')), false, 'the folder is free again');
  });

  it('tells a missing, an old and a full case apart', async () => {
    await assert.rejects(start(newFolder(), { binaries: join(newFolder(), 'none') }), refusal('postgres_not_found'));
    await assert.rejects(
      start(newFolder(), { binaries: fakeBinaries('12.4', '') }),
      refusal('postgres_too_old', /12\.4/),
    );
    const full = fakeBinaries('16.1', 'could not write: No space left on device');
    const folder = newFolder();
    await assert.rejects(start(folder, { binaries: full }), refusal('disk_full'));
    assert.equal(existsSync(join(folder, 'cluster')), false, 'nothing half made is left');
  });
});
