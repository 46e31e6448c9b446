import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import { readShortCode } from '@limen/protocol';
import { startVault, type Vault, VaultError, vaultClient } from '../index.ts';
import type { CreateStudyRequest } from '../protocol.ts';
import { inTransaction } from '../store.ts';
import { readTrail } from '../trail.ts';
import { letterInfo } from './closed-letter.ts';
import { compareTokens } from './tokens.test-program.ts';

const tokens = { study: 'study-token-0123456789', supply: 'supply-token-0123456789', emergency: 'emergency-token-01' };
const now = '2027-02-01T08:00:00.000Z';
const drawn = { kind: 'drawn', active: 'micro-dose', placebo: 'placebo' } as const;
const design: CreateStudyRequest = {
  studyId: 'self-blinding',
  protocolHash: 'a'.repeat(64),
  procedure: { kind: 'selfBlindingWeeks', weeks: 4 },
  arms: [
    { id: 'pl', weight: 1, content: { kind: 'constant', intervention: 'placebo' } },
    { id: 'hh', weight: 1, content: drawn },
    { id: 'md', weight: 1, content: drawn },
  ],
  stratifyBy: [],
  capsules: 16,
};
const parallel: CreateStudyRequest = {
  ...design,
  studyId: 'parallel',
  procedure: { kind: 'complete' },
  arms: ['a', 'b'].map((id) => ({ id, weight: 1, content: { kind: 'constant', intervention: id } })),
};
const { studyId } = design;
const approvals = ['a', 'b'].map((actorId) => ({ actorId, role: 'investigator', at: now }));

let databases: TestDatabases;
before(() => {
  databases = createTestDatabases();
});
after(() => databases.close());

async function openVault(drawByte: number): Promise<Vault & { study: ReturnType<typeof vaultClient> }> {
  const database = await databases.freshDatabase();
  const vault = await startVault({
    databaseUrl: database.connectionString,
    key: Buffer.alloc(32, 7),
    tokens,
    port: 0,
    clock: { now: () => now },
    random: (length) => new Uint8Array(length).fill(drawByte),
    log: () => undefined,
  });
  const study = vaultClient({ address: vault.address, token: tokens.study });
  await study.createStudy(design);
  await study.createStudy(parallel);
  return { ...vault, study };
}

const personOf = (n: number) => `P${1000 + n}`;
const allocate = (study: ReturnType<typeof vaultClient>, n: number, id = studyId) =>
  study.allocate(id, { participantId: personOf(n), stratum: 'all', requestId: `r${n}` });
const plan = (study: ReturnType<typeof vaultClient>, n: number, id = studyId) =>
  study.planEnvelopes(id, { participantId: personOf(n), requestId: `plan-${n}` });

/** A phone: asks with a key of its own and opens what comes. */
async function phone() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const open = async (sealed: string, info: string) => {
    const bytes = Buffer.from(sealed, 'base64url');
    const curve = { name: 'ECDH', namedCurve: 'P-256' };
    const theirs = await crypto.subtle.importKey('raw', bytes.subarray(0, 65), curve, false, []);
    const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 256);
    const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: Buffer.from(info) };
    const key = await crypto.subtle.deriveKey(hkdf, base, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.subarray(65, 77) }, key, bytes.subarray(77));
    const padded = Buffer.from(plain);
    return JSON.parse(padded.subarray(4, 4 + padded.readUInt32BE(0)).toString()) as {
      sealCode: string;
      sets: { token: string; contents: string[] }[];
    };
  };
  return { publicKey: Buffer.from(point).toString('base64url'), open };
}

const refusedAs = (code: string) => (error: unknown) => error instanceof VaultError && error.code === code;

test('The plan is made once: a second request and a second request id get the first answer', async () => {
  const vault = await openVault(1);
  try {
    await allocate(vault.study, 0);
    const first = await plan(vault.study, 0);
    assert.deepEqual(await plan(vault.study, 0), first);
    assert.deepEqual(await vault.study.planEnvelopes(studyId, { participantId: personOf(0), requestId: 'x' }), first);
    assert.equal(new Set([...first.weeks, ...first.leftovers]).size, 8);
    assert.deepEqual(first.leftovers, first.leftovers.toSorted());
  } finally {
    await vault.close();
  }
});

test('Without an allocation, in another design, of another study: one neutral code, and the reason in the trail', async () => {
  const vault = await openVault(1);
  try {
    await allocate(vault.study, 1, parallel.studyId);
    await assert.rejects(plan(vault.study, 0), refusedAs('envelopes_refused'));
    await assert.rejects(plan(vault.study, 1, parallel.studyId), refusedAs('envelopes_refused'));
    await assert.rejects(plan(vault.study, 1, 'no-such-study'), refusedAs('envelopes_refused'));
    const reasons = await inTransaction(vault.house, async (client) =>
      (await readTrail(vault.house, client, parallel.studyId)).map(({ content }) => content?.payload),
    );
    assert.match(JSON.stringify(reasons), /the study draws no weeks/);
  } finally {
    await vault.close();
  }
});

test('What the study server learns is the same, byte for byte, under another allocation', async () => {
  const [one, other] = [await openVault(1), await openVault(2)];
  try {
    for (let n = 0; n < 12; n += 1) {
      await Promise.all([allocate(one.study, n), allocate(other.study, n)]);
      assert.deepEqual(await plan(one.study, n), await plan(other.study, n));
    }
    const releases = await Promise.all(
      [one, other].map(({ study }) => study.release(studyId, { lockHash: 'f'.repeat(64), approvals })),
    );
    const contentsIn = (index: number) => releases[index]?.allocations.map(({ envelopes }) => envelopes);
    assert.notDeepEqual(contentsIn(0), contentsIn(1));
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
});

test('The sheet of labels opens for the device that asked and for that participant alone, and has one length', async () => {
  const vault = await openVault(3);
  try {
    const { publicKey, open } = await phone();
    const lengths = new Set<number>();
    for (let n = 0; n < 8; n += 1) {
      await allocate(vault.study, n);
      const { weeks, leftovers } = await plan(vault.study, n);
      const request = { participantId: personOf(n), requestId: `sheet-${n}`, publicKey };
      const { sealed } = await vault.study.envelopeSheet(studyId, request);
      lengths.add(sealed.length);
      const sheet = await open(sealed, letterInfo(studyId, personOf(n)));
      assert.deepEqual(sheet.sets.map(({ token }) => token).sort(), [...weeks, ...leftovers].sort());
      const kinds = sheet.sets.map(({ contents }) => contents.join(''));
      assert.deepEqual(kinds.slice(0, 4), ['MDPLMDPL', 'MDPLPLMD', 'PLMDMDPL', 'PLMDPLMD']);
      assert.ok(kinds.slice(4).every((kind) => kind === 'PLPLPLPL'));
      assert.ok(readShortCode(sheet.sealCode));
      await assert.rejects(open(sealed, letterInfo(studyId, personOf(n + 1))));
      const stranger = await phone();
      await assert.rejects(stranger.open(sealed, letterInfo(studyId, personOf(n))));
    }
    assert.equal(lengths.size, 1);
  } finally {
    await vault.close();
  }
});

test('Every sheet has a seal of its own, five at most, and each stands in the trail', async () => {
  const vault = await openVault(4);
  try {
    await allocate(vault.study, 0);
    await plan(vault.study, 0);
    const { publicKey, open } = await phone();
    const request = { participantId: personOf(0), requestId: 'again', publicKey };
    const codes = new Set<string>();
    for (let sheet = 0; sheet < 5; sheet += 1) {
      const { sealed } = await vault.study.envelopeSheet(studyId, request);
      codes.add((await open(sealed, letterInfo(studyId, personOf(0)))).sealCode);
    }
    assert.equal(codes.size, 5);
    await assert.rejects(vault.study.envelopeSheet(studyId, request), refusedAs('envelopes_refused'));
    const wrong = { ...request, publicKey: 'A'.repeat(87) };
    await assert.rejects(vault.study.envelopeSheet(studyId, wrong), refusedAs('envelopes_refused'));
    const types = await inTransaction(vault.house, async (client) =>
      (await readTrail(vault.house, client, studyId)).map(({ header }) => header.type),
    );
    assert.equal(types.filter((type) => type === 'envelopes.sheetGiven').length, 5);
  } finally {
    await vault.close();
  }
});

test('After release each envelope is told with its contents: those of the weeks are the weeks that were drawn', async () => {
  const vault = await openVault(5);
  try {
    for (let n = 0; n < 6; n += 1) await allocate(vault.study, n);
    const { weeks } = await plan(vault.study, 2);
    const { allocations } = await vault.study.release(studyId, { lockHash: 'f'.repeat(64), approvals });
    const told = allocations.filter(({ envelopes }) => envelopes !== undefined);
    assert.deepEqual(
      told.map(({ participantId }) => participantId),
      [personOf(2)],
    );
    const used = told[0]?.envelopes?.filter(({ week }) => week !== null) ?? [];
    assert.deepEqual(
      used.map(({ token }) => token),
      weeks,
    );
    assert.deepEqual(
      used.flatMap(({ contents }) => contents),
      told[0]?.contents,
    );
  } finally {
    await vault.close();
  }
});

test('A plan is never changed, not even by the owner of the tables', async () => {
  const vault = await openVault(6);
  try {
    await allocate(vault.study, 0);
    await plan(vault.study, 0);
    for (const statement of ['delete from envelope_plan', "update envelope_plan set sealed = ''"]) {
      await assert.rejects(vault.house.pool.query(statement), /never changed/);
    }
  } finally {
    await vault.close();
  }
});

test('Tokens on micro-dose envelopes and on placebo envelopes cannot be told apart by any bit', () => {
  const { againstContent, againstCoin, largest } = compareTokens(24_000);
  // Chi-square with 128 degrees of freedom: the share beyond 208 is 9e-6; of 256 values one beyond 28 in 30,000 runs.
  assert.ok(againstContent < 208 && againstCoin < 208 && largest < 28, JSON.stringify({ againstContent, againstCoin }));
});
