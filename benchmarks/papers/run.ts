/**
 * How long kit labels take: the first sheet of a process, then 100 and 1,000 labels on a warm press, beside a warm
 * Chromium that prints a page of the same words and codes.
 *
 *     node benchmarks/papers/run.ts [--json]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type KitLabels, printKitLabels, qrSvg } from '@limen/typeset';
import { openBrowser } from '../../tests/support/browser.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const rounds = 7;

const labelsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `K7Q${String(index).padStart(4, '0')}X`);

const sheetOf = (count: number): KitLabels => ({
  language: 'en',
  printedAt: '2026-01-02T03:04:05Z',
  sheet: 'a4-3x8',
  studyTitle: 'A study of small doses',
  labels: labelsOf(count),
  contents: 'Study capsules: 14, for oral use',
  lot: 'Lot 2026-A',
  expiry: 'Use before 2027-03-31',
  lines: ['Store below 25 °C, dry and in the dark', 'For clinical trial use only', 'Keep out of reach of children'],
});

function pageOf({ studyTitle, labels, contents, lot, expiry, lines }: KitLabels): string {
  const label = (kit: string) =>
    `<div><b>${studyTitle}</b><h2>${kit}</h2>${qrSvg(kit)}<b>${contents}</b><p>${lot} ${expiry}</p>${lines.map((line) => `<p>${line}</p>`).join('')}</div>`;
  const style =
    '@page{size:A4;margin:0}body{margin:0;display:grid;grid-template-columns:repeat(3,70mm)}div{height:37mm;overflow:hidden;font:6pt sans-serif}svg{width:13mm;float:right}';
  return `<!doctype html><html lang="en"><style>${style}</style><body>${labels.map(label).join('')}`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The middle of several rounds, after one that is not counted. */
async function warm(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await timed(work));
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

const first = await timed(() => printKitLabels(sheetOf(100)));
const hundred = await warm(() => printKitLabels(sheetOf(100)));
const thousand = await warm(() => printKitLabels(sheetOf(1000)));
const browser = await openBrowser();
const page = await browser.newPage();
const chromium = await warm(async () => {
  await page.setContent(pageOf(sheetOf(100)));
  await page.pdf({ preferCSSPageSize: true });
});
await browser.close();

const report = {
  firstMs: first,
  hundredMs: hundred,
  thousandMs: thousand,
  chromiumHundredMs: chromium,
  load: loadavg(),
};
if (values.json) console.log(JSON.stringify(report));
else {
  const row = (what: string, ms: number) => console.log(`${what.padEnd(46)} ${ms.toFixed(0).padStart(6)} ms`);
  row('first 100 labels of a process', first);
  row('100 labels, warm', hundred);
  row('1,000 labels, warm', thousand);
  row('the same 100 printed by a warm Chromium', chromium);
  console.log(`ratio to Chromium ${(hundred / chromium).toFixed(2)}; load ${loadavg()[0]?.toFixed(1)}`);
}
