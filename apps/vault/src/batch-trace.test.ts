import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import { makeKits } from './stock/make.ts';
import { batchByContent, openStockVault, openStore, stockStudy } from './stock/test-stock.ts';

const databases = createTestDatabases();
after(() => databases.close());

test('Every kit in stock is found by its batch, and by no other', async () => {
  const room = await openStockVault(databases);
  try {
    await room.study.createStudy(stockStudy());
    await openStore(room);
    await makeKits(room.house, 'stock', 'ph', { sets: 3, batches: batchByContent });
    const active = (await room.supply.traceBatch('stock', 'b-active')).kits;
    const placebo = (await room.supply.traceBatch('stock', 'b-placebo')).kits;
    assert.deepEqual([active.length, placebo.length], [3, 3]);
    assert.equal(new Set([...active, ...placebo].map(({ kit }) => kit)).size, 6);
    for (const { place, participantId } of [...active, ...placebo])
      assert.deepEqual([place, participantId], ['store', null]);
  } finally {
    await room.vault.close();
  }
});
