/** What goes wrong by itself: an update that arrives in part. And the phone that knows its owner. */
import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { admit, buildCompanion, type Clinic, enter, openClinic, openPhone } from './clinic.test-program.ts';

const note = 'rain on the tin roof';

describe('a bad day', { timeout: 180_000 }, () => {
  let clinic: Clinic;
  let folder: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let place: string;
  let code: string;

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder);
    const person = await enter(clinic);
    code = person.code;
    await admit(clinic, person.participantId, '2026-03-02');
    clinic.clock.now = Date.parse('2026-03-09T16:30:00Z');
    ({ browser, context, page } = await openPhone(clinic));
    page.setDefaultTimeout(15_000);
    // A passkey belongs to a name; an address of numbers has none.
    place = `${clinic.address.replace('127.0.0.1', 'localhost')}/app/`;
    await page.goto(`${place}#/join?code=${code}`);
    await press('Continue');
    await heading('Today');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const press = (name: string | RegExp) => page.getByRole('button', { name }).tap();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const noteField = () => page.getByLabel('Anything you would like to add?');
  /** What came of the update that the phone looked for. */
  const update = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const ended = new Promise<string>((resolve) => {
        registration.addEventListener('updatefound', () => {
          const arriving = registration.installing;
          arriving?.addEventListener('statechange', () => resolve(arriving.state));
        });
      });
      await registration.update();
      return ended;
    });

  it('an update that arrives in part changes nothing: the old version goes on, offline too, with what was typed', async () => {
    await page.locator('a.task', { hasText: 'Open until' }).first().tap();
    await noteField().fill(note);
    await page.waitForTimeout(400);
    const [icon, worker] = [join(folder, 'icon-192.png'), join(folder, 'sw.js')];
    await context.setOffline(true);
    await clinic.stop();
    renameSync(icon, `${icon}.away`);
    writeFileSync(worker, readFileSync(worker, 'utf8').replace(/limen-shell-[\w-]*/, 'limen-shell-next'));
    await clinic.restart();
    await context.setOffline(false);
    assert.equal(await update(), 'redundant');
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting), null);
    await context.setOffline(true);
    await page.reload();
    await noteField().waitFor();
    assert.equal(await noteField().inputValue(), note);

    await clinic.stop();
    renameSync(`${icon}.away`, icon);
    await clinic.restart();
    await context.setOffline(false);
    assert.equal(await update(), 'installed');
    assert.equal(await noteField().inputValue(), note);
  });

  it('a passkey of the phone locks the app and opens it again, offline', async () => {
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal' },
        ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf: true },
      },
    });
    await page.goto(`${place}#/lock`);
    await page.reload();
    await page.getByLabel('Personal code').fill(code);
    await press('Open with a passkey');
    await page.getByRole('button', { name: 'Take the passkey away' }).waitFor();
    await context.setOffline(true);
    await page.goto(`${place}#/`);
    await page.reload();
    await heading('Locked');
    await press('Open with your passkey');
    await page.getByText(/study day 8/).waitFor();
  });
});
