/**
 * What the day costs on an old phone: the companion in a real Chromium, its processor slowed four times and its network a slow 4G,
 * against the real study server, vault and PostgreSQL.
 *
 *     node benchmarks/companion/run.ts [--runs N]
 */
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const limits = { scriptBytes: 60_000, interactiveMs: 1500, taps: 12 } as const;
const cpuSlowdown = 4;
/** Lighthouse's slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up. */
const slow4g = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};
/** Run in the page: waits until the app keeps itself. */
const installed = 'navigator.serviceWorker.ready.then(() => null)';
const occurrence = 'daily-check-in@8';
const program = new URL('../../apps/companion/src/clinic.test-program.ts', import.meta.url).href;
const { buildCompanion, openClinic, enter, admit, openPhone } = await import(program);

const print = (line: string) => process.stdout.write(`${line}\n`);
const median = (of: readonly number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;

/** Sums what the scripts of the page weigh on the line, compressed as sent. */
function weighScripts(cdp: CDPSession): () => number {
  const scripts = new Set<string>();
  let bytes = 0;
  cdp.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  return () => bytes;
}

/** From the start of the page until the first rating of the check-in takes a tap, milliseconds. */
async function openCheckIn(page: Page, address: string): Promise<number> {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(`${address}/app/#/do/${encodeURIComponent(occurrence)}`, { waitUntil: 'commit' });
  await page.locator('.track').first().waitFor();
  await page.evaluate('new Promise((done) => requestAnimationFrame(done))');
  return performance.now() - began;
}

/** A whole check-in by hand; answers the taps it took, the one that saves included. */
async function tapThrough(page: Page): Promise<number> {
  let taps = 0;
  for (const track of await page.locator('.track').all()) {
    const box = await track.boundingBox();
    await track.tap({ position: { x: (box?.width ?? 0) * 0.6, y: 20 } });
    taps += 1;
  }
  for (const name of ['7 h', /^None of all these/, /^No coffee/, 'Save']) {
    await page.getByRole('button', { name }).tap();
    taps += 1;
  }
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  return taps;
}

const folder = await buildCompanion();
const clinic = await openClinic('2026-03-02T08:00:00.000Z', folder);
const person = await enter(clinic);
await admit(clinic, person.participantId, '2026-03-02');
clinic.clock.now = Date.parse('2026-03-09T16:30:00Z');
const { browser, context, page } = await openPhone(clinic);
try {
  print(
    `load ${loadavg()
      .map((one) => one.toFixed(2))
      .join(' ')}`,
  );
  const cdp: CDPSession = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  await cdp.send('Network.emulateNetworkConditions', slow4g);
  const weight = weighScripts(cdp);
  await page.goto(`${clinic.address}/app/#/join?code=${person.code}`);
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  const scriptBytes = weight();
  await page.getByRole('button', { name: 'Continue' }).tap();
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  await page.evaluate(installed);

  const kept: number[] = [];
  const cold: number[] = [];
  for (let run = 0; run < Number(values.runs); run += 1) {
    kept.push(await openCheckIn(page, clinic.address));
    await cdp.send('Storage.clearDataForOrigin', {
      origin: clinic.address,
      storageTypes: 'service_workers,cache_storage',
    });
    await cdp.send('Network.clearBrowserCache');
    cold.push(await openCheckIn(page, clinic.address));
    await page.evaluate(installed);
  }
  await openCheckIn(page, clinic.address);
  const taps = await tapThrough(page);

  const listed = (runs: readonly number[]) => runs.map(Math.round).join(', ');
  print(`check-in shown, app on the phone, ms: ${listed(kept)}`);
  print(
    `check-in shown, nothing kept but the person, ms: ${listed(cold)} (median ${Math.round(median(cold))}, no limit)`,
  );
  const figures = [
    ['JavaScript of the first load, compressed, bytes', scriptBytes, limits.scriptBytes],
    ['check-in shown, app on the phone, median, ms', median(kept), limits.interactiveMs],
    ['taps of a full check-in', taps, limits.taps],
  ] as const;
  for (const [what, figure, limit] of figures) {
    print(`${what}: ${Math.round(figure)} (limit ${limit}) ${figure <= limit ? 'held' : 'NOT HELD'}`);
  }
  process.exitCode = figures.some(([, figure, limit]) => figure > limit) ? 1 : 0;
} finally {
  await browser.close();
  await clinic.close();
  rmSync(folder, { recursive: true, force: true });
}
