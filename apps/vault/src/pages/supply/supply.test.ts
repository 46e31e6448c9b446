/** A pharmacist's way through the pages, in a real browser: from an empty supply to destruction before two people. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import type { Browser, Page } from 'playwright-core';
import { createPerson, personByPassword, setRoles } from '../../people/people.ts';
import { overdrawn, sumByBatch } from '../../register/balances.ts';
import { readBalances, requireStudy } from '../../register/stock.ts';
import { openStockVault, type StockVault, stockStudy } from '../../stock/test-stock.ts';
import { inTransaction } from '../../store.ts';

const support = (file: string) => import(new URL(`../../../../../tests/support/${file}`, import.meta.url).href);
const password = 'a pharmacist’s long password';
const databases = createTestDatabases();
let room: StockVault;
let chromium: Browser;
let judge: (page: Page, name: string) => Promise<void>;

before(async () => {
  room = await openStockVault(databases);
  await room.study.createStudy(stockStudy());
  for (const login of ['first', 'second']) {
    await createPerson(room.house, 'test', { login, name: `Pharmacist ${login}`, keeper: login === 'first' }, password);
    const person = await personByPassword(room.house, login, password);
    await setRoles(room.house, 'test', person?.personId ?? '', [{ studyId: 'stock', role: 'pharmacist' }]);
  }
  const { openBrowser } = await support('browser.ts');
  const { describeViolations, findAccessibilityViolations } = await support('accessibility.ts');
  chromium = await openBrowser();
  const folder = process.env.LIMEN_PICTURES;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  judge = async (page, name) => {
    for (const [width, colorScheme] of [
      [360, 'dark'],
      [1280, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      assert.equal(describeViolations(await findAccessibilityViolations(page)), '', `${name} at ${width}`);
      const wide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      assert.equal(await page.evaluate(wide), false, `${name} overflows at ${width}`);
      if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
    }
  };
});
after(async () => {
  await chromium.close();
  await room.vault.close();
  await databases.close();
});

async function signIn(login: string): Promise<Page> {
  const page = await (await chromium.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${room.vault.address}/room/sign-in`);
  await page.getByLabel('Sign-in name').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/room');
  return page;
}

const at = (path = '') => `${room.vault.address}/room/studies/stock/supply${path}`;
/** Fills the form that ends with this button, by label, and sends it. */
async function send(page: Page, button: string, filled: Record<string, string>): Promise<void> {
  const form = page.locator('form', { has: page.getByRole('button', { name: button }) });
  for (const [label, value] of Object.entries(filled)) {
    const control = form.getByLabel(label, { exact: true });
    if ((await control.and(page.locator('select')).count()) > 0) await control.selectOption({ label: value });
    else await control.fill(value);
  }
  await form.getByRole('button', { name: button }).click();
  await page.waitForLoadState();
}

const own = { 'Your own password': password };

async function recordBatch(page: Page, batch: Record<string, string>, capsules: string): Promise<void> {
  await page.goto(at('/batches'));
  await send(page, 'Record the batch', {
    'Mean, mg': '300',
    'Standard deviation, mg': '4',
    'Capsules weighed': '30',
    ...batch,
  });
  await page.waitForURL(`**/batches/${batch.Batch}`);
  await send(page, 'Decide', { Decision: 'Release it', Why: 'As tested', ...own });
  await page.getByRole('status').waitFor();
  await send(page, 'Take them in', { 'Capsules counted': capsules, 'Papers they came with': 'Form 222-1', ...own });
  await page.getByText(`Loose in the vault: ${capsules}`).waitFor();
}

/** What the site tells, as the study server would. */
let told = 0;
async function tell(act: Record<string, unknown>): Promise<void> {
  told += 1;
  const common = { actId: `a${told}`, at: room.clock.now, by: 'coordinator', siteId: 'east' };
  await room.study.recordKitActs('stock', [{ ...common, ...act } as never]);
}

describe('the supply', () => {
  it('walks from the first batch to destruction, every page accessible, and no capsule is lost', async () => {
    const page = await signIn('first');
    for (const path of ['', '/batches', '/sites', '/kits', '/shipments', '/forecast', '/register', '/destruction']) {
      await page.goto(at(path));
      await judge(page, `empty${path.replace('/', '-')}`);
    }
    await page.goto(at());
    await page.getByRole('link', { name: 'Record a batch' }).click();
    const active = { Batch: 'lsd-1', 'Intervention of the protocol': 'LSD 10 µg', 'What was weighed': 'LSD base' };
    const assay = {
      Content: '33.3',
      Unit: 'µg/g',
      'Coefficient of variation, %': '3',
      Method: 'HPLC-UV',
      Date: '2026-12-01',
    };
    await recordBatch(page, { ...active, ...assay, 'Last day of use': '2028-01-01' }, '400');
    await judge(page, 'batch');
    const placebo = { Batch: 'placebo-1', 'Intervention of the protocol': 'Placebo' };
    await recordBatch(page, { ...placebo, 'Last day of use': '2028-06-01' }, '400');
    await page.goto(at('/batches'));
    await judge(page, 'batches');

    for (const Site of ['Eastern clinic', 'Western clinic']) {
      await page.goto(at('/sites'));
      await page.getByLabel('lsd', { exact: true }).check();
      await send(page, 'Register the site', {
        Site,
        Authority: 'DEA',
        Number: 'R-1',
        'Last day': '2029-01-01',
        ...own,
      });
    }
    await judge(page, 'sites');

    await page.goto(at('/kits'));
    await send(page, 'Make the kits', { Sets: '400' });
    await page.getByRole('alert').getByText('capsules of lsd-1 are needed; the store has 400').waitFor();
    await send(page, 'Make the kits', { Sets: '6' });
    await page.getByText('Kits, 12').waitFor();
    await judge(page, 'kits');
    await page.goto(at('/shipments'));
    await send(page, 'Send', { To: 'Eastern clinic', Sets: '4' });
    await page.waitForURL('**/shipments/s-*');
    await judge(page, 'shipment');
    const shipmentId = page.url().split('/').at(-1) ?? '';
    for (const name of ['Packing slip (PDF)', 'Labels (PDF)', 'Packing list, unblinded (PDF)']) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
      assert.equal(await download.failure(), null, name);
      if (process.env.LIMEN_PICTURES)
        await download.saveAs(`${process.env.LIMEN_PICTURES}/${download.suggestedFilename()}`);
    }

    await tell({ kind: 'shipmentReceived', shipmentId, missing: [], damaged: [] });
    await tell({ kind: 'excursion', shipmentId, lowestCelsius: 2, highestCelsius: 31, hours: 4 });
    await page.reload();
    await page.getByText('Held back').first().waitFor();
    await send(page, 'Decide', {
      Decision: 'Release it: the kits are good',
      Why: 'Within the label’s excursions',
      ...own,
    });
    await page.getByText('Received', { exact: true }).first().waitFor();

    room.clock.now = '2027-02-03T08:00:00.000Z';
    const second = await signIn('second');
    const first = await signIn('first');
    const kits: string[] = [];
    for (const participantId of ['P1001', 'P1002']) {
      const request = { participantId, stratum: 'east', siteId: 'east', requestId: participantId };
      kits.push((await room.study.allocate('stock', request)).kit);
      await tell({ kind: 'dispensed', kit: kits.at(-1), participantId });
    }
    await tell({ kind: 'returned', kit: kits[0], units: 3 });
    await tell({ kind: 'lost', kit: kits[1] });
    await tell({ kind: 'destroyed', kits: [kits[0]], witness: 'monitor' });
    await first.goto(at(`/kits/${kits[0]}`));
    await first.getByText('Destroyed', { exact: true }).first().waitFor();
    await judge(first, 'kit');
    await first.goto(at('/forecast'));
    await judge(first, 'forecast');
    await first.goto(at());
    await first.getByRole('alert').getByText('are lost').waitFor();
    await judge(first, 'overview');

    await first.goto(at('/destruction'));
    await send(first, 'Enter the destruction', {
      Batch: 'lsd-1',
      Capsules: '10',
      Method: 'Incineration',
      Papers: 'Form 41-1',
      Why: 'Retained too long',
      ...own,
    });
    await first.getByText('The other person confirms').waitFor();
    await second.goto(at('/destruction'));
    await judge(second, 'destruction');
    await send(second, 'Confirm the destruction', own);
    await second.getByRole('link', { name: 'PDF' }).waitFor();

    for (const place of ['vault', 'east']) {
      await first.goto(`${at('/register')}?place=${place}&substance=lsd`);
      await send(first, 'Enter the count', {
        Kind: 'opening',
        'Capsules of lsd-1 counted': '300',
        'Capsules of placebo-1 counted': '300',
        ...own,
      });
    }
    await send(first, 'It is reported', { Report: 'Form 106-1', ...own });
    await first.goto(`${at('/register')}?place=vault&substance=lsd`);
    const corrected = {
      From: 'Loose in the vault',
      To: 'Lost',
      Batch: 'lsd-1',
      Capsules: '1',
      Why: 'Fell apart at counting',
    };
    await send(first, 'Enter the correction', { ...corrected, ...own });
    await first.getByText(/Fell apart at counting/).waitFor();
    await judge(first, 'register');
    const [download] = await Promise.all([
      first.waitForEvent('download'),
      first.getByRole('link', { name: 'Register (PDF)' }).click(),
    ]);
    assert.equal(await download.failure(), null);
    if (process.env.LIMEN_PICTURES) await download.saveAs(`${process.env.LIMEN_PICTURES}/register.pdf`);

    await inTransaction(room.house, async (client) => {
      const balances = await readBalances(client, await requireStudy(room.house, client, 'stock'));
      assert.deepEqual(
        [...sumByBatch(balances)],
        [
          ['lsd-1', 0],
          ['placebo-1', 0],
        ],
      );
      assert.deepEqual(overdrawn(balances), []);
      const sum = (account: string) => [...(balances.get(account as never)?.values() ?? [])].reduce((a, b) => a + b, 0);
      assert.deepEqual(['store', 'kits', 'site east', 'participants east', 'used', 'lost', 'destroyed'].map(sum), [
        800 - 12 * 14 - 10 - 1,
        4 * 14,
        6 * 14,
        0,
        11,
        14 + 1,
        3 + 10,
      ]);
    });
  });
});
