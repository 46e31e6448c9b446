/** A participant's way through a study, in the built app on a real phone screen against the real servers. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { routes } from '@limen/contract';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  admit,
  buildCompanion,
  type Clinic,
  complaintsOf,
  invite,
  openClinic,
  openPhone,
  recordOf,
} from './clinic.test-program.ts';
import type { ConsentForm } from './server/answers.ts';

const secret = 'walked by the river at noon';

describe('a participant with a phone', { timeout: 900_000 }, () => {
  let clinic: Clinic;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let folder: string;
  let participantId: string;
  let code: string;
  let authorization = '';

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder);
    ({ participantId, code } = await invite(clinic));
    ({ browser, context, page } = await openPhone(clinic));
    page.setDefaultTimeout(30_000);
    page.on('request', (request) => {
      authorization = request.headers().authorization ?? authorization;
    });
  });

  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const open = (place: string) => page.goto(`${clinic.address}/app/#/${place}`);
  const press = (name: string | RegExp) => page.getByRole('button', { name }).tap();
  const follow = (name: string | RegExp) => page.getByRole('link', { name }).tap();
  const choose = (item: string, label: string) =>
    page.locator(`[data-item="${item}"]`).getByText(label, { exact: true }).tap();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const isClean = async () => assert.equal(await complaintsOf(page), '', page.url());
  const unsent = (count: number) => page.getByText(new RegExp(`^${count} (entry is|entries are) saved on this phone`));
  const allSent = () => page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
  const setTime = async (instant: string) => {
    clinic.clock.now = Date.parse(instant);
    await page.clock.setSystemTime(clinic.clock.now);
  };
  /** Places every rating on the screen at about 60. */
  const rate = async () => {
    await page.locator('.track').first().waitFor();
    for (const track of await page.locator('.track').all()) {
      const box = await track.boundingBox();
      await track.tap({ position: { x: (box?.width ?? 0) * 0.6, y: 20 } });
    }
  };
  const checkIn = async () => {
    await rate();
    await press('7 h');
    await press(/^None of all these/);
    await press('2 cups');
    await press(/^No alcohol/);
    await page.getByLabel('Anything you would like to add?').fill(secret);
    await press('Save');
    await heading('Today');
  };
  const eventsFor = async (occurrence: string) => {
    const record = await recordOf(clinic, participantId);
    return record.filter(({ data }) => data.occurrence === occurrence).map(({ type }) => type);
  };

  it('is light: what the day needs is below 60 kB compressed, the rest is read when opened; no address leads elsewhere', () => {
    const assets = readdirSync(join(folder, 'assets'));
    const sizeOf = (name: string) => gzipSync(readFileSync(join(folder, name))).length;
    const scripts = assets.filter((name) => name.endsWith('.js'));
    // What the page's own script takes in at once, and what that takes in.
    const first = new Set(scripts.filter((name) => name.startsWith('app-')));
    for (const name of first) {
      const code = readFileSync(join(folder, 'assets', name), 'utf8');
      for (const [, taken] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) first.add(taken ?? '');
    }
    const atStart = [...[...first].map((name) => join('assets', name)), 'sw.js'].map(sizeOf);
    assert.ok(first.size > 0 && atStart.reduce((sum, size) => sum + size, 0) < 60_000, atStart.join());
    const later = scripts.filter((name) => !first.has(name));
    assert.ok(later.length > 0);
    // jsPsych comes with the tasks.
    for (const name of later)
      assert.ok(sizeOf(join('assets', name)) < (name.startsWith('tasks-') ? 35_000 : 20_000), name);
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    assert.doesNotMatch(page, /https?:|<script>|style=/);
    const worker = readFileSync(join(folder, 'sw.js'), 'utf8');
    for (const name of ['index.html', ...assets]) assert.ok(worker.includes(name), `${name} would be missing offline`);
  });

  it('joins with the code of the invitation, which does not stay in the address', async () => {
    await open(`join?code=${code}`);
    await heading('Welcome');
    await isClean();
    assert.doesNotMatch(page.url(), /code/);
    assert.equal(await page.getByLabel('Personal code').inputValue(), code);
    await press('Continue');
    await page.getByRole('button', { name: 'Begin' }).waitFor();
    await isClean();
  });

  it('answers the screening, and an answer that needs help brings it at once', async () => {
    await press('Begin');
    const special: Record<string, () => Promise<void>> = {
      age: () => page.getByLabel('How old are you?').fill('34'),
      sex: () => choose('sex', 'Female'),
      pregnancy: () => choose('pregnancy', 'Does not apply to me'),
      breastfeeding: () => choose('breastfeeding', 'Does not apply to me'),
      bloodPressureKnown: () => choose('bloodPressureKnown', 'Yes'),
      systolic: () => page.getByLabel('Upper value').fill('118'),
      diastolic: () => page.getByLabel('Lower value').fill('75'),
      alcoholPerWeek: () => page.getByLabel('Alcohol in a usual week').fill('2'),
      substancesPastMonth: () => choose('substancesPastMonth', 'None'),
      psychedelicExperience: () => choose('psychedelicExperience', 'Never'),
      note: async () => {},
      suicidality: async () => {
        await context.setOffline(true);
        await choose('suicidality', 'Yes');
        await page.getByRole('dialog').getByRole('link', { name: /999/ }).waitFor();
        await isClean();
        await press('Back to the questions');
        await choose('suicidality', 'No');
        await context.setOffline(false);
      },
    };
    await press('Next');
    await page.getByText('Please answer this question.').waitFor();
    await isClean();
    for (let shown = ''; shown !== 'note'; ) {
      const question = page.locator('.question:not([data-item=""])').first();
      shown = (await question.getAttribute('data-item')) ?? '';
      await (special[shown] ?? (() => choose(shown, 'No')))();
      await press(shown === 'note' ? 'Send my answers' : 'Next');
      await page.locator(`[data-item="${shown}"]`).waitFor({ state: 'detached' });
    }
    await heading('You can take part, if you want to');
    await isClean();
  });

  it('reads, understands, chooses and signs, and keeps a copy', async () => {
    await press('Read the consent form');
    await isClean();
    await press('I have read this');
    const right = ['No, that is what we want to find out', 'No, not for 24 hours', 'Leave it out'];
    for (const [index, answer] of [...right, 'At any time, without a reason', 'Chance'].entries()) {
      await page.getByText(`${index + 1} of 5`).waitFor();
      await page.getByText(answer, { exact: true }).tap();
      await press('Check');
      if (index === 0) await isClean();
      await press('Next');
    }
    await heading('Your decision');
    await page.getByLabel('Your name, as your signature').waitFor();
    for (const group of await page.locator('fieldset').all()) await group.getByText('Yes', { exact: true }).tap();
    await page.getByLabel('Your name, as your signature').fill('A. Person');
    await isClean();
    await press('Sign');
    await heading('Your copy');
    await isClean();
    const saveCopy = async () => {
      const saving = page.waitForEvent('download', { timeout: 60_000 });
      await press('Save as a file');
      return (await saving).suggestedFilename();
    };
    await allSent();
    for (let tries = 0; (await saveCopy()) !== 'consent-1.0.pdf' && tries < 10; tries += 1)
      await page.waitForTimeout(300);
    assert.equal(await saveCopy(), 'consent-1.0.pdf');
    await context.setOffline(true);
    assert.equal(await saveCopy(), 'consent-1.0.html');
    await page.getByText('Saved as a page.').waitFor();
    await context.setOffline(false);
    await follow('Continue');
    await heading('The study team is next');
    await isClean();
  });

  it('lives a day without a network, closes the app in between, and every entry counts exactly once', async () => {
    await admit(clinic, participantId, '2026-03-02');
    await setTime('2026-03-09T07:05:00Z');
    await page.reload();
    await page.getByRole('button', { name: 'Taken just now' }).waitFor();
    await isClean();

    await context.setOffline(true);
    await press('Taken just now');
    await unsent(1).waitFor();
    await setTime('2026-03-09T16:30:00Z');
    await page.reload();
    await page.getByText(/^First: /).waitFor();
    await page.locator('a.task', { hasText: 'Open until' }).tap();
    await isClean();
    await choose('effects', 'Headache');
    await page.getByText('Headache: did it stop you doing things?').waitFor();
    // Half a form outlives the app.
    await page.waitForTimeout(400);
    await page.reload();
    await page.getByText('Headache: did it stop you doing things?').waitFor();
    await choose('effects', 'Headache');
    await checkIn();
    await unsent(2).waitFor();
    await follow(/Your guess/);
    await choose('guess', 'A placebo');
    await rate();
    await choose('cues', 'I felt nothing');
    await isClean();
    await press('Save');
    await unsent(3).waitFor();
    await page.reload();
    await unsent(3).waitFor();
    await isClean();
    await open('history');
    await page.getByRole('heading', { name: 'Not sent yet: 3' }).waitFor();
    await isClean();
    assert.deepEqual(await eventsFor('dose@8'), []);

    // The server gets the first answers, but its receipt is lost on the way.
    let lost = 0;
    await context.route('**/submissions', async (route) => {
      if (lost > 0) return route.fallback();
      lost += 1;
      await route.fetch();
      await route.abort();
    });
    await context.setOffline(false);
    await allSent();
    await context.unroute('**/submissions');
    assert.equal(lost, 1);
    assert.deepEqual(await eventsFor('dose@8'), ['dose.taken']);
    assert.deepEqual(await eventsFor('daily-check-in@8'), ['answers.submitted']);
    assert.deepEqual(await eventsFor('guess-capsule@8'), ['answers.submitted']);
    const record = await recordOf(clinic, participantId);
    assert.equal(record.filter(({ type }) => type === 'entry.kept').length, 0);
    const taken = record.find(({ type }) => type === 'dose.taken');
    assert.match(String(taken?.data.takenAt), /^2026-03-09T07:05/);
  });

  it('a copy of what the phone stores shows no answer, no name of a form, no session and no usable key', async () => {
    await context.setOffline(true);
    await setTime('2026-03-10T16:30:00Z');
    await open('');
    await page.reload();
    await page.locator('a.task', { hasText: 'Open until' }).tap();
    await checkIn();
    await unsent(1).waitFor();
    const { text, extractable, counts } = await readStorage(page);
    assert.ok((counts.outbox ?? 0) === 1 && (counts.documents ?? 0) >= 4, JSON.stringify(counts));
    assert.deepEqual(extractable, [false]);
    const token = authorization.replace('Bearer ', '');
    for (const plain of [secret, 'check-in', 'dose@', 'placebo', 'capsule', participantId, token, code]) {
      assert.ok(token.length > 20 && !text.includes(plain), `“${plain}” lies open`);
    }
    assert.ok(text.includes('documents'));
  });

  it('an entry that another device was quicker with is kept for the team, and the person is told so', async () => {
    const params = { studyId: clinic.staff.studyId, participantId };
    const quick = await clinic.as(null)(routes.participantSignIn, { body: { code } });
    const submission = (await recordOf(clinic, participantId)).find(
      ({ data }) => data.occurrence === 'daily-check-in@8',
    );
    const answers = submission?.data.answers as Record<string, string>;
    const form = { instrument: 'daily-check-in', instrumentVersion: '1.1.0', occurrence: 'daily-check-in@9' };
    const body = { type: 'submit', commandId: clinic.commandId(), ...form, answers } as const;
    await clinic.as(quick.token)(routes.submit, { params, body });
    await context.setOffline(false);
    await allSent();
    await open('history');
    await page.getByRole('heading', { name: 'Kept for your team' }).waitFor();
    await page.getByRole('combobox', { name: 'What to show' }).waitFor();
    await isClean();
    assert.deepEqual((await eventsFor('daily-check-in@9')).sort(), ['answers.submitted']);
    const saving = page.waitForEvent('download', { timeout: 60_000 });
    await press('As JSON');
    const file = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as { entries: { occurrence: string }[] };
    assert.ok(file.entries.some(({ occurrence }) => occurrence === 'daily-check-in@8'));
    assert.doesNotMatch(JSON.stringify(file), /micro-dose|arm|allocation/i);
    const kept = (await recordOf(clinic, participantId)).filter(({ type }) => type === 'entry.kept');
    assert.equal(kept.length, 1);
    assert.match(JSON.stringify(kept[0]?.data), new RegExp(secret));
  });

  it('when the session has ended, entries wait for the code and then go out', async () => {
    await setTime('2026-03-11T16:30:00Z');
    await clinic.as(authorization.replace('Bearer ', ''))(routes.signOut, {});
    await open('report');
    await page.getByLabel('What was it?').fill('headache');
    await press('Today');
    await choose('ongoing', 'Yes');
    await choose('limits', 'No, I carried on as usual');
    await choose('serious', 'None of these');
    await choose('action', 'Rested');
    await isClean();
    await press('Send the report');
    await heading('Thank you');
    await follow('Enter your code');
    await page.getByText('Your 1 unsent entry is safe on this phone.').waitFor();
    await isClean();
    await page.getByLabel('Personal code').fill(code);
    await press('Continue');
    await heading('Today');
    await allSent();
    const reports = (await recordOf(clinic, participantId)).filter(({ type }) => type === 'adverseEvent.reported');
    assert.deepEqual(
      reports.map(({ data }) => [data.term, data.grade, data.serious]),
      [['headache', 1, false]],
    );
  });

  it('locked, it opens with the code alone, without a network', async () => {
    await open('settings');
    await isClean();
    await press('Lock now');
    await heading('Locked');
    await isClean();
    await context.setOffline(true);
    await page.reload();
    await page.getByLabel('Personal code').fill('0000-0000-0000-0000-0000');
    await press('Open');
    await page.getByText('This phone holds the diary of another code.').waitFor();
    await page.getByLabel('Personal code').fill(code);
    await press('Open');
    await page.getByText(/study day 10/).waitFor();
    await open('help');
    await page.getByRole('link', { name: /Samaritans/ }).waitFor();
    await isClean();
    await context.setOffline(false);
  });

  it('is asked again when the study changes, and nothing changes before the person has decided', async () => {
    const before = (await recordOf(clinic, participantId)).length;
    await amend(clinic, 'A question about sleep was added.');
    await open('join');
    await page.getByLabel('Personal code').fill(code);
    await press('Continue');
    await heading('Today');
    await page.getByText('A question about sleep was added.').waitFor();
    await page.getByText(/study day 10/).waitFor();
    await isClean();
    await press('Read the new information');
    await page.getByText('What has changed:').waitFor();
    await press('I have read this');
    for (const answer of await correctAnswers(clinic)) {
      await page.getByText(answer, { exact: true }).tap();
      await press('Check');
      await press('Next');
    }
    await heading('Your decision');
    await page.getByLabel('Your name, as your signature').waitFor();
    for (const group of await page.locator('fieldset').all()) await group.getByText('Yes', { exact: true }).tap();
    await page.getByLabel('Your name, as your signature').fill('A. Person');
    await press('Sign');
    await heading('Your copy');
    await open('today');
    await page.getByText('The study has changed').waitFor({ state: 'detached' });
    await allSent();
    const consented = (await recordOf(clinic, participantId))
      .slice(before)
      .find(({ type }) => type.endsWith('consented'));
    assert.deepEqual([consented?.data.protocolVersion, consented?.data.effectiveFrom], ['9.0.0', '2026-03-12']);
    assert.deepEqual(new Set(Object.values(consented?.data.attempts ?? {})), new Set([1]));
  });

  it('leaves in two taps', async () => {
    await open('join');
    await page.getByLabel('Personal code').fill(code);
    await press('Continue');
    await heading('Today');
    await open('withdraw');
    await page.getByText('Leave the study', { exact: true }).tap();
    await isClean();
    await press('Leave the study');
    await heading('You have left the study');
    await isClean();
    assert.equal((await recordOf(clinic, participantId)).at(-1)?.type, 'participant.withdrawn');
  });
});

/** The newest consent text of the study, as the team has it. */
async function consentText({ staff }: Clinic) {
  const coordinator = await staff.signIn('coordinator');
  const { protocol } = await coordinator(routes.studyProtocol, { params: { studyId: staff.studyId }, query: {} });
  const consent = protocol.consent as ConsentForm[];
  const newest = consent.at(-1);
  assert.ok(newest);
  return { protocol, consent, newest };
}

async function correctAnswers(clinic: Clinic): Promise<string[]> {
  const { newest } = await consentText(clinic);
  return newest.comprehension.map(({ options, correct }) => options[correct] ?? '');
}

async function amend(clinic: Clinic, changes: string): Promise<void> {
  const { protocol, consent, newest } = await consentText(clinic);
  const amended = {
    ...protocol,
    version: '9.0.0',
    consent: [...consent, { ...newest, version: '9.0' }],
    identity: { versions: [{ version: '9.0.0', changes, substantial: true }] },
  };
  const investigator = await clinic.staff.signIn('investigator');
  const replaces = String(protocol.version);
  const amendment = { text: JSON.stringify(amended), replaces, reconsent: true, reason: 'A question was added' };
  const body = { commandId: clinic.commandId(), ...amendment };
  await investigator(routes.amendProtocol, { params: { studyId: clinic.staff.studyId }, body });
}

/** Everything the browser's database holds, as one text, the way a thief of the file would search it. */
function readStorage(page: Page): Promise<{ text: string; extractable: boolean[]; counts: Record<string, number> }> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('limen');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const extractable: boolean[] = [];
    const counts: Record<string, number> = {};
    const asText = (value: unknown): string => {
      if (value instanceof CryptoKey) {
        extractable.push(value.extractable);
        return 'key';
      }
      if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
      if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
      if (typeof value === 'object' && value !== null) return Object.entries(value).flat().map(asText).join(' ');
      return String(value);
    };
    const parts: string[] = [];
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name);
      const all = (request: IDBRequest) =>
        new Promise<unknown[]>((resolve) => {
          request.onsuccess = () => resolve(request.result);
        });
      const [keys, values] = [await all(store.getAllKeys()), await all(store.getAll())];
      counts[name] = values.length;
      parts.push(name, ...[...keys, ...values].map(asText));
    }
    database.close();
    return { text: parts.join(' '), extractable, counts };
  });
}
