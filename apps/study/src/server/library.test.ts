/** The library that the server offers. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { libraryFolder } from '../test-house.ts';
import { readLibrary } from './library.ts';

test('the server offers every document of the library and skips none', async () => {
  const log: unknown[] = [];
  const library = await readLibrary(libraryFolder, (line) => log.push(line));
  const files = (await readdir(libraryFolder)).filter((file) => file.endsWith('.json') && !file.includes('.schema.'));
  assert.deepEqual(log, []);
  assert.deepEqual(
    library.list().map(({ id }) => `${id}.json`),
    files.sort(),
  );
  assert.ok(library.list().length >= 8);
  for (const { id, text } of library.list()) assert.equal(library.get(id)?.text, text);
  assert.equal(library.get('unknown'), null);
});
