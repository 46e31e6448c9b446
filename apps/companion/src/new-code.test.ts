/** Codes that open nothing any more: what the person reads, what stays on the phone, and how a new code takes over. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  admit,
  buildCompanion,
  type Clinic,
  complaintsOf,
  enter,
  invite,
  openClinic,
  openPhone,
  recordOf,
} from './clinic.test-program.ts';

const pin = '493027';

describe('a personal code that opens nothing any more', { timeout: 180_000 }, () => {
  let clinic: Clinic;
  let folder: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder);
    await phone();
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const phone = async () => {
    await browser?.close();
    ({ browser, context, page } = await openPhone(clinic));
    page.setDefaultTimeout(15_000);
  };
  const press = (name: string | RegExp) => page.getByRole('button', { name }).tap();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const come = async (code: string, button = 'Continue') => {
    await page.getByLabel('Personal code').fill(code);
    await press(button);
  };
  const renew = async (participantId: string) => {
    const coordinator = await clinic.staff.signIn('coordinator');
    const body = { commandId: clinic.commandId(), reason: 'The letter was lost' };
    const params = { studyId: clinic.staff.studyId, participantId };
    return (await coordinator(routes.renewPersonalCode, { params, body })).code;
  };

  it('a phone in use takes a new code: nothing unsent is lost, and the new code opens it from then on', async () => {
    const { participantId, code } = await enter(clinic);
    await admit(clinic, participantId, '2026-03-02');
    await page.goto(`${clinic.address}/app/#/join`);
    await come(code);
    await heading('Today');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
    await page.goto(`${clinic.address}/app/#/lock`);
    await page.getByLabel('Personal code').fill(code);
    await page.getByLabel('New PIN').fill(pin);
    await page.getByLabel('The PIN again').fill(pin);
    await press('Set the PIN');
    await page.getByLabel('Lock after').waitFor();

    await context.setOffline(true);
    await page.goto(`${clinic.address}/app/#/report`);
    await page.getByLabel('What was it?').fill('dry mouth');
    for (const [item, label] of [
      ['ongoing', 'Yes'],
      ['limits', 'No, I carried on as usual'],
      ['serious', 'None of these'],
      ['action', 'Rested'],
    ] as const) {
      await page.locator(`[data-item="${item}"]`).getByText(label, { exact: true }).tap();
    }
    await page.getByRole('button', { name: 'Today', exact: true }).tap();
    await press('Send the report');
    await heading('Thank you');

    const fresh = await renew(participantId);
    await context.setOffline(false);
    await page.getByRole('link', { name: 'Enter your code' }).tap();
    await heading('Your code, please');
    await page.getByText('Your 1 unsent entry is safe on this phone.').waitFor();
    await come(code);
    await page.getByText(/^This code has been replaced by a newer one\./).waitFor();
    assert.equal(await complaintsOf(page), '');
    assert.equal(
      (await recordOf(clinic, participantId)).some(({ type }) => type === 'adverseEvent.reported'),
      false,
    );
    await come(fresh);
    await heading('Today');
    await page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
    const told = (await recordOf(clinic, participantId)).map(({ type }) => type);
    assert.deepEqual(
      ['personalCode.renewed', 'signal.raised', 'adverseEvent.reported'].map(
        (type) => told.filter((one) => one === type).length,
      ),
      [1, 1, 1],
    );

    await page.goto(`${clinic.address}/app/#/settings`);
    await press('Lock now');
    await heading('Locked');
    // The PIN opened a key that is no more.
    assert.equal(await page.getByLabel('PIN', { exact: true }).count(), 0);
    await context.setOffline(true);
    await come(code, 'Open');
    await page.getByText('This phone holds the diary of another code.').waitFor();
    await come(fresh, 'Open');
    await page.getByText(/study day 1/).waitFor();
  });

  it('an invitation that ran out says so, keeps the code that was typed, and a new one opens', async () => {
    const { participantId, code } = await invite(clinic);
    clinic.clock.now += 31 * 86_400_000;
    await phone();
    await page.goto(`${clinic.address}/app/#/join`);
    await come(code);
    await page.getByText(/^This invitation has run out\./).waitFor();
    assert.equal(await page.getByLabel('Personal code').inputValue(), code);
    assert.equal(await complaintsOf(page), '');
    const [notice] = (await recordOf(clinic, participantId)).filter(({ type }) => type === 'signal.raised');
    assert.match(String(notice?.data.message), /after it had run out/);
    await come(await renew(participantId));
    await page.getByRole('button', { name: 'Begin' }).waitFor();
  });
});
