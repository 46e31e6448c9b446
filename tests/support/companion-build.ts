/** The participant's app as it is shipped, for tests that open it in a browser. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const app = join(import.meta.dirname, '..', '..', 'apps', 'companion');

/** A folder with the built app; the caller removes it. */
export function buildApp(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limen-companion-'));
  const vite = join(dirname(createRequire(join(app, 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js');
  const built = spawnSync(process.execPath, [vite, 'build', app, '--outDir', folder, '--emptyOutDir'], {
    encoding: 'utf8',
  });
  assert.equal(built.status, 0, built.stderr);
  return folder;
}
