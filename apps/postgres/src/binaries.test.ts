import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { asAccount, chooseAccount } from './account.ts';
import { chooseBinaries } from './binaries.ts';
import { findShippedBinaries, locateShippedPackage } from './shipped.ts';

const shipped = locateShippedPackage();

it('an explicit choice wins over the environment, and the environment over the order', (test) => {
  if (shipped === undefined) return test.skip('no shipped PostgreSQL for this platform');
  const account = chooseAccount();
  assert.equal(chooseBinaries('auto', account, undefined, { LIMEN_POSTGRES: 'shipped' }).origin, 'shipped');
  assert.equal(chooseBinaries('shipped', account, undefined, { LIMEN_POSTGRES: '/nowhere' }).origin, 'shipped');
  const folder = chooseBinaries('shipped', account).folder;
  assert.equal(chooseBinaries('auto', account, undefined, { LIMEN_POSTGRES: folder }).origin, 'configured');
  assert.equal(chooseBinaries(dirname(folder), account).folder, folder, 'the folder above bin will do');
});

it('the shipped PostgreSQL runs from a private, script-less installation through a copy', {
  skip: process.getuid?.() !== 0 && 'only root has an installation its server cannot enter',
}, (test) => {
  if (shipped === undefined) return test.skip('no shipped PostgreSQL for this platform');
  const place = mkdtempSync(join(tmpdir(), 'limen-binaries-test-'));
  test.after(() => rmSync(place, { recursive: true, force: true }));
  const installed = join(place, 'private', 'linux-x64');
  mkdirSync(join(place, 'private'), { mode: 0o700 });
  cpSync(shipped, installed, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !lstatSync(path).isSymbolicLink(),
  });
  spawnSync('chmod', ['755', place]);
  const account = chooseAccount();
  const found = findShippedBinaries(account, installed, join(place, 'copies')) ?? '';
  assert.ok(found.startsWith(join(place, 'copies')), found);
  const answer = spawnSync(join(found, 'initdb'), ['--version'], { ...asAccount(account), cwd: '/', encoding: 'utf8' });
  assert.match(answer.stdout, /initdb \(PostgreSQL\) \d+/, answer.stderr);
  assert.equal(findShippedBinaries(account, installed, join(place, 'copies')), found, 'copied once');
});
