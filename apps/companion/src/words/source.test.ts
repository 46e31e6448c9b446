import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const source = join(import.meta.dirname, '..');
/** Shown in English only so far. */
const english = /^packing\//;
const screens = globSync('**/*.tsx', { cwd: source }).filter((path) => !english.test(path));

/** Code between two tags has signs that no sentence has. Letters between tags, or in an attribute that is read out or shown. The name of the app is no text. */
function literalsOf(code: string): string[] {
  const plain = code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const nodes = [...plain.matchAll(/(?<==>|\/|"|\}|<[\w]+)>\s*([^<>{}]*\p{L}{2}[^<>{}]*?)\s*(?=<\/?[A-Za-z]|\{)/gu)];
  const attributes = [...plain.matchAll(/\b(?:aria-label|placeholder|title|alt)="([^"]*\p{L}{2}[^"]*)"/gu)];
  return [...nodes, ...attributes]
    .map(([, text]) => (text ?? '').trim())
    .filter((text) => text !== 'Limen' && !/[;=&|]|^[:?)]|\b(null|undefined)\b/.test(text));
}

for (const path of screens) {
  test(`${path} has its words from the catalogue`, () => {
    assert.deepEqual(literalsOf(readFileSync(join(source, path), 'utf8')), []);
  });
}

test('a text between tags is found', () => {
  assert.deepEqual(literalsOf('return <p class="card">Not from here</p>;'), ['Not from here']);
  assert.deepEqual(literalsOf('<input aria-label="Not from here" />'), ['Not from here']);
  assert.deepEqual(literalsOf('<p>{words().common.back}</p>'), []);
});

test('the styles know start and end, not left and right', () => {
  const sided =
    /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)\b[^;]*|(?:left|right)\s*:[^;]*|(?:text-align|float)\s*:\s*(?:left|right))/g;
  for (const path of globSync('**/*.css', { cwd: source })) {
    assert.deepEqual(readFileSync(join(source, path), 'utf8').match(sided) ?? [], [], path);
  }
});
