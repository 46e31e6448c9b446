import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import pg from 'pg';
import { rotateVaultKey, startVault, vaultClient, verifyVault, WrongVaultKey } from './index.ts';
import { readVaultKey } from './key-source.ts';

const token = 'study-token-0123456789';
const [old, next, other] = [7, 8, 9].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const now = '2027-02-01T08:00:00.000Z';
let databases: TestDatabases;

before(() => {
  databases = createTestDatabases();
});
after(() => databases.close());

function open(databaseUrl: string, key: Buffer, more: { otherKeys?: Buffer[]; freshRootKey?: () => Buffer } = {}) {
  return startVault({
    databaseUrl,
    key,
    ...more,
    tokens: { study: token, supply: 'supply-token-0123456789', emergency: 'emergency-token-01234' },
    port: 0,
    clock: { now: () => now },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: () => undefined,
  });
}

const arm = (id: string) => ({ id, weight: 1, content: { kind: 'constant' as const, intervention: id } });

/** A study with five people; answers their labels and every row that must stay as it is. */
async function fill(databaseUrl: string, key: Buffer): Promise<string> {
  const vault = await open(databaseUrl, key, { freshRootKey: () => Buffer.alloc(32, 3) });
  const client = vaultClient({ address: vault.address, token });
  await client.createStudy({
    studyId: 'rotated',
    protocolHash: 'a'.repeat(64),
    procedure: { kind: 'complete' },
    arms: [arm('active'), arm('placebo')],
    stratifyBy: [],
    capsules: 14,
  });
  await allocate(vault.address, [0, 1, 2, 3, 4]);
  await vault.close();
  return stored(databaseUrl);
}

async function allocate(address: string, people: readonly number[]): Promise<string[]> {
  const client = vaultClient({ address, token });
  const kits: string[] = [];
  for (const person of people) {
    const request = { participantId: `person-${person}`, stratum: 'all', requestId: `request-${person}` };
    kits.push((await client.allocate('rotated', request)).kit);
  }
  return kits;
}

async function stored(databaseUrl: string): Promise<string> {
  return query(databaseUrl, async (client) => {
    const rows: unknown[] = [];
    for (const table of ['study', 'allocation', 'trail']) {
      rows.push((await client.query(`select * from ${table} order by 1, 2, 3`)).rows);
    }
    return JSON.stringify(rows);
  });
}

async function query<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('another vault key', () => {
  it('changes no label, no allocation and no trail; the old key opens nothing any more', async () => {
    await using database = await databases.freshDatabase();
    const url = database.connectionString;
    const before = await fill(url, old);
    const rotate = () => query(url, (client) => rotateVaultKey(client, { from: old, to: next, now }));
    assert.equal(await rotate(), 'rotated');
    assert.equal(await rotate(), 'already');
    assert.equal(await stored(url), before);
    await assert.rejects(open(url, old), WrongVaultKey);
    const report = await verifyVault(url, [next]);
    assert.deepEqual(report.studies, [{ studyId: 'rotated', trailEntries: 6, allocations: 5, ok: true }]);
    const vault = await open(url, next);
    const again = await allocate(vault.address, [0, 1, 2, 3, 4]);
    await vault.close();
    assert.ok(again.every((kit) => before.includes(kit)));
    await assert.rejects(
      query(url, (client) => rotateVaultKey(client, { from: old, to: other, now })),
      WrongVaultKey,
    );
  });

  it('is a whole change or none, whenever the change is killed', async () => {
    await using database = await databases.freshDatabase();
    const url = database.connectionString;
    const before = await fill(url, old);
    let rotated = 0;
    for (let round = 0; round < 12; round += 1) {
      const [from, to] = rotated % 2 === 0 ? [old, next] : [next, old];
      await query(url, async (client) => {
        const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
        const changing = rotateVaultKey(client, { from, to, now }).then(
          () => true,
          () => false,
        );
        await new Promise((resolve) => setTimeout(resolve, round / 2));
        await query(url, (killer) => killer.query('select pg_terminate_backend($1)', [rows[0]?.pid]));
        await changing;
      });
      const opens = await Promise.all(
        [from, to].map((key) =>
          verifyVault(url, [key]).then(
            ({ ok }) => ok,
            () => false,
          ),
        ),
      );
      assert.deepEqual(opens.filter(Boolean), [true], 'exactly one of the two keys opens it');
      if (opens[1]) rotated += 1;
      assert.equal(await stored(url), before);
      const vault = await open(url, old, { otherKeys: [next] });
      await vault.close();
    }
  });

  it('of a database sealed before there was a root key is the same change', async () => {
    await using database = await databases.freshDatabase();
    const url = database.connectionString;
    const vault = await open(url, old);
    await vault.close();
    await fill(url, old);
    await query(url, (client) => client.query('delete from root_key'));
    await assert.rejects(open(url, other), WrongVaultKey, 'a wrong key is refused at the start');
    await query(url, (client) => rotateVaultKey(client, { from: old, to: next, now }));
    assert.equal((await verifyVault(url, [next])).ok, true);
  });
});

describe('the vault’s verifier', () => {
  it('places a changed entry and a changed allocation, and tells no arm', async () => {
    await using database = await databases.freshDatabase();
    const url = database.connectionString;
    await fill(url, old);
    await query(url, async (client) => {
      await client.query('set session_replication_role = replica');
      await client.query("update trail set actor_id = 'nobody' where seq = 3");
      await client.query("update allocation set step = 9 where participant_id = 'person-4'");
    });
    const report = await verifyVault(url, [old]);
    assert.equal(report.ok, false);
    assert.deepEqual(
      report.faults.map(({ part, place }) => [part, place]),
      [
        ['trail', 'entry 3'],
        ['allocation', 'stratum all, step 9'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(report), /active|placebo/);
  });
});

describe('the vault key', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limen-key-'));
  const file = path.join(folder, 'vault.key');
  const text = old.toString('base64');
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('comes from the environment, a private file or a command', async () => {
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    assert.deepEqual(await readVaultKey({ VAULT_KEY: text }), old);
    assert.deepEqual(await readVaultKey({ LIMEN_VAULT_KEY_FILE: file }), old);
    const words = [process.execPath, '-e', `console.log('${text}')`];
    assert.deepEqual(await readVaultKey({ LIMEN_VAULT_KEY_COMMAND: JSON.stringify(words) }), old);
  });

  it('is refused from a file that others can read', { skip: process.platform === 'win32' }, async () => {
    for (const mode of [0o640, 0o604, 0o644, 0o666]) {
      chmodSync(file, mode);
      await assert.rejects(readVaultKey({ LIMEN_VAULT_KEY_FILE: file }), /0600/);
    }
  });

  it('is refused from two places, from none, and where it has not 32 bytes; no value is ever told', async () => {
    const secret = Buffer.alloc(31, 5).toString('base64');
    const words = [process.execPath, '-e', `console.log('${secret}'); console.error('${secret}'); process.exit(3)`];
    const wrong = [
      {},
      { VAULT_KEY: text, LIMEN_VAULT_KEY_FILE: file },
      { VAULT_KEY: secret },
      { LIMEN_VAULT_KEY_COMMAND: JSON.stringify(words) },
      { LIMEN_VAULT_KEY_COMMAND: '[not a list' },
      { LIMEN_VAULT_KEY_FILE: folder },
    ];
    for (const env of wrong) {
      await assert.rejects(readVaultKey(env), (error: Error) => !error.message.includes(secret.slice(0, 8)));
    }
  });

  it('of a command is asked without a shell', async () => {
    const marker = path.join(folder, 'made-by-a-shell');
    await assert.rejects(readVaultKey({ LIMEN_VAULT_KEY_COMMAND: `echo ${text} ; touch ${marker}` }));
    await assert.rejects(async () => (await import('node:fs/promises')).stat(marker));
  });
});
