/** Opening treatments by two people: whose, why, and who hears what of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import {
  openTestRoom,
  own as password,
  studyId,
  type TestBrowser,
  type TestRoom,
  tokens,
  trailTypes,
} from './test-room.ts';

const databases = createTestDatabases();
const path = `/room/studies/${studyId}/safety`;
let room: TestRoom;
let people: Record<'one' | 'two' | 'three', TestBrowser>;

before(async () => {
  room = await openTestRoom(databases);
  people = {
    one: await room.person('one', ['safety']),
    two: await room.person('two', ['safety']),
    three: await room.person('three', ['safety']),
  };
});
after(async () => {
  await room.close();
  await databases.close();
});

async function facts(): Promise<string> {
  const headers = { authorization: `Bearer ${tokens.study}` };
  return (await fetch(`${room.vault.address}/facts?after=0`, { headers })).text();
}

async function newest(browser: TestBrowser): Promise<string> {
  return `${path}/${/safety\/([\w-]+)">Open/.exec((await browser.visit(path)).text)?.[1] ?? ''}`;
}

describe('for a report to an authority', () => {
  const request = { participants: 'p002', kind: 'safety', basis: 'AE-17', reason: 'Unexpected and serious', password };

  it('one asks, another approves, and then these two may look', async () => {
    const { one, two, three } = people;
    assert.match((await one.visit(path, { ...request, password: 'wrong wrong wrong' })).text, /Nothing was done/);
    assert.match((await one.visit(path, { ...request, participants: 'P1999' })).text, /Nobody of this number/);
    assert.match((await one.visit(path, { ...request, participants: 'P001 P002' })).text, /about one participant/);
    assert.match((await one.visit(path, { ...request, basis: '' })).text, /what it rests on/);
    assert.equal((await one.visit(path, request)).to, `${path}?done=asked`);
    const place = await newest(one);
    assert.match((await one.visit(place)).text, /another person has to approve/);
    assert.match((await one.visit(place, { password })).text, /Another person has to approve/);
    assert.equal((await two.visit(place, { password })).to, place);
    for (const browser of [one, two]) {
      const { text, headers } = await browser.visit(place, { password });
      assert.match(text, /Treatment of participant P002/);
      assert.match(text, /class="unprintable"/);
      assert.equal(headers.get('cache-control'), 'no-store');
    }
    assert.match((await three.visit(place, { password })).text, /Only the two people/);
    const physician = await room.person('physician', ['physician', 'dsmb', 'pharmacist']);
    assert.match((await physician.visit(path)).text, /Not yours to open/);
    assert.match((await physician.visit(place, { password })).text, /Not yours to open/);
  });

  it('leaves no fact that the study could read, and every look on the trail', async () => {
    assert.equal(await facts(), '{"facts":[]}');
    const types = (await trailTypes(room)).filter((type) => /unblinding|opened/.test(type));
    assert.deepEqual(types, ['unblinding.asked', 'unblinding.approved', 'treatment.opened', 'treatment.opened']);
  });
});

describe('as planned', () => {
  const plan = {
    participants: 'P003, P004\nP003',
    kind: 'planned',
    basis: 'Plan 4.2',
    reason: 'Crossing over',
    password,
  };

  it('needs it written who is told and who stays blinded, and opens those it names', async () => {
    const { one, two } = people;
    assert.match((await one.visit(path, plan)).text, /who is told, and who stays blinded/);
    room.clock.now = '2027-02-01T08:01:00.000Z';
    const safeguards = 'The participants are told; raters stay blinded';
    assert.equal((await one.visit(path, { ...plan, safeguards })).to, `${path}?done=asked`);
    const place = await newest(one);
    assert.match((await two.visit(place)).text, /raters stay blinded/);
    await two.visit(place, { password });
    const { text } = await one.visit(place, { password });
    assert.match(text, /P003<\/td>.*P004<\/td>/s);
    assert.doesNotMatch(text, /P001|P002|P005/);
    await two.visit(place, { password });
    const told = JSON.parse(await facts()) as { facts: { participantId: string; kind: string }[] };
    assert.deepEqual(
      told.facts.map(({ participantId, kind }) => [participantId, kind]),
      [
        ['P003', 'planned'],
        ['P004', 'planned'],
      ],
      'one fact for each, however often they look',
    );
  });
});

describe('facts under way together', () => {
  it('are numbered in the order in which they can be read', async () => {
    const physician = await room.person('on-call', ['physician']);
    const heard: string[] = [];
    let after = 0;
    const listen = async () => {
      const headers = { authorization: `Bearer ${tokens.study}` };
      const reply = await fetch(`${room.vault.address}/facts?after=${after}`, { headers });
      for (const { seq } of ((await reply.json()) as { facts: { seq: string }[] }).facts) {
        heard.push(seq);
        after = Number(seq);
      }
    };
    const breaks = Array.from({ length: 40 }, (_, index) =>
      physician.visit('/room/emergency', { number: `P00${(index % 6) + 1}` }),
    );
    const listening = Array.from({ length: 30 }, () => listen());
    await Promise.all([...breaks, ...listening]);
    await listen();
    const { rows } = await room.vault.house.pool.query<{ n: number }>(
      "select count(*)::int as n from unblinding where kind <> 'safety'",
    );
    assert.equal(new Set(heard).size, rows[0]?.n);
  });
});
