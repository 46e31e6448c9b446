import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { documentOf, errorOf, openBench } from '../test-limen.ts';

describe('limen vault', () => {
  const bench = openBench();
  const home = bench.place('installation');
  const file = path.join(home, 'keys', 'vault-keys.json');
  const keys = () => JSON.parse(readFileSync(file, 'utf8')) as { key: string; nextKey?: string };
  const verify = () => bench.limen(['vault', 'verify', '--folder', home, '--json']);
  const rotate = () => bench.limen(['vault', 'rotate-key', '--folder', home, '--json']);

  before(async () => {
    const running = bench.launch(['start', '--folder', home, '--port', '0', '--vault-port', '0', '--json']);
    await running.said('\n}');
    running.child.kill('SIGINT');
    assert.equal((await running.answer).code, 0);
  });
  after(() => bench.clear());

  it('changes the key, and keeps the file private', async () => {
    const old = keys();
    assert.deepEqual(documentOf(await rotate()), { outcome: 'rotated' });
    assert.notEqual(keys().key, old.key);
    assert.equal(keys().nextKey, undefined);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await verify()).code, 0);
    // The database changed and the file did not: what a kill between the two leaves, and either key is at hand.
    const changed = keys();
    writeFileSync(file, JSON.stringify({ ...changed, key: old.key, nextKey: changed.key }));
    assert.equal((await verify()).code, 0);
    assert.deepEqual(documentOf(await rotate()), { outcome: 'already' });
    assert.deepEqual(keys(), changed);
  });

  it('leaves a vault that opens, whenever it is killed', async () => {
    for (const afterMs of [600, 1_500, 2_500]) {
      const running = bench.launch(['vault', 'rotate-key', '--folder', home, '--json']);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      running.child.kill('SIGKILL');
      await running.answer;
      const found = await verify();
      assert.equal(found.code, 0, found.out);
    }
  });

  it('refuses a key that is not the vault’s, and says nothing of either', async () => {
    const kept = keys();
    const wrong = Buffer.alloc(32, 1).toString('base64');
    writeFileSync(file, JSON.stringify({ ...kept, key: wrong }));
    const found = await verify();
    writeFileSync(file, JSON.stringify(kept));
    assert.equal(found.code, 1);
    assert.match(errorOf(found).message, /not the one/);
    assert.ok(!found.out.includes(wrong) && !found.err.includes(wrong));
  });
});
