/** Packing one's own capsules through both real servers, from the plan to what a person is told at the very end. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { analyseStudy } from '@limen/analysis';
import { type Client, createClient, Refused, routes } from '@limen/contract';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import { consentAnswers, drawPerson, screeningAnswers, selfBlinding2021 } from '@limen/simulation';
import { philox } from '@limen/statistics';
import { startStudyServer } from '@limen/study';
import { startVault } from '@limen/vault';

const password = 'self blinding password';
const tokens = { study: 'packing-study-token-1', supply: 'packing-supply-token', emergency: 'packing-emergency-tok' };
const libraryFolder = new URL('../../protocols/', import.meta.url).pathname;
const startDate = '2027-02-08';

let databases: { study: TestDatabases; vault: TestDatabases };
before(() => {
  databases = { study: createTestDatabases(), vault: createTestDatabases() };
});
after(async () => {
  await Promise.all([databases.study.close(), databases.vault.close()]);
});

type House = Awaited<ReturnType<typeof openHouse>>;
type Person = Awaited<ReturnType<typeof enrol>>;

/** `draw`: decides the vault's seed, and so who gets what. */
async function openHouse(draw: string) {
  const [studyDatabase, vaultDatabase] = [await databases.study.freshDatabase(), await databases.vault.freshDatabase()];
  const clock = { now: Date.parse('2027-02-01T09:00:00.000Z') };
  let drawn = 0;
  const openVault = (port = 0) =>
    startVault({
      databaseUrl: vaultDatabase.connectionString,
      key: new Uint8Array(32).fill(9),
      tokens,
      port,
      clock: { now: () => new Date(clock.now).toISOString() },
      random: (length) => createHmac('sha512', draw).update(String(drawn++)).digest().subarray(0, length),
      log: () => undefined,
    });
  let vault = await openVault();
  const vaultPort = Number(new URL(vault.address).port);
  const server = await startStudyServer({
    databaseUrl: studyDatabase.connectionString,
    vault: { address: vault.address, token: tokens.study },
    port: 0,
    host: '127.0.0.1',
    keys: {
      idKey: new Uint8Array(32).fill(1),
      checkpointKey: new Uint8Array(32).fill(2),
      personKeyWrap: new Uint8Array(32).fill(3),
    },
    clock: () => clock.now,
    analyse: ({ protocol, versions, participants, released, protocolHash, lockHash, lockedAt, studyId }) =>
      analyseStudy({
        ...{ protocol, versions, participants, protocolHash, studyId },
        release: released,
        lock: { hash: lockHash, at: lockedAt },
      }),
    library: libraryFolder,
    setupCode: 'packing-setup',
    log: () => undefined,
    limits: { checkpointEveryMs: 3_600_000 },
  });
  const as = (token: string | null): Client => createClient({ baseUrl: server.address, fetch, token: () => token });
  const setup = { setupCode: 'packing-setup', name: 'Administrator', login: 'administrator', password };
  const place = { protocol: 'self-blinding-2021', siteName: 'Site', siteTimeZone: 'Europe/Amsterdam' };
  const { studyId, siteId } = await as(null)(routes.installationSetup, { body: { ...setup, ...place } });
  const enter = async (login: string) => {
    const { token } = await as(null)(routes.signIn, { body: { login, password } });
    await as(token)(routes.stepUp, { body: { password } });
    return as(token);
  };
  const administrator = await enter('administrator');
  for (const role of ['coordinator', 'investigator', 'statistician'] as const) {
    const memberships = [{ studyId, role, siteId: null }];
    await administrator(routes.createAccount, { body: { name: role, login: role, password, memberships } });
  }
  let made = 0;
  const commandId = () => {
    made += 1;
    return `packing-command-${String(made).padStart(6, '0')}`;
  };
  return {
    ...{ studyId, siteId, clock, as, enter, commandId },
    closeVault: () => vault.close(),
    reopenVault: async () => {
      vault = await openVault(vaultPort);
    },
    close: async () => {
      await server.close();
      await vault.close();
      await Promise.all([studyDatabase.drop(), vaultDatabase.drop()]);
    },
  };
}

async function enrol(house: House, index: number) {
  const { studyId, siteId, commandId, as } = house;
  const [coordinator, investigator] = [await house.enter('coordinator'), await house.enter('investigator')];
  const { protocol } = await coordinator(routes.studyProtocol, { params: { studyId }, query: {} });
  const random = philox(`person ${index}`);
  const person = drawPerson(index, 10, { ...selfBlinding2021, ineligible: 0 }, random);
  const { participantId, code } = await coordinator(routes.inviteParticipant, {
    params: { studyId },
    body: { commandId: commandId(), siteId, timeZone: 'Europe/Amsterdam' },
  });
  const call = as((await as(null)(routes.participantSignIn, { body: { code } })).token);
  const params = { studyId, participantId };
  const document = protocol as never;
  const screening = screeningAnswers(document, person, random);
  await call(routes.screen, { params, body: { type: 'screen', commandId: commandId(), ...screening } });
  const consent = consentAnswers(document);
  await call(routes.consent, { params, body: { type: 'consent', commandId: commandId(), ...consent } });
  const reason = 'Seen and spoken with';
  await investigator(routes.confirmEligibility, {
    params,
    body: { type: 'confirmEligibility', commandId: commandId(), reason },
  });
  await coordinator(routes.randomise, { params, body: { type: 'randomise', commandId: commandId(), startDate } });
  return { call, params };
}

const plan = (house: House, { call, params }: Person, mode: 'self' | 'helper' = 'self', id = house.commandId()) =>
  call(routes.planPacking, { params, body: { type: 'planPacking', commandId: id, mode } });

const publicKey = async () => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  return Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
};

const labels = async (house: House, { call, params }: Person, id = house.commandId()) =>
  call(routes.envelopeLabels, { params, body: { commandId: id, publicKey: await publicKey() } });

const step = (house: House, { call, params }: Person, name: 'filled' | 'weighed' | 'shuffled' | 'sorted' | 'sealed') =>
  call(routes.recordPacking, {
    params,
    body: {
      type: 'recordPacking',
      commandId: house.commandId(),
      step: name,
      ...(name === 'weighed' ? { weights: [310, 300, 305], resolutionMg: 10 } : {}),
      ...(name === 'sealed' ? { sealCode: 'ABCDE-12345' } : {}),
    },
  });

const packingOf = async ({ call, params }: Person) => {
  const { packing } = await call(routes.today, { params });
  assert.ok(packing);
  return packing;
};

async function packAll(house: House, person: Person) {
  await plan(house, person);
  await labels(house, person);
  for (const name of ['filled', 'weighed', 'shuffled', 'sorted', 'sealed'] as const) await step(house, person, name);
  return packingOf(person);
}

const codeOf = async (act: Promise<unknown>): Promise<string> => {
  try {
    await act;
  } catch (error) {
    if (error instanceof Refused) return error.problem.code;
    throw error;
  }
  throw new Error('It was not refused.');
};

test('A second request gets the first plan, also from another command; a step out of order changes nothing', async () => {
  const house = await openHouse('one');
  try {
    const person = await enrol(house, 0);
    const id = house.commandId();
    const receipt = await plan(house, person, 'self', id);
    assert.deepEqual(await plan(house, person, 'self', id), receipt);
    assert.equal(await codeOf(plan(house, person, 'helper')), 'packing_planned_already');
    assert.equal(await codeOf(step(house, person, 'weighed')), 'packing_step_order');
    assert.deepEqual((await packingOf(person)).done, []);
  } finally {
    await house.close();
  }
});

test('Labels are given until the envelopes are closed, the plan only after: nobody is given both', async () => {
  const house = await openHouse('one');
  try {
    const person = await enrol(house, 0);
    await plan(house, person);
    const first = house.commandId();
    const { sealed } = await labels(house, person, first);
    assert.equal((await labels(house, person)).sealed.length, sealed.length);
    for (const name of ['filled', 'weighed'] as const) await step(house, person, name);
    assert.deepEqual((await packingOf(person)).weeks, []);
    await step(house, person, 'shuffled');
    assert.equal((await packingOf(person)).weeks.length, 4);
    assert.equal(await codeOf(labels(house, person)), 'packing_step_done');
    assert.equal(await codeOf(labels(house, person, first)), 'packing_step_done', 'not even the first request again');
  } finally {
    await house.close();
  }
});

test('While the vault is away the plan and the labels wait with a neutral word, and nothing is half done', async () => {
  const house = await openHouse('one');
  try {
    const person = await enrol(house, 0);
    await house.closeVault();
    assert.equal(await codeOf(plan(house, person)), 'envelopes_waiting');
    assert.equal((await person.call(routes.today, { params: person.params })).packing, null);
    await house.reopenVault();
    await plan(house, person);
    await house.closeVault();
    assert.equal(await codeOf(labels(house, person)), 'envelopes_waiting');
    await house.reopenVault();
    await labels(house, person);
    assert.deepEqual((await packingOf(person)).done, ['printed']);
  } finally {
    await house.close();
  }
});

test('A member of the team who packed for somebody is kept from rating that person, and no one else', async () => {
  const house = await openHouse('one');
  try {
    const [one, other] = [await enrol(house, 0), await enrol(house, 1)];
    await plan(house, one);
    const coordinator = await house.enter('coordinator');
    await coordinator(routes.declarePacker, {
      params: one.params,
      body: { type: 'declarePacker', commandId: house.commandId() },
    });
    const report = ({ params }: Person) =>
      coordinator(routes.reportAdverseEvent, {
        params,
        body: {
          type: 'reportAdverseEvent',
          commandId: house.commandId(),
          ...{ term: 'Headache', onset: '2027-02-01', ongoing: false, grade: 1, serious: false },
        },
      });
    assert.equal(await codeOf(report(one)), 'packer_may_not_rate');
    await report(other);
  } finally {
    await house.close();
  }
});

/** Two people pack, the first opens a leftover in week 1 and another person's envelope in week 2; all the way to release. */
async function liveThrough(draw: string) {
  const house = await openHouse(draw);
  const people = [await enrol(house, 0), await enrol(house, 1)];
  const [first, second] = people;
  assert.ok(first && second);
  const plans = [await packAll(house, first), await packAll(house, second)];
  const open = ({ call, params }: Person, envelope: string, week: number) =>
    call(routes.openEnvelope, { params, body: { type: 'openEnvelope', commandId: house.commandId(), envelope, week } });
  house.clock.now = Date.parse('2027-02-15T08:00:00.000Z');
  await open(first, plans[0]?.leftovers[0] ?? '', 1);
  assert.equal(await codeOf(open(first, plans[1]?.weeks[1]?.envelope ?? '', 2)), 'envelope_unknown');
  for (const { week, envelope } of plans[1]?.weeks ?? []) await open(second, envelope, week);
  const resultOf = ({ call, params }: Person) => call(routes.ownResult, { params });
  const early = await resultOf(second);
  house.clock.now = Date.parse('2027-06-01T08:00:00.000Z');
  const waiting = await resultOf(second);
  const investigator = await house.enter('investigator');
  const statistician = await house.enter('statistician');
  const { studyId } = house;
  const reason = 'Last follow-up reached';
  await investigator(routes.lockStudy, { params: { studyId }, body: { commandId: house.commandId(), reason } });
  for (const call of [investigator, statistician]) {
    await call(routes.approveRelease, { params: { studyId }, body: { commandId: house.commandId(), reason } });
  }
  const results = await statistician(routes.results, { params: { studyId } });
  return { house, plans, early, waiting, told: [await resultOf(first), await resultOf(second)], results };
}

test('What went wrong reaches the analysis, and a personal result waits for one’s own end and the release', async () => {
  const { house, plans, early, waiting, told, results } = await liveThrough('one');
  try {
    assert.deepEqual([early.waitsFor, waiting.waitsFor], ['ownEnd', 'release']);
    assert.deepEqual([early.capsules, waiting.capsules], [[], []]);
    const { study } = results as {
      study: { envelopes: Record<string, unknown>; randomisation: { verified: boolean } };
    };
    assert.equal(study.randomisation.verified, true);
    assert.deepEqual([study.envelopes.packed, study.envelopes.otherThanPlanned], [2, 1]);
    const [first, second] = told;
    assert.deepEqual([first?.waitsFor, first?.capsules.length, second?.capsules.length], ['nothing', 16, 16]);
    // Nothing of what is told leads to another person's envelopes: there is no token in it at all.
    const text = JSON.stringify(told);
    for (const { weeks, leftovers } of plans) {
      for (const token of [...weeks.map(({ envelope }) => envelope), ...leftovers]) assert.ok(!text.includes(token));
    }
    assert.deepEqual(Object.keys(second?.capsules[0] ?? {}).sort(), ['date', 'label', 'taken']);
  } finally {
    await house.close();
  }
});

test('Under another draw people are given the same tokens for the same weeks; what differs is what they are told at the end', async () => {
  const [one, other] = [await liveThrough('one'), await liveThrough('another')];
  try {
    assert.deepEqual(one.plans, other.plans);
    assert.deepEqual([one.early, one.waiting], [other.early, other.waiting]);
    assert.notDeepEqual(one.told, other.told);
  } finally {
    await Promise.all([one.house.close(), other.house.close()]);
  }
});
