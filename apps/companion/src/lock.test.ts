/** The phone in other hands: what a copy of its storage shows, and what the lock keeps and lets through. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import {
  admit,
  buildCompanion,
  type Clinic,
  complaintsOf,
  enter,
  openClinic,
  openPhoneIn,
  recordOf,
} from './clinic.test-program.ts';

const note = 'the heron stood still at Quellwasser';
const pin = '493027';

/** How many files of the folder hold the text, as UTF-8 or as UTF-16, which browsers use for strings. */
function filesWith(folder: string, text: string): string[] {
  const forms = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => forms.some((form) => readFileSync(path).includes(form)));
}

describe('a phone in other hands', { timeout: 600_000 }, () => {
  let clinic: Clinic;
  let context: BrowserContext;
  let page: Page;
  let app: string;
  let profile: string;
  let person: Awaited<ReturnType<typeof enter>>;

  before(async () => {
    app = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', app);
    person = await enter(clinic);
    await admit(clinic, person.participantId, '2026-03-02');
    clinic.clock.now = Date.parse('2026-03-09T16:30:00Z');
    profile = mkdtempSync(join(tmpdir(), 'limen-profile-'));
    await start();
  });

  after(async () => {
    await context?.close();
    await clinic?.close();
    for (const folder of [app, profile]) if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const start = async () => {
    ({ context, page } = await openPhoneIn(clinic, profile));
    page.setDefaultTimeout(30_000);
  };
  /** Closes the browser, so that all it stores is on disk. */
  const copied = async <T>(look: () => T): Promise<T> => {
    await context.close();
    const found = look();
    await start();
    return found;
  };
  const open = (place: string) => page.goto(`${clinic.address}/app/#/${place}`);
  const press = (name: string | RegExp) => page.getByRole('button', { name }).tap();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const installed = () => page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  const typeNote = async () => {
    await page.locator('a.task', { hasText: 'Open until' }).first().tap();
    await page.getByLabel('Anything you would like to add?').fill(note);
  };
  const enterPin = async (typed: string) => {
    await page.getByLabel('PIN', { exact: true }).fill(typed);
    await press('Open');
  };
  const noteField = () => page.getByLabel('Anything you would like to add?');

  it('a copy of the browser’s profile shows no answer, typed, saved or sent, and no code', async () => {
    await open('join');
    await page.getByLabel('Personal code').fill(person.code);
    await press('Continue');
    await heading('Today');
    await installed();
    await typeNote();
    await page.waitForTimeout(500);
    // What is looked for can be found: the address of the study lies open, as it must.
    const typed = await copied(() => [
      filesWith(profile, note),
      filesWith(profile, person.code),
      filesWith(profile, '127.0.0.1'),
    ]);
    assert.deepEqual(typed.slice(0, 2), [[], []]);
    assert.ok((typed[2] ?? []).length > 0);

    await context.setOffline(true);
    await open('');
    await page.locator('a.task', { hasText: 'Open until' }).first().tap();
    assert.equal(await noteField().inputValue(), note);
    await fillRest(page);
    await press('Save');
    await page.getByText(/^1 entry is saved on this phone/).waitFor();
    assert.deepEqual(await copied(() => filesWith(profile, note)), []);

    await open('');
    // Before the outbox is read, nothing waits on the screen either.
    await heading('Today');
    await page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
    const record = await recordOf(clinic, person.participantId);
    assert.match(JSON.stringify(record), new RegExp(note));
    assert.deepEqual(await copied(() => filesWith(profile, note)), []);
  });

  it('a PIN needs the personal code, and a weak one is refused', async () => {
    await open('settings');
    await page.getByRole('link', { name: 'Open with a PIN' }).tap();
    await heading('Lock this app');
    assert.equal(await complaintsOf(page), '');
    const attempt = async (code: string, first: string, again: string) => {
      await page.getByLabel('Personal code').fill(code);
      await page.getByLabel('New PIN').fill(first);
      await page.getByLabel('The PIN again').fill(again);
      await press('Set the PIN');
    };
    await attempt(person.code, '123456', '123456');
    await page.getByText('among the first that others would try').waitFor();
    await attempt(person.code, pin, '493028');
    await page.getByText('The two PINs differ.').waitFor();
    await attempt('0000-0000-0000-0000-0000', pin, pin);
    await page.getByText('not the personal code of this phone').waitFor();
    await attempt(person.code, pin, pin);
    await page.getByLabel('Lock after').waitFor();
    assert.equal(await complaintsOf(page), '');
  });

  it('with the PIN, no key lies in the storage; a closed app is locked, help is there, the PIN opens it offline', async () => {
    await context.setOffline(true);
    await page.reload();
    await heading('Locked');
    assert.equal(await complaintsOf(page), '');
    assert.deepEqual(await keyKinds(page), ['pin', 'wrapped']);
    await page.getByRole('link', { name: 'Help now' }).tap();
    await page.getByRole('link', { name: /999/ }).waitFor();
    await open('');
    await enterPin('111222');
    await page.getByText(/^That is not the PIN\. 9 more tries/).waitFor();
    await enterPin(pin);
    await page.getByText(/study day 8/).waitFor();
  });

  it('left alone it locks by itself, and what was typed in the last moment is there again', async () => {
    clinic.clock.now = Date.parse('2026-03-10T16:30:00Z');
    await page.clock.setSystemTime(clinic.clock.now);
    await page.reload();
    await enterPin(pin);
    await typeNote();
    await page.clock.fastForward('06:00');
    await heading('Locked');
    assert.deepEqual(await keyKinds(page), ['pin', 'wrapped']);
    await enterPin(pin);
    await noteField().waitFor();
    assert.equal(await noteField().inputValue(), note);
    await fillRest(page);
    await press('Save');
    await page.getByText(/^1 entry is saved on this phone/).waitFor();
    assert.deepEqual(await copied(() => filesWith(profile, note)), []);
  });

  it('wrong PINs wait longer and longer, also after a restart; ten take the PIN away and the code loses nothing', async () => {
    await context.setOffline(true);
    await page.clock.setSystemTime(clinic.clock.now);
    await open('');
    await heading('Locked');
    for (const slip of [1, 2, 3]) {
      await enterPin(`00000${slip}`);
      await page.getByText(`${10 - slip} more`).waitFor();
    }
    await page.getByText(/Please wait \d+ seconds\./).waitFor();
    await page.reload();
    await enterPin(pin);
    await page.getByText(/^Please wait \d+ seconds\.$/).waitFor();
    for (let wrong = 4; wrong <= 10; wrong += 1) {
      await page.clock.fastForward('16:00');
      await page.getByText('Please wait').waitFor({ state: 'detached' });
      await enterPin(`00000${wrong}`.slice(-6));
      if (wrong < 10) await page.getByText(new RegExp(`${10 - wrong} more .*Please wait`)).waitFor();
    }
    await page.getByText('There were too many wrong PINs').waitFor();
    assert.deepEqual(await keyKinds(page), ['wrapped']);
    await page.getByLabel('Personal code').fill(person.code);
    await press('Open');
    await page.getByText(/^1 entry is saved on this phone/).waitFor();
    await context.setOffline(false);
    await page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
    const sent = (await recordOf(clinic, person.participantId)).filter(({ data }) =>
      JSON.stringify(data).includes(note),
    );
    assert.equal(sent.length, 2);
  });

  it('a full phone says so, keeps what was entered while the page is open, and sends it when there is a network', async () => {
    clinic.clock.now = Date.parse('2026-03-11T16:30:00Z');
    await page.clock.setSystemTime(clinic.clock.now);
    await page.reload();
    await heading('Today');
    await typeNote();
    await context.setOffline(true);
    await fillRest(page);
    await page.waitForTimeout(500);
    await fillDisk(page);
    await press('Save');
    await page.getByText(/^This phone is full\./).waitFor();
    assert.equal(await complaintsOf(page), '');
    const before = (await recordOf(clinic, person.participantId)).length;
    await context.setOffline(false);
    await page.getByText(/^This phone is full\./).waitFor({ state: 'detached' });
    assert.equal((await recordOf(clinic, person.participantId)).length > before, true);
    await page.reload();
    await heading('Today');
  });

  it('a clock in the wrong year is named calmly, and the entry stands at the right time', async () => {
    await page.clock.setSystemTime(Date.parse('2031-03-11T16:40:00Z'));
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.getByText('The clock of this phone differs').waitFor();
    await open('report');
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
    await page.getByText('has reached the study team').waitFor();
    const [report] = (await recordOf(clinic, person.participantId)).filter(
      ({ type }) => type === 'adverseEvent.reported',
    );
    const known = (await recordOf(clinic, person.participantId)).map(({ type, recordedAt }) => `${recordedAt} ${type}`);
    assert.match(String(report?.recordedAt), /^2026-03-11/, known.join('\n'));
    assert.ok(Math.abs(Number(report?.data.skewMs)) > 1e11, JSON.stringify(report?.data));
  });
});

/** Everything of the check-in but the note. */
async function fillRest(page: Page): Promise<void> {
  for (const track of await page.locator('.track').all()) {
    const box = await track.boundingBox();
    await track.tap({ position: { x: (box?.width ?? 0) * 0.6, y: 20 } });
  }
  for (const name of ['7 h', /^None of all these/, '2 cups', /^No alcohol/]) {
    await page.getByRole('button', { name }).tap();
  }
}

/** From now on until the next load every write of this page is refused, as by a full disk. */
function fillDisk(page: Page): Promise<void> {
  return page.evaluate(() => {
    const refuse = () => {
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    };
    IDBObjectStore.prototype.add = refuse;
    IDBObjectStore.prototype.put = refuse;
  });
}

/** The names of what the key store holds. */
function keyKinds(page: Page): Promise<string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open('limen');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const asking = opening.result.transaction('keys').objectStore('keys').getAllKeys();
          asking.onsuccess = () => {
            opening.result.close();
            resolve(
              asking.result
                .map(String)
                .filter((name) => name !== 'tries')
                .sort(),
            );
          };
        };
      }),
  );
}
