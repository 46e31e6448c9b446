import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { findAccessibilityViolations } from './accessibility.ts';
import { BrowserUnusable, findChromium, nameMissingLibraries, openBrowser } from './browser.ts';
import { takeScreenshots } from './screenshots.ts';

const PAGE = `<!doctype html><html lang="en"><head><title>Dose</title><meta name="viewport" content="width=device-width">
  </head><body><main><h1>Dose</h1><label>How much <input></label></main></body></html>`;

describe('a real browser', () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.setHeader('content-security-policy', "default-src 'self'");
    response.end(PAGE);
  });
  const folder = mkdtempSync(join(tmpdir(), 'limen-browser-test-'));
  let browser: Browser;
  let url = '';

  before(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Width and height of a PNG, from its header. */
  function sizeOf(path: string): { width: number; height: number } {
    const bytes = readFileSync(path);
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }

  it('a page is pictured at the width of a phone and of a desk', async () => {
    const paths = await takeScreenshots({ url, folder, name: 'dose', browser });
    assert.deepEqual(paths.map(sizeOf), [
      { width: 360, height: 740 },
      { width: 1280, height: 900 },
    ]);
  });

  it('a clean page passes the accessibility rules and a faulty one does not, whatever its content policy', async () => {
    const page = await browser.newPage();
    await page.goto(url);
    assert.deepEqual(await findAccessibilityViolations(page), []);
    await page.evaluate("document.querySelector('label').outerHTML = '<input>'");
    assert.deepEqual(
      (await findAccessibilityViolations(page)).map((one) => one.rule),
      ['label'],
    );
    await page.close();
  });

  it('a Chromium that is not there is named', async () => {
    await assert.rejects(findChromium('/nowhere/chromium'), BrowserUnusable);
    assert.equal(nameMissingLibraries('libc.so.6 => /lib/libc.so.6 (0x0)'), undefined);
    assert.equal(
      nameMissingLibraries('\tlibnss3.so => not found\n\tlibnspr4.so => not found\n'),
      'missing libnss3.so, libnspr4.so; on Debian: apt-get install libnss3 libnspr4',
    );
  });

  it('the shipped Chromium runs on its own libraries', {
    skip: (process.platform !== 'linux' || process.arch !== 'x64') && 'shipped for Linux on x64 only',
  }, async () => {
    const shipped = await openBrowser('shipped');
    const page = await shipped.newPage();
    await page.goto(url);
    assert.equal(await page.locator('h1').textContent(), 'Dose');
    await shipped.close();
  });
});
