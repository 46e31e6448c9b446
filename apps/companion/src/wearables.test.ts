/** An export of a watch in the built app: read in the browser, ticked by the person, seen in the record. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  buildCompanion,
  type Clinic,
  complaintsOf,
  enter,
  openClinic,
  openPhone,
  randomise,
  recordOf,
} from './clinic.test-program.ts';

const record = (date: string, count: number) =>
  `<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Watch" unit="count" startDate="${date} 09:00:00 +0100" endDate="${date} 09:10:00 +0100" value="${count}"/>`;
const secret = 'KeptOnThePhone';
const xml = `<?xml version="1.0"?><HealthData><Me name="${secret}"/>${record('2026-03-01', 700)}${record('2026-02-28', 650)}</HealthData>`;

describe('days of a watch', { timeout: 300_000 }, () => {
  let folder: string;
  let clinic: Clinic;
  let browser: Browser;
  let page: Page;
  let participantId: string;
  const bodies: string[] = [];

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder);
    const person = await enter(clinic);
    ({ participantId } = person);
    await randomise(clinic, participantId, '2026-03-02');
    ({ browser, page } = await openPhone(clinic));
    page.setDefaultTimeout(10_000);
    page.on('request', (request) => bodies.push(request.postData() ?? ''));
    await page.goto(`${clinic.address}/app/#/join?code=${person.code}`);
    await page.getByRole('button', { name: 'Continue' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await page.goto(`${clinic.address}/app/#/wearables`);
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const choose = (name: string, text: string) =>
    page
      .getByLabel(/^Choose export/)
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });

  it('a file that breaks off is named in a sentence', async () => {
    await choose('export.xml', xml.slice(0, -20));
    await page.getByRole('alert').filter({ hasText: 'breaks off' }).waitFor();
    assert.equal(await complaintsOf(page), '');
  });

  it('only the days that were ticked leave the phone, and reach the record', async () => {
    await choose('export.xml', xml);
    await page.getByRole('cell', { name: '650' }).waitFor();
    assert.equal(await complaintsOf(page), '');
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Send 1 day' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
    const sent = (await recordOf(clinic, participantId)).filter(({ type }) => type === 'wearable.recorded');
    assert.deepEqual(
      sent.map(({ data }) => data.days),
      [[{ date: '2026-03-01', steps: 700 }]],
    );
    assert.ok(!bodies.some((body) => body.includes(secret) || body.includes('650')));
  });

  it('the reader is kept on the phone with the rest of the app', () => {
    assert.ok(readdirSync(join(folder, 'assets')).some((name) => name.startsWith('read-worker-')));
  });
});
