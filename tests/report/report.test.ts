/** The report in a real browser: opened from a file, without a network, on a phone and a desk, light and dark. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { analyseStudy, analyseTable, mapFormat } from '@limen/analysis';
import { parseProtocol } from '@limen/protocol';
import { philox } from '@limen/statistics';
import type { Browser, Page } from 'playwright-core';
import { describeViolations, findAccessibilityViolations } from '../support/accessibility.ts';
import { openBrowser } from '../support/browser.ts';

/** The hand-made study of the package's own tests. */
const example = new URL('../../packages/analysis/src/example-study.ts', import.meta.url).href;

async function studyReport(): Promise<string> {
  const { exampleStudy } = await import(example);
  const file = new URL('../../protocols/lsd-10ug-every-third-day.json', import.meta.url);
  const parsed = parseProtocol(readFileSync(file, 'utf8'));
  assert.ok(parsed.ok);
  return analyseStudy(exampleStudy(parsed.protocol)).html;
}

/** Sixty people of a finished trial, one row each; with guesses or without. */
function tableReport(guessed: boolean): string {
  const random = philox('report', 'table');
  const rows = Array.from({ length: 60 }, (_, at) => {
    const arm = at % 2 ? 'A' : 'P';
    const guess = random.bernoulli(0.65) === (arm === 'A') ? 'A' : 'P';
    const value = random.normal(guess === 'A' ? 5 : 2, 2);
    return { person: `P${at}`, time: 'end', arm, guess, sure: at, name: 'mood', value };
  });
  const map = {
    format: mapFormat,
    title: 'A finished trial',
    participant: 'person',
    time: { column: 'time', labels: {} },
    outcome: { name: 'name', value: 'value', primary: ['mood'] },
    condition: { column: 'arm', reference: 'P', active: 'A', changes: false },
    ...(guessed ? { guess: { column: 'guess', active: 'A', placebo: 'P', confidence: 'sure' } } : {}),
    models: { default: ['value ~ arm'] },
    blinding: guessed ? [{ id: 'guess', label: 'Guess', about: 'the arm', outcome: 'mood' }] : [],
  };
  return analyseTable({ rows, map }).html;
}

describe('the report in a browser', { timeout: 180_000 }, () => {
  let folder: string;
  let browser: Browser;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'limen-report-'));
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const open = async (name: string, html: string, options: { width: number; colorScheme: 'light' | 'dark' }) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, html);
    const { width, colorScheme } = options;
    const context = await browser.newContext({ offline: true, viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    // Everything folded away is looked at too.
    await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
    assert.deepEqual(asked, [pathToFileURL(file).href]);
    return page;
  };
  const wide = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  const shows = async (name: string, html: string) => {
    for (const [width, colorScheme] of [
      [360, 'light'],
      [1280, 'dark'],
    ] as const) {
      const page = await open(name, html, { width, colorScheme });
      assert.equal(describeViolations(await findAccessibilityViolations(page)), '', `${name}, ${width}`);
      assert.ok((await wide(page)) <= 0, `${name} is ${await wide(page)} px too wide at ${width}`);
      const broken = await page.evaluate<string[]>(
        `[...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute('href'))
          .filter((href) => document.getElementById(decodeURIComponent(href.slice(1))) === null)`,
      );
      assert.deepEqual(broken, []);
      const nameless = await page.evaluate<number>(
        `[...document.querySelectorAll('main svg')].filter((one) => one.getAttribute('aria-hidden') !== 'true'
          && !one.querySelector('title') && !one.getAttribute('aria-label') && !one.getAttribute('aria-labelledby')).length`,
      );
      assert.equal(nameless, 0);
      await page.context().close();
    }
  };

  it('of a study opens from a file, and nothing is asked of any network', async () => {
    await shows('study', await studyReport());
  });

  it('of a finished trial has the whole blinding chapter', async () => {
    const html = tableReport(true);
    await shows('table', html);
    for (const words of [
      'all time points together',
      'how sure',
      'threshold of detection',
      'activated expectancy bias',
    ]) {
      assert.ok(html.includes(words), words);
    }
  });

  it('of a trial without guesses says what cannot be known', async () => {
    const html = tableReport(false);
    await shows('no-guesses', html);
    assert.ok(html.includes('Nothing is known of the blinding'));
  });
});
