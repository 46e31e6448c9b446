import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { descendantsOf, documentOf, errorOf, isRunning, openBench, processOf } from '../test-limen.ts';

const ROOT = process.getuid?.() === 0;

const answers = (url: URL) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

describe('limen start', () => {
  const bench = openBench();
  const home = bench.place('installation');
  const databases = ['study-database', 'vault-database'].map((name) => path.join(home, name));
  const nothingHeld = () => databases.every((folder) => !existsSync(path.join(folder, 'limen.lock')));
  after(() => bench.clear());

  before(async () => {
    const running = bench.launch(['start', '--folder', home, '--port', '0', '--vault-port', '0', '--json']);
    await running.said('setupCode');
    await running.said('\n}');
    const below = descendantsOf(running.child.pid ?? 0);
    const { address } = JSON.parse(running.soFar()) as { address: string };
    const health = await fetch(`${address}/health`);
    assert.deepEqual(await health.json(), { alive: true });
    const second = await bench.limen(['start', '--folder', home, '--port', '0', '--vault-port', '0', '--json']);
    assert.equal(second.code, 1);
    assert.equal(errorOf(second).code, 'data_folder_in_use');
    const verifying = await bench.limen(['verify', '--folder', home, '--json']);
    assert.equal(errorOf(verifying).code, 'data_folder_in_use');
    assert.deepEqual(
      below.filter((pid) => !isRunning(pid)),
      [],
      'the first one was not disturbed',
    );
    running.child.kill('SIGINT');
    const answer = await running.answer;
    assert.equal(answer.code, 0);
    assert.equal(documentOf(answer).address, address);
    assert.deepEqual(below.filter(isRunning), []);
  });

  it('answered, kept a second one out, and left no process and no lock behind after Ctrl+C', () => {
    assert.ok(nothingHeld());
    assert.deepEqual(readdirSync(path.join(home, 'keys')).sort(), [
      'study-keys.json',
      'study-logins.json',
      'vault-keys.json',
      'vault-logins.json',
    ]);
  });

  it('starts a vault that was killed again, at its address, while the study server stays up', async () => {
    const running = bench.launch(['start', '--folder', home, '--port', '0', '--vault-port', '0', '--json']);
    await running.said('\n}');
    const { address, vaultPages } = JSON.parse(running.soFar()) as { address: string; vaultPages: string };
    const serverOf = (name: string) => processOf(running.child.pid ?? 0, `apps/${name}/src/main.ts`);
    const study = serverOf('study');
    for (let crash = 0; crash < 2; crash += 1) {
      const vault = serverOf('vault');
      process.kill(vault ?? 0, 'SIGKILL');
      const deadline = Date.now() + 60_000;
      while (serverOf('vault') === vault || !(await answers(new URL('/health', vaultPages)))) {
        assert.ok(Date.now() < deadline, 'the vault did not come back within a minute');
        assert.ok(await answers(new URL('/ready', address)), 'the study server serves all the while');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    assert.equal(serverOf('study'), study);
    const below = descendantsOf(running.child.pid ?? 0);
    running.child.kill('SIGINT');
    assert.equal((await running.answer).code, 0);
    assert.deepEqual(below.filter(isRunning), []);
  });

  it('stops in order when it is interrupted while starting', async () => {
    const running = bench.launch(['start', '--folder', bench.place('hasty'), '--port', '0', '--vault-port', '0']);
    await running.said('Creating a PostgreSQL');
    running.child.kill('SIGTERM');
    const { code, out } = await running.answer;
    assert.equal(code, 130);
    assert.equal(out, '');
    assert.equal(existsSync(path.join(bench.place('hasty'), 'study-database/limen.lock')), false);
  });

  it('says which port is in use before it makes anything', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      for (const command of ['start', 'demo']) {
        const folder = bench.place(`port-${command}`);
        const words = [command, '--folder', folder, '--port', String(port)];
        const [plain, json] = await Promise.all([bench.limen(words), bench.limen([...words, '--json'])]);
        assert.equal(plain.code, 1);
        assert.equal(plain.out, '');
        assert.equal(
          plain.err,
          `limen: Port ${port} is in use.\n       Stop the other program, or choose another port with --port.\n`,
        );
        assert.equal(errorOf(json).code, 'port_in_use');
        assert.equal(existsSync(folder), false);
      }
    } finally {
      other.close();
    }
  });

  it('leaves a folder full of other files as it is', async () => {
    const folder = bench.place('foreign');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'thesis.txt'), 'years of work');
    const answer = await bench.limen(['start', '--folder', folder, '--port', '0', '--vault-port', '0', '--json']);
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'data_folder_not_recognised');
    assert.match(errorOf(answer).message, /thesis\.txt/);
    assert.deepEqual(readdirSync(folder), ['thesis.txt']);
  });

  it('says so when the folder is a file', async () => {
    const answer = await bench.limen([
      'start',
      '--folder',
      bench.file('file', ''),
      '--port',
      '0',
      '--vault-port',
      '0',
      '--json',
    ]);
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'not_a_folder');
  });

  it('names what is missing where there is no PostgreSQL', async () => {
    mkdirSync(bench.place('empty'));
    const words = ['start', '--folder', bench.place('no-postgres'), '--port', '0', '--vault-port', '0', '--json'];
    const answer = await bench.limen(words, { LIMEN_POSTGRES: bench.place('empty') });
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'postgres_not_found');
    assert.match(errorOf(answer).message, /LIMEN_POSTGRES/);
  });

  it('refuses one of two databases, and one database for both servers', async () => {
    const url = 'postgres://127.0.0.1:1/limen';
    const words = ['start', '--folder', bench.place('external'), '--port', '0', '--vault-port', '0', '--json'];
    const half = await bench.limen(words, { DATABASE_URL: url });
    assert.equal(errorOf(half).code, 'database_missing');
    const shared = await bench.limen(words, { DATABASE_URL: url, VAULT_DATABASE_URL: url });
    assert.equal(errorOf(shared).code, 'databases_shared');
  });

  it('shows why PostgreSQL did not start, and starts again when it is mended', async () => {
    const settings = path.join(databases[0] ?? '', 'cluster/postgresql.conf');
    const before = readFileSync(settings, 'utf8');
    appendFileSync(settings, "shared_buffers = 'a lot'\n");
    const broken = await bench.limen(['start', '--folder', home, '--port', '0', '--vault-port', '0', '--json']);
    assert.equal(broken.code, 1);
    assert.equal(errorOf(broken).code, 'postgres_failed_to_start');
    assert.match(errorOf(broken).message, /shared_buffers/);
    assert.ok(nothingHeld());
    writeFileSync(settings, before);
    const mended = await bench.limen(['verify', '--folder', home, '--json']);
    assert.equal(mended.code, 0, mended.out);
  });

  it('refuses data that belong to another user', { skip: !ROOT && 'only root can hand a folder over' }, async () => {
    const cluster = path.join(databases[0] ?? '', 'cluster');
    const owner = spawnSync('stat', ['-c', '%u:%g', cluster], { encoding: 'utf8' }).stdout.trim();
    assert.equal(spawnSync('chown', ['-R', '12345:12345', cluster]).status, 0);
    const answer = await bench.limen(['start', '--folder', home, '--port', '0', '--vault-port', '0', '--json']);
    assert.equal(spawnSync('chown', ['-R', owner, cluster]).status, 0);
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'data_folder_foreign_owner');
    assert.match(errorOf(answer).message, /chown/);
    assert.ok(nothingHeld());
  });

  it('says that the disk is full', async (test) => {
    const disk = bench.place('disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m,mode=755', 'tmpfs', disk]);
    if (mounted.status !== 0) return test.skip('a small disk may not be mounted here');
    try {
      const answer = await bench.limen([
        'start',
        '--folder',
        path.join(disk, 'x'),
        '--port',
        '0',
        '--vault-port',
        '0',
        '--json',
      ]);
      assert.equal(answer.code, 1);
      assert.equal(errorOf(answer).code, 'disk_full');
      assert.match(errorOf(answer).message, /Free some space/);
      for (const name of ['study-database', 'vault-database']) {
        assert.equal(existsSync(path.join(disk, 'x', name, 'limen.lock')), false);
      }
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it('refuses a folder that only another user may write', {
    skip: ROOT && 'root may write everywhere',
  }, async () => {
    const answer = await bench.limen([
      'start',
      '--folder',
      '/limen-may-not-be-here',
      '--port',
      '0',
      '--vault-port',
      '0',
      '--json',
    ]);
    assert.equal(answer.code, 1);
    assert.equal(errorOf(answer).code, 'permission_denied');
  });
});
