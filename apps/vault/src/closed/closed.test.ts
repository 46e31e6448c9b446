/** The closed report: what it counts, what it letters, and what leaves of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import { escapeText, type StoppingRule } from '@limen/protocol';
import { renderPage } from '../pages/page.ts';
import { password, signedIn } from '../pages/test-browser.ts';
import { openStockVault, type StockVault, stockStudy } from '../stock/test-stock.ts';
import { libraryProtocol } from '../unblinding/test-room.ts';
import { reportPage } from './page.ts';
import { type ClosedPerson, closedDataRequest } from './protocol.ts';
import { armsOf, disposition, eventsBy, guessesBy, outcomeBy, staying, stoppingBy } from './tables.ts';

const databases = createTestDatabases();
const studyId = 'stock';
let room: StockVault;
const token = { authorization: `Bearer ${'study'.repeat(8)}`, 'content-type': 'application/json' };

const person = (index: number, changes: Partial<ClosedPerson> = {}): ClosedPerson => ({
  participantId: `P10000000${index}`,
  siteId: 'east',
  status: 'randomised',
  onHold: false,
  dosingStopped: false,
  holds: 0,
  followedDays: 30 + index,
  dosesTaken: 10,
  dosesMissed: 1,
  adverseEvents: [],
  outcomes: [],
  guesses: [],
  ...changes,
});
const headache = { term: 'Headache', grade: 1, serious: false, relatedness: 'possible', outcome: null };
const fit = { term: 'Seizure', grade: 4, serious: true, relatedness: null, outcome: 'resolved' };
const people = [
  person(0, {
    adverseEvents: [headache, headache],
    outcomes: [
      ['mood', 1, 10],
      ['mood', 8, 14],
    ],
    guesses: [
      [1, 'placebo'],
      [2, 'active'],
    ],
  }),
  person(1, {
    adverseEvents: [fit],
    outcomes: [['mood', 1, 20]],
    guesses: [[1, 'active']],
    status: 'withdrawn',
    followedDays: 10,
  }),
  person(2, { outcomes: [['mood', 1, 30]] }),
  person(3, { status: 'completed', guesses: [[1, 'dontKnow']] }),
];
const dataOf = (meetingId: string) =>
  closedDataRequest.parse({
    meetingId,
    asOf: '2027-02-01T08:00:00.000Z',
    protocolVersion: '1.0.0',
    participants: people,
  });

const handOver = async (data: object, headers: Record<string, string> = token) => {
  const reply = await fetch(`${room.vault.address}/studies/${studyId}/closed-data`, {
    method: 'POST',
    headers,
    body: JSON.stringify(data),
  });
  return { status: reply.status, text: await reply.text() };
};

before(async () => {
  room = await openStockVault(databases);
  await room.study.createStudy(stockStudy({ kits: 'toOrder', procedure: { kind: 'bigStick', tolerance: 1 } }));
  for (const index of [0, 1, 2, 3]) {
    await room.study.allocate(studyId, {
      participantId: `P10000000${index}`,
      stratum: 'east',
      requestId: `r${index}`,
      siteId: 'east',
    });
  }
});
after(async () => {
  await room.vault.close();
  await databases.close();
});

describe('the tables', () => {
  const armOf = new Map(people.map(({ participantId }, index) => [participantId, index < 2 ? 'x' : 'y']));
  const arms = armsOf(dataOf('counted-by-hand'), ['y', 'x'], armOf);

  it('letter the arms in the order of the meeting and count people by hand', () => {
    assert.deepEqual(
      arms.map(({ letter, people: all }) => [letter, all.length]),
      [
        ['A', 2],
        ['B', 2],
      ],
    );
    const counts = new Map(disposition(arms).map(({ what, counts: both }) => [what, both]));
    assert.deepEqual(counts.get('Withdrawn'), [0, 1]);
    assert.deepEqual(counts.get('Completed'), [1, 0]);
    assert.deepEqual(counts.get('Deaths'), [0, 0]);
    const [, b] = arms;
    assert.ok(b);
    // One of two people: exact limits 1.3 to 98.7 % (Clopper & Pearson 1934).
    const any = eventsBy(b, () => true);
    assert.deepEqual([any.people, any.of, any.events], [2, 2, 3]);
    const serious = eventsBy(b, ({ serious: one }) => one);
    assert.deepEqual([serious.people, serious.events], [1, 1]);
    assert.ok(Math.abs(serious.lower - 0.0126) < 1e-4 && Math.abs(serious.upper - 0.9874) < 1e-4);
  });

  it('take means with limits, and the last guess of everybody', () => {
    const [a, b] = arms;
    assert.ok(a && b);
    const day1 = outcomeBy(b, 'mood').get(1);
    assert.deepEqual([day1?.n, day1?.mean], [2, 15]);
    // t(0.975, 1) = 12.706 times 7.071 / sqrt 2.
    assert.ok(Math.abs((day1?.upper ?? 0) - (15 + 12.7062047 * 5)) < 1e-5);
    assert.deepEqual(outcomeBy(b, 'mood').get(8), { n: 1, mean: 14, lower: null, upper: null });
    assert.deepEqual([...guessesBy(b)], [['active', 2]]);
    assert.deepEqual([...guessesBy(a)], [['dontKnow', 1]]);
    assert.deepEqual(staying(b, [5, 20]), [1, 0.5]);
  });
});

describe('the report', () => {
  const protocol = libraryProtocol('lsd-10ug-every-third-day');
  const design = { arms: protocol.arms.map(({ id, weight, content }) => ({ id, weight, content })) };
  const reportOf = (letters: readonly string[], others: readonly string[]) => {
    const study = { studyId, document: protocol, design };
    const meeting = { data: dataOf('counted-by-hand'), letters, study, dataHash: 'f'.repeat(64) };
    const armOf = new Map(people.map(({ participantId }, index) => [participantId, others[index < 2 ? 0 : 1] ?? '']));
    return renderPage(reportPage(meeting as never, armOf), null, []);
  };

  it('is the same, byte for byte, whichever arm a letter stands for: nothing in it gives the letters away', () => {
    const [first = '', second = ''] = protocol.arms.map(({ id }) => id);
    assert.equal(reportOf([first, second], [first, second]), reportOf([second, first], [second, first]));
  });

  it('asks the protocol’s stopping rules of every arm by itself', () => {
    const rules = protocol.safety.stoppingRules ?? [];
    assert.ok(rules.length > 0);
    const text = reportOf(['lsd', 'placebo'], ['lsd', 'placebo']);
    for (const { label } of rules) assert.ok(text.includes(escapeText(label)), label);
  });

  it('tells what a rule says of an arm as the study tells it of everybody', () => {
    const rule: Extract<StoppingRule, { kind: 'rate' }> = {
      kind: 'rate',
      id: 'r',
      label: 'R',
      event: 'relatedGrade3',
      limit: 0.1,
      probability: 0.9,
      prior: { alpha: 1, beta: 1 },
      minimumExposed: 2,
    };
    const [x] = armsOf(
      dataOf('counted-by-hand'),
      ['x'],
      new Map(people.map(({ participantId }) => [participantId, 'x'])),
    );
    assert.ok(x);
    // One of four people with an unassessed event of grade 4: Pr(beta(2, 4) > 0.1) = 0.91854.
    const standing = stoppingBy(x, rule);
    assert.deepEqual([standing.people, standing.exposed, standing.met], [1, 4, true]);
    assert.ok(Math.abs((standing.probability ?? 0) - 0.91854) < 1e-5);
    assert.equal(stoppingBy(x, { ...rule, minimumExposed: 5 }).probability, null);
    const deaths = { kind: 'count', id: 'd', label: 'D', event: 'death', atLeast: 1 } as const;
    assert.equal(stoppingBy(x, deaths).met, false);
  });
});

describe('a meeting', () => {
  it('takes the data once, from the study alone, with an answer that says nothing', async () => {
    const data = dataOf('meeting-number-1');
    const first = await handOver(data);
    assert.equal(first.status, 200);
    assert.deepEqual(Object.keys(JSON.parse(first.text)), ['dataHash']);
    assert.deepEqual(await handOver(data), first);
    assert.equal((await handOver({ ...data, protocolVersion: '2.0.0' })).status, 409);
    assert.equal((await handOver(data, { ...token, authorization: `Bearer ${'supply'.repeat(8)}` })).status, 401);
    assert.equal((await handOver({ ...data, arms: [] })).status, 400);
  });

  it('is read by the board’s statistician and nobody else', async () => {
    const board = await signedIn(room.vault, 'board', studyId, ['dsmb']);
    const page = await board(`/room/studies/${studyId}/closed-report/meeting-number-1/report`);
    assert.equal(page.status, 200);
    for (const word of ['Disposition', 'Headache', 'Seizure', 'Arm A', 'Arm B'])
      assert.match(page.text, new RegExp(word));
    assert.doesNotMatch(page.text, /lsd-10|placebo arm|P100000000|<script/);
    const other = await signedIn(room.vault, 'other-role', studyId, ['pharmacist', 'physician', 'safety']);
    assert.equal((await other(`/room/studies/${studyId}/closed-report`)).status, 403);
    assert.equal((await board(`/room/studies/${studyId}/closed-report/no-such-meeting/report`)).status, 404);
  });

  it('gives its letters on a second act with a reason, in an order that is not the study’s own', async () => {
    const board = await signedIn(room.vault, 'board-two', studyId, ['dsmb']);
    const path = `/room/studies/${studyId}/closed-report/meeting-number-1/letters`;
    assert.match((await board(path, { reason: '', password })).text, /Write down why/);
    assert.match((await board(path, { reason: 'Imbalance', password: 'not the one' })).text, /Nothing was done/);
    assert.match(
      (await board(path, { reason: 'Imbalance of seizures', password })).text,
      /<td>A<\/td><td>(lsd|placebo)/,
    );
    const firsts = new Map<string, number>();
    for (let meeting = 0; meeting < 40; meeting += 1) {
      const meetingId = `meeting-random-${meeting}`;
      await handOver({ ...dataOf(meetingId), participants: [] });
      const text = (
        await board(`/room/studies/${studyId}/closed-report/${meetingId}/letters`, { reason: 'Test', password })
      ).text;
      const first = /<td>A<\/td><td>([^<]+)/.exec(text)?.[1] ?? '';
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    // Two arms, 40 fair draws: outside 7 to 33 less than once in 50,000.
    assert.equal(firsts.size, 2);
    for (const count of firsts.values()) assert.ok(count >= 7 && count <= 33, JSON.stringify([...firsts]));
  });

  it('lets one of four words out, once', async () => {
    const board = await signedIn(room.vault, 'board-three', studyId, ['dsmb']);
    const path = `/room/studies/${studyId}/closed-report/meeting-number-1`;
    assert.match((await board(path, { word: 'stop because of arm A', password })).text, /one of the four/);
    assert.equal((await board(path, { word: 'pause', password })).to, `${path}?done=yes`);
    assert.match((await board(path, { word: 'continue', password })).text, /has a recommendation/);
    const facts = await (await fetch(`${room.vault.address}/facts?after=0`, { headers: token })).json();
    assert.deepEqual(
      (facts as { facts: { kind: string; participantId: string }[] }).facts.map(({ kind, participantId }) => [
        kind,
        participantId,
      ]),
      [['board-pause', '0000000000']],
    );
  });
});
