import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { PostgresError } from './errors.ts';
import { lockFolder } from './lock.ts';
import { readProcessStart } from './process-state.ts';

function withFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'limen-lock-test-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('a folder is held until it is released', () => {
  withFolder((folder) => {
    const held = lockFolder(folder);
    assert.throws(
      () => lockFolder(folder),
      (error) => error instanceof PostgresError && error.code === 'data_folder_in_use',
    );
    held.release();
    held.release();
    lockFolder(folder).release();
    assert.deepEqual(readdirSync(folder), []);
  });
});

it('a lock of a process that is gone, of an earlier process with the same pid, or without sense is taken over', () => {
  const leftBehind = [
    `${2 ** 30}\n123\nabc\n`,
    ...(readProcessStart(process.pid) === '' ? [] : [`${process.pid}\n1\nabc\n`]),
    'not a lock',
    '',
  ];
  for (const text of leftBehind) {
    withFolder((folder) => {
      writeFileSync(join(folder, 'limen.lock'), text);
      lockFolder(folder).release();
      assert.deepEqual(readdirSync(folder), []);
    });
  }
});

it('a late release does not take away the lock of the next holder', () => {
  withFolder((folder) => {
    const first = lockFolder(folder);
    rmSync(join(folder, 'limen.lock'));
    const second = lockFolder(folder);
    first.release();
    assert.throws(() => lockFolder(folder), PostgresError);
    second.release();
  });
});
