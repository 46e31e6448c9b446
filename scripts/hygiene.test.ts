import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { checkHygiene } from './hygiene.ts';

const TIDY = {
  'package.json': '{"dependencies":{"pg":"1"}}',
  'DEPENDENCIES.md': '| `pg` | the driver | the reference |',
  'package-lock.json': '{"packages":{"":{},"node_modules/pg":{"version":"1","integrity":"sha512-x"}}}',
  'packages/a/package.json': '{"exports":{".":"./src/index.ts"},"dependencies":{"@limen/b":"1"}}',
  'packages/a/README.md': '# a',
  'packages/a/src/index.ts': 'export {};',
};

function findingsOf(changes: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'limen-hygiene-test-'));
  try {
    for (const [path, text] of Object.entries({ ...TIDY, ...changes })) {
      if (text === '') continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkHygiene(root).map((one) => `${one.path}: ${one.what}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

it('a tidy repository has no findings', () => {
  assert.deepEqual(findingsOf({}), []);
});

const lost = ['', 'ho' + 'me', 'ada', 'limen'].join('/');
const host = ['registry', 'npm' + 'js', 'org'].join('.');
const seeded: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['a path of one machine', { 'notes.md': `see ${lost}/x` }, /^notes\.md: a path of one machine, line 1$/],
  ['the host of a registry', { 'notes.md': `from ${host}` }, /^notes\.md: the host of a package registry/],
  ['something unfinished', { 'packages/a/src/b.ts': `// ${'TO' + 'DO'} later` }, /b\.ts: something unfinished/],
  ['a room without a README', { 'packages/a/README.md': '' }, /^packages\/a: has no README\.md$/],
  ['a room without its door', { 'packages/a/src/index.ts': '' }, /^packages\/a: its front door .* is missing$/],
  [
    'a second door',
    { 'packages/a/package.json': '{"exports":{".":"./src/index.ts","./x":"./x.ts"}}' },
    /exactly one front door/,
  ],
  ['a dependency without its line', { 'package.json': '{"dependencies":{"pg":"1","zod":"4"}}' }, /has no line for zod/],
  ['a line without its dependency', { 'package.json': '{}' }, /has a line for pg, which nothing uses/],
  [
    'a lockfile with an address',
    { 'package-lock.json': '{"packages":{"node_modules/pg":{"resolved":"https://x.test/pg","integrity":"y"}}}' },
    /pg has an address/,
  ],
  ['a lockfile without a hash', { 'package-lock.json': '{"packages":{"node_modules/pg":{}}}' }, /pg has no hash/],
];
for (const [name, changes, expected] of seeded) {
  it(`${name} is found`, () => {
    const found = findingsOf(changes);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', expected);
  });
}
