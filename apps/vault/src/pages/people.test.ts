/** The vault's own people, over HTTP as a browser sends it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import { startVault, type Vault, vaultClient } from '../index.ts';
import { verifyTrail } from '../trail.ts';

const tokens = { study: 'study'.repeat(8), supply: 'supply'.repeat(8), emergency: 'emergency'.repeat(8) };
const databases = createTestDatabases();
const clock = { now: '2027-02-01T08:00:00.000Z' };
const own = 'a keeper’s long password';
let vault: Vault;

before(async () => {
  const database = await databases.freshDatabase();
  vault = await startVault({
    databaseUrl: database.connectionString,
    key: Buffer.alloc(32, 9),
    tokens,
    port: 0,
    clock: { now: () => clock.now },
    random: (length) => randomBytes(length),
    setupCode: 'a-set-up-code',
    log: () => undefined,
  });
});
after(async () => {
  await vault.close();
  await databases.close();
});

/** A browser that keeps its cookie. */
function browser() {
  let cookie = '';
  const visit = async (
    path: string,
    form?: Record<string, string | string[]>,
    headers: Record<string, string> = {},
  ) => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(form ?? {})) for (const one of [value].flat()) body.append(name, one);
    const reply = await fetch(`${vault.address}${path}`, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie, ...headers },
      ...(form ? { body } : {}),
    });
    cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return {
      status: reply.status,
      to: reply.headers.get('location'),
      text: await reply.text(),
      headers: reply.headers,
    };
  };
  return { visit, forget: () => (cookie = '') };
}

const keeper = browser();

describe('the first run', () => {
  it('leads to the set-up page, refuses a wrong code, and makes one keeper', async () => {
    assert.equal((await keeper.visit('/')).to, '/room');
    assert.equal((await keeper.visit('/room')).to, '/room/sign-in');
    assert.equal((await keeper.visit('/room/sign-in')).to, '/room/set-up');
    const person = { name: 'K', login: 'Keeper', password: own };
    const wrong = await keeper.visit('/room/set-up', { ...person, code: 'another-code' });
    assert.equal(wrong.status, 401);
    assert.match(wrong.text, /set-up code is not right/);
    const short = await keeper.visit('/room/set-up', { ...person, code: 'a-set-up-code', password: 'short' });
    assert.match(short.text, /at least 12 characters/);
    assert.equal((await keeper.visit('/room/set-up', { ...person, code: 'a-set-up-code' })).to, '/room');
    const again = await browser().visit('/room/set-up', { ...person, login: 'second', code: 'a-set-up-code' });
    assert.match(again.text, /set up already/);
  });

  it('gives pages that run no script, are in no cache and in no frame', async () => {
    const { headers, text } = await keeper.visit('/room');
    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'unsafe-inline'/);
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.doesNotMatch(text, /<script/);
  });
});

describe('accounts and roles', () => {
  let startingPassword = '';
  let personId = '';

  it('are made with the keeper’s password, and only from the vault’s own pages', async () => {
    const study = vaultClient({ address: vault.address, token: tokens.study });
    const constant = (id: string) => ({ id, weight: 1, content: { kind: 'constant' as const, intervention: id } });
    await study.createStudy({
      studyId: 'pilot',
      protocolHash: 'a'.repeat(64),
      procedure: { kind: 'bigStick', tolerance: 3 },
      arms: [constant('lsd'), constant('placebo')],
      stratifyBy: [],
      capsules: 4,
    });
    const person = { name: 'Ph <b>', login: 'pharmacist' };
    const wrong = await keeper.visit('/room/people', { ...person, password: 'not this one at all' });
    assert.match(wrong.text, /Nothing was done/);
    const foreign = await keeper.visit('/room/people', { ...person, password: own }, { origin: 'https://example.org' });
    assert.match(foreign.text, /not sent from a page of this vault/);
    const made = await keeper.visit('/room/people', { ...person, password: own });
    startingPassword = /class="big label">([^<]+)</.exec(made.text)?.[1] ?? '';
    personId = /people\/([\w-]+)"/.exec(made.text)?.[1] ?? '';
    assert.match(startingPassword, /^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    assert.match((await keeper.visit('/room/people')).text, /Ph &lt;b&gt;/);
    assert.match((await keeper.visit('/room/people', { ...person, password: own })).text, /name is taken/);
  });

  it('a starting password opens the page that changes it and no other', async () => {
    const pharmacist = browser();
    assert.equal(
      (await pharmacist.visit('/room/sign-in', { login: ' PHARMACIST ', password: startingPassword })).to,
      '/room',
    );
    assert.equal((await pharmacist.visit('/room')).to, '/room/password');
    const next = 'a pharmacist’s password';
    const changed = await pharmacist.visit('/room/password', { password: startingPassword, next });
    assert.equal(changed.to, '/room');
    assert.match((await pharmacist.visit('/room')).text, /no role in a study yet/);
    const set = await keeper.visit(`/room/people/${personId}`, { role: ['pilot|pharmacist'], password: own });
    assert.equal(set.to, `/room/people/${personId}?done=roles`);
    assert.match((await pharmacist.visit('/room')).text, /studies\/pilot\/supply/);
    assert.equal((await pharmacist.visit('/room/people')).status, 403);
    assert.match(
      (await keeper.visit(`/room/people/${personId}`, { role: ['other|dsmb'], password: own })).text,
      /no study other/,
    );
    await keeper.visit(`/room/people/${personId}`, { act: 'close', password: own });
    assert.equal((await pharmacist.visit('/room')).to, '/room/sign-in');
  });

  it('the last keeper stays, sessions end when idle, and the trail holds it all', async () => {
    const id = /people\/([\w-]+)">Change/.exec((await keeper.visit('/room/people')).text)?.[1] ?? '';
    assert.match((await keeper.visit(`/room/people/${id}`, { act: 'close', password: own })).text, /last keeper/);
    clock.now = '2027-02-01T08:31:00.000Z';
    assert.equal((await keeper.visit('/room')).to, '/room/sign-in');
    const client = await vault.house.pool.connect();
    try {
      const verified = await verifyTrail(vault.house, client, '-house');
      assert.ok(verified.ok, JSON.stringify(verified));
      const { rows } = await client.query<{ type: string }>(
        "select type from trail where study_id = '-house' order by seq",
      );
      assert.deepEqual([...new Set(rows.map((row) => row.type))].sort(), [
        'person.closed',
        'person.created',
        'person.passwordChanged',
        'person.rolesSet',
        'session.opened',
      ]);
    } finally {
      client.release();
    }
  });

  it('wrong passwords are waited for, whoever asks', async () => {
    const somebody = browser();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await somebody.visit('/room/sign-in', { login: 'nobody', password: 'x' });
    }
    assert.match((await somebody.visit('/room/sign-in', { login: 'nobody', password: 'x' })).text, /Too many attempts/);
  });
});

describe('in a real browser', () => {
  it('the forms work, and the pages are accessible by day and night, on a phone and a desk', async () => {
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
        await page.goto(`${vault.address}/room/sign-in`);
        await page.getByLabel('Sign-in name').fill('keeper');
        await page.getByLabel('Password').fill(own);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.waitForURL('**/room');
        await page.getByRole('link', { name: 'People' }).first().click();
        assert.equal(describeViolations(await findAccessibilityViolations(page)), '');
        await page.locator('td').getByRole('link', { name: 'Change' }).first().click();
        await page.getByLabel('Your own password').first().fill(own);
        await page.getByRole('button', { name: 'Set the roles' }).click();
        await page.getByRole('status').getByText('The roles are as set below').waitFor();
        assert.equal(describeViolations(await findAccessibilityViolations(page)), '');
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth > document.documentElement.clientWidth',
        );
        assert.equal(overflow, false, `overflow at ${width}`);
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.waitForURL('**/room/sign-in');
        await page.close();
      }
    } finally {
      await chromium.close();
    }
  });
});
