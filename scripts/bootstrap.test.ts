import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const LOCKFILE = JSON.stringify({
  packages: { '': {}, 'node_modules/part': { version: '1.0.0', integrity: 'sha512-a' } },
});

/** A repository of its own with a program, and an npm that writes down each call and behaves as told. */
function newHouse(npm = 'mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json'): string {
  const root = mkdtempSync(join(tmpdir(), 'limen-bootstrap-test-'));
  folders.push(root);
  copyFileSync(join(import.meta.dirname, '..', 'limen.mjs'), join(root, 'limen.mjs'));
  writeFileSync(join(root, 'package-lock.json'), LOCKFILE);
  mkdirSync(join(root, 'apps/cli/src'), { recursive: true });
  writeFileSync(
    join(root, 'apps/cli/src/main.ts'),
    'console.log(process.argv.slice(2) as string[]); process.exitCode = 7;',
  );
  writeFileSync(
    join(root, 'wait.ts'),
    "process.on('SIGTERM', () => process.exit(5)); console.log('ready'); setInterval(() => undefined, 1000);",
  );
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/npm'), `#!/bin/sh\necho "$@" >> calls\n${npm}\n`, { mode: 0o755 });
  return root;
}

function begin(root: string, ...words: string[]) {
  const path = [join(root, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  return spawn(process.execPath, [join(root, 'limen.mjs'), ...words], {
    env: { PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(root: string, ...words: string[]): Promise<{ code: number; said: string; told: string }> {
  const child = begin(root, ...words);
  let said = '';
  let told = '';
  child.stdout.on('data', (part) => {
    said += part;
  });
  child.stderr.on('data', (part) => {
    told += part;
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), said, told };
}

const callsOf = (root: string): string[] =>
  existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : [];

describe('the first step of every command', {
  skip: process.platform === 'win32' && 'needs a shell script as npm',
}, () => {
  it('installs once, then hands over words and exit code', async () => {
    const root = newHouse();
    const first = await run(root, 'demo', '--small');
    assert.deepEqual([first.code, first.said.trim()], [7, "[ 'demo', '--small' ]"]);
    assert.match(first.told, /Installed in \d+ s/);
    const second = await run(root);
    assert.deepEqual([second.code, second.told], [7, '']);
    assert.deepEqual(callsOf(root), ['install --no-save --no-audit --no-fund --loglevel=error']);
  });

  it('installs again after the lockfile changed', async () => {
    const root = newHouse();
    await run(root);
    writeFileSync(join(root, 'package-lock.json'), LOCKFILE.replace('1.0.0', '1.0.1'));
    await run(root);
    assert.equal(callsOf(root).length, 2);
  });

  it('accepts what a person installed by hand, if it is what the lockfile says', async () => {
    const root = newHouse();
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), LOCKFILE);
    await run(root);
    assert.equal(callsOf(root).length, 0);
    const other = newHouse();
    mkdirSync(join(other, 'node_modules'));
    writeFileSync(join(other, 'node_modules/.package-lock.json'), LOCKFILE.replace('sha512-a', 'sha512-b'));
    await run(other);
    assert.equal(callsOf(other).length, 1);
  });

  it('installs once for two commands that start together, and takes over from one that was killed', async () => {
    const root = newHouse('sleep 0.5; mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json');
    const both = await Promise.all([run(root), run(root)]);
    assert.deepEqual(
      both.map((one) => one.code),
      [7, 7],
    );
    assert.equal(callsOf(root).length, 1);
    const left = newHouse();
    mkdirSync(join(left, '.limen/installing'), { recursive: true });
    writeFileSync(join(left, '.limen/installing/pid'), String(2 ** 30));
    assert.equal((await run(left)).code, 7);
    assert.equal(existsSync(join(left, '.limen/installing')), false);
  });

  it('shows what npm said when it fails, says what to do, and runs nothing', async () => {
    const root = newHouse('echo "the network is away" >&2; exit 3');
    const outcome = await run(root);
    assert.deepEqual([outcome.code, outcome.said], [1, '']);
    assert.match(outcome.told, /the network is away[\s\S]*then run the same command again/);
  });

  it('passes signals on to the program', async () => {
    const root = newHouse();
    const child = begin(root, '--dev-script', 'wait.ts');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'close'), [5, null]);
  });
});
