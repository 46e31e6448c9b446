/** What a copy of the vault's database gives away to somebody without its key, and what survives a killed process. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { commitPayload } from '@limen/ledger';
import { createTestDatabases } from '@limen/postgres';
import pg from 'pg';
import { startVault, VaultError, vaultClient } from './index.ts';
import type { CreateStudyRequest } from './protocol.ts';
import { readTrail } from './trail.ts';

const databases = createTestDatabases();
after(() => databases.close());

const tokens = { study: 'study'.repeat(8), supply: 'supply'.repeat(8), emergency: 'emergency'.repeat(8) };
const key = Buffer.alloc(32, 9);
const now = '2027-02-01T08:00:00.000Z';
const constant = (id: string, intervention: string) => ({
  id,
  weight: 1,
  content: { kind: 'constant' as const, intervention },
});
/** Names of unlike length and many capsules, which is where lengths tell. */
const longKits: CreateStudyRequest = {
  studyId: 'long-kits',
  protocolHash: 'a'.repeat(64),
  procedure: { kind: 'bigStick', tolerance: 3 },
  arms: [constant('a', 'x'), constant('a-much-longer-name-of-an-arm', 'an-intervention-with-a-long-name')],
  stratifyBy: [],
  capsules: 1000,
};
const twoPeople = ['a', 'b'].map((actorId) => ({ actorId, role: 'investigator', at: now }));
const lockHash = 'f'.repeat(64);

async function openVault(databaseUrl: string) {
  const vault = await startVault({
    databaseUrl,
    key,
    tokens,
    port: 0,
    clock: { now: () => now },
    random: (length) => randomBytes(length),
    log: () => undefined,
  });
  const clientOf = (caller: keyof typeof tokens) => vaultClient({ address: vault.address, token: tokens[caller] });
  return { vault, study: clientOf('study'), supply: clientOf('supply'), emergency: clientOf('emergency') };
}

test('Without the key, neither a length nor a commitment in the database tells one arm from another', async () => {
  const database = await databases.freshDatabase();
  const { vault, study } = await openVault(database.connectionString);
  try {
    await study.createStudy(longKits);
    for (let index = 0; index < 30; index += 1) {
      await study.allocate('long-kits', { participantId: `P${1000 + index}`, stratum: 'all', requestId: `r${index}` });
    }
    const { rows } = await vault.house.pool.query(
      `select a.participant_id as "participantId", a.stratum, a.step, a.kit, a.sealed, to_jsonb(t) as entry,
         length(t.sealed) as entry_length
       from allocation a join trail t on t.study_id = a.study_id and t.cause = a.request_id`,
    );
    assert.equal(rows.length, 30);
    assert.equal(new Set(rows.map(({ sealed }) => sealed.length)).size, 1);
    assert.equal(new Set(rows.map(({ entry_length }) => entry_length)).size, 1);
    // Somebody who knows the design tries every arm, with every text of the row as the salt.
    for (const { participantId, stratum, step, kit, entry } of rows) {
      const salts = Object.values<unknown>(entry).filter((text) => /^[0-9a-f]{64}$/.test(String(text)));
      for (const salt of salts) {
        for (const { id: arm } of longKits.arms) {
          const guess = commitPayload({ participantId, stratum, step, kit, arm }, String(salt));
          assert.notEqual(guess, entry.commitment, `${participantId} is recovered as ${arm}`);
        }
      }
    }
    const released = await study.release('long-kits', { lockHash, approvals: twoPeople });
    assert.equal(new Set(released.allocations.map(({ arm }) => arm)).size, 2, 'both arms were drawn');
  } finally {
    await vault.close();
  }
});

test('A request id stands for one participant, and the reason of a refusal is in the trail alone', async () => {
  const database = await databases.freshDatabase();
  const { vault, study } = await openVault(database.connectionString);
  try {
    await study.createStudy({ ...longKits, capsules: 14 });
    const first = await study.allocate('long-kits', { participantId: 'P1000', stratum: 'all', requestId: 'r1' });
    const again = { participantId: 'P1000', stratum: 'all', requestId: 'r2' };
    assert.deepEqual(await study.allocate('long-kits', again), first);
    await assert.rejects(study.allocate('long-kits', { ...again, participantId: 'P2000', requestId: 'r1' }), {
      code: 'allocation_refused',
      message: 'No kit can be given.',
    });
    const client = await vault.house.pool.connect();
    const last = (await readTrail(vault.house, client, 'long-kits')).at(-1);
    client.release();
    assert.equal(last?.header.type, 'request.refused');
    assert.deepEqual(last?.content?.payload, {
      code: 'allocation_refused',
      reason: 'the request id was used for another participant',
      participantId: 'P2000',
    });
  } finally {
    await vault.close();
  }
});

test('A kit is bound to the batches it was packed from, and a code break shows their dose', async () => {
  const database = await databases.freshDatabase();
  const { vault, study, supply, emergency } = await openVault(database.connectionString);
  try {
    await study.createStudy({ ...longKits, capsules: 2, arms: [constant('a', 'lsd-10'), constant('b', 'lsd-10')] });
    const { kit } = await study.allocate('long-kits', { participantId: 'P1000', stratum: 'all', requestId: 'r' });
    const fillWeight = { meanGrams: 0.3, sdGrams: 0.004, n: 30 };
    const assay = {
      analyte: 'lsd-base',
      contentPerUnit: { value: 33.3, unit: 'µg/g' as const },
      cv: 0.03,
      method: 'HPLC-UV',
      date: '2026-12-01',
    };
    const batch = { intervention: 'lsd-10', form: 'lsd-base', fillWeight, assay };
    const recordReleased = async (batchId: string, expires: string) => {
      await supply.recordBatch('long-kits', { ...batch, batchId, expires });
      await supply.recordBatchAct('long-kits', batchId, {
        ...{ kind: 'released', actId: `release-${batchId}`, by: 'Pharmacist', reason: 'As tested' },
      });
    };
    const batchesOf = async () => (await supply.packingList('long-kits', kit)).capsules.map(({ batchId }) => batchId);
    assert.deepEqual(await batchesOf(), [null, null]);
    await supply.recordBatch('long-kits', { ...batch, batchId: 'waiting', expires: '2027-02-01' });
    await assert.rejects(recordReleased('gone', '2027-01-31'), { code: 'supply_refused' });
    assert.deepEqual(await batchesOf(), [null, null], 'neither what is in quarantine nor what has expired');
    await recordReleased('later', '2028-01-01');
    await recordReleased('sooner', '2027-02-01');
    assert.deepEqual(await batchesOf(), ['sooner', 'sooner'], 'first to expire among those released');
    await supply.markPacked('long-kits', kit);
    await recordReleased('earliest', '2027-02-01');
    assert.deepEqual(await batchesOf(), ['sooner', 'sooner'], 'bound when packed');
    const broken = await emergency.breakCode('long-kits', { participantId: 'P1000', reason: 'Seizure', by: 'on-call' });
    assert.equal(broken.doses[0]?.batchId, 'sooner');
    assert.equal(broken.doses[0]?.dosePerCapsule?.basis, 'assay');
  } finally {
    await vault.close();
  }
});

test('What is not what the seed draws is not released', async () => {
  const database = await databases.freshDatabase();
  const { vault, study } = await openVault(database.connectionString);
  try {
    await study.createStudy({ ...longKits, capsules: 2 });
    for (const participantId of ['P1000', 'P2000', 'P3000']) {
      await study.allocate('long-kits', { participantId, stratum: 'all', requestId: participantId });
    }
    const { pool } = vault.house;
    await pool.query('alter table allocation disable trigger user');
    await pool.query("delete from allocation where participant_id = 'P2000'");
    await assert.rejects(study.release('long-kits', { lockHash, approvals: twoPeople }), { code: 'release_refused' });
    const { rows } = await pool.query('select released_at from study');
    assert.deepEqual(rows, [{ released_at: null }]);
  } finally {
    await vault.close();
  }
});

test('A vault that does not answer is one neutral error', async () => {
  const client = vaultClient({ address: 'http://127.0.0.1:1', token: tokens.study });
  await assert.rejects(
    client.health(),
    (error) => error instanceof VaultError && error.code === 'vault_unavailable' && !/ECONN|:1/.test(error.message),
  );
});

/** The real process, killed without warning. */
async function spawnVault(databaseUrl: string) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    env: {
      VAULT_DATABASE_URL: databaseUrl,
      VAULT_KEY: key.toString('base64'),
      LIMEN_VAULT_PORT: '0',
      LIMEN_VAULT_STUDY_TOKEN: tokens.study,
      LIMEN_VAULT_SUPPLY_TOKEN: tokens.supply,
      LIMEN_VAULT_EMERGENCY_TOKEN: tokens.emergency,
    },
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit');
  assert.ok(child.stdout);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const address = String((JSON.parse(line) as { address: string }).address);
  return { address, child, ended };
}

test('Killed in the middle of a burst, again and again: no kit is lost, doubled or changed, no step is missing', async () => {
  const database = await databases.freshDatabase();
  const answered = new Map<string, string>();
  const people = Array.from({ length: 60 }, (_, index) => `P${1000 + index}`);
  const ask = async (address: string, participantId: string) => {
    const reply = await fetch(`${address}/studies/long-kits/allocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.study}` },
      body: JSON.stringify({ participantId, stratum: 'all', requestId: `request-${participantId}` }),
    });
    assert.equal(reply.status, 200);
    const { kit } = (await reply.json()) as { kit: string };
    assert.equal(answered.get(participantId) ?? kit, kit, `${participantId} keeps the kit`);
    answered.set(participantId, kit);
    return kit;
  };
  const kills = 5;
  let interrupted = 0;
  for (let round = 0; round < kills; round += 1) {
    const { address, child, ended } = await spawnVault(database.connectionString);
    if (round === 0) await vaultClient({ address, token: tokens.study }).createStudy({ ...longKits, capsules: 2 });
    // Some of this round's requests are answered, some are under way when the process dies.
    let heard = 0;
    const burst = people.slice(round * 10, round * 10 + 20).map((participantId) =>
      ask(address, participantId).then(() => {
        heard += 1;
        if (heard === 3 + round) child.kill('SIGKILL');
      }),
    );
    const outcomes = await Promise.allSettled(burst);
    await ended;
    interrupted += outcomes.filter(({ status }) => status === 'rejected').length;
    const wrong = outcomes.flatMap((one) =>
      one.status === 'rejected' && one.reason instanceof assert.AssertionError ? [one.reason.message] : [],
    );
    assert.deepEqual(wrong, []);
  }
  assert.ok(interrupted > 0, 'the process died with requests under way');
  const { address, child, ended } = await spawnVault(database.connectionString);
  for (const participantId of people) await ask(address, participantId);
  child.disconnect();
  assert.deepEqual(await ended, [0, null], 'without its parent it ends by itself, in order');
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  const { rows } = await client.query<{ participant_id: string; kit: string; step: number }>(
    'select participant_id, kit, step from allocation order by step',
  );
  await client.end();
  assert.deepEqual(
    rows.map(({ step }) => step),
    people.map((_, index) => index),
  );
  assert.deepEqual(new Map(rows.map((row) => [row.participant_id, row.kit])), answered);
});

test('A demonstration repeats its seeds and never its nonces', async () => {
  const seeded = (length: number) => createHmac('sha512', 'demonstration').digest().subarray(0, length);
  const sealedSeeds: string[] = [];
  const commitments: string[] = [];
  for (let run = 0; run < 2; run += 1) {
    const database = await databases.freshDatabase();
    const { connectionString } = database;
    const log = () => undefined;
    const clock = { now: () => now };
    const vault = await startVault({ databaseUrl: connectionString, key, tokens, port: 0, clock, random: seeded, log });
    const study = vaultClient({ address: vault.address, token: tokens.study });
    commitments.push((await study.createStudy(longKits)).commitment);
    const { rows } = await vault.house.pool.query<{ sealed_seed: Buffer }>('select sealed_seed from study');
    sealedSeeds.push(rows[0]?.sealed_seed.toString('hex') ?? '');
    await vault.close();
  }
  assert.equal(new Set(commitments).size, 1);
  assert.equal(new Set(sealedSeeds).size, 2);
});
