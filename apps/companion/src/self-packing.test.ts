/** Packing one's own envelopes and opening them week by week: the built app on a phone against the real servers. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Route, routes } from '@limen/contract';
import { shortCodeOf } from '@limen/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import {
  buildCompanion,
  type Clinic,
  complaintsOf,
  enter,
  filmOf,
  openClinic,
  openPhone,
  randomise,
  recordOf,
} from './clinic.test-program.ts';

const startDate = '2026-03-09';

describe('a participant who packs their own envelopes', { timeout: 900_000 }, () => {
  let clinic: Clinic;
  let folder: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let person: Awaited<ReturnType<typeof enter>>;
  let printed: string[] = [];
  let sealCode = '';

  before(async () => {
    folder = await buildCompanion();
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder, 'self-blinding-2021');
    person = await enter(clinic);
    await randomise(clinic, person.participantId, startDate);
    ({ browser, context, page } = await openPhone(clinic));
    page.setDefaultTimeout(30_000);
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const open = (place: string, on = page) => on.goto(`${clinic.address}/app/#/${place}`);
  const press = (name: string | RegExp, on = page) => on.getByRole('button', { name }).tap();
  const heading = (name: string, on = page) => on.getByRole('heading', { level: 1, name }).waitFor();
  const isClean = async (on = page) => assert.equal(await complaintsOf(on), '', on.url());
  const allSent = () => page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
  const tickAll = async (on = page) => {
    await on.getByRole('checkbox').first().waitFor();
    for (const box of await on.getByRole('checkbox').all()) await box.check();
  };
  const setTime = async (instant: string) => {
    clinic.clock.now = Date.parse(instant);
    await page.clock.setSystemTime(clinic.clock.now);
  };
  const typeCode = async (code: string) => {
    if (!(await page.getByLabel('The ten characters under the fold').isVisible())) {
      await page.getByText('Type the code instead').tap();
    }
    await page.getByLabel('The ten characters under the fold').fill(code);
    await press('Look it up');
  };
  const events = async (type: string) =>
    (await recordOf(clinic, person.participantId)).filter((one) => one.type === type);
  const today = () => person.call(routes.today, { params: person.params });
  const planOf = async () => {
    const { packing } = await today();
    assert.ok(packing);
    return packing;
  };

  it('is told to pack, who packs is chosen, and the plan is in the record before anything is shown', async () => {
    await open(`join?code=${person.code}`);
    await press('Continue');
    await page.getByRole('heading', { name: 'Pack your envelopes' }).waitFor();
    await isClean();
    await press('Begin');
    await heading('Pack your envelopes');
    await isClean();
    await press('I pack them myself');
    await page.getByRole('heading', { name: 'Print the labels' }).waitFor();
    await isClean();
    const [planned] = await events('packing.planned');
    assert.equal((planned?.data.weeks as string[] | undefined)?.length, 4);
    assert.deepEqual((await planOf()).weeks, [], 'the plan is not given out with the labels');
  });

  it('prints eight labels whose codes a reader reads, and keeps nothing of them', async () => {
    await press('Show the labels');
    await page.getByText('The labels are ready to print.').waitFor();
    await isClean();
    const labels = await page.locator('.label-strip').evaluateAll((strips) =>
      strips.map((strip) => ({
        path: strip.querySelector('path')?.getAttribute('d') ?? '',
        size: Number(strip.querySelector('svg')?.getAttribute('viewBox')?.split(' ')[2]),
        code: strip.querySelector('.code')?.textContent ?? '',
      })),
    );
    printed = labels.map(({ path, size }) => readPath(path, size));
    assert.deepEqual(
      labels.map(({ code }) => code),
      printed.map(shortCodeOf),
    );
    assert.equal(new Set(printed).size, 8);
    sealCode = (await page.locator('.seal-strip .code').textContent()) ?? '';
    await page.emulateMedia({ media: 'print' });
    await page.locator('.sheet').waitFor();
    await page.emulateMedia({ media: 'screen' });
    await press('They are on paper');
    await page.getByRole('heading', { name: 'Fill the eight sets' }).waitFor();
    assert.equal(await page.locator('.label-strip').count(), 0);
    const stored = await page.evaluate(() => document.body.innerHTML);
    assert.ok(printed.every((token) => !stored.includes(token)));
  });

  it('goes through filling, weighing and shuffling in order', async () => {
    await tickAll();
    await isClean();
    await press('All eight are filled');
    await page.getByLabel('The smallest step your scale shows, in grams').fill('0,01');
    await page.getByLabel('The first capsule, in grams').fill('0.31');
    await page.getByLabel('The second capsule, in grams').fill('much');
    await press('Save the weights');
    await page.getByText('Please give all four numbers').waitFor();
    await page.getByLabel('The second capsule, in grams').fill('.30');
    await page.getByLabel('The third capsule, in grams').fill('0,3');
    await isClean();
    await press('Save the weights');
    await page.getByText('From here on the labels cannot be printed again.').waitFor();
    await tickAll();
    await press('They are shuffled');
    await page.getByText('0 of 8 scanned').waitFor();
    await allSent();
    const [weighed] = (await events('packing.recorded')).filter(({ data }) => data.step === 'weighed');
    assert.deepEqual(
      [weighed?.data.weights, weighed?.data.resolutionMg, weighed?.data.findings],
      [[300, 300, 310], 10, []],
    );
  });

  it('sorts them by scanning, without a connection, and seals the leftovers', async () => {
    const { weeks, leftovers } = await planOf();
    assert.deepEqual([...weeks.map(({ envelope }) => envelope), ...leftovers].sort(), [...printed].sort());
    await context.setOffline(true);
    await typeCode('ABCDE-FGHJK');
    await page.getByText('A character is wrong or missing').waitFor();
    await typeCode(shortCodeOf('7'.repeat(26)));
    await page.getByText('This is not one of your envelopes.').waitFor();
    await isClean();
    for (const token of printed) {
      const week = weeks.find(({ envelope }) => envelope === token)?.week;
      await typeCode(shortCodeOf(token).toLowerCase());
      await page.getByText(week === undefined ? 'Write “leftover”' : `Write “week ${week}”`).waitFor();
    }
    await press('All are marked');
    await page.getByLabel('The code on the seal strip').fill(sealCode);
    await isClean();
    await press('The leftovers are sealed');
    await page.getByText('All is packed.').waitFor();
    await context.setOffline(false);
    await allSent();
    assert.equal((await events('kit.dispensed')).length, 1);
  });

  it('asks for the envelope of the week, says no to another without saying which, and opens the right one offline', async () => {
    const { weeks, leftovers } = await planOf();
    await setTime('2026-03-16T06:30:00Z');
    await open('');
    await page.reload();
    await press('Scan the envelope');
    await heading('Envelope of week 1');
    await isClean();
    await context.setOffline(true);
    const answers: string[] = [];
    for (const other of [leftovers[0], weeks[2]?.envelope]) {
      await typeCode(shortCodeOf(other ?? ''));
      await page.getByRole('heading', { name: 'Not this one' }).waitFor();
      answers.push((await page.locator('main [role=status]').textContent()) ?? '');
    }
    assert.equal(answers[0], answers[1]);
    await isClean();
    await typeCode(shortCodeOf(weeks[0]?.envelope ?? ''));
    await page.getByRole('heading', { name: 'This is the one' }).waitFor();
    await isClean();
    await press('I open it now');
    await page.getByText('The envelope of this week is recorded.').waitFor();
    await typeCode(shortCodeOf(weeks[0]?.envelope ?? ''));
    await page.getByText('This envelope is recorded already.').waitFor();
    await context.setOffline(false);
    await allSent();
    const opened = await events('envelope.opened');
    assert.deepEqual(
      opened.map(({ data }) => [data.week, data.plannedWeek, data.flags]),
      [[1, 1, []]],
    );
  });

  it('takes what went wrong without a reproach: another envelope opened is kept and told to the team', async () => {
    const { leftovers } = await planOf();
    await setTime('2026-03-23T06:30:00Z');
    await open('');
    await page.reload();
    await press('Scan the envelope');
    await heading('Envelope of week 2');
    await typeCode(shortCodeOf(leftovers[1] ?? ''));
    await page.getByText('I have opened it already').tap();
    await isClean();
    await press('Record that I opened it');
    await page.getByText('The envelope of this week is recorded.').waitFor();
    await allSent();
    const opened = await events('envelope.opened');
    assert.deepEqual(opened.at(-1)?.data.flags, ['leftover']);
    const signals = await events('signal.raised');
    assert.deepEqual(signals.at(-1)?.data.rule, 'envelope-sequence');
  });

  it('reads the envelope of the week with the camera, and another person’s neutrally', async () => {
    const { weeks } = await planOf();
    await setTime('2026-03-30T06:30:00Z');
    for (const [token, words] of [
      [weeks[2]?.envelope ?? '', 'This is the one'],
      ['5'.repeat(26), 'Not one of yours'],
    ] as const) {
      const film = join(folder, `${words.replaceAll(' ', '-')}.y4m`);
      writeFileSync(film, filmOf(token));
      const camera = await openPhone(clinic, { permissions: ['camera'] }, [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ]);
      try {
        const { page: own } = camera as { page: Page };
        own.setDefaultTimeout(15_000);
        await open(`join?code=${person.code}`, own);
        await press('Continue', own);
        await press('Scan the envelope', own);
        await press('Use the camera', own);
        await own.getByRole('heading', { name: words }).waitFor();
        await isClean(own);
      } finally {
        await camera.browser.close();
      }
    }
  });

  it('looks at the seal at the end; another code is told to the team, and the person is thanked all the same', async () => {
    await setTime('2026-04-11T10:00:00Z');
    await open('');
    await page.reload();
    await press('Look at the seal');
    await page.getByText('Yes, it is whole', { exact: true }).tap();
    await page.getByLabel('The code on the seal strip').fill(shortCodeOf('6'.repeat(26)));
    await isClean();
    await press('Save');
    await heading('Thank you');
    await isClean();
    await allSent();
    const [checked] = await events('leftovers.checked');
    assert.deepEqual([checked?.data.intact, checked?.data.matches], [true, false]);
    assert.equal((await events('signal.raised')).at(-1)?.data.rule, 'leftover-seal');
  });

  it('a helper packs with a code of their own on their own phone, and the participant never sees the labels', async () => {
    const other = await enter(clinic);
    await randomise(clinic, other.participantId, '2026-04-13');
    const plan = { type: 'planPacking', commandId: clinic.commandId(), mode: 'helper' } as const;
    await other.call(routes.planPacking, { params: other.params, body: plan });
    const { packing } = await other.call(routes.today, { params: other.params });
    const code = packing?.helperCode ?? '';
    const theirs = await openPhone(clinic);
    try {
      const { page: own } = theirs as { page: Page };
      own.setDefaultTimeout(10_000);
      await open('helper', own);
      await own.getByLabel('The helper’s code').fill(person.code);
      await press('Continue', own);
      await own.getByText('This code opens nothing.').waitFor();
      await isClean(own);
      await own.getByLabel('The helper’s code').fill(code);
      await press('Continue', own);
      await heading('Before you begin', own);
      await isClean(own);
      await press('All of this is true', own);
      await press('Show the labels', own);
      await own.getByText('The labels are ready to print.').waitFor();
      assert.equal(await own.locator('.label-strip').count(), 8);
      await press('They are on paper', own);
      await tickAll(own);
      await press('All eight are filled', own);
      await own.getByLabel('The smallest step your scale shows, in grams').fill('0.1');
      for (const place of ['first', 'second', 'third'])
        await own.getByLabel(`The ${place} capsule, in grams`).fill('0.3');
      await press('Save the weights', own);
      await tickAll(own);
      await press('They are shuffled', own);
      await heading('Thank you', own);
      await isClean(own);
    } finally {
      await theirs.browser.close();
    }
    const record = await recordOf(clinic, other.participantId);
    const steps = record.filter(({ type }) => type === 'packing.recorded');
    assert.deepEqual(
      steps.map(({ data }) => [data.step, data.by]),
      ['printed', 'filled', 'weighed', 'shuffled'].map((step) => [step, 'helper']),
    );
    const labels = { commandId: clinic.commandId(), publicKey: 'A'.repeat(87) };
    const refused = await (other.call as (route: Route, input: object) => Promise<unknown>)(routes.envelopeLabels, {
      params: other.params,
      body: labels,
    }).catch((error: { problem?: { code: string } }) => error.problem?.code);
    assert.equal(refused, 'helper_packs');
  });
});

/** What a camera sees of a printed code: the modules of the path as pixels, eight to a side. */
function readPath(path: string, size: number): string {
  const dark = new Set([...path.matchAll(/M(\d+) (\d+)h1/g)].map(([, x, y]) => `${x} ${y}`));
  const scale = 8;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!dark.has(`${Math.floor(x / scale)} ${Math.floor(y / scale)}`)) continue;
      data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decodeQR({ width, height: width, data });
}
