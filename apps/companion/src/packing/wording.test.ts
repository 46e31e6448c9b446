import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const screens = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.tsx'))
  .map((name) => join(import.meta.dirname, name));
const pages = [...screens, new URL('../../../../docs/self-blinding.md', import.meta.url).pathname];

/** Where a substance comes from, what it costs, how it is made or measured out: none of it is ours to say. */
const forbidden =
  /\b(buy|bought|purchas\w*|obtain\w*|acquir\w*|dealer|vendor|shop|grow\w*|cultivat\w*|extract\w*|synthesi\w*|dissolv\w*|dilut\w*|grind\w*|volumetric|price|µg|mushroom\w*|truffle\w*|lsd|psilocybin)\b/i;

for (const page of pages) {
  test(`${page.split('/').at(-1)} says nothing of where a substance comes from or how it is prepared`, () => {
    assert.equal(forbidden.exec(readFileSync(page, 'utf8'))?.[0], undefined);
  });
}

test('what is told about an envelope names no content', () => {
  const source = readFileSync(join(import.meta.dirname, 'envelope.tsx'), 'utf8');
  assert.doesNotMatch(source, /micro-dose|placebo|active/i);
  assert.doesNotMatch(readFileSync(join(import.meta.dirname, 'sort.tsx'), 'utf8'), /micro-dose|placebo|active/i);
});
