import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { canonicalJson } from '@limen/ledger';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import { parseProtocol, plannedIntervention } from '@limen/protocol';
import { verifyAllocations } from '@limen/randomization';
import pg from 'pg';
import { isLabel, startVault, type Vault, VaultError, vaultClient, verifyTrail, WrongVaultKey } from './index.ts';
import type { CreateStudyRequest } from './protocol.ts';
import { readTrail } from './trail.ts';

const tokens = {
  study: 'study-token-0123456789',
  supply: 'supply-token-0123456789',
  emergency: 'emergency-token-01234',
} as const;
const key = Buffer.alloc(32, 7);
const now = '2027-02-01T08:00:00.000Z';
const lines: Record<string, unknown>[] = [];
let databases: TestDatabases;

before(() => {
  databases = createTestDatabases();
});
after(() => databases.close());

function seeded(seed: string) {
  let n = 0;
  return (length: number) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) parts.push(createHmac('sha256', seed).update(String(n++)).digest());
    return Buffer.concat(parts).subarray(0, length);
  };
}

async function openVault(seed = 'one'): Promise<Vault & { databaseUrl: string }> {
  const database = await databases.freshDatabase();
  const vault = await startVault({
    databaseUrl: database.connectionString,
    key,
    tokens,
    port: 0,
    clock: { now: () => now },
    random: seeded(seed),
    log: (line) => lines.push(line),
  });
  return { ...vault, databaseUrl: database.connectionString };
}

const arm = (id: string, intervention: string) => ({
  id,
  weight: 1,
  content: { kind: 'constant' as const, intervention },
});
const parallel: CreateStudyRequest = {
  studyId: 'parallel',
  protocolHash: 'a'.repeat(64),
  procedure: { kind: 'bigStick', tolerance: 3 },
  arms: [arm('lsd', 'lsd-10'), arm('placebo', 'placebo')],
  stratifyBy: ['site'],
  capsules: 14,
};
const selfBlinding: CreateStudyRequest = {
  ...parallel,
  studyId: 'self-blinding',
  procedure: { kind: 'selfBlindingWeeks', weeks: 4 },
  arms: [
    arm('pl', 'placebo'),
    { id: 'hh', weight: 1, content: { kind: 'drawn', active: 'micro-dose', placebo: 'placebo' } },
    { id: 'md', weight: 1, content: { kind: 'drawn', active: 'micro-dose', placebo: 'placebo' } },
  ],
  capsules: 16,
};
const minimisation = {
  kind: 'minimisation' as const,
  factors: [
    { id: 'age', weight: 1 },
    { id: 'sex', weight: 2 },
  ],
  distance: 'range' as const,
  favour: 4,
  against: 1,
};
const designs: CreateStudyRequest[] = [
  parallel,
  selfBlinding,
  { ...parallel, studyId: 'complete', procedure: { kind: 'complete' } },
  { ...parallel, studyId: 'blocks', procedure: { kind: 'permutedBlocks', sizes: [4, 6] } },
  { ...parallel, studyId: 'coin', procedure: { kind: 'biasedCoin', favour: 2, against: 1 } },
  { ...parallel, studyId: 'urn', procedure: { kind: 'urn', initial: 0, added: 1 } },
  { ...parallel, studyId: 'block-urn', procedure: { kind: 'blockUrn', blocks: 2 } },
  { ...parallel, studyId: 'maximal', procedure: { kind: 'maximal', tolerance: 3, size: 12 } },
  { ...parallel, studyId: 'minimisation', procedure: minimisation },
  { ...parallel, studyId: 'by-variance', procedure: { ...minimisation, distance: 'variance', favour: 3 } },
  { ...parallel, studyId: 'households', procedure: { kind: 'households', of: { kind: 'bigStick', tolerance: 3 } } },
  { ...parallel, studyId: 'minimised-households', procedure: { kind: 'households', of: minimisation } },
  {
    ...parallel,
    studyId: 'n-of-1',
    procedure: { kind: 'nOf1', cycles: 3, block: [1, 1] },
    arms: [
      {
        id: 'own',
        weight: 1,
        content: { kind: 'cycles', treatments: ['lsd-10', 'placebo'], capsulesPerPeriod: 2 },
      },
    ],
    capsules: 12,
  },
];
/** Somebody with a level on every factor and, now and then, somebody at home who takes part already. */
const lookedAt = (index: number) => ({
  levels: { age: index % 3 ? 'under 40' : '40 and over', sex: index % 5 < 2 ? 'female' : 'male' },
  household: `h${index % 8 < 2 ? index : index % 16}`,
});
const twoPeople = [
  { actorId: 'a', role: 'investigator', at: now },
  { actorId: 'b', role: 'statistician', at: now },
];
const lockHash = 'f'.repeat(64);

test('What was committed is what was allocated, for every procedure', async () => {
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    for (const design of designs) {
      const { commitment } = await study.createStudy(design);
      assert.deepEqual(await study.createStudy(design), { commitment }, 'asked again, the same commitment');
      for (let index = 0; index < 24; index += 1) {
        const stratum = index % 2 ? 'east' : 'west';
        const { kit } = await study.allocate(design.studyId, {
          participantId: `P${1000 + index}`,
          stratum,
          requestId: `r${index}`,
          ...lookedAt(index),
        });
        assert.ok(isLabel(kit), kit);
      }
      const released = await study.release(design.studyId, { lockHash, approvals: twoPeople });
      assert.equal(released.commitment, commitment);
      assert.equal(released.allocations.length, 24);
      assert.ok(released.allocations.every(({ contents }) => contents.length === design.capsules));
      const checked = verifyAllocations({
        studyId: design.studyId,
        protocolHash: design.protocolHash,
        seed: Buffer.from(released.seed, 'hex'),
        commitment,
        arms: released.arms,
        procedure: released.procedure,
        allocations: released.allocations as Parameters<typeof verifyAllocations>[0]['allocations'],
      });
      assert.deepEqual(checked, { ok: true, count: 24 });
      const looks = design.procedure.kind === 'minimisation' || design.procedure.kind === 'households';
      if (!looks) {
        assert.ok(
          released.allocations.every(({ levels, household }) => levels === undefined && household === undefined),
        );
      }
      const client = await vault.house.pool.connect();
      const trail = await verifyTrail(vault.house, client, design.studyId);
      client.release();
      assert.ok(trail.ok);
    }
  } finally {
    await vault.close();
  }
});

test('Who is drawn after somebody whose draw was undone is drawn as if that had never been asked', async () => {
  const design: CreateStudyRequest = {
    ...parallel,
    stratifyBy: [],
    procedure: { kind: 'households', of: minimisation },
  };
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    const { commitment } = await study.createStudy(design);
    const ask = (index: number, change: object = {}) =>
      study.allocate('parallel', {
        participantId: `P${1000 + index}`,
        stratum: 'all',
        requestId: `r${index}`,
        ...lookedAt(index),
        ...change,
      });
    for (let index = 0; index < 6; index += 1) await ask(index);
    // The label cannot be written, so the draw that came before it is rolled back.
    await vault.house.pool.query('alter table allocation add constraint none check (step < 6)');
    await assert.rejects(ask(6, { levels: { age: 'another', sex: 'another' }, household: 'undone' }));
    await vault.house.pool.query('alter table allocation drop constraint none');
    for (let index = 7; index < 16; index += 1) await ask(index, index === 9 ? { household: 'undone' } : {});
    const released = await study.release('parallel', { lockHash, approvals: twoPeople });
    const checked = verifyAllocations({
      ...released,
      seed: Buffer.from(released.seed, 'hex'),
      allocations: released.allocations as Parameters<typeof verifyAllocations>[0]['allocations'],
    });
    assert.deepEqual([checked, released.commitment], [{ ok: true, count: 15 }, commitment]);
  } finally {
    await vault.close();
  }
});

test('A stratum or a level that the study does not have is refused; why stands in the trail alone', async () => {
  const sites = ['east', 'west'].map((siteId) => ({ siteId, name: siteId }));
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    await study.createStudy({ ...parallel, sites });
    await study.createStudy({ ...parallel, studyId: 'one-list', stratifyBy: [] });
    await study.createStudy({ ...parallel, studyId: 'minimisation', stratifyBy: [], procedure: minimisation });
    const asked = { participantId: 'P1000', requestId: 'r' };
    const { levels } = lookedAt(1);
    const refused: [string, object, RegExp][] = [
      ['parallel', { stratum: 'north' }, /no stratum north: no site of the study has this id/],
      ['parallel', { stratum: 'all' }, /no stratum all/],
      ['one-list', { stratum: 'east' }, /no stratum east: the study is not stratified/],
      ['minimisation', { stratum: 'all' }, /no level of the factor age/],
      ['minimisation', { stratum: 'all', levels: { age: levels.age } }, /no level of the factor sex/],
    ];
    for (const [studyId, change, reason] of refused) {
      const request = { ...asked, stratum: 'all', ...change };
      await assert.rejects(
        study.allocate(studyId, request),
        (error: VaultError) => error instanceof VaultError && error.code === 'allocation_refused',
      );
      const client = await vault.house.pool.connect();
      const told = (await readTrail(vault.house, client, studyId)).at(-1)?.content?.payload;
      client.release();
      assert.match(JSON.stringify(told), reason);
    }
    const { rows } = await vault.house.pool.query('select count(*)::int as n from allocation');
    assert.deepEqual(rows, [{ n: 0 }]);
    await study.allocate('parallel', { ...asked, stratum: 'east' });
    await study.allocate('one-list', { ...asked, stratum: 'all' });
    await study.allocate('minimisation', { ...asked, stratum: 'all', levels });
  } finally {
    await vault.close();
  }
});

test('The trail of the vault says what a minimisation decided on', async () => {
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    await study.createStudy({ ...parallel, stratifyBy: [], procedure: minimisation });
    for (let index = 0; index < 5; index += 1) {
      await study.allocate('parallel', {
        ...{ participantId: `P${1000 + index}`, stratum: 'all', requestId: `r${index}` },
        levels: { age: index % 2 ? 'old' : 'young', sex: 'female' },
      });
    }
    const client = await vault.house.pool.connect();
    const entries = await readTrail(vault.house, client, 'parallel');
    client.release();
    const drawn = entries.flatMap(({ header, content }) =>
      header.type === 'kit.allocated' ? [content?.payload as { arm: string; factors: { counts: object }[] }] : [],
    );
    const arms = drawn.slice(0, 4).map(({ arm }) => arm);
    const counted = (own: readonly string[]) =>
      Object.fromEntries([...Map.groupBy(own, (arm) => arm)].map(([arm, all]) => [arm, all.length]));
    assert.deepEqual(drawn.at(-1)?.factors, [
      { factor: 'age', level: 'young', counts: counted(arms.filter((_, index) => index % 2 === 0)) },
      { factor: 'sex', level: 'female', counts: counted(arms) },
    ]);
  } finally {
    await vault.close();
  }
});

test('200 requests at once for one participant are one allocation', async () => {
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    await study.createStudy(parallel);
    const kits = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        study.allocate('parallel', { participantId: 'P1000', stratum: 'east', requestId: `r${index}` }),
      ),
    );
    assert.equal(new Set(kits.map(({ kit }) => kit)).size, 1);
    const { rows } = await vault.house.pool.query(
      'select count(*)::int as n, (select next_step from stratum) as step from allocation',
    );
    assert.deepEqual(rows, [{ n: 1, step: 1 }]);
  } finally {
    await vault.close();
  }
});

test('Two worlds with other seeds answer the study server with the same bytes', async () => {
  const session = async (seed: string) => {
    const vault = await openVault(seed);
    try {
      const heard: string[] = [];
      const ask = async (path: string, body: unknown, token: string = tokens.study) => {
        const reply = await fetch(vault.address + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        });
        const headers = [...reply.headers].filter(([name]) => name !== 'date');
        heard.push(JSON.stringify([path, reply.status, headers, path === '/studies' ? '' : await reply.text()]));
      };
      await ask('/studies', selfBlinding);
      for (let index = 0; index < 30; index += 1) {
        await ask('/studies/self-blinding/allocations', {
          participantId: `P${1000 + (index % 25)}`,
          stratum: 'all',
          requestId: `r${index}`,
        });
      }
      await ask('/studies/unknown/allocations', { participantId: 'P1000', stratum: 'all', requestId: 'r' });
      await ask('/studies/self-blinding/allocations', { participantId: '', stratum: 'all' });
      await ask('/studies/self-blinding/allocations', '{');
      await ask('/studies/self-blinding/code-breaks', { participantId: 'P1000', reason: 'ask', by: 'me' });
      await ask('/studies/self-blinding/release', { lockHash, approvals: [twoPeople[0], twoPeople[0]] });
      const client = vaultClient({ address: vault.address, token: tokens.study });
      const released = await client.release('self-blinding', { lockHash, approvals: twoPeople });
      return { heard, arms: released.allocations.map(({ arm }) => arm).join() };
    } finally {
      await vault.close();
    }
  };
  const [one, other] = [await session('one'), await session('another')];
  assert.deepEqual(one.heard, other.heard);
  assert.notEqual(one.arms, other.arms, 'the worlds differ in the allocation');
});

test('Nothing leaves before two people approved under one lock', async () => {
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    await study.createStudy(parallel);
    await study.allocate('parallel', { participantId: 'P1000', stratum: 'east', requestId: 'r' });
    const refused = (promise: Promise<unknown>, code: string) =>
      assert.rejects(promise, (error: VaultError) => error instanceof VaultError && error.code === code);
    await refused(study.release('parallel', { lockHash, approvals: twoPeople.slice(0, 1) }), 'release_refused');
    await refused(study.packingList('parallel', '11111111'), 'unauthorised');
    await refused(study.breakCode('parallel', { participantId: 'P1000', reason: 'ask', by: 'me' }), 'unauthorised');
    await refused(
      vaultClient({ address: vault.address, token: tokens.supply }).release('parallel', {
        lockHash,
        approvals: twoPeople,
      }),
      'unauthorised',
    );
    const first = await study.release('parallel', { lockHash, approvals: twoPeople });
    assert.deepEqual(
      await study.release('parallel', { lockHash, approvals: twoPeople }),
      first,
      'asked again, the same',
    );
    await refused(study.release('parallel', { lockHash: 'e'.repeat(64), approvals: twoPeople }), 'release_refused');
    await refused(
      study.allocate('parallel', { participantId: 'P2000', stratum: 'east', requestId: 's' }),
      'allocation_refused',
    );
    await refused(study.createStudy({ ...parallel, capsules: 3 }), 'study_refused');
  } finally {
    await vault.close();
  }
});

test('The supply sees what to pack and what a batch holds; an emergency sees one participant', async () => {
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    const supply = vaultClient({ address: vault.address, token: tokens.supply });
    await study.createStudy(parallel);
    const { kit } = await study.allocate('parallel', { participantId: 'P1000', stratum: 'east', requestId: 'r' });
    const batch = {
      batchId: 'b-1',
      intervention: 'lsd-10',
      form: 'lsd-base',
      fillWeight: { meanGrams: 0.3, sdGrams: 0.004, n: 30 },
      assay: {
        analyte: 'lsd-base',
        contentPerUnit: { value: 33.3, unit: 'µg/g' as const },
        cv: 0.03,
        n: 6,
        method: 'HPLC-UV',
        date: '2026-12-01',
      },
      expires: '2028-01-01',
    };
    const recorded = await supply.recordBatch('parallel', batch);
    assert.equal(recorded.dose?.basis, 'assay');
    assert.deepEqual(await supply.recordBatch('parallel', batch), recorded);
    await assert.rejects(supply.recordBatch('parallel', { ...batch, expires: '2029-01-01' }), {
      code: 'supply_refused',
    });
    const list = await supply.packingList('parallel', kit);
    assert.equal(list.capsules.length, 14);
    assert.equal(list.packed, false);
    await supply.markPacked('parallel', kit);
    assert.equal((await supply.packingList('parallel', kit)).packed, true);
    const emergency = vaultClient({ address: vault.address, token: tokens.emergency });
    const broken = await emergency.breakCode('parallel', {
      participantId: 'P1000',
      reason: 'Unconscious',
      by: 'Dr on call',
    });
    assert.deepEqual(
      broken.contents,
      list.capsules.map(({ intervention }) => intervention),
    );
    await assert.rejects(emergency.breakCode('parallel', { participantId: 'P9999', reason: 'ask', by: 'me' }), {
      code: 'not_found',
    });
  } finally {
    await vault.close();
  }
});

test('At rest there is no arm, no content and no seed in clear, and rows of both arms have the same size', async () => {
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    await study.createStudy(selfBlinding);
    for (let index = 0; index < 20; index += 1) {
      await study.allocate('self-blinding', {
        participantId: `P${1000 + index}`,
        stratum: 'all',
        requestId: `r${index}`,
      });
    }
    const { rows } = await vault.house.pool.query<{ sealed: Buffer }>('select sealed from allocation');
    assert.equal(new Set(rows.map(({ sealed }) => sealed.length)).size, 1);
    assert.ok(rows.every(({ sealed }) => !sealed.includes('micro-dose') && !sealed.includes('placebo')));
    await assert.rejects(vault.house.pool.query("update trail set type = 'x'"), /append-only/);
    await assert.rejects(vault.house.pool.query('delete from allocation'), /never changed/);
    await assert.rejects(vault.house.pool.query('truncate trail'), /append-only/);
  } finally {
    await vault.close();
  }
});

test('With another key the vault cannot be opened', async () => {
  const vault = await openVault();
  const study = vaultClient({ address: vault.address, token: tokens.study });
  await study.createStudy(parallel);
  await vault.close();
  const other = startVault({
    databaseUrl: vault.databaseUrl,
    key: Buffer.alloc(32, 8),
    tokens,
    port: 0,
    clock: { now: () => now },
    random: seeded('other'),
    log: () => undefined,
  });
  await assert.rejects(other, WrongVaultKey);
});

test('A login of the study server’s cluster finds nothing of the vault’s, catalogues included', async () => {
  const vault = await openVault();
  const elsewhere = createTestDatabases();
  try {
    const blinded = await elsewhere.freshDatabase();
    const client = new pg.Client({ connectionString: blinded.connectionString });
    await client.connect();
    const name = decodeURIComponent(new URL(vault.databaseUrl.replace('@/', '@local/')).pathname.slice(1));
    const { rows } = await client.query(
      `select (select count(*)::int from pg_database where datname = $1) as databases,
              (select count(*)::int from pg_class where relname in ('allocation', 'stratum', 'trail')) as tables,
              (select count(*)::int from pg_stat_activity where datname = $1) as sessions`,
      [name],
    );
    assert.deepEqual(rows, [{ databases: 0, tables: 0, sessions: 0 }]);
    await client.end();
  } finally {
    await elsewhere.close();
    await vault.close();
  }
});

test('Every protocol of the library can be committed, allocated and released, with the contents its arms describe', async () => {
  const folder = new URL('../../../protocols/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'));
  assert.ok(files.length >= 8);
  const vault = await openVault('library');
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    for (const file of files) {
      const parsed = parseProtocol(readFileSync(new URL(file, folder), 'utf8'));
      assert.ok(parsed.ok, file);
      const { id, arms, randomisation, dosing } = parsed.protocol;
      const design = { studyId: id, protocolHash: 'b'.repeat(64), capsules: dosing.maximumDoses };
      await study.createStudy({ ...design, ...randomisation, arms });
      for (let index = 0; index < 16; index += 1) {
        await study.allocate(id, { participantId: `P${2000 + index}`, stratum: 'all', requestId: `r${index}` });
      }
      const released = await study.release(id, { lockHash, approvals: twoPeople });
      for (const { arm: armId, contents } of released.allocations) {
        const arm = arms.find((one) => one.id.toUpperCase() === armId.toUpperCase());
        assert.ok(arm, armId);
        assert.equal(contents.length, dosing.maximumDoses);
        if (arm.content.kind === 'drawn') continue;
        assert.deepEqual(
          contents,
          contents.map((_, dose) => plannedIntervention(arm, dose + 1)),
          file,
        );
      }
    }
  } finally {
    await vault.close();
  }
});

test('The document the vault’s people read is the one whose hash is committed', async () => {
  const vault = await openVault();
  try {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    const text = readFileSync(new URL('../../../protocols/lsd-10ug-every-third-day.json', import.meta.url), 'utf8');
    const parsed = parseProtocol(text);
    assert.ok(parsed.ok);
    const document = JSON.parse(JSON.stringify(parsed.protocol));
    const protocolHash = hash('sha256', canonicalJson(document), 'hex');
    const asked = { ...parallel, studyId: 'with-document', protocolHash, document };
    await assert.rejects(study.createStudy({ ...asked, protocolHash: 'b'.repeat(64) }), { code: 'study_refused' });
    await assert.rejects(study.createStudy({ ...asked, document: { ...document, title: 'Another' } }), {
      code: 'study_refused',
    });
    assert.deepEqual(await study.createStudy(asked), await study.createStudy(asked));
  } finally {
    await vault.close();
  }
});
