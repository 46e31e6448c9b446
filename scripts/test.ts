/**
 * Everything that must hold, in one command: `npm test`.
 *
 *     npm test                       all checks, all tests
 *     npm test -- calendar ledger    only the test files whose path holds one of the words
 *     npm test -- --checks           only the checks
 *     npm test -- --tests            only the tests
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { BrowserUnusable, openBrowser } from '../tests/support/browser.ts';
import { checkDirections } from './directions.ts';
import { checkHygiene } from './hygiene.ts';
import { listFiles } from './modules.ts';
import { addCounts, NOTHING_RAN, runGroup } from './test-runs.ts';

const ROOT = join(import.meta.dirname, '..');
const TEST_FILE = /^(packages|apps|tests|scripts)\/.*\.test\.ts$/;

interface Outcome {
  readonly ok: boolean;
  readonly said: string;
}

interface Check {
  readonly name: string;
  run(): Promise<Outcome>;
}

/** A program of node_modules, by the script that its package runs. */
function program(name: string, ...parameters: string[]): () => Promise<Outcome> {
  return () =>
    new Promise((done) => {
      const path = join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
      const child = spawn(path, parameters, {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: process.platform === 'win32',
      });
      let said = '';
      const keep = (part: Buffer): void => {
        said += part.toString();
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      child.on('error', (error) => done({ ok: false, said: error.message }));
      child.on('close', (code) => done({ ok: code === 0, said }));
    });
}

function findings(list: readonly string[], summary: string): Outcome {
  return { ok: list.length === 0, said: list.length === 0 ? summary : list.join('\n') };
}

const CHECKS: readonly Check[] = [
  { name: 'types of the packages', run: program('tsc', '-p', 'tsconfig.packages.json') },
  { name: 'types of the servers, scripts and tests', run: program('tsc', '-p', 'tsconfig.tests.json') },
  { name: 'types of the console', run: program('tsc', '-p', 'tsconfig.console.json') },
  { name: 'types of the companion', run: program('tsc', '-p', 'tsconfig.companion.json') },
  { name: 'format and lint', run: program('biome', 'check', '--error-on-warnings', '--max-diagnostics=50') },
  {
    name: 'promises are awaited',
    run: program(
      'oxlint',
      '--type-aware',
      '-c',
      'scripts/promises.oxlintrc.json',
      'packages',
      'apps',
      'scripts',
      'tests',
    ),
  },
  {
    name: 'the doors open the right way',
    run: async () => {
      const report = checkDirections(ROOT);
      const list = report.violations.map((one) => `${one.path}: ${one.kind}: ${one.what}`);
      return findings(list, `${report.scanned.length} modules, ${report.imports} imports`);
    },
  },
  {
    name: 'the repository is tidy',
    run: async () =>
      findings(
        checkHygiene(ROOT).map((one) => `${one.path}: ${one.what}`),
        '',
      ),
  },
];

/** The browser is tried before the tests, so that its absence is one line and not a hundred. */
const BROWSER: Check = {
  name: 'a browser starts',
  run: async () => {
    try {
      const browser = await openBrowser();
      const said = `Chromium ${browser.version()}`;
      await browser.close();
      return { ok: true, said };
    } catch (error) {
      if (error instanceof BrowserUnusable) return { ok: false, said: error.message };
      throw error;
    }
  },
};

/** Runs checks two at a time and tells of each as it ends. Answers the names of those that failed. */
async function runChecks(checks: readonly Check[]): Promise<readonly string[]> {
  const queue = [...checks];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const began = performance.now();
      const { ok, said } = await check.run();
      const summary = ok && said.trim() !== '' && said.trim().length < 80 ? `  ${said.trim()}` : '';
      console.log(`  ${ok ? 'ok    ' : 'FAILED'}  ${check.name}  (${seconds(began)})${summary}`);
      if (ok) continue;
      failed.push(check.name);
      console.log(said.trim().replaceAll(/^/gm, '          '));
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

function heading(text: string): void {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`);
}

async function main(words: readonly string[]): Promise<boolean> {
  const began = performance.now();
  const filters = words.filter((word) => !word.startsWith('--'));
  const faults: string[] = [];
  if (filters.length === 0 && !words.includes('--tests')) {
    heading('Checks');
    faults.push(...(await runChecks(CHECKS)).map((name) => `check failed: ${name}`));
    if (words.includes('--checks')) return conclude(began, faults);
  }
  const files = listFiles(ROOT).filter(
    (path) => TEST_FILE.test(path) && (filters.length === 0 || filters.some((word) => path.includes(word))),
  );
  const packages = files.filter((path) => path.startsWith('packages/'));
  const others = files.filter((path) => !path.startsWith('packages/'));
  if (others.length > 0 && filters.length === 0) {
    heading('Browser');
    faults.push(...(await runChecks([BROWSER])).map((name) => `check failed: ${name}`));
  }
  let counts = NOTHING_RAN;
  const reporter = filters.length === 0 ? 'dot' : 'spec';
  for (const [name, group, how] of [
    ['packages', packages, 'together'],
    ['servers, pages and the whole', others, 'apart'],
  ] as const) {
    if (group.length === 0) continue;
    heading(`Tests of the ${name} (${group.length} files)`);
    const start = performance.now();
    const outcome = await runGroup(ROOT, group, { reporter, files: how });
    console.log(`  ${outcome.counts.tests} tests in ${seconds(start)}`);
    counts = addCounts(counts, outcome.counts);
    faults.push(...outcome.faults);
  }
  if (counts.tests === 0) faults.push('no test ran');
  const ok = conclude(began, faults);
  const failed = counts.failed + counts.cancelled;
  // These lines are the last ones on purpose: they are what other programs read.
  console.log(`\nℹ tests ${counts.tests}\nℹ pass ${counts.passed}\nℹ fail ${failed}\nℹ skipped ${counts.skipped}`);
  console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped + counts.todo} skipped`);
  return ok && failed === 0;
}

function conclude(began: number, faults: readonly string[]): boolean {
  heading(faults.length === 0 ? `Done in ${seconds(began)}` : `Done in ${seconds(began)}, with faults`);
  for (const fault of faults) console.log(`  ${fault}`);
  return faults.length === 0;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
