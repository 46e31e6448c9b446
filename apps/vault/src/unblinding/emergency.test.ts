/** The emergency code break as a physician meets it: over HTTP and in a real browser. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import { vaultClient } from '../index.ts';
import { verifyTrail } from '../trail.ts';
import {
  createLibraryStudy,
  openTestBrowser,
  openTestRoom,
  own,
  stratumOf,
  studyId,
  type TestBrowser,
  type TestRoom,
  tokens,
  trailTypes,
} from './test-room.ts';

const databases = createTestDatabases();
let room: TestRoom;
let physician: TestBrowser;

before(async () => {
  room = await openTestRoom(databases);
  physician = await room.person('physician', ['physician']);
});
after(async () => {
  await room.close();
  await databases.close();
});

const study = () => vaultClient({ address: room.vault.address, token: tokens.study });
const kitOf = (participantId: string) => room.kits.get(participantId) ?? '';
type Fact = { seq: string; studyId: string; participantId: string; kind: string; at: string };

async function factsAfter(seq: number): Promise<Fact[]> {
  const headers = { authorization: `Bearer ${tokens.study}` };
  const reply = await fetch(`${room.vault.address}/facts?after=${seq}`, { headers });
  return ((await reply.json()) as { facts: Fact[] }).facts;
}
const lastFact = async () => Number((await factsAfter(0)).at(-1)?.seq ?? 0);
const requestId = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

async function armOf({ vault }: TestRoom, participantId: string): Promise<string> {
  const machine = vaultClient({ address: vault.address, token: tokens.supply });
  const { capsules } = await machine.packingList(studyId, room.kits.get(participantId) ?? '');
  return capsules[0]?.intervention ?? '';
}

describe('an emergency', () => {
  it('needs the number alone: everything else may be left open, and no approval is asked for', async () => {
    const page = await physician.visit('/room/emergency');
    assert.match(page.text, /Card or kit number/);
    assert.doesNotMatch(page.text, /type="password"/, 'the sign-in is fresh');
    for (const participantId of room.kits.keys()) {
      const { status, text, headers } = await physician.visit('/room/emergency', { number: kitOf(participantId) });
      assert.equal(status, 200);
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.match(text, /class="unprintable"/);
      const active = (await armOf(room, participantId)) === 'lsd-10';
      if (active)
        assert.match(text, /LSD 10 µg<\/p>.*10 µg LSD base in each capsule.*Half-life 3\.6 hours.*Do not give/s);
      else assert.match(text, /Placebo: no active substance<\/p>.*The capsules do not explain the symptoms/s);
    }
  });

  it('reads a number as people type it, and says which fault it has', async () => {
    const kit = kitOf('P001');
    const typed = `${kit.slice(0, 4).toLowerCase()} - ${kit.slice(4).toLowerCase()}`;
    assert.equal((await physician.visit('/room/emergency', { number: typed })).status, 200);
    const slip = await physician.visit('/room/emergency', {
      number: `${kit.slice(0, 7)}${kit[7] === 'A' ? 'B' : 'A'}`,
    });
    assert.equal(slip.status, 404);
    assert.match(slip.text, /one character at least is not right/);
    assert.equal(
      (await physician.visit('/room/emergency', { number: 'p001' })).status,
      200,
      'their number in the study',
    );
    assert.match(
      (await physician.visit('/room/emergency', { number: 'P777' })).text,
      /no study in which you are on call/i,
    );
    assert.match(slip.text, /By telephone/);
  });

  it('asks for the password only where the sign-in is not fresh, and keeps what was typed when it is wrong', async () => {
    room.clock.now = '2027-02-01T08:06:00.000Z';
    const form = { number: kitOf('P001'), reason: 'anaesthesia', text: 'In theatre' };
    const page = await physician.visit('/room/emergency');
    assert.match(page.text, /type="password"/);
    const wrong = await physician.visit('/room/emergency', { ...form, password: 'not mine at all' });
    assert.equal(wrong.status, 401);
    assert.match(wrong.text, /Nothing was done/);
    assert.match(wrong.text, new RegExp(`value="${form.number}".*value="anaesthesia" selected.*In theatre`, 's'));
    assert.equal((await physician.visit('/room/emergency', { ...form, password: own })).status, 200);
    assert.equal((await physician.visit('/room/emergency', form)).status, 200, 'and now it is fresh again');
  });

  it('comes back from the sign-in to the page that was asked for, and to no page elsewhere', async () => {
    const stranger = openTestBrowser(room.vault.address);
    const asked = `/room/studies/${studyId}/emergency?number=${kitOf('P002')}&taken=2027-02-01T06:00:00.000Z&dose=3`;
    const away = await stranger.visit(asked);
    assert.equal(away.to, `/room/sign-in?to=${encodeURIComponent(asked)}`);
    const entered = await stranger.visit(away.to ?? '', { login: 'physician', password: own });
    assert.equal(entered.to, asked);
    const page = await stranger.visit(entered.to ?? '');
    assert.match(page.text, new RegExp(`value="${kitOf('P002')}"`));
    const shown = await stranger.visit(asked, { number: kitOf('P002') });
    assert.match(shown.text, /Last capsule recorded: number 3, 2027-02-01 06:00 UTC, 2 hours 6 minutes ago/);
    for (const elsewhere of [
      'https://example.org/',
      '//example.org',
      '/room/../x',
      '/elsewhere',
      '/room//example.org',
    ]) {
      const browser = openTestBrowser(room.vault.address);
      const to = `/room/sign-in?to=${encodeURIComponent(elsewhere)}`;
      const entry = await browser.visit(to, { login: 'physician', password: own });
      assert.match(entry.to ?? '', /^\/room/, elsewhere);
      assert.equal(new URL(entry.to ?? '', room.vault.address).host, new URL(room.vault.address).host);
    }
  });

  it('is open to physicians of the study and to nobody else', async () => {
    const pharmacist = await room.person('pharmacist', ['pharmacist', 'safety', 'dsmb']);
    for (const browser of [pharmacist, room.keeper]) {
      assert.equal((await browser.visit('/room/emergency')).status, 403);
      assert.equal((await browser.visit('/room/emergency', { number: kitOf('P001') })).status, 403);
      assert.equal((await browser.visit(`/room/studies/${studyId}/emergency`)).status, 403);
      assert.doesNotMatch((await browser.visit('/room')).text, /href="\/room\/emergency"/);
    }
    assert.match((await physician.visit('/room')).text, /href="\/room\/emergency"/);
  });

  it('asks which study where several have a kit of the number', async () => {
    await createLibraryStudy(room.vault, 'second', room.protocol);
    const { kit } = await study().allocate('second', {
      participantId: 'P001',
      stratum: stratumOf(room.protocol),
      requestId: 'r1',
    });
    await room.vault.house.pool.query('alter table allocation disable trigger allocation_is_final');
    await room.vault.house.pool.query("update allocation set kit = $1 where study_id = 'second' and kit = $2", [
      kitOf('P003'),
      kit,
    ]);
    const both = await room.person('both', ['physician'], [studyId, 'second']);
    const before = (await factsAfter(0)).length;
    const page = await both.visit('/room/emergency', { number: kitOf('P003'), requestId: requestId(7) });
    assert.match(page.text, /Which study\?/);
    assert.equal((await factsAfter(0)).length, before, 'nothing was opened yet');
    await both.visit('/room/emergency', { number: kitOf('P003'), study: 'second', requestId: requestId(7) });
    const told = (await factsAfter(0)).at(-1);
    assert.deepEqual([told?.studyId, told?.participantId], ['second', 'P001']);
  });
});

describe('the fact', () => {
  it('is one for a form that is sent twice, stands on the trail each time, and tells nothing of what was found', async () => {
    const next = await lastFact();
    const form = { number: kitOf('P004'), reason: 'overdose', couldTreat: 'no', requestId: requestId(1) };
    const broken = (await trailTypes(room)).filter((type) => type === 'code.broken').length;
    await physician.visit('/room/emergency', form);
    await physician.visit('/room/emergency', form);
    const facts = await factsAfter(next);
    const seq = facts[0]?.seq ?? '';
    assert.match(seq, /^\d{12}$/);
    assert.deepEqual(facts, [{ seq, studyId, participantId: 'P004', kind: 'emergency', at: room.clock.now }]);
    const types = (await trailTypes(room)).filter((type) => type === 'code.broken');
    assert.equal(types.length, broken + 2);
    const client = await room.vault.house.pool.connect();
    try {
      const verified = await verifyTrail(room.vault.house, client, studyId);
      assert.ok(verified.ok, JSON.stringify(verified));
      await assert.rejects(client.query("update unblinding set kind = 'drill'"), /append-only/);
    } finally {
      client.release();
    }
  });

  it('comes from the token of machines too, and only the study server may read facts', async () => {
    const next = await lastFact();
    const machine = vaultClient({ address: room.vault.address, token: tokens.emergency });
    await machine.breakCode(studyId, { participantId: 'P005', reason: 'By telephone', by: 'rota' });
    assert.deepEqual(
      (await factsAfter(next)).map(({ participantId, kind }) => [participantId, kind]),
      [['P005', 'emergency']],
    );
    for (const token of [tokens.supply, tokens.emergency, 'nobody']) {
      const reply = await fetch(`${room.vault.address}/facts?after=0`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(reply.status, 401);
    }
  });

  it('and every other byte but the physician’s answer is the same under another allocation', async () => {
    const worlds = [await openTestRoom(databases, { draw: 'one' }), await openTestRoom(databases, { draw: 'another' })];
    try {
      const [one, other] = await Promise.all(worlds.map(observeCodeBreaks));
      assert.deepEqual([...(one?.kits ?? [])], [...(other?.kits ?? [])], 'labels say nothing');
      assert.notDeepEqual(one?.answers, other?.answers, 'the allocations differ, and the physician sees it');
      assert.deepEqual(one?.blinded, other?.blinded);
      assert.ok((one?.blinded.length ?? 0) > 20);
    } finally {
      for (const world of worlds) await world.close();
    }
  });
});

const unmasked = /name="requestId" value="[^"]+"/g;

/** Everything but the answers themselves: other people's pages, the facts, logs, metrics, headers of the answers. */
async function observeCodeBreaks(world: TestRoom) {
  const doctor = await world.person('doctor', ['physician']);
  const others = [world.keeper, await world.person('safety', ['safety']), await world.person('board', ['dsmb'])];
  const answers: string[] = [];
  const blinded: string[] = [];
  for (const [index, kit] of [...world.kits.values()].entries()) {
    const { status, text, headers } = await doctor.visit('/room/emergency', {
      number: kit,
      requestId: requestId(index),
    });
    answers.push(text);
    blinded.push(`${status} ${[...headers].filter(([name]) => name !== 'date' && name !== 'content-length').join()}`);
  }
  for (const path of ['/room', '/room/emergency', '/room/readiness', `/room/studies/${studyId}/drill`]) {
    for (const browser of [doctor, ...others]) {
      const { status, text, headers } = await browser.visit(path);
      blinded.push(
        `${status} ${[...headers].filter(([name]) => name !== 'date').join()} ${text.replace(unmasked, '')}`,
      );
    }
  }
  const facts = await fetch(`${world.vault.address}/facts?after=0`, {
    headers: { authorization: `Bearer ${tokens.study}` },
  });
  blinded.push(`${[...facts.headers].join()} ${await facts.text()}`);
  return { kits: world.kits, answers, blinded: [...blinded, ...world.log] };
}

describe('a drill', () => {
  it('goes the whole way on nobody’s treatment, is timed, marked, and told as a drill', async () => {
    const next = await lastFact();
    const broken = (await trailTypes(room)).filter((type) => type === 'code.broken').length;
    const begun = await physician.visit(`/room/studies/${studyId}/drill`, { site: 'west' });
    const kit = /class="verdict label">([^<]+)</.exec(begun.text)?.[1] ?? '';
    assert.ok(![...room.kits.values()].includes(kit));
    room.clock.now = '2027-02-01T08:06:45.000Z';
    const { text } = await physician.visit('/room/emergency', { number: kit, requestId: requestId(20) });
    assert.match(text, /This is a drill.*45 seconds from the start of the drill/);
    assert.match(text, /What this means for treatment/);
    const facts = await factsAfter(next);
    assert.deepEqual(
      facts.map(({ kind, participantId }) => [kind, participantId]),
      [['drill', '0000000000']],
    );
    assert.equal((await trailTypes(room)).filter((type) => type === 'code.broken').length, broken);
    const page = await physician.visit(`/room/studies/${studyId}/drill`);
    assert.match(page.text, /West<\/td><td[^>]*>2027-02-01 08:06 UTC<\/td><td[^>]*>45 seconds/);
    assert.match(page.text, /East<\/td><td[^>]*>Never/);
    assert.match((await room.keeper.visit('/room/readiness')).text, /45 seconds/);
    const metrics = await (await fetch(`${room.vault.address}/metrics`)).text();
    assert.match(metrics, /limen_code_break_drill_seconds\{study="trial",site="west"\} 45\n/);
  });

  it('is due again after a quarter', async () => {
    room.clock.now = '2027-05-20T08:00:00.000Z';
    const { text } = await room.keeper.visit('/room/sign-in', { login: 'keeper', password: own });
    assert.equal(text, '');
    assert.match((await room.keeper.visit('/room/readiness')).text, /45 seconds<\/td><td[^>]*><strong>Due/);
    room.clock.now = '2027-02-01T08:06:45.000Z';
  });

  it('never takes a label that a kit could get', async () => {
    await study().allocate(studyId, { participantId: 'P900', stratum: stratumOf(room.protocol), requestId: 'r900' });
    const { rows } = await room.vault.house.pool.query(
      'select kit from allocation where study_id = $1 intersect select kit from dummy',
      [studyId],
    );
    assert.deepEqual(rows, []);
  });
});

describe('the probe', () => {
  it('opens a dummy from end to end and says no more than that', async () => {
    const reply = await fetch(`${room.vault.address}/probe`);
    assert.equal(reply.status, 200);
    const { ready, within, ...rest } = (await reply.json()) as Record<string, unknown>;
    assert.deepEqual([ready, typeof within, rest], [true, 'string', {}]);
    const metrics = await (await fetch(`${room.vault.address}/metrics`)).text();
    assert.match(metrics, /limen_code_break_ready 1\n/);
    assert.doesNotMatch(metrics, /P00|lsd|placebo/i);
  });

  it('is not ready where what is sealed does not open', async () => {
    const other = await openTestRoom(databases, { participants: 1 });
    try {
      assert.equal((await fetch(`${other.vault.address}/probe`)).status, 200);
      await other.vault.house.pool.query('update dummy set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)');
      other.clock.now = new Date(Date.parse(other.clock.now) + 1_100).toISOString();
      const reply = await fetch(`${other.vault.address}/probe`);
      assert.equal(reply.status, 503);
      assert.equal(((await reply.json()) as { ready: boolean }).ready, false);
    } finally {
      await other.close();
    }
  });
});

describe('contents that change with the capsule', () => {
  it('are told by number, and the last one by name', async () => {
    const varied = await openTestRoom(databases, { library: 'self-blinding-2021', participants: 4 });
    try {
      const doctor = await varied.person('doctor', ['physician']);
      let tables = 0;
      for (const kit of varied.kits.values()) {
        const taken = { taken: '2027-02-01T07:00:00.000Z', dose: '5' };
        const { text } = await doctor.visit('/room/emergency', { number: kit, ...taken });
        if (!text.includes('Contents by capsule number')) continue;
        tables += 1;
        assert.match(text, /1 hour ago\. It held: <strong>/);
      }
      assert.ok(tables > 0);
    } finally {
      await varied.close();
    }
  });
});

describe('in a real browser', () => {
  it('works by keyboard alone, on a phone, by day and night, accessibly', async () => {
    const support = (file: string) => import(new URL(`../../../../tests/support/${file}`, import.meta.url).href);
    const { openBrowser } = await support('browser.ts');
    const { describeViolations, findAccessibilityViolations } = await support('accessibility.ts');
    const chromium = await openBrowser();
    try {
      for (const [width, colorScheme] of [
        [1280, 'light'],
        [360, 'dark'],
      ] as const) {
        const page = await chromium.newPage({ viewport: { width, height: 780 }, colorScheme });
        await page.goto(`${room.vault.address}/room/emergency?number=${kitOf('P001')}`);
        await page.keyboard.press('Tab');
        await page.getByLabel('Sign-in name').fill('physician');
        await page.getByLabel('Password').fill(own);
        await page.keyboard.press('Enter');
        await page.waitForURL('**/room/emergency?number=*');
        assert.equal(describeViolations(await findAccessibilityViolations(page)), '');
        assert.equal(await page.evaluate('document.activeElement.name'), 'number');
        await page.keyboard.press('Enter');
        await page.getByText('What this means for treatment').first().waitFor();
        assert.equal(describeViolations(await findAccessibilityViolations(page)), '');
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth > document.documentElement.clientWidth',
        );
        assert.equal(overflow, false, `overflow at ${width}`);
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.locator('main').isVisible(), false);
        assert.ok(await page.getByText('This page is not printed').isVisible());
        if (process.env.LIMEN_PICTURES) {
          await page.emulateMedia({ media: 'screen' });
          await page.screenshot({ path: `${process.env.LIMEN_PICTURES}/emergency-${width}.png`, fullPage: true });
        }
        await page.close();
      }
    } finally {
      await chromium.close();
    }
  });
});
