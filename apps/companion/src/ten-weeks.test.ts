/**
 * Ten weeks of the self-blinding study on the person's own phones: consent to completion under a controlled clock, with a
 * week without a network, an update of the app, a second phone and envelopes scanned. What was typed is held against
 * the record at the end: nothing lost, nothing doubled.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { routes } from '@limen/contract';
import { findInstrument } from '@limen/instruments';
import { shortCodeOf } from '@limen/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  buildCompanion,
  type Clinic,
  filmOf,
  openClinic,
  openPhone,
  randomise,
  recordOf,
  screen,
  timeZone,
} from './clinic.test-program.ts';
import type { ConsentForm } from './server/answers.ts';

const startDate = '2026-03-09';
/** How a control was set: the place of an option, or what was written. */
type Typed = readonly [item: string, value: number | string | readonly number[]];

describe('ten weeks of the self-blinding study', { timeout: 240_000 }, () => {
  let clinic: Clinic;
  let folder: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let person: Awaited<ReturnType<typeof screen>>;
  const sealCode = 'SEAL-2026-QX';
  const typed = new Map<string, Typed[]>();
  const capsules = new Map<string, string>();
  let visits = 0;

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder, 'self-blinding-2021');
    person = await screen(clinic);
    ({ browser, context, page } = await openPhone(clinic));
    follow(page);
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const underWay = new Map<Page, number>();
  const follow = (on: Page) => {
    const count = (by: number) => () => underWay.set(on, (underWay.get(on) ?? 0) + by);
    on.on('request', count(1));
    on.on('requestfinished', count(-1));
    on.on('requestfailed', count(-1));
    on.setDefaultTimeout(15_000);
  };
  const press = (name: string | RegExp, on = page) => on.getByRole('button', { name }).tap();
  const heading = (name: string, on = page) => on.getByRole('heading', { level: 1, name }).waitFor();
  const allSent = (on = page) =>
    on.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
  /** The person looks at the phone at a local time of a study day. */
  const look = async (day: number, time: string, on = page) => {
    const date = Temporal.PlainDate.from(startDate).add({ days: day - 1 });
    // An answer that was under way would bring the hour of the last look.
    for (let quiet = 0; quiet < 6; quiet = (underWay.get(on) ?? 0) > 0 ? 0 : quiet + 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    clinic.clock.now = date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
    await on.clock.setSystemTime(clinic.clock.now);
    const glanced = () => on.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await glanced();
    const shown = on.getByText(new RegExp(`study day ${day}\\b`));
    for (let glance = 0; glance < 20 && !(await shown.isVisible()); glance += 1) {
      await glanced();
      await shown.waitFor({ timeout: 700 }).catch(() => null);
    }
    await shown.waitFor();
    visits += 1;
  };
  const join_ = async (on: Page) => {
    await on.goto(`${clinic.address}/app/#/join?code=${person.code}`);
    await press('Continue', on);
  };
  const takeCapsule = async (day: number, on = page) => {
    await look(day, '08:30', on);
    await press('Taken just now', on);
    await on.getByText('Recorded as taken.').waitFor();
    capsules.set(`dose@${day}`, new Date(clinic.clock.now).toISOString().slice(0, 16));
  };
  const leaveOut = async (day: number) => {
    await look(day, '09:00');
    await press('Left out');
    await press('I felt unwell');
    await page.getByText('Recorded as left out.').waitFor();
    capsules.set(`dose@${day}`, 'I felt unwell');
  };
  /** Everything that can be answered now, in the order of the screen. */
  const answerAll = async (on = page) => {
    for (;;) {
      const open = on.locator('a.task');
      if ((await open.count()) === 0) return;
      const place = (await open.first().getAttribute('href')) ?? '';
      const occurrence = decodeURIComponent(place.replace('#/do/', ''));
      await on.locator(`a.task[href="${place}"]`).tap();
      await on.locator('form.form .question').first().waitFor();
      assert.ok(!typed.has(occurrence), `${occurrence} is asked twice`);
      typed.set(occurrence, await fillForm(on, typed.size));
      await heading('Today', on);
    }
  };
  const openEnvelope = async (week: number, token: string) => {
    await press('Scan the envelope');
    await heading(`Envelope of week ${week}`);
    await page.getByText('Type the code instead').tap();
    await page.getByLabel('The ten characters under the fold').fill(shortCodeOf(token));
    await press('Look it up');
    await page.getByRole('heading', { name: 'This is the one' }).waitFor();
    await press('I open it now');
    await page.getByText('The envelope of this week is recorded.').waitFor();
    await page.goto(`${clinic.address}/app/#/`);
  };
  const planned = async () => (await person.call(routes.today, { params: person.params })).packing;
  const tokenOf = async (week: number) =>
    (await planned())?.weeks.find((one: { week: number }) => one.week === week)?.envelope ?? '';
  /** All but Monday's envelope and capsule. */
  const restOfWeek = async (monday: number, leftOut?: number) => {
    await look(monday, '12:30');
    await answerAll();
    for (const day of [monday + 1, monday + 3, monday + 4]) {
      await (day === leftOut ? leaveOut(day) : takeCapsule(day));
      await look(day, '12:30');
      await answerAll();
    }
    await look(monday + 6, '12:30');
    await answerAll();
  };

  it('reads, passes the questions about the text and signs', async () => {
    await join_(page);
    await press('Read the consent form');
    await press('I have read this');
    const form = (person.protocol.consent as ConsentForm[]).at(-1);
    for (const { options, correct } of form?.comprehension ?? []) {
      await page.getByText(options[correct] ?? '', { exact: true }).tap();
      await press('Check');
      await press('Next');
    }
    await heading('Your decision');
    await page.getByLabel('Your name, as your signature').waitFor();
    for (const group of await page.locator('fieldset').all()) await group.getByText('Yes', { exact: true }).tap();
    await page.getByLabel('Your name, as your signature').fill('A. Person');
    await press('Sign');
    await heading('Your copy');
    await allSent();
    await randomise(clinic, person.participantId, startDate);
    await pack(clinic, person, sealCode);
  });

  it('answers the questions of the first week', async () => {
    await page.goto(`${clinic.address}/app/#/`);
    await page.reload();
    await look(5, '12:00');
    await answerAll();
    await allSent();
    assert.equal(typed.size, 4);
  });

  it('takes the capsules of the first week but one, and says why', async () => {
    await look(8, '08:20');
    await openEnvelope(1, await tokenOf(1));
    await takeCapsule(8);
    await restOfWeek(8, 12);
    await allSent();
  });

  it('lives the second week without a network, and the phone is switched off in between', async () => {
    const token = await tokenOf(2);
    await context.setOffline(true);
    await page.reload();
    await look(15, '08:20');
    await openEnvelope(2, token);
    await takeCapsule(15);
    await page.reload();
    await restOfWeek(15);
    const before = (await recordOf(clinic, person.participantId)).length;
    await page.getByText(/^\d+ entries are saved on this phone/).waitFor();
    assert.equal((await recordOf(clinic, person.participantId)).length, before);
  });

  it('a new version of the app arrives while entries wait; it is taken over once they are sent', async () => {
    await clinic.stop();
    await context.setOffline(false);
    nextVersion(folder);
    await clinic.restart();
    let blocked = true;
    await context.route('**/v1/**', (route) => (blocked ? route.abort() : route.fallback()));
    await page.reload();
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null);
    await page.getByText(/^\d+ entries are saved on this phone/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Use it now' }).count(), 0);
    blocked = false;
    await context.unroute('**/v1/**');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await allSent();
    await Promise.all([page.waitForEvent('load'), press('Use it now')]);
    await page.locator('meta[name="next-version"]').waitFor({ state: 'attached' });
    await heading('Today');
  });

  it('reads the third envelope with the camera of a second phone, and both phones go on', async () => {
    await page.goto(`${clinic.address}/app/#/`);
    const film = join(folder, 'third.y4m');
    writeFileSync(film, filmOf(await tokenOf(3)));
    clinic.clock.now = Date.parse('2026-03-30T06:20:00Z');
    const second = await openPhone(clinic, { permissions: ['camera'] }, [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    try {
      const { page: own } = second as { page: Page };
      follow(own);
      await join_(own);
      await press('Scan the envelope', own);
      await press('Use the camera', own);
      await own.getByRole('heading', { name: 'This is the one' }).waitFor();
      await press('I open it now', own);
      await own.getByText('The envelope of this week is recorded.').waitFor();
      await own.goto(`${clinic.address}/app/#/`);
      await takeCapsule(22, own);
      await takeCapsule(23, own);
      await look(23, '12:30', own);
      await answerAll(own);
      await allSent(own);
    } finally {
      await second.browser.close();
    }
    assert.equal(typed.has('daily-check-in@22'), true, 'still open late, on the second phone');
    for (const day of [25, 26]) {
      await takeCapsule(day);
      await look(day, '12:30');
      await answerAll();
    }
    await look(28, '12:30');
    await answerAll();
  });

  it('takes the last week, looks at the seal, and answers the later weeks', async () => {
    await look(29, '08:20');
    await openEnvelope(4, await tokenOf(4));
    await takeCapsule(29);
    await restOfWeek(29);
    await look(39, '12:00');
    await press('Look at the seal');
    await page.getByText('Yes, it is whole', { exact: true }).tap();
    await page.getByLabel('The code on the seal strip').fill(sealCode);
    await press('Save');
    await heading('Thank you');
    await page.goto(`${clinic.address}/app/#/`);
    await answerAll();
    await look(67, '12:00');
    await answerAll();
    await allSent();
  });

  it('has finished, and the record holds what was typed: nothing lost, nothing doubled', async (t) => {
    clinic.clock.now = Date.parse('2026-05-18T10:00:00Z');
    const coordinator = await clinic.staff.signIn('coordinator');
    const body = { type: 'complete', commandId: clinic.commandId() } as const;
    await coordinator(routes.complete, { params: person.params, body });
    await page.clock.setSystemTime(clinic.clock.now);
    await page.reload();
    await heading('You have finished');

    const record = await recordOf(clinic, person.participantId);
    const of = (type: string) => record.filter((one) => one.type === type);
    assert.deepEqual(of('entry.kept'), []);
    const submitted = of('answers.submitted');
    assert.equal(submitted.length, typed.size);
    for (const { data } of submitted) {
      const given = typed.get(String(data.occurrence)) ?? [];
      assert.deepEqual(data.answers, Object.fromEntries(given.map((one) => recorded(String(data.instrument), one))));
    }
    const doses = [...of('dose.taken'), ...of('dose.missed')];
    assert.deepEqual(
      doses.map(({ data }) => [data.occurrence, data.reason ?? String(data.takenAt).slice(0, 16)]).sort(),
      [...capsules].sort(),
    );
    assert.deepEqual(
      of('envelope.opened').map(({ data }) => [data.week, data.plannedWeek, data.flags]),
      [1, 2, 3, 4].map((week) => [week, week, []]),
    );
    assert.deepEqual(
      of('leftovers.checked').map(({ data }) => data.matches),
      [true],
    );
    assert.equal(of('participant.completed').length, 1);
    t.diagnostic(
      `${visits} looks at the phone, ${typed.size} forms and ${capsules.size} capsules, in ${record.length} facts`,
    );
  });
});

/** The next build of the app, as far as a phone can tell: another page and another worker that keeps it. */
function nextVersion(folder: string): void {
  const [page, worker] = [join(folder, 'index.html'), join(folder, 'sw.js')];
  writeFileSync(page, readFileSync(page, 'utf8').replace('<head>', '<head><meta name="next-version" content="2">'));
  writeFileSync(worker, readFileSync(worker, 'utf8').replace(/limen-shell-[\w-]*/, 'limen-shell-next'));
}

/** Packed at the kitchen table: the screens of it have their own test. */
async function pack(clinic: Clinic, { call, params }: Awaited<ReturnType<typeof screen>>, sealCode: string) {
  const send = (fields: object) => ({ commandId: clinic.commandId(), ...fields }) as never;
  await call(routes.planPacking, { params, body: send({ type: 'planPacking', mode: 'self' }) });
  const facts = { weighed: { weights: [302, 298, 300], resolutionMg: 1 }, sealed: { sealCode } };
  for (const step of ['printed', 'filled', 'weighed', 'shuffled', 'sorted', 'sealed'] as const) {
    const more = step === 'weighed' || step === 'sealed' ? facts[step] : {};
    await call(routes.recordPacking, { params, body: send({ type: 'recordPacking', step, ...more }) });
  }
}

/** Answers every question of the open form, a screen at a time; tells what was typed. */
async function fillForm(page: Page, seed: number): Promise<Typed[]> {
  const all: Typed[] = [];
  for (;;) {
    await page.locator('.question').first().waitFor();
    all.push(...(await page.evaluate(fillScreen, seed + all.length)));
    const submit = page.locator('form.form button[type=submit]');
    const last = (await submit.textContent()) === 'Save';
    const [first] = all.slice(-1);
    await submit.tap();
    if (last) return all;
    await page.locator(`[data-item="${first?.[0]}"]`).waitFor({ state: 'detached' });
  }
}

/** In the page: sets every control that waits, those that appear meanwhile too. Nothing that would hold the capsules. */
async function fillScreen(seed: number): Promise<Typed[]> {
  const done = new Map<string, Typed>();
  const write = (control: Element | null, text: string) => {
    if (!(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement)) return;
    control.value = text;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
  for (;;) {
    const questions = [...document.querySelectorAll<HTMLElement>('.question[data-item]')];
    const question = questions.find(({ dataset }) => !done.has(dataset.item ?? ''));
    if (question === undefined) return [...done.values()];
    const item = question.dataset.item ?? '';
    const some = (seed * 31 + done.size * 17) % 101;
    const options = [...question.querySelectorAll<HTMLInputElement>('input[type=radio], input[type=checkbox]')];
    const calm = /^(q9|effects|warningSigns|otherSubstances|newMedicine|limits)/.test(item);
    if (options[0]?.type === 'radio') {
      const place = calm ? 0 : some % Math.min(2, options.length);
      options[place]?.click();
      done.set(item, [item, place]);
    } else if (options.length > 0) {
      const place = calm ? 0 : some % options.length;
      options[place]?.click();
      done.set(item, [item, [place]]);
    } else if (question.querySelector('.rating-number') !== null) {
      write(question.querySelector('.rating-number'), String(some));
      done.set(item, [item, some]);
    } else if (question.querySelector('input.number') !== null) {
      write(question.querySelector('input.number'), String(some % 9));
      done.set(item, [item, some % 9]);
    } else {
      const words = `Note ${seed} of a quiet day: ä, “”, 10 µg`;
      write(question.querySelector('textarea, input'), words);
      done.set(item, [item, words]);
    }
    await settle();
  }
}

/** What was typed, as the record says it. */
function recorded(id: string, [item, value]: Typed): [string, unknown] {
  const instrument = findInstrument(id);
  const asked = instrument?.items.find((one) => one.id === item);
  const set =
    asked !== undefined && 'responseSet' in asked ? (instrument?.responseSets[asked.responseSet] ?? []) : null;
  if (set === null) return [item, value];
  return [item, Array.isArray(value) ? value.map((place) => set[place]) : set[Number(value)]];
}
