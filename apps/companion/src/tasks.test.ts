/** Cognitive tasks in the built app: practised, done, stopped, taken up again after the window closed, and seen in the record. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { instrumentById, readTrials, scoreInstrument, taskMeasure } from '@limen/instruments';
import type { Browser, Page } from 'playwright-core';
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
const tasks = ['task-spatial-span', 'task-stroop', 'task-digit-symbol', 'task-divergent-association', 'task-vigilance'];

describe('cognitive tasks', { timeout: 300_000 }, () => {
  let folder: string;
  let library: Library;
  let clinic: Clinic;
  let browser: Browser;
  let page: Page;
  let participantId: string;

  before(async () => {
    folder = await buildCompanion();
    library = await libraryWith(protocol, tasks);
    clinic = await openClinic('2026-03-02T08:00:00.000Z', folder, protocol, { library: library.folder });
    const person = await enter(clinic);
    ({ participantId } = person);
    await randomise(clinic, participantId, '2026-03-02');
    ({ browser, page } = await openPhone(clinic));
    page.setDefaultTimeout(15_000);
    await page.goto(`${clinic.address}/app/#/join?code=${person.code}`);
    await page.getByRole('button', { name: 'Continue' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await clinic?.close();
    library?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const open = async (task: string) => {
    await page.goto(`${clinic.address}/app/#/`);
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await page.locator(askedFor(task)).tap();
  };
  const arrived = async (instrument: string) => {
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await page.getByText('saved on this phone, not sent yet').first().waitFor({ state: 'detached' });
    const record = await recordOf(clinic, participantId);
    const found = record.filter(({ type, data }) => type === 'answers.submitted' && data.instrument === instrument);
    assert.equal(found.length, 1, JSON.stringify(record.map(({ type }) => type)));
    const answers = found[0]?.data.answers as { trials: string; device: string; flags: string[] };
    const trials = readTrials(answers.trials);
    assert.ok(trials !== null);
    const measured = (measure: string) => {
      const { task } = instrumentById(instrument);
      assert.ok(task);
      return taskMeasure(task, answers.trials, measure);
    };
    const { scores } = scoreInstrument(instrumentById(instrument), answers);
    assert.ok(!answers.flags.includes('stopped') || Object.values(scores).every((score) => score === null));
    return { answers, trials, scores, measured };
  };
  const tell = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();

  it('blocks are tapped in their order until two of a length are wrong; every time is there', async () => {
    await open('task-spatial-span');
    await page.getByRole('heading', { level: 1, name: 'Blocks in order' }).waitFor();
    assert.equal(await complaintsOf(page), '');
    // Which blocks have lit up on the board of now, in their order.
    await page.evaluate(() => {
      let board: Element | null = null;
      const look = () => {
        const now = document.querySelector<HTMLElement>('.task-board');
        const blocks = [...(now?.querySelectorAll<HTMLButtonElement>('.task-block') ?? [])];
        if (now !== null && now !== board) {
          board = now;
          now.dataset.lit = '';
        }
        const lit = blocks.findIndex((one) => one.classList.contains('lit'));
        const seen = now?.dataset.lit?.split(' ').at(-1);
        if (now !== null && blocks[0]?.disabled && lit >= 0 && seen !== String(lit)) now.dataset.lit += ` ${lit}`;
        requestAnimationFrame(look);
      };
      look();
    });
    const play = async (rightly: boolean) => {
      await tell('Your turn');
      const lit = ((await page.locator('.task-board').getAttribute('data-lit')) ?? '').trim().split(' ').map(Number);
      for (const block of rightly ? lit : lit.toReversed()) await page.locator('.task-block').nth(block).tap();
      await page.locator('.task-says', { hasText: 'Your turn' }).waitFor({ state: 'detached' });
    };
    await page.getByRole('button', { name: 'Try it first' }).tap();
    await tell('Watch');
    assert.equal(await complaintsOf(page), '');
    await play(true);
    await page.getByText('That was for practice').waitFor();
    // The lifted finger must not have pressed what came under it.
    await page.waitForTimeout(600);
    await page.getByRole('button', { name: 'Begin' }).tap();
    await play(true);
    await play(false);
    await play(false);
    await play(false);
    const { trials, scores, answers } = await arrived('task-spatial-span');
    assert.deepEqual(scores, { span: 2, correct: 1, product: 2 });
    assert.deepEqual(
      trials.map(({ practice, response, expected }) => [practice, response === expected]),
      [
        [true, true],
        [false, true],
        [false, false],
        [false, false],
        [false, false],
      ],
    );
    assert.ok(trials.every(({ ms }) => ms !== null && ms > 0));
    assert.match(answers.device, /touch; \d+ x \d+ px; density .*; Chrome$/);
  });

  it('the colour of the ink is chosen; answers are right or wrong, and interference is computed', async () => {
    await open('task-stroop');
    const answerAll = (count: number) =>
      page.evaluate(
        (wanted) =>
          new Promise<void>((resolve) => {
            let done = 0;
            let last: Element | null = null;
            const look = () => {
              const word = document.querySelector('.task-word');
              if (word !== null && word !== last) {
                last = word;
                const ink = /ink-(\w+)/.exec(word.className)?.[1] ?? '';
                setTimeout(() => {
                  const target = document.querySelector(`[data-answer="${ink}"]`);
                  target?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch' }));
                }, 30);
                done += 1;
              }
              if (done >= wanted) resolve();
              else requestAnimationFrame(look);
            };
            look();
          }),
        count,
      );
    await page.getByRole('button', { name: 'Try it first' }).tap();
    await page.locator('.task-word').waitFor();
    assert.equal(await complaintsOf(page), '');
    await answerAll(8);
    await page.getByRole('button', { name: 'Begin' }).tap();
    await answerAll(16);
    await page.waitForTimeout(100);
    await page.getByRole('button', { name: 'Stop' }).tap();
    await page.getByRole('button', { name: 'Keep it' }).tap();
    const { trials, measured } = await arrived('task-stroop');
    assert.equal(trials.length, 24);
    assert.equal(measured('accuracy'), 100);
    const interference = measured('interference');
    assert.ok(interference !== null && Math.abs(interference) < 300, String(interference));
  });

  it('a task that was stopped is kept as it is, and says so', async () => {
    await open('task-digit-symbol');
    await page.getByRole('button', { name: 'Try it first' }).tap();
    await page.locator('.task-key').waitFor();
    const begin = page.getByRole('button', { name: 'Begin' });
    while (!(await begin.isVisible())) {
      await page.keyboard.press('5');
      await page.waitForTimeout(60);
    }
    await begin.tap();
    await page.locator('.task-key').waitFor();
    // A key counts from the frame that shows the symbol.
    await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
    await page.keyboard.press('1');
    await page.waitForTimeout(100);
    assert.equal(await complaintsOf(page), '');
    await page.getByRole('button', { name: 'Stop' }).tap();
    await page.getByText('You stopped.').waitFor();
    await page.getByRole('button', { name: 'Keep it' }).tap();
    const { answers, trials } = await arrived('task-digit-symbol');
    assert.ok(answers.flags.includes('stopped'));
    assert.equal(trials.filter(({ practice }) => !practice).length, 1);
  });

  it('words survive a closed window: what was there can be kept, or the task begins again', async () => {
    await open('task-divergent-association');
    await page.getByRole('button', { name: 'Begin' }).tap();
    for (const word of ['moon', 'law']) {
      await page.getByRole('textbox').fill(word);
      await page.getByRole('button', { name: 'Add' }).tap();
    }
    await page.getByLabel('Word 3 of 10').waitFor();
    assert.equal(await complaintsOf(page), '');
    await page.reload();
    await page.getByText('You had begun').waitFor();
    await page.getByRole('button', { name: 'Keep it' }).tap();
    const { answers, trials, measured } = await arrived('task-divergent-association');
    assert.deepEqual(
      trials.map(({ response }) => response),
      ['moon', 'law'],
    );
    assert.deepEqual([answers.flags, measured('words')], [['stopped'], 2]);
  });

  it('a tap before the signal is a false start, one after it an answer; it works without the network', async () => {
    await open('task-vigilance');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Try it first' }).tap();
    for (let signal = 0; signal < 3; signal += 1) {
      await page.locator('.task-signal.on').waitFor();
      await page.locator('.task-signal').tap();
    }
    await page.getByText('That was for practice').waitFor();
    await page.getByRole('button', { name: 'Begin' }).tap();
    await page.locator('.task-signal').tap();
    // The next one comes with the light itself, before a frame has shown it: no eye was so fast.
    await page.waitForTimeout(1_200);
    await page.evaluate(
      () =>
        new Promise<void>((tapped) => {
          const watching = new MutationObserver(() => {
            const signal = document.querySelector('.task-signal.on');
            if (signal === null) return;
            watching.disconnect();
            signal.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch' }));
            tapped();
          });
          watching.observe(document.body, { subtree: true, attributes: true, attributeFilter: ['class'] });
        }),
    );
    await page.locator('.task-signal.on').waitFor({ state: 'detached' });
    await page.locator('.task-signal.on').waitFor();
    // Below 100 ms a tap is a false start, and this finger can be as fast as that.
    await page.waitForTimeout(200);
    await page.locator('.task-signal').tap();
    await page.waitForTimeout(50);
    await page.getByRole('button', { name: 'Stop' }).tap();
    await page.getByRole('button', { name: 'Keep it' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
    await page.context().setOffline(false);
    const { trials, measured } = await arrived('task-vigilance');
    assert.equal(measured('falseStarts'), 2);
    assert.equal(trials.filter(({ practice, response }) => !practice && response === 'tap').length, 1);
  });
});
