import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Client, routes } from '@limen/contract';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import {
  type ConsoleHouse,
  faultsOnPage,
  library,
  openBrowser,
  password,
  startConsoleHouse,
} from './house.test-program.ts';

const desk = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };

/** A door in front of the server that can be shut: the server is gone, and comes back at the same address. */
async function openDoor(port: number) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  let server: Server | null = null;
  let own = 0;
  const open = () =>
    new Promise<void>((resolve) => {
      server = createServer((near) => {
        const far = keep(connect(port, '127.0.0.1'));
        keep(near).pipe(far).pipe(near);
        near.on('close', () => far.destroy());
        far.on('close', () => near.destroy());
      }).listen(own, '127.0.0.1', () => {
        const place = server?.address();
        own = typeof place === 'object' && place !== null ? place.port : own;
        resolve();
      });
    });
  const shut = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      if (server === null) resolve();
      else server.close(() => resolve());
    });
  await open();
  return { address: `http://127.0.0.1:${own}`, open, shut };
}

describe('the designer on the real servers', { timeout: 900_000 }, () => {
  let pages: string;
  let browser: Browser;
  let house: ConsoleHouse;
  let investigator: Client;
  const complaints: string[] = [];

  before(async () => {
    pages = await mkdtemp(path.join(tmpdir(), 'limen-designer-test-'));
    const configFile = path.join(import.meta.dirname, '..', 'vite.config.ts');
    await build({ configFile, logLevel: 'error', build: { outDir: pages, emptyOutDir: true } });
    [browser, house] = await Promise.all([openBrowser(), startConsoleHouse({ participants: 0, days: 0, pages })]);
    investigator = await house.signIn('investigator');
  });
  after(async () => {
    await browser?.close();
    await house?.close();
    await rm(pages, { recursive: true, force: true });
  });

  let commands = 0;
  type From = Parameters<typeof investigator<typeof routes.createDraft>>[1]['body']['from'];
  async function newDraft(from: From): Promise<string> {
    commands += 1;
    const commandId = `designer-test-command-${commands}`;
    return (await investigator(routes.createDraft, { body: { commandId, from } })).draftId;
  }
  const textOf = async (draftId: string) => (await investigator(routes.draft, { params: { draftId } })).text;

  async function open(address = house.address): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({
      viewport: desk,
      baseURL: address,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    return { context, page: await openTab(context) };
  }
  async function openTab(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // The browser reports refusals and unreachable servers as failed resources; both are looked at in the tests.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        complaints.push(message.text());
      }
    });
    return page;
  }
  async function signIn(page: Page, login: string): Promise<void> {
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }
  async function openDraft(draftId: string, part = 'identity', address?: string) {
    const opened = await open(address);
    await opened.page.goto(`/drafts/${draftId}?part=${part}`);
    await signIn(opened.page, 'investigator');
    await state(opened.page, 'saved');
    return opened;
  }
  const state = (page: Page, which: 'saved' | 'open' | 'failed') =>
    page.locator(`.save-state[data-state="${which}"]`).waitFor();
  const part = (page: Page, name: string) =>
    page.getByRole('navigation', { name: 'Sections of the protocol' }).getByRole('link', { name }).click();
  const field = (page: Page, written: string) => page.locator(`[data-path="${written}"]`).first();

  async function assertReads(page: Page, what: string): Promise<void> {
    for (const viewport of [desk, phone]) {
      await page.setViewportSize(viewport);
      assert.equal(await faultsOnPage(page), '', `${what} at ${viewport.width}`);
      const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(over, 0, `${what} is wider than ${viewport.width}`);
    }
    await page.setViewportSize(desk);
  }

  it('with the keyboard alone, a new protocol becomes a trial of two arms and then a study', async () => {
    const { context, page } = await open();
    const nameOfFocus = () =>
      page.evaluate(`(() => {
        const it = document.activeElement;
        const text = it?.getAttribute('aria-label') ?? it?.labels?.[0]?.textContent ?? it?.textContent ?? '';
        return text.trim();
      })()`) as Promise<string>;
    const tabTo = async (name: string) => {
      const seen: string[] = [];
      for (let step = 0; step < 150; step += 1) {
        await page.keyboard.press('Tab');
        const here = await nameOfFocus();
        if (here === name) return;
        seen.push(here.slice(0, 40));
      }
      assert.fail(`The keyboard does not reach “${name}”; it came by ${[...new Set(seen)].join(' | ')}`);
    };
    const fill = async (name: string, text: string) => {
      await tabTo(name);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
    };
    await page.goto('/drafts');
    await page.getByLabel('Login').waitFor();
    await fill('Login', 'administrator');
    await fill('Password', password);
    await page.keyboard.press('Enter');
    await page.getByText('No drafts yet').waitFor();
    await assertReads(page, 'no drafts');
    await tabTo('New protocol');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo('Begin');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Untitled draft' }).waitFor();
    await fill('Title', 'Mood under small doses, a trial with two arms');
    await fill('Short title', 'Two arms by keyboard');
    await fill('Id of the protocol', 'two-arms-by-keyboard');
    await fill('Rationale', 'Whether small doses change mood is an open question.');
    /** From the finding to its field. */
    const mend = async (place: string, text: string) => {
      await tabTo(place);
      await page.keyboard.press('Enter');
      await page.waitForFunction(`document.activeElement?.dataset.path === ${JSON.stringify(place)}`);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
    };
    await mend('population.description', 'Healthy adults who live at home.');
    const substance = 'interventions[0].substances[0]';
    await mend(`${substance}.substance`, 'lsd');
    await mend(`${substance}.dose.min`, '10');
    await mend(`${substance}.dose.max`, '10');
    await mend(`${substance}.dose.form`, 'lsd-base');
    await page.getByRole('button', { name: 'Create a study from this draft', disabled: false }).waitFor();
    await tabTo('Create a study from this draft');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Create a study' }).waitFor();
    await page.getByRole('combobox', { name: 'Draft' }).waitFor();
    await fill('Id of the study', 'two-arms');
    await fill('Name', 'Main clinic');
    await tabTo('Create the study');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByText('Two arms by keyboard was created.').waitFor();
    const administrator = await house.signIn('administrator');
    const { protocol } = await administrator(routes.studyProtocol, { params: { studyId: 'two-arms' } });
    const { arms, shortTitle } = protocol as unknown as { arms: unknown[]; shortTitle: string };
    assert.deepEqual([arms.length, shortTitle], [2, 'Two arms by keyboard']);
    await context.close();
  });

  it('every section can be read by everybody, on a desk and on a phone', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId);
    const names = await page.getByRole('navigation', { name: 'Sections of the protocol' }).getByRole('link').all();
    assert.ok(names.length > 14);
    for (const link of names) {
      await link.click();
      const name = (await link.textContent()) ?? '';
      await page.getByRole('region', { name, exact: true }).waitFor();
      await page.evaluate(`document.querySelectorAll('.designer-form .items > .item:first-of-type').forEach((item) => {
        item.open = true;
      })`);
      await assertReads(page, name);
    }
    await page.goto('/drafts');
    await page.getByRole('button', { name: 'New protocol' }).click();
    await page.getByRole('dialog', { name: 'New protocol' }).waitFor();
    await page.getByRole('radio', { name: 'A document' }).check();
    await assertReads(page, 'a new protocol');
    await context.close();
  });

  it('what is typed stays, right or wrong; a field is one step back; keys and buttons go both ways', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'population');
    const size = page.getByLabel('Planned number of participants');
    const before = await size.inputValue();
    await size.fill('');
    await size.pressSequentially('about 40');
    await page.getByRole('region', { name: 'Population' }).getByText('This must be a number.').waitFor();
    assert.equal(await size.inputValue(), 'about 40');
    await page.getByRole('button', { name: 'population.plannedSampleSize' }).waitFor();
    const who = page.getByLabel('Who takes part');
    const words = await who.inputValue();
    await who.press('ControlOrMeta+End');
    await who.pressSequentially(' And more.');
    await page.keyboard.press('ControlOrMeta+Z');
    assert.equal(await who.inputValue(), words);
    assert.equal(await size.inputValue(), 'about 40');
    await page.keyboard.press('ControlOrMeta+Shift+Z');
    assert.match(await who.inputValue(), /And more\.$/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.equal(await size.inputValue(), before);
    assert.ok(await page.getByRole('button', { name: 'Undo' }).isDisabled());
    await page.getByRole('button', { name: 'Redo' }).click();
    await page.keyboard.press('ControlOrMeta+Y');
    assert.equal(await size.inputValue(), 'about 40');
    await context.close();
  });

  it('a rule shows where it cannot be read, as it is typed', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'population');
    await page.locator('summary[data-path="population.eligibility[0]"]').click();
    const rule = field(page, 'population.eligibility[0].rule');
    await rule.fill('screening.age >= ');
    await page.getByText(/^Line 1, column \d+:/).waitFor();
    await rule.fill('screening.age >= 21');
    await page.getByText('The rule can be read. It looks at screening.age.').waitFor();
    await rule.fill('weather.age >= 21');
    await page.getByText('There is no variable “weather” here').first().waitFor();
    await rule.fill('screening.age >= years(21)');
    await page.getByText('The rule can be read. It looks at screening.age.').waitFor();
    await rule.fill('screening.age >= kilograms(21)');
    await page.locator('.rule-result .wrong').first().waitFor();
    await context.close();
  });

  it('every kind of regimen can be built, and says in words what it means', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'dosing');
    const kinds: [kind: string, words: string][] = [
      ['everyNDays', 'every 3rd day'],
      ['onOff', '4 days on, 3 days off'],
      ['weekdays', 'Monday and Thursday'],
      ['drawn', '2 days a week, drawn at random from Monday, Wednesday and Friday'],
      ['days', 'day 1'],
      ['alternating', 'every 3rd then 4th day in turn'],
      ['cycles', 'every 3rd then 4th day in turn; 4 weeks on, 2 weeks off'],
      ['everyNDays', 'every 3rd day'],
      ['sequence', 'every 3rd day for 14 days'],
      ['weekdays', 'Monday and Thursday'],
      ['anyOf', 'Monday and Thursday'],
      ['days', 'day 1'],
      ['except', 'day 1; left out: Sunday'],
      ['onOff', '4 days on, 3 days off'],
      ['spaced', '4 days on, 3 days off; at least 3 days apart'],
    ];
    const kind = field(page, 'dosing.regimen.kind');
    for (const [value, words] of kinds) {
      await kind.selectOption(value);
      await page.getByText(`In words: ${words}.`, { exact: true }).waitFor();
    }
    await field(page, 'dosing.regimen.regimen.on').fill('0');
    await page.getByRole('button', { name: 'dosing.regimen.regimen.on' }).waitFor();
    await context.close();
  });

  it('lists grow, move and shrink, and each is one step', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'arms');
    const arms = async () => JSON.parse(await currentText(page)).arms.map(({ id }: { id: string }) => id) as string[];
    const before = await arms();
    await part(page, 'Arms and interventions');
    await page.getByRole('button', { name: 'Add an arm' }).click();
    await page.keyboard.type('Third arm');
    await page.getByRole('button', { name: 'Move up: Third arm' }).click();
    assert.deepEqual((await arms()).indexOf(`arm-${before.length + 1}`), before.length - 1);
    await part(page, 'Arms and interventions');
    await page.locator('summary').filter({ hasText: 'Third arm' }).click();
    await page.getByRole('button', { name: 'Remove: Third arm' }).click();
    assert.deepEqual(await arms(), before);
    await context.close();
  });

  it('two treatments are made the two orders of a crossover, which the check finds nothing wrong with', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'arms');
    await page.getByText('Make the orders of a crossover').click();
    const make = page.getByRole('button', { name: 'Make the orders' });
    assert.equal(await make.isDisabled(), true);
    for (const box of await page
      .getByRole('group', { name: /Treatments/ })
      .getByRole('checkbox')
      .all())
      await box.check();
    await page.getByLabel('Capsules in each period').fill('5');
    await page.getByText(/^2 orders of 2 periods, 10 capsules for each person/).waitFor();
    await make.click();
    const { arms, interventions } = JSON.parse(await currentText(page));
    const [one, other] = interventions.map(({ id }: { id: string }) => id);
    const stepsOf = (arm: { content: { steps: { fromDose: number; intervention: string }[] } }) =>
      arm.content.steps.map(({ fromDose, intervention }) => [fromDose, intervention]);
    assert.deepEqual(arms.map(stepsOf), [
      [
        [1, one],
        [6, other],
      ],
      [
        [1, other],
        [6, one],
      ],
    ]);
    await context.close();
  });

  const currentText = async (page: Page) => {
    await part(page, 'Document text');
    return page.getByLabel('Text of the document').inputValue();
  };

  it('advice is answered in writing, folded away, and the answer stands in the document', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const text = JSON.parse(await textOf(draftId));
    text.answers = [];
    const odd = await newDraft({ kind: 'document', text: JSON.stringify(text) });
    const { context, page } = await openDraft(odd);
    const panel = page.getByRole('region', { name: 'Findings' });
    const answer = panel.getByRole('button', { name: /^Answer: / }).first();
    const message = ((await answer.getAttribute('aria-label')) ?? '').replace('Answer: ', '');
    await answer.click();
    await page.keyboard.type('Looked at by the team; it may stay.');
    await panel.getByRole('button', { name: 'Record the answer' }).click();
    await panel.getByText('1 finding answered').click();
    await panel.getByText('Looked at by the team; it may stay.').waitFor();
    assert.equal(await panel.getByRole('button', { name: `Answer: ${message}`, exact: true }).count(), 0);
    await page.getByRole('button', { name: 'Save' }).click();
    await state(page, 'saved');
    const { answers } = JSON.parse(await textOf(odd)) as { answers: { answer: string }[] };
    assert.deepEqual(
      answers.map((one) => one.answer),
      ['Looked at by the team; it may stay.'],
    );
    await assertReads(page, 'findings with an answer');
    await context.close();
  });

  it('the schedule is a grid: arrows move, Space adds a day and takes it away, and the regimen says it in words', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'schedule');
    const grid = page.getByRole('grid', { name: 'Schedule of activities by day' });
    const activities = async () =>
      JSON.parse(await textOf(draftId)).activities as { id: string; label: string; on: unknown }[];
    const [, , mood] = await activities();
    assert.ok(mood);
    const cell = (day: number) =>
      grid.getByRole('gridcell', { name: new RegExp(`^${mood.label}, day ${day}\\b`) }).first();
    assert.equal(await cell(5).getAttribute('aria-selected'), 'true');
    await cell(5).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    assert.equal(await cell(6).getAttribute('aria-selected'), 'true');
    await page.getByText(`${mood.label}: Day 6 added.`).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    assert.equal(await cell(5).getAttribute('aria-selected'), 'false');
    await page.keyboard.press('Space');
    await page.keyboard.press('ControlOrMeta+Z');
    assert.equal(await cell(5).getAttribute('aria-selected'), 'false', 'a tap is one step');
    await page.keyboard.press('ControlOrMeta+S');
    await state(page, 'saved');
    assert.deepEqual((await activities())[2]?.on, { kind: 'days', days: [6] });
    await cell(6).focus();
    await page.keyboard.press('Space');
    await page.getByText('It is the only day left. Remove the activity instead.').waitFor();
    await page.keyboard.press('PageDown');
    await grid.getByRole('columnheader', { name: '29' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForFunction(`document.activeElement?.dataset.path === 'activities[2].label'`);
    await assertReads(page, 'the grid');
    await context.close();
  });

  it('a sample calendar is compiled as it is designed, says what a day asks for, and goes out as a file', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'calendar');
    const panel = page.getByRole('region', { name: 'Sample calendar' });
    await panel.getByText(/16 capsules, 1 to 3 days apart/).waitFor();
    await page.getByLabel('First study day').fill('2027-03-01');
    await panel
      .getByText(/1 Mar 2027/)
      .first()
      .waitFor();
    const saving = page.waitForEvent('download', { timeout: 60_000 });
    await page.getByRole('button', { name: 'Save as a calendar file' }).click();
    const file = await (await saving).path();
    const text = await readFile(file, 'utf8');
    assert.equal(text.match(/BEGIN:VEVENT/g)?.length, text.match(/SUMMARY:Diary/g)?.length);
    assert.doesNotMatch(text, /lsd|capsule|dose/i);
    await part(page, 'Epochs');
    await field(page, 'epochs[0].lastDay').or(page.locator('summary[data-path="epochs[0]"]')).first().click();
    await part(page, 'Document text');
    await page.getByLabel('Text of the document').fill('{"format":"limen-protocol/1"}');
    await part(page, 'Sample calendar');
    await page.getByText('No calendar yet').waitFor();
    await context.close();
  });

  it('what the study could tell is simulated beside the page, in a world with and in one without an effect', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'power');
    const panel = page.getByRole('region', { name: 'What can this study tell?' });
    await panel.getByLabel('Participants').fill('24');
    await panel.getByLabel('Effect of the capsule').selectOption('Four times that');
    await panel.getByRole('button', { name: 'Simulate' }).click();
    await panel.getByRole('button', { name: 'Stop' }).waitFor();
    await panel.getByText(/% of guesses would be right/).waitFor({ timeout: 120_000 });
    await panel
      .getByText(/If the capsule did nothing, the planned analysis would find a difference in \d+ %/)
      .waitFor();
    assert.equal(await panel.locator('tbody tr').count(), 2);
    await assertReads(page, 'what it could tell');
    await panel.getByLabel('Participants').fill('2');
    await panel.getByText('From 4 to 2000').waitFor();
    assert.ok(await panel.getByRole('button', { name: 'Simulate' }).isDisabled());
    await part(page, 'Document text');
    await page.getByLabel('Text of the document').fill('{"format":"limen-protocol/1"}');
    await part(page, 'What can this study tell?');
    await page.getByText('Nothing to simulate yet').waitFor();
    await context.close();
  });

  it('a draft goes out as USDM and comes back, and its synopsis is one page', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId);
    const taken = async (item: string) => {
      const saving = page.waitForEvent('download', { timeout: 60_000 });
      await page.getByRole('button', { name: 'File', exact: true }).click();
      await page.getByRole('menuitem', { name: item }).click();
      return readFile(await (await saving).path(), 'utf8');
    };
    assert.match(await taken('Synopsis to read or print'), /<h2>SPIRIT 2025<\/h2>/);
    const usdm = await taken('Export as USDM 4');
    assert.equal(JSON.parse(usdm).usdmVersion, '4.0.0');
    await field(page, 'shortTitle').fill('To be overwritten');
    await page
      .getByLabel('A JSON file to import')
      .setInputFiles({ name: 'usdm.json', mimeType: 'application/json', buffer: Buffer.from(usdm) });
    await page.getByText(/^The draft holds what stands in usdm.json/).waitFor();
    const { shortTitle } = JSON.parse(await textOf(draftId)) as { shortTitle: string };
    await page.waitForFunction(
      `document.querySelector('[data-path="shortTitle"]')?.value === ${JSON.stringify(shortTitle)}`,
    );
    await context.close();
  });

  it('a broken document is kept as a draft and shows the line and the column of its faults', async () => {
    const { context, page } = await open();
    await page.goto('/drafts');
    await signIn(page, 'investigator');
    await page.getByRole('button', { name: 'New protocol' }).click();
    await page.getByRole('radio', { name: 'A document' }).check();
    const broken = '{\n  "format": "limen-protocol/1",\n  "title": \n}\n';
    await page
      .getByLabel('JSON file')
      .setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from(broken) });
    assert.equal(await page.getByLabel('Text of broken.json').inputValue(), broken);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('The text of the document cannot be read').waitFor();
    await page.getByRole('button', { name: 'Open the text' }).click();
    await page.getByRole('button', { name: 'Line 4, column 1' }).first().click();
    await page.getByText('Line 4, column 1', { exact: false }).first().waitFor();
    const area = page.getByLabel('Text of the document');
    assert.equal(await area.evaluate((it) => (it as unknown as { selectionStart: number }).selectionStart), 46);
    await assertReads(page, 'a broken document');
    await area.fill('{"format":"limen-protocol/1","title":"Mended"}');
    await page.getByRole('button', { name: 'Format' }).click();
    assert.equal(await area.inputValue(), '{\n  "format": "limen-protocol/1",\n  "title": "Mended"\n}\n');
    await part(page, 'Title and versions');
    assert.equal(await field(page, 'title').inputValue(), 'Mended');
    await context.close();
  });

  it('two tabs: the second save is refused and shown beside the first, and nothing is lost whatever is chosen', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page: first } = await openDraft(draftId);
    const second = await openTab(context);
    const titleOf = async (id = draftId) => (JSON.parse(await textOf(id)) as { shortTitle: string }).shortTitle;
    const clash = async (mine: string, theirs: string) => {
      await first.goto(`/drafts/${draftId}`);
      await second.goto(`/drafts/${draftId}`);
      for (const [page, words] of [
        [first, theirs],
        [second, mine],
      ] as const) {
        await state(page, 'saved');
        await field(page, 'shortTitle').fill(words);
      }
      await first.keyboard.press('ControlOrMeta+S');
      await first.locator('.save-state[data-state="saved"]').waitFor();
      assert.equal(await titleOf(), theirs);
      await second.keyboard.press('ControlOrMeta+S');
      await second.getByRole('heading', { name: 'Two versions of this draft' }).waitFor();
      assert.equal(await titleOf(), theirs);
    };
    await clash('Mine one', 'Theirs one');
    await assertReads(second, 'the conflict');
    await second.getByRole('button', { name: 'Keep mine', exact: true }).click();
    await state(second, 'saved');
    assert.equal(await titleOf(), 'Mine one');
    const { revisions } = await investigator(routes.draft, { params: { draftId } });
    const under = { draftId, revision: revisions.length - 1 };
    assert.match((await investigator(routes.draftAt, { params: under })).text, /Theirs one/);

    await clash('Mine two', 'Theirs two');
    await second.getByRole('button', { name: 'Take theirs' }).click();
    assert.equal(await field(second, 'shortTitle').inputValue(), 'Theirs two');
    await second.getByRole('button', { name: 'Undo' }).click();
    assert.equal(await field(second, 'shortTitle').inputValue(), 'Mine two');
    await second.keyboard.press('ControlOrMeta+S');
    await state(second, 'saved');
    assert.equal(await titleOf(), 'Mine two');

    await clash('Mine three', 'Theirs three');
    await second.getByRole('button', { name: 'Keep mine as a new draft' }).click();
    await second.waitForURL((url) => !url.pathname.endsWith(draftId));
    await second.getByRole('heading', { level: 1, name: 'Mine three' }).waitFor();
    assert.equal(await titleOf(), 'Theirs three');
    assert.equal(await titleOf(second.url().replace(/.*drafts\/([^?]*).*/, '$1')), 'Mine three');
    await context.close();
  });

  it('while the server is gone edits are kept; they are saved when it is back, and offered after a closed tab', async () => {
    const door = await openDoor(Number(new URL(house.address).port));
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId, 'identity', door.address);
    await door.shut();
    await field(page, 'shortTitle').fill('Written without a server');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Not saved: The server cannot be reached').waitFor();
    await door.open();
    await page.getByText('Saved as revision 2').waitFor({ timeout: 20_000 });
    assert.match(await textOf(draftId), /Written without a server/);

    await door.shut();
    await field(page, 'shortTitle').fill('Written before the tab was closed');
    await state(page, 'open');
    await page.close({ runBeforeUnload: false });
    await door.open();
    const again = await openTab(context);
    await again.goto(`/drafts/${draftId}`);
    await again.getByRole('heading', { name: 'Edits that were not saved' }).waitFor();
    await assertReads(again, 'kept edits');
    await again.getByRole('button', { name: 'Go on with these edits' }).click();
    assert.equal(await field(again, 'shortTitle').inputValue(), 'Written before the tab was closed');
    await again.getByText('Saved as revision 3').waitFor();
    await again.reload();
    await state(again, 'saved');
    assert.equal(await field(again, 'shortTitle').inputValue(), 'Written before the tab was closed');
    await context.close();
    await door.shut();
  });

  it('saves by itself, warns before leaving, and goes back to an earlier revision as a new one', async () => {
    const draftId = await newDraft({ kind: 'library', library });
    const { context, page } = await openDraft(draftId);
    const name = await field(page, 'shortTitle').inputValue();
    await field(page, 'shortTitle').fill('A second name');
    await page.getByText('Saved as revision 2').waitFor();
    await field(page, 'shortTitle').fill('A third name');
    await page.getByRole('link', { name: 'Studies' }).click();
    const leave = page.getByRole('dialog', { name: 'Not everything is saved' });
    await leave.getByRole('button', { name: 'Stay' }).last().click();
    await leave.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved as revision 3').waitFor();
    await part(page, 'Revisions');
    await page.getByLabel('From').selectOption('1');
    await page.getByRole('button', { name: 'Go back to revision 1' }).click();
    await page.getByText('Saved as revision 4').waitFor();
    assert.match(await textOf(draftId), new RegExp(`"shortTitle": "${name}"`));
    await page.getByRole('link', { name: 'Drafts' }).first().click();
    await page
      .getByRole('button', { name: `Delete ${name}` })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the draft' }).click();
    await page.getByText(`${name} was deleted.`).waitFor();
    await context.close();
  });

  it('no page broke a rule of the content policy or threw', () => {
    assert.deepEqual(complaints, []);
  });
});
