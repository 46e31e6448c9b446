/** Questionnaires in the built app on a small phone: a page at a time, back, skipped questions, closed and opened again offline. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  askedFor,
  buildCompanion,
  type Clinic,
  complaintsOf,
  enter,
  type Library,
  libraryWith,
  openClinic,
  openPhone,
  randomise,
  recordOf,
} from './clinic.test-program.ts';

const protocol = 'lsd-10ug-every-third-day';
const forms = ['who-5', 'phq-9', 'daily-check-in'];

describe('a questionnaire on a small phone', { timeout: 300_000 }, () => {
  let folder: string;
  let library: Library;
  let clinic: Clinic;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let participantId: string;

  before(async () => {
    folder = await buildCompanion();
    library = await libraryWith(protocol, forms);
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder, protocol, { library: library.folder });
    const person = await enter(clinic);
    ({ participantId } = person);
    await randomise(clinic, participantId, '2026-03-02');
    ({ browser, context, page } = await openPhone(clinic));
    page.setDefaultTimeout(15_000);
    await page.goto(`${clinic.address}/app/#/join?code=${person.code}`);
    await press('Continue');
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    library?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const press = (name: string) => page.getByRole('button', { name, exact: true }).tap();
  const open = async (form: string) => {
    await page.goto(`${clinic.address}/app/#/`);
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await page.locator(askedFor(form)).tap();
    await page.locator('.question').first().waitFor();
  };
  const question = (item: string) => page.locator(`[data-item="${item}"]`);
  const choose = (item: string, label: string) => question(item).getByText(label, { exact: true }).tap();
  const chosen = (item: string) => question(item).locator('input:checked + span').allTextContents();
  const closeAndReopen = async () => {
    await page.close();
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
  };
  const arrived = async (form: string) => {
    const record = await recordOf(clinic, participantId);
    return record.filter(({ type, data }) => type === 'answers.submitted' && data.instrument === form);
  };
  const isClean = async () => assert.equal(await complaintsOf(page), '', page.url());
  const smallTargets = () =>
    page.locator('form label.option, form button').evaluateAll((targets) =>
      targets.flatMap((target) => {
        const { width, height } = target.getBoundingClientRect();
        return width >= 44 && height >= 44 ? [] : [`${target.textContent} ${width} x ${height}`];
      }),
    );

  it('PHQ-9 offline: pages with progress, back without loss, closed and opened again where it was left', async () => {
    await context.setOffline(true);
    await open('phq-9');
    await isClean();
    assert.deepEqual(await smallTargets(), []);
    await page.getByText('1 of 3').waitFor();
    for (const item of ['q1', 'q2', 'q3']) await choose(item, 'Several days');
    await press('Next');
    for (const item of ['q4', 'q5']) await choose(item, 'Not at all');
    await press('Back');
    assert.deepEqual(await chosen('q2'), ['Several days']);
    await choose('q2', 'Nearly every day');
    await press('Next');
    assert.deepEqual(await chosen('q5'), ['Not at all']);
    await press('Next');
    await page.locator('.fault.summary').waitFor();
    await page.waitForTimeout(400);
    await closeAndReopen();
    await open('phq-9');
    await page.getByText('2 of 3').waitFor();
    assert.deepEqual([await chosen('q4'), await chosen('q6')], [['Not at all'], []]);
    await choose('q6', 'Not at all');
    await press('Next');
    for (const item of ['q7', 'q8']) await choose(item, 'Not at all');
    await choose('q9', 'Several days');
  });

  it('an answer to PHQ-9 item 9 above zero puts help before the person at once, offline', async () => {
    const sheet = page.getByRole('dialog');
    await sheet.waitFor();
    await isClean();
    await page.getByRole('button', { name: 'Back to the questions' }).tap();
    await sheet.waitFor({ state: 'detached' });
    await press('Save');
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    assert.deepEqual(await arrived('phq-9'), []);
  });

  it('skip logic: a follow-up goes with its answer and comes back with it, through a closed app', async () => {
    await open('daily-check-in');
    await choose('effects', 'Headache');
    await choose('limitsHeadache', 'Yes, things like shopping, cooking or work');
    await choose('effects', 'None of these');
    await question('limitsHeadache').waitFor({ state: 'detached' });
    await page.waitForTimeout(400);
    await closeAndReopen();
    await open('daily-check-in');
    assert.deepEqual(await chosen('effects'), ['None of these']);
    await choose('effects', 'Headache');
    assert.deepEqual(await chosen('limitsHeadache'), ['Yes, things like shopping, cooking or work']);
    await question('nature').getByRole('button', { name: '30' }).tap();
    await isClean();
  });

  it('WHO-5 by the keyboard alone, then everything reaches the server once', async () => {
    await open('who-5');
    await page.getByText('CC BY-NC-SA').waitFor();
    await isClean();
    for (const [screen, items] of [
      ['q1', 'q2', 'q3'],
      ['q4', 'q5'],
    ].entries()) {
      for (const item of items) {
        await question(item).locator('input').nth(1).focus();
        await page.keyboard.press('Space');
      }
      await page.getByRole('button', { name: screen === 0 ? 'Next' : 'Save', exact: true }).focus();
      await page.keyboard.press('Enter');
    }
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await context.setOffline(false);
    await page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
    const [phq, who] = [await arrived('phq-9'), await arrived('who-5')];
    assert.deepEqual([phq.length, who.length], [1, 1]);
    const zeros = { q4: 0, q5: 0, q6: 0, q7: 0, q8: 0 };
    assert.deepEqual(phq[0]?.data.answers, { q1: 1, q2: 3, q3: 1, ...zeros, q9: 1 });
    assert.deepEqual(phq[0]?.data.flags, ['suicidality']);
    assert.deepEqual(who[0]?.data.scores, { total: 80 });
  });
});
