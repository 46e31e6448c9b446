/** Opening one participant's treatment: by whom, how, and who hears what of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import { openVisitor, password, signedIn, type Visited } from '../pages/test-browser.ts';
import { openStockVault, openStore, type StockVault, stockStudy } from '../stock/test-stock.ts';

const databases = createTestDatabases();
const studyId = 'stock';
let room: StockVault;
let physician: Awaited<ReturnType<typeof signedIn>>;
let kit = '';
const minutes = (count: number) => new Date(Date.parse('2027-02-01T08:00:00.000Z') + count * 60_000).toISOString();
const asked = { cause: 'seizure', reason: 'Found convulsing', treatable: 'no' };

before(async () => {
  room = await openStockVault(databases);
  await room.study.createStudy(stockStudy({ kits: 'toOrder' }));
  await openStore(room);
  for (const index of [0, 1, 2, 3]) {
    const given = await room.study.allocate(studyId, {
      ...{ participantId: `P10000000${index}`, stratum: 'east', requestId: `r${index}`, siteId: 'east' },
    });
    await room.supply.markPacked(studyId, given.kit);
    if (index === 0) kit = given.kit;
  }
  physician = await signedIn(room.vault, 'physician', studyId, ['physician']);
});
after(async () => {
  await room.vault.close();
  await databases.close();
});

const factsAfter = async (seq: number, token = 'study'.repeat(8)) => {
  const reply = await fetch(`${room.vault.address}/facts?after=${seq}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: reply.status, text: await reply.text() };
};

describe('an emergency', () => {
  it('needs a number and no approval: substance, dose and what it means, on one page', async () => {
    const page = await physician('/room/emergency', { number: kit.toLowerCase(), ...asked });
    assert.equal(page.status, 200);
    const { arm, contents } = await truth('P100000000');
    assert.match(page.text, contents.includes('lsd-10') ? /LSD/ : /Placebo only/);
    assert.match(page.text, arm === 'placebo' ? /Nothing active/ : /µg LSD base per capsule/);
    assert.match(page.text, /participant P100000000/);
    assert.doesNotMatch(page.text, /P100000001|P100000002/);
    assert.equal(page.headers.get('cache-control'), 'no-store');
    assert.match(page.text, /@media print\{main\{display:none\}\}/);
  });

  it('takes the participant’s number too, says where a number is wrong, and asks nothing that blocks', async () => {
    const page = await physician('/room/emergency', { number: 'P100000001' });
    assert.equal(page.status, 200);
    const wrong = await physician('/room/emergency', { number: 'P199999999', ...asked });
    assert.equal(wrong.status, 404);
    assert.match(wrong.text, /no allocation under this number/i);
    const unknown = await physician('/room/emergency', {
      number: kit.slice(0, 7) + (kit.endsWith('A') ? 'B' : 'A'),
      ...asked,
    });
    assert.equal(unknown.status, 404);
  });

  it('is for the physician of that study alone', async () => {
    const pharmacist = await signedIn(room.vault, 'pharmacist', studyId, ['pharmacist']);
    assert.match((await pharmacist('/room/emergency', { number: kit, ...asked })).text, /may not open a treatment/);
    assert.doesNotMatch((await pharmacist('/room')).text, /href="\/room\/emergency"/);
    await room.study.createStudy(stockStudy({ studyId: 'other', kits: 'toOrder' }));
    const elsewhere = await signedIn(room.vault, 'elsewhere', 'other', ['physician']);
    assert.equal((await elsewhere('/room/emergency', { number: kit, ...asked })).status, 404);
    assert.equal((await elsewhere(`/room/studies/${studyId}/emergency`)).status, 403);
    assert.equal((await openVisitor(room.vault)('/room/emergency', { number: kit })).to, '/room/sign-in');
  });

  it('asks for the password again when the sign-in is older than five minutes', async () => {
    room.clock.now = minutes(6);
    assert.match((await physician('/room/emergency')).text, /Your password/);
    assert.match((await physician('/room/emergency', { number: kit, ...asked })).text, /password is not right/);
    assert.equal((await physician('/room/emergency', { number: kit, ...asked, password })).status, 200);
    room.clock.now = minutes(7);
  });

  it('is told to the study as a fact of fixed length, which says nothing of the treatment', async () => {
    const { status, text } = await factsAfter(0);
    assert.equal(status, 200);
    const { facts } = JSON.parse(text) as { facts: Record<string, string>[] };
    assert.deepEqual(
      facts.map(({ participantId, kind }) => [participantId, kind]),
      [
        ['P100000000', 'emergency'],
        ['P100000001', 'emergency'],
        ['P100000000', 'emergency'],
      ],
    );
    assert.equal(new Set(facts.map((fact) => JSON.stringify(fact).length)).size, 1);
    assert.deepEqual(Object.keys(facts[0] ?? {}).sort(), ['at', 'kind', 'participantId', 'seq', 'studyId']);
    assert.deepEqual(JSON.parse((await factsAfter(Number(facts[2]?.seq))).text), { facts: [] });
    assert.equal((await factsAfter(0, 'supply'.repeat(8))).status, 401);
    const client = await room.house.pool.connect();
    try {
      await assert.rejects(client.query('delete from unblinding'), /append-only/);
    } finally {
      client.release();
    }
  });
});

/** What the vault really holds, asked as a machine. Leaves one more fact. */
async function truth(participantId: string) {
  const client = await room.house.pool.connect();
  try {
    const { lockStudy } = await import('../study.ts');
    const { readAllocation } = await import('../allocate.ts');
    const study = await lockStudy(room.house, client, studyId);
    const found = study && (await readAllocation(client, study, { column: 'participant_id', value: participantId }));
    if (!found) throw new Error('no allocation');
    return found;
  } finally {
    client.release();
  }
}

describe('unblinding by two people', () => {
  const path = `/room/studies/${studyId}/safety`;
  const request = { participant: 'p100000002', kind: 'safety', basis: 'AE-17', reason: 'Unexpected and serious' };

  it('is asked by one, approved by another, and then open to these two', async () => {
    const one = await signedIn(room.vault, 'safety-one', studyId, ['safety']);
    const two = await signedIn(room.vault, 'safety-two', studyId, ['safety']);
    const three = await signedIn(room.vault, 'safety-three', studyId, ['safety']);
    assert.match((await one(path, { ...request, password: 'wrong wrong wrong' })).text, /Nothing was done/);
    assert.match((await one(path, { ...request, participant: 'P1999', password })).text, /Nobody of this number/);
    assert.match((await one(path, { ...request, basis: '', password })).text, /what it rests on/);
    assert.equal((await one(path, { ...request, password })).to, `${path}?done=asked`);
    const id = /safety\/([\w-]+)">Open/.exec((await one(path)).text)?.[1] ?? '';
    assert.match((await one(`${path}/${id}`)).text, /another person has to approve/);
    assert.match((await one(`${path}/${id}`, { password })).text, /Another person has to approve/);
    assert.equal((await two(`${path}/${id}`, { password })).to, `${path}/${id}`);
    assert.match((await two(`${path}/${id}`, { password })).text, /participant P100000002/);
    assert.match((await one(`${path}/${id}`, { password })).text, /participant P100000002/);
    assert.match((await three(`${path}/${id}`, { password })).text, /Only the two people/);
    assert.match((await physician(path)).text, /Not yours to open/);
  });

  it('for a report leaves no fact behind that the study could read', async () => {
    const { text } = await factsAfter(0);
    assert.doesNotMatch(text, /P100000002|safety/);
  });
});

describe('the way is kept open', () => {
  it('a drill goes every step with nobody’s treatment, and is told as a drill', async () => {
    const page = await physician('/room/emergency/drill');
    assert.match(page.text, /never/);
    const started = room.clock.now;
    room.clock.now = new Date(Date.parse(started) + 4_200).toISOString();
    const done = await physician('/room/emergency/drill', { study: studyId, started, cause: 'other' });
    assert.match(done.text, /4\.2 seconds/);
    assert.doesNotMatch(done.text, /µg|Placebo only/);
    assert.match((await physician('/room/emergency/drill')).text, /4\.2 s/);
    const { facts } = JSON.parse((await factsAfter(0)).text) as { facts: { kind: string; participantId: string }[] };
    assert.deepEqual(facts.at(-1)?.kind, 'drill');
    assert.equal(facts.at(-1)?.participantId, '0000000000');
  });

  it('the probe opens what a code break opens, and fails where the key is another', async () => {
    const probe = async (): Promise<Visited['status']> => (await fetch(`${room.vault.address}/probe`)).status;
    assert.equal(await probe(), 200);
    await room.house.pool.query("update study set wrapped_key = 'x' || wrapped_key where study_id = 'other'");
    assert.equal(await probe(), 503);
  });
});
