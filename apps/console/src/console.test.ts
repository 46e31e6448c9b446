import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import {
  type ConsoleHouse,
  faultsOnPage,
  library,
  openBrowser,
  password,
  setupCode,
  startConsoleHouse,
} from './house.test-program.ts';

const desk = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
/** WCAG 2.2, 1.4.10: content reflows at this width. */
const narrowest = { width: 320, height: 740 };
const study = `/studies/${library}`;

describe('the console on the real servers', { timeout: 900_000 }, () => {
  let pages: string;
  let browser: Browser;
  let house: ConsoleHouse;
  let fresh: ConsoleHouse;
  /** What pages complained of: a broken content policy shows here. */
  const complaints: string[] = [];

  before(async () => {
    pages = await mkdtemp(path.join(tmpdir(), 'limen-console-test-'));
    const configFile = path.join(import.meta.dirname, '..', 'vite.config.ts');
    await build({ configFile, logLevel: 'error', build: { outDir: pages, emptyOutDir: true } });
    [browser, house] = await Promise.all([
      openBrowser(),
      startConsoleHouse({ participants: 3, days: 15, every: 1, pages }),
    ]);
  });
  after(async () => {
    await browser?.close();
    await house?.close();
    await fresh?.close();
    await rm(pages, { recursive: true, force: true });
  });

  async function open(viewport = desk, address = house.address): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ viewport, baseURL: address, reducedMotion: 'reduce', locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // The browser reports every refusal as a failed resource; refusals are part of the contract.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(message.text());
      }
    });
    return { context, page };
  }

  async function signIn(page: Page, login: string): Promise<void> {
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page
      .getByRole('button', { name: 'Sign out' })
      .or(page.getByRole('button', { name: 'Open navigation' }))
      .waitFor();
  }

  async function settled(page: Page): Promise<void> {
    await page.locator('h1').waitFor();
    await page.getByLabel('Loading').first().waitFor({ state: 'detached' });
  }

  async function assertReads(page: Page): Promise<void> {
    await settled(page);
    assert.equal(await page.locator('h1').count(), 1);
    const title = await page.title();
    assert.match(title, / · Limen$/);
    // Colours and names do not depend on the last few pixels: the narrowest window is only measured.
    if (page.viewportSize()?.width !== narrowest.width) assert.equal(await faultsOnPage(page), '', title);
    const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(over, 0, `${title} is wider than its window`);
  }

  it('a new installation is set up in the browser and leads to its first study', async () => {
    fresh = await startConsoleHouse({ participants: 0, days: 0, installed: false, pages });
    const { context, page } = await open(desk, fresh.address);
    await page.goto('/');
    await page.getByLabel('Setup code').fill('not-the-code');
    await page.getByLabel('Name', { exact: true }).fill('First Person');
    await page.getByLabel('Login').fill('first');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Name of the site').fill('Main clinic');
    await page.getByRole('radio', { name: /Self-blinding/ }).check();
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await page.getByText('This is not the setup code').waitFor();
    await assertReads(page);
    await page.getByLabel('Setup code').fill(setupCode);
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByText('Nobody has been randomised yet').waitFor();
    await context.close();
  });

  it('a coordinator signs in, invites a person, finds them and acknowledges a signal', async () => {
    const { context, page } = await open();
    await page.goto(`${study}/participants`);
    await signIn(page, 'coordinator');
    await page.getByRole('heading', { level: 1, name: 'Participants' }).waitFor();
    await page.getByRole('button', { name: 'Invite a participant' }).click();
    await page.getByRole('button', { name: 'Make the invitation' }).click();
    const link = await page.getByText('/app/#/join?code=').textContent();
    const code = decodeURIComponent(link?.split('code=')[1] ?? '');
    assert.ok(code.length >= 16);
    assert.ok(await page.getByText(code, { exact: true }).isVisible());
    const dialog = page.getByRole('dialog', { name: 'Invite a participant' });
    const id = (await dialog.getByRole('link').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'I have handed it over' }).click();
    await page.getByRole('textbox', { name: 'Id' }).fill(id.toLowerCase());
    await page.getByRole('link', { name: id }).click();
    await page.getByRole('heading', { level: 1, name: `Participant ${id}` }).waitFor();
    assert.equal(await page.getByText(code).count(), 0);

    await page.getByRole('button', { name: 'New personal code' }).click();
    const renewing = page.getByRole('dialog', { name: 'New personal code' });
    await renewing.getByLabel('Why').fill('The letter was lost');
    await renewing.getByRole('button', { name: 'Make a new code' }).click();
    const confirm = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await confirm.getByLabel('Password', { exact: true }).fill(password);
    await confirm.getByRole('button', { name: 'Confirm' }).click();
    await renewing.getByText('The code before opens nothing any more').waitFor();
    const renewed = (await renewing.locator('.code-once-code').textContent()) ?? '';
    assert.ok(renewed.length >= 16 && renewed !== code);

    await renewing.getByRole('button', { name: 'I have handed it over' }).click();
    await page.locator('.record-what', { hasText: 'The letter was lost' }).waitFor();

    const [participantId = ''] = house.participantIds;
    const coordinator = await house.signIn('coordinator');
    const day = new Date(house.clock.now).toISOString().slice(0, 10);
    await page.goto(study);
    await settled(page);
    await page.getByText(/^Live, as of/).waitFor();
    await coordinator(routes.reportAdverseEvent, {
      params: { studyId: library, participantId },
      body: {
        type: 'reportAdverseEvent',
        commandId: 'console-test-event-1',
        term: 'Fainting',
        onset: day,
        ongoing: false,
        grade: 3,
        serious: true,
      },
    });
    // Nobody reloads: the live view brings it.
    const acknowledge = page.getByRole('button', { name: `Acknowledge the signal of participant ${participantId}` });
    await acknowledge.first().click();
    await page.getByLabel('What was done').fill('Called the participant, who is well');
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('The signal was acknowledged.').waitFor();
    const { signals } = await coordinator(routes.signals, { params: { studyId: library }, query: { open: 'false' } });
    assert.ok(signals.some(({ disposition }) => disposition === 'Called the participant, who is well'));
    await context.close();
  });

  it('an act that needs it asks for the password and then goes on; a wrong password changes nothing', async () => {
    const { context, page } = await open();
    await page.goto(`${study}/adverse-events`);
    await signIn(page, 'investigator');
    await page.getByRole('button', { name: 'Fainting' }).click();
    await page.getByRole('combobox', { name: 'Relatedness to the study capsule' }).click();
    await page.getByRole('option', { name: 'Unlikely' }).click();
    await page.getByRole('combobox', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'Resolved', exact: true }).click();
    await page.getByLabel('Reason').fill('A hot day, no capsule taken');
    await page.getByRole('button', { name: 'Record the assessment' }).click();
    const confirm = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await confirm.getByLabel('Password', { exact: true }).fill('something else');
    await confirm.getByRole('button', { name: 'Confirm' }).click();
    await confirm.getByText('This is not your password').waitFor();
    await confirm.getByLabel('Password', { exact: true }).fill(password);
    await confirm.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The assessment was recorded.').waitFor();
    await context.close();
  });

  it('the synopsis of the protocol is taken along on paper', async () => {
    const { context, page } = await open();
    await page.goto(`${study}/protocol`);
    await signIn(page, 'monitor');
    const saving = page.waitForEvent('download', { timeout: 60_000 });
    await page.getByRole('button', { name: 'Download as PDF' }).click();
    const saved = await saving;
    assert.match(saved.suggestedFilename(), /-synopsis-[\d.]+\.pdf$/);
    assert.match(await readFile(await saved.path(), 'latin1'), /^%PDF-1\.7.*%%EOF$/s);
    await context.close();
  });

  it('an investigator amends the protocol: what changes is told first, and it is signed with the password', async () => {
    const { context, page } = await open();
    await page.goto(`${study}/protocol`);
    await signIn(page, 'investigator');
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByText('The study was created with it').waitFor();
    const investigator = await house.signIn('investigator');
    const { protocol } = await investigator(routes.studyProtocol, { params: { studyId: library }, query: {} });
    const amended = (changes: object) => JSON.stringify({ ...protocol, ...changes });
    const document = page.getByLabel('Document', { exact: true });
    await document.fill('{"format":');
    await page.getByText(/^The document cannot be read: line 1/).waitFor();
    await document.fill(amended({ version: '1.0.1', title: 'Another title' }));
    await page.getByText('identity.versions does not say what version 1.0.1 changes.').waitFor();
    const identity = { versions: [{ version: '1.0.1', changes: 'A clearer title.', substantial: false }] };
    await document.fill(amended({ version: '1.0.1', title: 'Another title', identity }));
    await page.getByText('Nothing in the changes asks for it.').waitFor();
    await page.getByRole('radio', { name: /^No: it reaches everybody/ }).check();
    await page.getByLabel('Reason').fill('Participants found the title unclear');
    await assertReads(page);
    await page.getByRole('button', { name: 'Sign and adopt' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await dialog.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.getByText('Version 1.0.1 was adopted.').waitFor();
    await page.getByText(/^Adopted by .*without new consent: Participants found the title unclear/).waitFor();
    await assertReads(page);
    await context.close();
  });

  it('a lost session leads to the sign-in page and back to the place', async () => {
    const { context, page } = await open();
    await page.goto(`${study}/protocol`);
    await signIn(page, 'statistician');
    await page.getByRole('heading', { level: 1, name: 'Protocol' }).waitFor();
    await context.clearCookies();
    await page.getByRole('link', { name: 'Release' }).click();
    await page
      .getByRole('button', { name: 'Blinded' })
      .or(page.getByRole('button', { name: 'scores' }))
      .click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await signIn(page, 'statistician');
    await page.getByRole('heading', { level: 1, name: 'Release' }).waitFor();
    await context.close();
  });

  it('a role sees the doors it may open and no others', async () => {
    const { context, page } = await open();
    await page.goto('/');
    await signIn(page, 'pharmacist');
    await page.getByRole('link', { name: 'Self-blinding micro-dose study' }).click();
    await page.getByRole('heading', { level: 1, name: 'Participants' }).waitFor();
    const links = await page.getByRole('navigation').getByRole('link').allTextContents();
    assert.deepEqual(links, ['Participants', 'Supply', 'Emergency', 'Protocol', 'Studies', 'Analyse a table']);
    await context.close();
  });

  it('somebody who packs the own envelopes is followed without a word of what they hold', async () => {
    const { context, page } = await open();
    await page.goto('/');
    await signIn(page, 'investigator');
    await page.goto(`${study}/participants/${house.participantIds[0]}`);
    await page.getByText('Week 1: an envelope that was to stay sealed.').waitFor();
    await page.getByText('Weighing: the weights differ by more than a tenth.').waitFor();
    await assertReads(page);
    await context.close();
  });

  it('every page is accessible and fits: on a desk by day, on a phone by night, on the narrowest screen', async () => {
    const { context, page } = await open();
    const assertReadsAnywhere = async () => {
      for (const [viewport, colorScheme] of [
        [desk, 'light'],
        [phone, 'dark'],
        [narrowest, 'light'],
      ] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await assertReads(page);
      }
      await page.setViewportSize(desk);
    };
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await assertReadsAnywhere();
    await signIn(page, 'investigator');
    const places = ['', '/participants', `/participants/${house.participantIds[2]}`, '/protocol', '/adverse-events'];
    const more = ['/kept-entries', '/audit', '/release'];
    for (const place of ['/', '/nowhere', ...[...places, ...more].map((one) => study + one)]) {
      await page.goto(place);
      await assertReadsAnywhere();
    }
    await context.clearCookies();
    await page.goto('/accounts');
    await signIn(page, 'administrator');
    for (const place of ['/accounts', '/new-study']) {
      await page.goto(place);
      await assertReadsAnywhere();
    }
    await context.close();
  });

  it('in an emergency the way leads to the vault and comes back as a fact, and as the telephone when it is closed', async () => {
    await house.enrolPhysician('physician');
    const { context, page } = await open();
    const place = `${study}/participants/${house.participantIds[1]}`;
    await page.goto(place);
    await signIn(page, 'investigator');
    const [vaultPage] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Break this participant’s code' }).click(),
    ]);
    await vaultPage.getByLabel('Sign-in name').fill('physician');
    await vaultPage.getByLabel('Password').fill(password);
    await vaultPage.getByRole('button', { name: 'Sign in' }).click();
    await vaultPage.getByRole('button', { name: 'Show the treatment' }).click();
    await vaultPage.getByRole('heading', { level: 1, name: /^Treatment of card/ }).waitFor();
    await vaultPage.getByText(/^Last capsule recorded: number \d+/).waitFor();
    await vaultPage.close();
    await page
      .getByText(/The code of this participant was broken/)
      .first()
      .waitFor();
    await page.getByText(/report due by/).waitFor();
    await assertReads(page);
    const said = (await page.locator('main').textContent()) ?? '';
    assert.doesNotMatch(said, /no active substance|Half-life/);
    await page.goto(`${study}/emergency`);
    await page.getByText('The way is open').waitFor();
    for (const viewport of [desk, phone, narrowest]) {
      await page.setViewportSize(viewport);
      await assertReads(page);
    }
    await house.closeVault();
    await page.goto(place);
    await page.getByText('The vault cannot be reached').waitFor();
    await page.getByText('Telephone now').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Break this participant’s code' }).count(), 0);
    await page.goto(`${study}/emergency`);
    await page.getByRole('heading', { name: 'Telephone now' }).waitFor();
    await assertReads(page);
    await context.close();
  });

  it('a finished trial run elsewhere is analysed in the browser, and what is wrong with its table is told', async () => {
    const { context, page } = await open();
    await page.goto('/analyse');
    await signIn(page, 'monitor');
    await page.getByText('No table yet').waitFor();
    await assertReads(page);
    const give = async (name: string, text: string | Buffer) =>
      page
        .locator('input[type=file]')
        .first()
        .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    const rows = Array.from({ length: 40 }, (_, person) =>
      ['w1', 'w2'].map((visit, week) => {
        const arm = person % 2 === 0 ? 'PL' : 'MD';
        const guess = (person + week) % 3 === 0 ? 'PL' : 'MD';
        return `p${person},${visit},mood,${50 + ((person * 7 + week * 5) % 13)},${arm},${guess}`;
      }),
    ).flat();
    const head = 'id,visit,outcome,value,arm,guess';
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() !== 'GET') sent.push(request.url());
    });

    await give('latin.csv', Buffer.from(`${head}\np1,w1,café`, 'latin1'));
    await page.getByText('line 2 holds a letter of another encoding').waitFor();
    await give('words.csv', `${head}\n${rows.join('\n').replace('p3,w1,mood,', 'p3,w1,mood,high ')}`);
    await page.getByText('words.csv: 80 rows, 6 columns.').waitFor();
    await page.getByText('One choice is still to be made').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Analyse', exact: true }).isDisabled(), true);
    await page.getByLabel('Map, if there is one').waitFor();
    await give('trial.csv', `${head}\n${rows.join('\n')}`);
    await page.getByText('trial.csv: 80 rows, 6 columns.').waitFor();
    assert.equal(await page.getByLabel('Model').inputValue(), 'value ~ arm + (1 | id)');
    await assertReads(page);
    await page.setViewportSize(phone);
    await assertReads(page);
    await page.setViewportSize(desk);

    await page.getByLabel('Model').fill('value ~ arm + nobody');
    await page.getByRole('button', { name: 'Analyse', exact: true }).click();
    const report = page.frameLocator('iframe[title="Report of the table"]');
    await report.getByText('could not be fitted').first().waitFor({ state: 'attached' });
    await page.getByRole('heading', { name: 'Report: a partial result' }).waitFor();
    await page.getByLabel('Model').fill('value ~ arm + (1 | id)');
    await page.getByRole('button', { name: 'Analyse', exact: true }).click();
    await page.getByRole('heading', { name: 'Report', exact: true }).waitFor();
    await report.getByRole('heading', { name: 'Blinding and expectation' }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the results as JSON' }).click(),
    ]);
    const results = JSON.parse(await readFile(await file.path(), 'utf8'));
    assert.deepEqual([results.participants, results.partial, results.outcomes[0].rows], [40, false, 80]);
    assert.deepEqual(sent, [], 'the table went nowhere');
    await assertReads(page);
    await context.close();
  });

  it('no page broke a rule of the content policy or threw', () => {
    assert.deepEqual(complaints, []);
  });
});
