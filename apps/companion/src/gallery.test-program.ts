/**
 * A walk through every screen of the app, in any language, in a real clinic: what is judged, and what the pictures of the documentation
 * show. Ways are found by what a screen is made of, never by its words, so that one walk serves every language.
 */
import { routes } from '@limen/contract';
import { instrumentById, simulateAnswers } from '@limen/instruments';
import { shortCodeOf } from '@limen/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  admit,
  askedFor,
  enter,
  invite,
  libraryWith,
  openClinic,
  openPhone,
  randomise,
  screen,
} from './clinic.test-program.ts';

type Clinic = Awaited<ReturnType<typeof openClinic>>;
export type See = (name: string, page: Page) => Promise<void>;

const protocol = 'lsd-10ug-every-third-day';
const forms = ['daily-check-in', 'phq-9'];
const tasks = [
  'vigilance',
  'digit-symbol',
  'stroop',
  'n-back',
  'spatial-span',
  'alternate-uses',
  'divergent-association',
] as const;
const begin = '2026-03-02';
const patience = 30_000;

/** `see` is called on every screen once it stands still; `app`: the folder of the built app. */
export async function walkTheApp(app: string, locale: string, see: See): Promise<void> {
  const library = await libraryWith(protocol, [...forms, ...tasks.map((task) => `task-${task}`)]);
  try {
    await inClinic(app, locale, protocol, { library: library.folder }, (visit) => walkTheStudy(visit, see));
    await inClinic(app, locale, 'self-blinding-2021', {}, (visit) => walkThePacking(visit, see));
  } finally {
    library.remove();
  }
}

type Visit = {
  readonly clinic: Clinic;
  /** Another phone, at a place of the app. */
  readonly phoneAt: (place: string) => Promise<{ context: BrowserContext; page: Page }>;
  readonly go: (page: Page, place: string) => Promise<void>;
};

async function inClinic(
  app: string,
  locale: string,
  study: string,
  more: Readonly<Record<string, unknown>>,
  walk: (visit: Visit) => Promise<void>,
): Promise<void> {
  const clinic = await openClinic(`${begin}T08:00:00.000Z`, app, study, more);
  const opened: Browser[] = [];
  const go = async (page: Page, place: string) => {
    await page.goto(`${clinic.address}/app/#/${place}`);
    await stands(page);
  };
  const phoneAt = async (place: string) => {
    const { browser, context, page } = await openPhone(clinic, { locale });
    opened.push(browser);
    page.setDefaultTimeout(patience);
    await go(page, place);
    return { context, page };
  };
  try {
    await walk({ clinic, phoneAt, go });
  } finally {
    for (const browser of opened) await browser.close();
    await clinic.close();
  }
}

/** A heading, and nothing that is still on its way. */
async function stands(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached' });
}

const press = (page: Page, kind: 'primary' | 'quiet' = 'primary') => page.locator(`main button.${kind}`).first().tap();

async function joinAs(page: Page, code: string): Promise<void> {
  await page.locator('#code').fill(code);
  await press(page);
  await page.locator('#code').waitFor({ state: 'detached' });
  await stands(page);
}

async function walkTheStudy({ clinic, phoneAt, go }: Visit, see: See): Promise<void> {
  const { context, page } = await phoneAt('join');
  await see('join', page);
  await page.locator('#code').fill('0000-0000-0000-0000-0000');
  await press(page);
  await page.locator('#code-fault:not(:empty)').waitFor();
  await see('join-refused', page);
  await joinAs(page, (await invite(clinic)).code);
  await see('invited', page);
  await go(page, 'screening');
  await see('screening', page);
  await context.close();

  const screened = await phoneAt('join');
  await joinAs(screened.page, (await screen(clinic)).code);
  await see('screened', screened.page);
  await go(screened.page, 'consent');
  await see('consent', screened.page);
  await screened.context.close();

  const person = await enter(clinic);
  const waiting = await phoneAt('join');
  await joinAs(waiting.page, person.code);
  await see('consented', waiting.page);
  await go(waiting.page, 'consent/copy');
  await see('consent-copy', waiting.page);
  await waiting.context.close();

  await admit(clinic, person.participantId, begin);
  clinic.clock.now = Date.parse(`${begin}T16:30:00Z`);
  const day = await phoneAt('join');
  await joinAs(day.page, person.code);
  await walkADay(day, { clinic, phoneAt, go }, see);
  await walkTheTasks(day.page, { clinic, phoneAt, go }, see);
  await keepDiary(clinic, person);
  await at(day.page, clinic, '2026-03-09T08:00:00Z');
  await see('today', day.page);
  await go(day.page, 'history');
  await day.page.locator('main .curve').first().waitFor();
  await see('history', day.page);
  await walkTheLock(day.page, person.code, go, see);
  await go(day.page, 'withdraw');
  await see('withdraw', day.page);
  await day.page.locator('main input[type=radio]').nth(1).check({ force: true });
  await see('withdraw-chosen', day.page);
  await day.page.locator('main button.danger').tap();
  await day.page.locator('main button.danger').waitFor({ state: 'detached' });
  await stands(day.page);
  await see('left', day.page);
}

/** Five check-ins of the first week, as from another phone. */
async function keepDiary(clinic: Clinic, { call, params }: Awaited<ReturnType<typeof enter>>): Promise<void> {
  let drawn = 0;
  // A gentle up and down, the same in every picture.
  const random = {
    uniform: () => 0,
    normal(mean: number, sd: number) {
      drawn += 1;
      return mean + sd * Math.sin(drawn);
    },
  };
  const instrument = instrumentById('daily-check-in');
  for (const date of ['2026-03-03', '2026-03-04', '2026-03-06', '2026-03-07', '2026-03-08']) {
    clinic.clock.now = Date.parse(`${date}T16:30:00Z`);
    const { schedule } = await call(routes.today, { params });
    const due = schedule.find((item) => item.instrument === instrument.id && item.date === date);
    if (due === undefined) throw new Error(`No check-in is due on ${date}`);
    const { id, version } = instrument;
    const answers = simulateAnswers(instrument, { random, severity: 0, skip: 1 }) as Record<string, string | number>;
    const form = { instrument: id, instrumentVersion: version, occurrence: due.occurrence, answers };
    await call(routes.submit, { params, body: { type: 'submit', commandId: clinic.commandId(), ...form } });
  }
}

async function walkADay({ context, page }: { context: BrowserContext; page: Page }, { go }: Visit, see: See) {
  await see('first-day', page);
  await page.locator(askedFor('daily-check-in')).tap();
  await page.locator('main .question').first().waitFor();
  await see('check-in', page);
  await go(page, '');
  await page.locator(askedFor('phq-9')).tap();
  await page.locator('main .question').first().waitFor();
  await see('questionnaire', page);
  for (const place of ['report', 'report/sent', 'settings', 'wearables', 'reminders', 'help']) {
    await go(page, place);
    await see(place === 'report/sent' ? 'report-sent' : place, page);
  }
  await go(page, '');
  await context.setOffline(true);
  await page.locator('.bar span').first().waitFor();
  await see('offline', page);
  await context.setOffline(false);
}

async function walkTheTasks(page: Page, { go }: Visit, see: See) {
  for (const task of tasks) {
    await go(page, '');
    await page.locator(askedFor(`task-${task}`)).tap();
    await page.locator('.task-page button.primary').first().waitFor();
    await see(`task-${task}`, page);
    await press(page);
    await page.locator('.task-stage .jspsych-content > *').first().waitFor();
    await see(`task-${task}-running`, page);
    if (task !== tasks[0]) continue;
    await page.locator('.task-stop').tap();
    await page.locator('.task-page button.quiet').first().waitFor();
    await see('task-stopped', page);
  }
}

async function walkTheLock(page: Page, code: string, go: Visit['go'], see: See) {
  await go(page, 'lock');
  await see('lock', page);
  const fields = page.locator('main form input');
  for (const [place, text] of [code, '493027', '493027'].entries()) await fields.nth(place).fill(text);
  await press(page);
  await page.locator('main select').waitFor();
  await page.reload();
  await page.locator('main input').first().waitFor();
  await see('locked', page);
  await page.locator('main input').first().fill('493027');
  await press(page);
  await page.locator('#pin').waitFor({ state: 'detached' });
}

async function walkThePacking({ clinic, phoneAt, go }: Visit, see: See): Promise<void> {
  const person = await enter(clinic);
  await randomise(clinic, person.participantId, '2026-03-09');
  const { page } = await phoneAt('helper');
  await see('helper', page);
  await go(page, 'join');
  await joinAs(page, person.code);
  await see('packing-asked', page);
  await go(page, 'packing');
  await see('packing-who', page);
  await press(page, 'quiet');
  await page.locator('main button.quiet').waitFor({ state: 'detached' });
  await page.locator('main button.primary').waitFor();
  await see('packing-print', page);
  await press(page);
  await page.locator('.label-strip').first().waitFor({ state: 'attached' });
  await see('packing-labels', page);
  const printed = await page.locator('.label-strip .code').allTextContents();
  const seal = (await page.locator('.seal-strip .code').textContent()) ?? '';
  await press(page, 'quiet');
  await ticked(page, 'packing-fill', see);
  const grams = page.locator('main form input');
  await grams.first().waitFor();
  for (const [place, text] of ['0.01', '0.31', '0.30', '0.30'].entries()) await grams.nth(place).fill(text);
  await see('packing-weigh', page);
  await press(page);
  await ticked(page, 'packing-shuffle', see);
  await page.locator('#envelope-code').waitFor({ state: 'attached' });
  await see('packing-sort', page);
  for (const code of printed) await typeCode(page, code);
  // The first is the camera's.
  await page.locator('main button.primary').last().tap();
  await page.locator('main form button.primary').waitFor();
  await page.locator('main form input').first().fill(seal);
  await see('packing-seal', page);
  await press(page);
  await page.locator('main form').waitFor({ state: 'detached' });
  await see('packing-done', page);
  await walkTheWeeks(page, { clinic, go }, person, see);
}

async function walkTheWeeks(
  page: Page,
  { clinic, go }: Pick<Visit, 'clinic' | 'go'>,
  person: Awaited<ReturnType<typeof enter>>,
  see: See,
): Promise<void> {
  const { packing } = await person.call(routes.today, { params: person.params });
  const [token = ''] = (packing?.weeks ?? []).map(({ envelope }) => envelope);
  await at(page, clinic, '2026-03-16T06:30:00Z');
  await go(page, 'envelope');
  await see('envelope', page);
  await typeCode(page, shortCodeOf(packing?.leftovers[0] ?? ''));
  await see('envelope-another', page);
  await typeCode(page, shortCodeOf(token));
  await see('envelope-right', page);
  await at(page, clinic, '2026-04-11T10:00:00Z');
  await go(page, 'leftovers');
  await see('leftovers', page);
  await go(page, 'result');
  await see('result', page);
}

async function at(page: Page, clinic: Clinic, instant: string): Promise<void> {
  clinic.clock.now = Date.parse(instant);
  await page.clock.setSystemTime(clinic.clock.now);
  await page.goto(`${clinic.address}/app/#/`);
  await page.reload();
  await stands(page);
}

async function ticked(page: Page, name: string, see: See): Promise<void> {
  await page.locator('main input[type=checkbox]').first().waitFor();
  await see(name, page);
  for (const box of await page.locator('main input[type=checkbox]').all()) await box.check();
  await press(page);
}

/** Types the code of a label where the camera would read it, and waits for what is said of it. */
async function typeCode(page: Page, code: string): Promise<void> {
  const field = page.locator('#envelope-code');
  if (!(await field.isVisible())) await page.locator('details.typed summary').tap();
  await field.fill(code);
  const before = await page.locator('main').textContent();
  await page.locator('details.typed button[type=submit]').tap();
  await page.waitForFunction((was) => document.querySelector('main')?.textContent !== was, before);
}

/** Beside the repository's documents: a picture of every screen of the walk, by its name. */
export const picturesFolder: string = new URL('../../../docs/images/companion', import.meta.url).pathname;
