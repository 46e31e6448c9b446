import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Violation, ViolationKind } from './directions.ts';
import { checkDirections } from './directions.ts';
import { isModule } from './modules.ts';

const ROOT = join(import.meta.dirname, '..');
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A tree with the given files, and with package.json files that declare all that the files may want. */
function treeOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'limen-directions-test-'));
  folders.push(root);
  const limen = [
    'ledger',
    'protocol',
    'randomization',
    'statistics',
    'conduct',
    'study',
    'vault',
    'postgres',
    'pharmacology',
  ];
  const manifest = JSON.stringify({
    dependencies: Object.fromEntries([...limen.map((name) => `@limen/${name}`), 'pg'].map((name) => [name, '1'])),
  });
  for (const room of new Set(Object.keys(files).map((path) => path.split('/').slice(0, 2).join('/')))) {
    if (/^(packages|apps)/.test(room)) write(root, `${room}/package.json`, manifest);
  }
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  return root;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const check = (files: Readonly<Record<string, string>>): readonly Violation[] =>
  checkDirections(treeOf(files)).violations;

describe('every kind of wrong door is seen', () => {
  const pure = 'packages/statistics/src/fit.ts';
  const seeded: readonly (readonly [string, ViolationKind, string, string])[] = [
    ['a package that uses one it must not know', 'direction', pure, "import { a } from '@limen/protocol';"],
    ['the same through a re-export', 'direction', pure, "export * from '@limen/protocol';"],
    ['the same through a named re-export', 'direction', pure, "export { a } from '@limen/protocol';"],
    ['the same through a type', 'direction', pure, "import type { A } from '@limen/protocol';"],
    ['the same through an inline type', 'direction', pure, "export type B = import('@limen/protocol').A;"],
    ['the same at run time', 'direction', pure, "export const a = await import('@limen/protocol');"],
    ['the same in a template', 'direction', pure, 'export const a = await import(`@limen/protocol`);'],
    ['the same for its effect alone', 'direction', pure, "import '@limen/protocol';"],
    ['the same over several lines', 'direction', pure, "import {\n  a,\n} from // why\n  '@limen/protocol';"],
    [
      'the same in markup',
      'direction',
      'apps/console/src/page.tsx',
      "import { a } from '@limen/ledger';\nexport const b = <p>{a}</p>;",
    ],
    ['a package that uses an app', 'direction', pure, "import { a } from '@limen/study';"],
    [
      'the study server that reaches into the vault',
      'direction',
      'apps/study/src/a.ts',
      "import { a } from '@limen/vault';",
    ],
    [
      'the vault that reaches into the study server',
      'direction',
      'apps/vault/src/a.ts',
      "import { a } from '@limen/study';",
    ],
    ['a page that uses a server', 'direction', 'apps/companion/src/a.ts', "import { a } from '@limen/postgres';"],
    [
      'a test that goes the wrong way',
      'direction',
      'packages/ledger/src/a.test.ts',
      "import { a } from '@limen/conduct';",
    ],
    [
      'an import behind a front door',
      'behind-the-door',
      'apps/study/src/a.ts',
      "import { a } from '@limen/protocol/src/draw.ts';",
    ],
    ['a room that goes out to come in', 'behind-the-door', pure, "import { a } from '@limen/statistics';"],
    ['a relative path out of a package', 'leaves-the-room', pure, "import { a } from '../../ledger/src/index.ts';"],
    [
      'a relative path from a test into a package',
      'leaves-the-room',
      'tests/a.test.ts',
      "import { a } from '../packages/ledger/src/a.ts';",
    ],
    ['a package that nobody declared', 'undeclared', pure, "import { a } from 'left-pad';"],
    ['a file that is not there', 'missing', pure, "import { a } from './gone.ts';"],
    ['a package that needs the server platform', 'platform', pure, "import { readFileSync } from 'node:fs';"],
    ['the same without its prefix', 'platform', pure, "import { readFileSync } from 'fs';"],
    ['a page that needs the database driver', 'platform', 'apps/console/src/a.ts', "import pg from 'pg';"],
    ['a page that needs the server platform', 'platform', 'apps/companion/src/a.tsx', "import 'node:crypto';"],
    ['a clock', 'impure', pure, 'export const now = () => Date.now();'],
    ['a clock by its constructor', 'impure', pure, 'export const now = () => new Date();'],
    ['a clock through the global object', 'impure', pure, 'export const now = () => new globalThis.Date();'],
    ['a clock of the calendar', 'impure', pure, 'export const now = () => Temporal.Now.instant();'],
    ['a clock by a written name', 'impure', pure, "export const now = () => Date['now']();"],
    ['randomness', 'impure', pure, 'export const draw = Math.random;'],
    ['randomness of the platform', 'impure', pure, 'export const id = () => globalThis.crypto.randomUUID();'],
    ['the process', 'impure', pure, 'export const home = process.env.HOME;'],
    ['the network', 'impure', pure, "export const page = () => fetch('/');"],
    ['an import that is computed', 'computed-import', pure, 'export const load = (name: string) => import(name);'],
    ['a file that imports itself', 'cycle', pure, "import './fit.ts';"],
    ['a module that cannot be read', 'unreadable', pure, 'export const = ;'],
    ['a package that the table does not name', 'unknown-room', 'packages/astrology/src/a.ts', 'export const a = 1;'],
  ];
  for (const [name, kind, path, text] of seeded) {
    it(name, () => {
      const found = check({ [path]: text, 'packages/ledger/src/index.ts': '', 'packages/ledger/src/a.ts': '' });
      assert.deepEqual(
        found.map((one) => [one.kind, one.path]),
        [[kind, path]],
      );
    });
  }

  it('a cycle over three files, and one through two front doors', () => {
    const found = check({
      'packages/statistics/src/a.ts': "import './b.ts';",
      'packages/statistics/src/b.ts': "export * from './c.ts';",
      'packages/statistics/src/c.ts': "import type { A } from './a.ts';",
      'packages/statistics/src/d.ts': "import './a.ts';",
      'packages/protocol/src/index.ts': "import '@limen/conduct';",
      'packages/conduct/src/index.ts': "import '@limen/protocol';",
    });
    assert.deepEqual(
      found.filter((one) => one.kind === 'cycle').map((one) => one.what),
      [
        'packages/conduct/src/index.ts -> packages/protocol/src/index.ts',
        'packages/statistics/src/a.ts -> packages/statistics/src/b.ts -> packages/statistics/src/c.ts',
      ],
    );
  });
});

it('what is right is left in peace', () => {
  const found = check({
    'packages/protocol/src/index.ts': "export * from './draw.ts';\nexport * from '@limen/pharmacology';",
    'packages/protocol/src/draw.ts': [
      'export const at = new Date(0);',
      'export function run(process: { env: number }, fetch: () => void) { fetch(); return process.env; }',
      "export const word = \"Date.now() from '@limen/study'\"; // import '@limen/study'",
      'export const clock = { now: 1, random: 2 };',
    ].join('\n'),
    'packages/protocol/src/draw.test.ts':
      "import 'node:test';\nimport './draw.ts';\nDate.now();\nimport '../../../protocols/one.json';",
    'protocols/one.json': '{}',
    'apps/study/src/index.ts':
      "import '@limen/protocol';\nimport 'node:fs';\nimport 'pg';\nexport const load = (name: string) => import(name);",
    'tests/whole.test.ts': "import '@limen/study';\nimport '@limen/vault';",
  });
  assert.deepEqual(found, []);
});

it('every module on the disk is read, and no module with imports is read as empty', () => {
  const report = checkDirections(ROOT);
  assert.deepEqual(report.scanned, listOtherwise());
  assert.ok(report.imports > report.scanned.length, `${report.imports} imports in ${report.scanned.length} modules`);
  assert.deepEqual(
    report.violations.filter((one) => one.kind === 'unreadable'),
    [],
  );
});

/** The modules of the repository by another way than the check's own: asked of git, or else of the file system. */
function listOtherwise(): string[] {
  const asked = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const paths =
    asked.status === 0
      ? asked.stdout.split('\0').filter((path) => path !== '')
      : readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const installed = /(^|\/)(node_modules|dist|coverage|\.git|\.limen)\//;
  return [...new Set(paths)].filter((path) => isModule(path) && !installed.test(path)).sort();
}
