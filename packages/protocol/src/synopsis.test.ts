import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseProtocol } from './parse.ts';
import { reportingItems } from './reporting.ts';
import { synopsisHtml } from './synopsis.ts';

const folder = new URL('../../../protocols/', import.meta.url);
const documents = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .map((file) => {
    const parsed = parseProtocol(readFileSync(new URL(file, folder), 'utf8'));
    assert.ok(parsed.ok);
    return parsed.protocol;
  });
const plain = (page: string) =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, '’');

for (const protocol of documents) {
  test(`the synopsis of ${protocol.id} is one page that runs nothing, and the same bytes twice`, () => {
    const page = synopsisHtml(protocol);
    assert.equal(page, synopsisHtml(structuredClone(protocol)));
    assert.doesNotMatch(page, /<script|<link|<img|url\(|@import|javascript:/i);
    assert.match(page, new RegExp(`^<!doctype html>\\n<html lang="${protocol.language}">`));
    assert.equal(page.match(/<table/g)?.length, page.match(/<\/table>/g)?.length);
    const text = plain(page);
    for (const { label } of [...protocol.arms, ...protocol.analysis.endpoints]) assert.ok(text.includes(label), label);
    assert.doesNotMatch(text, /undefined|\[object|NaN/);
  });

  test(`the SPIRIT table of ${protocol.id} has every item, and none is empty`, () => {
    const page = synopsisHtml(protocol);
    const [, spirit = ''] = page.split('<h2>SPIRIT 2025</h2>');
    const items = reportingItems(protocol).filter(({ standard }) => standard === 'SPIRIT 2025');
    for (const { item } of items) assert.ok(spirit.includes(`<th scope="row">${item}</th>`), item);
    assert.doesNotMatch(spirit, /EMPTY/);
  });
}

test('an item that nothing answers is shown as empty, and words of a document stay words', () => {
  const [protocol] = documents;
  assert.ok(protocol);
  const { reporting: _, ...bare } = protocol;
  const page = synopsisHtml({ ...bare, title: '<script>alert(1)</script> & "more"' });
  assert.match(page, /<td>EMPTY<\/td>/);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt; &amp; &quot;more&quot;/);
});
