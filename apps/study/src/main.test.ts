import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freshDatabase, type TestDatabase } from '@limen/postgres';
import pg from 'pg';
import { readSettings } from './server/settings.ts';
import { libraryFolder, password, setupCode, testProtocol } from './test-house.ts';
import { startTestVault, type TestVault } from './test-vault.ts';

let folder: string;
let vault: TestVault;
let database: TestDatabase;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'limen-study-'));
  vault = await startTestVault();
  database = await freshDatabase();
});
after(async () => {
  await vault.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  return {
    DATABASE_URL: database.connectionString,
    LIMEN_PORT: '0',
    LIMEN_VAULT_ADDRESS: vault.address,
    LIMEN_VAULT_TOKEN: vault.token,
    LIMEN_KEYS_FILE: path.join(folder, 'keys', 'study.json'),
    LIMEN_LIBRARY: libraryFolder,
    LIMEN_SETUP_CODE: setupCode,
  };
}

async function startProcess(args: string[], env: Record<string, string> = {}) {
  const entry = path.join(import.meta.dirname, 'main.ts');
  const child = fork(entry, args, {
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes('\n')) break;
  }
  const ready = JSON.parse(said.split('\n')[0] ?? '{}') as { ready: boolean; address: string };
  child.stderr?.resume();
  return { child, ready, ended };
}

/** Sends a message and waits until the process has certainly taken its turn with it, by asking it for something. */
async function tellTime(child: ChildProcess, address: string, now: string): Promise<unknown> {
  let heard: unknown = null;
  child.on('message', (message) => {
    heard = message;
  });
  child.send({ type: 'clock', now });
  for (let turn = 0; turn < 20 && heard === null; turn += 1) await fetch(`${address}/health`);
  return heard;
}

describe('the process', () => {
  it('starts, makes a key file for its owner alone, takes a first run and stops in order with a last checkpoint', async () => {
    const { child, ready, ended } = await startProcess([]);
    assert.equal(ready.ready, true);
    assert.equal((await fetch(`${ready.address}/ready`)).status, 200);
    const keys = await stat(path.join(folder, 'keys', 'study.json'));
    assert.equal(keys.mode & 0o777, 0o600);
    const reply = await fetch(`${ready.address}/v1/installation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        setupCode,
        name: 'Administrator',
        login: 'administrator',
        password,
        protocol: testProtocol,
        siteName: 'Main',
        siteTimeZone: 'Europe/Berlin',
      }),
    });
    assert.equal(reply.status, 200);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    const client = new pg.Client({ connectionString: database.connectionString });
    await client.connect();
    const { rows } = await client.query('SELECT study_id FROM checkpoint ORDER BY study_id');
    await client.end();
    assert.deepEqual(
      rows.map(({ study_id: studyId }) => studyId),
      ['_installation', testProtocol],
    );
  });

  it('keeps its keys from one start to the next, and cannot be told the time', async () => {
    const before = await readFile(path.join(folder, 'keys', 'study.json'), 'utf8');
    const { child, ready, ended } = await startProcess([], { LIMEN_DEMO_NOW: '2030-01-01T00:00:00.000Z' });
    assert.equal(await tellTime(child, ready.address, '2031-01-01T00:00:00.000Z'), null);
    assert.equal(await readFile(path.join(folder, 'keys', 'study.json'), 'utf8'), before);
    child.disconnect();
    assert.equal(await ended, 0);
  });

  it('takes and acknowledges the time in a demonstration', async () => {
    const now = '2031-01-01T00:00:00.000Z';
    const { child, ready, ended } = await startProcess(['--demo'], { LIMEN_DEMO_SEED: 'blue' });
    assert.deepEqual(await tellTime(child, ready.address, now), { type: 'clock', now });
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  });
});

describe('the settings', () => {
  it('name what is missing and show no value', () => {
    const env = { ...environment(), LIMEN_VAULT_TOKEN: 'short' };
    assert.throws(() => readSettings(env, []), /^Error: These settings are missing or not right: LIMEN_VAULT_TOKEN\.$/);
  });

  it('have no seed and no clock outside a demonstration', () => {
    const env = { ...environment(), LIMEN_DEMO_SEED: 'blue', LIMEN_DEMO_NOW: '2030-01-01T00:00:00.000Z' };
    assert.equal(readSettings(env, []).demo, null);
    assert.deepEqual(readSettings(env, ['--demo']).demo, { seed: 'blue', now: '2030-01-01T00:00:00.000Z' });
  });
});
