/**
 * Draws docs/images/companion anew, a picture of every screen of the app on a phone of 360 × 740, and the table of them in the README.
 * To be looked at before they are committed.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildApp } from '../tests/support/companion-build.ts';

type Gallery = {
  readonly picturesFolder: string;
  walkTheApp(app: string, locale: string, see: (name: string, page: Page) => Promise<void>): Promise<void>;
};
// Named at run time, as the app's own types are those of a browser.
const gallery = new URL('../apps/companion/src/gallery.test-program.ts', import.meta.url).href;
const { picturesFolder, walkTheApp } = (await import(gallery)) as Gallery;

const perRow = 4;
const [from, to] = ['<!-- every screen -->', '<!-- /every screen -->'];

const app = buildApp();
const names: string[] = [];
try {
  rmSync(picturesFolder, { recursive: true, force: true });
  mkdirSync(picturesFolder, { recursive: true });
  await walkTheApp(app, 'en-GB', async (name, page) => {
    await page.screenshot({ path: join(picturesFolder, `${name}.png`), animations: 'disabled' });
    names.push(name);
    process.stdout.write(`${name}\n`);
  });
} finally {
  rmSync(app, { recursive: true, force: true });
}
const readmeFile = new URL('../README.md', import.meta.url).pathname;
const readme = readFileSync(readmeFile, 'utf8');
const [start, end] = [readme.indexOf(from), readme.indexOf(to)];
if (start < 0 || end < start) throw new Error(`README.md has no place between ${from} and ${to}`);
writeFileSync(readmeFile, `${readme.slice(0, start + from.length)}\n${tableOf(names)}${readme.slice(end)}`);

function tableOf(all: readonly string[]): string {
  const words = (name: string) => name.replaceAll('-', ' ');
  const cell = (name: string) => `![${words(name)}](docs/images/companion/${name}.png)<br>${words(name)}`;
  const row = (cells: readonly string[]) =>
    `| ${Array.from({ length: perRow }, (_, at) => cells[at] ?? '').join(' | ')} |`;
  const rows = Array.from({ length: Math.ceil(all.length / perRow) }, (_, at) =>
    row(all.slice(at * perRow, (at + 1) * perRow).map(cell)),
  );
  return `\n${row([])}\n${row(Array(perRow).fill('---'))}\n${rows.join('\n')}\n\n`;
}
