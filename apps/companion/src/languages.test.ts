/** The app in another language, from the right, and in large letters, judged in a real browser. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  buildCompanion,
  type Clinic,
  complaintsOf,
  enter,
  invite,
  openClinic,
  openPhone,
  randomise,
} from './clinic.test-program.ts';

const places = [
  '',
  'screening',
  'consent',
  'report',
  'history',
  'settings',
  'lock',
  'withdraw',
  'help',
  'join',
] as const;

describe('a phone that speaks German', { timeout: 300_000 }, () => {
  let clinic: Clinic;
  let browser: Browser;
  let page: Page;
  let folder: string;

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder);
    ({ browser, page } = await openPhone(clinic, { locale: 'de-DE' }));
    page.setDefaultTimeout(30_000);
  });

  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const open = async (place: string) => {
    await page.goto(`${clinic.address}/app/#/${place}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  };
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const isClean = async (where: string) => assert.equal(await complaintsOf(page), '', where);

  it('greets in German and joins', async () => {
    const { code } = await invite(clinic);
    await open('join');
    await heading('Willkommen');
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [
      'de',
      'ltr',
    ]);
    await isClean('join');
    await page.getByLabel('Persönlicher Code').fill(code);
    await page.getByRole('button', { name: 'Weiter' }).tap();
    await page.getByRole('button', { name: 'Beginnen' }).waitFor();
  });

  it('asks its own questions in German, the rest in English and says so; in Czech without a network', async () => {
    await open('screening');
    await page.locator('.hint', { hasText: 'Englisch' }).first().waitFor();
    const person = await enter(clinic);
    await randomise(clinic, person.participantId, '2026-03-02');
    const other = await openPhone(clinic, { locale: 'de-DE' });
    try {
      const { page: phone } = other;
      phone.setDefaultTimeout(15_000);
      await phone.goto(`${clinic.address}/app/#/join?code=${person.code}`);
      await phone.getByRole('button', { name: 'Weiter' }).tap();
      await phone.getByRole('heading', { level: 1, name: 'Heute' }).waitFor();
      await phone.goto(`${clinic.address}/app/#/report`);
      await phone.getByLabel('Was war es?').waitFor();
      await phone.getByText('Hat es Sie von etwas abgehalten?').waitFor();
      assert.equal(await phone.locator('.instructions').getAttribute('lang'), 'de');
      assert.equal(await complaintsOf(phone), '');
      await phone.goto(`${clinic.address}/app/#/settings`);
      await phone.getByLabel('Sprache').selectOption('cs');
      await phone.getByRole('heading', { level: 1, name: 'Nastavení' }).waitFor();
      await phone.context().setOffline(true);
      await phone.goto(`${clinic.address}/app/#/report`);
      await phone.getByLabel('Co to bylo?').waitFor();
    } finally {
      await other.browser.close();
    }
  });

  it('loses nothing from the right, nor with letters twice as large', async () => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    for (const style of ['direction', 'size'] as const) {
      for (const place of places) {
        await open(place);
        const fits = await page.evaluate((changed) => {
          const { documentElement: root } = document;
          root.dir = changed === 'direction' ? 'rtl' : 'ltr';
          root.style.fontSize = changed === 'size' ? '200%' : '';
          return root.scrollWidth <= root.clientWidth;
        }, style);
        assert.ok(fits, `${place} is wider than the screen: ${style}`);
      }
    }
    await page.evaluate(() => document.documentElement.removeAttribute('style'));
  });

  it('changes to Czech in Settings, and speaks it again after a reload without a network', async () => {
    await open('settings');
    await page.getByLabel('Sprache').selectOption('cs');
    await heading('Nastavení');
    await page.context().setOffline(true);
    await page.reload();
    await heading('Nastavení');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'cs');
    await page.context().setOffline(false);
  });
});
