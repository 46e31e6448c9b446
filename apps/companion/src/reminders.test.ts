/** Reminders in the built app: chosen on the screen, sent by the real server, shown by the real service worker. */
import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  buildCompanion,
  type Clinic,
  complaintsOf,
  enter,
  openClinic,
  openPhone,
  randomise,
} from './clinic.test-program.ts';

describe('reminders', { timeout: 300_000 }, () => {
  const pushed: string[] = [];
  const service = http.createServer((request, reply) => {
    pushed.push(request.url ?? '');
    request.resume().on('end', () => reply.writeHead(201).end());
  });
  let origin: string;
  let folder: string;
  let clinic: Clinic;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    folder = await buildCompanion();
    const reminders = { pushSubject: 'mailto:someone@example.org', pushHosts: [origin] };
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder, undefined, { reminders });
    const { participantId, code } = await enter(clinic);
    await randomise(clinic, participantId, '2026-03-02');
    ({ browser, context, page } = await openPhone(clinic));
    await context.grantPermissions(['notifications'], { origin: clinic.address });
    await context.addInitScript(pretendService, { endpoint: `${origin}/phone`, keys: keysOfPhone() });
    await page.goto(`${clinic.address}/app/#/join?code=${code}`);
    await page.getByRole('button', { name: 'Continue' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    service.closeAllConnections();
    await new Promise((done) => service.close(done));
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('are chosen on a screen that says what the server cannot do', async () => {
    await page.goto(`${clinic.address}/app/#/reminders`);
    await page.getByText('has not been set up to send e-mail').waitFor();
    assert.equal(await complaintsOf(page), '');
    await page.getByLabel('On this phone').check();
    await page.getByLabel('From', { exact: true }).selectOption('17');
    await page.getByRole('button', { name: 'Save' }).tap();
    await page.getByRole('button', { name: 'Remind me again in an hour' }).waitFor();
    assert.equal(await complaintsOf(page), '');
  });

  it('reach the phone, which shows one word', async () => {
    clinic.clock.now = Date.parse('2026-03-02T17:30:00.000Z');
    assert.equal(await clinic.remind(), 1);
    assert.deepEqual(pushed, ['/phone']);
    const shown = await deliver(context, page, clinic.address);
    assert.deepEqual(shown, [{ title: 'Reminder', body: '' }]);
  });

  it('make a calendar address that works until it is taken back', async () => {
    await page.getByRole('button', { name: 'Make an address' }).tap();
    const field = page.getByRole('textbox', { name: 'In your calendar' });
    await field.waitFor();
    const address = await field.inputValue();
    assert.match(await (await fetch(address)).text(), /SUMMARY:Diary/);
    await page.getByRole('button', { name: 'The address stops working' }).tap();
    await field.waitFor({ state: 'detached' });
    assert.equal((await fetch(address)).status, 404);
  });
});

function keysOfPhone() {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return { p256dh: pair.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') };
}

/** The browser’s own push service is on the internet; the subscription names the one of this test. */
function pretendService(address: object): void {
  const made = { toJSON: () => address, unsubscribe: async () => true };
  PushManager.prototype.subscribe = async () => made as unknown as PushSubscription;
}

/** Hands a push to the service worker as the browser does, and answers the notifications it shows. */
async function deliver(context: BrowserContext, page: Page, origin: string) {
  const session = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const one = registrations.find(({ isDeleted }: { isDeleted: boolean }) => !isDeleted);
      if (one !== undefined) resolve(one.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registered;
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: '{"remind":true}' });
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const notifications = await registration.getNotifications();
      return notifications.map(({ title, body }) => ({ title, body }));
    });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = await shown();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return [];
}
