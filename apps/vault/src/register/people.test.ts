/** What the vault's people do with the register: two people, papers, reasons, clocks. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases } from '@limen/postgres';
import { Refusal } from '../refusals.ts';
import { judgeShipment } from '../stock/judge.ts';
import { makeKits } from '../stock/make.ts';
import { sendKits } from '../stock/send.ts';
import { batchByContent, openStockVault, openStore, type StockVault, stockStudy } from '../stock/test-stock.ts';
import { inTransaction } from '../store.ts';
import { type Balances, heldBy } from './balances.ts';
import { type Correction, correctRegister } from './correct.ts';
import { type Destroyed, proposeDestruction, witnessDestruction } from './destroy.ts';
import { readEntries } from './entry.ts';
import { inventoryDue, isToBeTold, readInventories, recordInventory } from './inventory.ts';
import { readLosses, reportDue, reportLoss } from './losses.ts';
import { registerSite } from './registration.ts';
import { registerView } from './rows.ts';
import { readBalances, requireStudy, takeInCapsules } from './stock.ts';

const databases = createTestDatabases();
let room: StockVault;

before(async () => {
  room = await openStockVault(databases);
  await room.study.createStudy(stockStudy());
  await openStore(room);
});
after(async () => {
  await room.vault.close();
  await databases.close();
});

const because = (reason: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.match(error.reason, reason);
  return true;
};

async function balances(): Promise<Balances> {
  return inTransaction(room.house, async (client) =>
    readBalances(client, await requireStudy(room.house, client, 'stock')),
  );
}

describe('destruction in the vault', () => {
  const what: Destroyed = {
    batchId: 'b-active',
    capsules: 5,
    kits: [],
    method: 'Incineration',
    reference: '41-1',
    reason: 'Retained too long',
  };
  const propose = (more: Partial<Destroyed> = {}) =>
    proposeDestruction(room.house, 'stock', 'one', { ...what, ...more });
  const witness = (by: string, id: string) => witnessDestruction(room.house, 'stock', by, id);

  it('needs two people within a quarter of an hour', async () => {
    const first = await propose();
    assert.equal(heldBy(await balances(), 'destroyed', 'b-active'), 0, 'nothing is destroyed by a proposal');
    await assert.rejects(witness('one', first), because(/Two different people/));
    room.clock.now = '2027-02-01T08:15:01.000Z';
    await assert.rejects(witness('two', first), because(/within 15 minutes/));
    const second = await propose();
    room.clock.now = '2027-02-01T08:30:01.000Z';
    await witness('two', second);
    await assert.rejects(witness('three', second), because(/confirmed already/));
    assert.equal(heldBy(await balances(), 'destroyed', 'b-active'), 5);
  });

  it('is of what is there', async () => {
    await assert.rejects(propose({ capsules: 2000 }), because(/the store has 995/));
    await assert.rejects(propose({ capsules: 0 }), because(/one capsule or more/));
    await assert.rejects(propose({ batchId: null, kits: ['AAAAAAAA'] }), because(/not in the vault/));
    await assert.rejects(propose({ kits: ['AAAAAAAA'] }), because(/either a batch or kits/));
    await assert.rejects(propose({ reason: '' }), because(/how and why/));
  });
});

describe('a correction', () => {
  const given: Correction = {
    ...{ corrects: '', from: 'store', to: 'lost', batchId: 'b-active', capsules: 2, reason: 'Counted again' },
    happenedAt: '2027-01-15T10:00:00.000Z',
  };
  const correct = (more: Partial<Correction> = {}) =>
    correctRegister(room.house, 'stock', 'one', { ...given, ...more });

  it('is an entry with a reason and both dates, and a loss starts its clock', async () => {
    await correct();
    await inTransaction(room.house, async (client) => {
      const study = await requireStudy(room.house, client, 'stock');
      const entry = (await readEntries(client, study)).at(-1);
      assert.deepEqual(
        [entry?.happenedAt, entry?.recordedAt, entry?.details.reason],
        ['2027-01-15T10:00:00.000Z', room.clock.now, 'Counted again'],
      );
      const view = registerView(await readEntries(client, study), 'vault', new Set(['b-active']), {
        from: '2027-02-01',
        to: '2027-02-01',
      });
      assert.deepEqual(
        view.rows.map(({ received, issued, balance }) => [received, issued, balance]),
        [
          [1000, 0, 1000],
          [0, 5, 995],
          [0, 2, 993],
        ],
      );
      const later = registerView(await readEntries(client, study), 'vault', new Set(['b-active']), {
        from: '2027-02-02',
        to: '2027-03-01',
      });
      assert.deepEqual(later, { opening: 993, rows: [], closing: 993 });
      const [loss] = await readLosses(client, study);
      assert.equal(loss?.dueAt, '2027-02-02T23:59:59.999Z');
    });
  });

  it('takes no more than there is, and knows what it corrects', async () => {
    await assert.rejects(correct({ capsules: 5000 }), because(/Fewer than none/));
    await assert.rejects(correct({ corrects: 'e-none' }), because(/no entry e-none/));
    await assert.rejects(correct({ from: 'site east' }), because(/cannot be corrected here/));
    await assert.rejects(correct({ to: 'store' }), because(/two accounts/));
    await assert.rejects(correct({ reason: ' ' }), because(/Say why/));
    await assert.rejects(correct({ batchId: 'b-none' }), because(/no batch b-none/));
    await assert.rejects(correct({ happenedAt: '2027-03-01T00:00:00.000Z' }), because(/not come yet/));
    await assert.rejects(correct({ capsules: 0.5 }), because(/one capsule or more/));
  });

  it('a loss is reported once', async () => {
    const entryId = await inTransaction(room.house, async (client) => {
      const [loss] = await readLosses(client, await requireStudy(room.house, client, 'stock'));
      return loss?.entry.entryId ?? '';
    });
    const report = (reference: string) =>
      reportLoss(room.house, 'stock', 'one', { entryId, reportedAt: room.clock.now, reference });
    await assert.rejects(report(' '), because(/Form 106/));
    await report('106-1');
    await assert.rejects(report('106-2'), because(/reported already/));
  });
});

describe('clocks', () => {
  it('a loss is to be told by the end of the next business day', () => {
    assert.equal(reportDue('2027-02-04T10:00:00.000Z'), '2027-02-05T23:59:59.999Z', 'Thursday to Friday');
    assert.equal(reportDue('2027-02-05T10:00:00.000Z'), '2027-02-08T23:59:59.999Z', 'Friday to Monday');
    assert.equal(reportDue('2027-02-07T10:00:00.000Z'), '2027-02-08T23:59:59.999Z', 'Sunday to Monday');
  });

  it('an inventory is due at once, then every two years, and told thirty days before', () => {
    assert.equal(inventoryDue(null, null), null);
    assert.deepEqual(inventoryDue(null, '2027-02-01T08:00:00.000Z'), { dueAt: '2027-02-01T08:00:00.000Z' });
    const due = inventoryDue('2027-02-01T08:00:00.000Z', '2027-02-01T08:00:00.000Z');
    assert.deepEqual(due, { dueAt: '2029-02-01T08:00:00.000Z' });
    assert.equal(isToBeTold(due, '2029-01-02T07:59:59.999Z'), false);
    assert.equal(isToBeTold(due, '2029-01-02T08:00:00.000Z'), true);
  });

  it('a count keeps what the register said then', async () => {
    const count = (counted: Map<string, number>, occasion = 'opening') =>
      recordInventory(room.house, 'stock', 'one', { place: 'vault', occasion, countedAt: room.clock.now, counted });
    await assert.rejects(count(new Map([['b-active', 993]])), because(/Count the capsules of b-placebo/));
    await assert.rejects(count(new Map(), 'yearly'), because(/which kind/));
    await count(
      new Map([
        ['b-active', 992],
        ['b-placebo', 1000],
      ]),
    );
    await inTransaction(room.house, async (client) => {
      const [done] = await readInventories(client, await requireStudy(room.house, client, 'stock'));
      assert.deepEqual(done?.counts, [
        { batchId: 'b-active', counted: 992, expected: 993 },
        { batchId: 'b-placebo', counted: 1000, expected: 1000 },
      ]);
    });
  });
});

describe('a shipment', () => {
  it('goes to a site whose registration holds and names every substance of the study', async () => {
    const register = (more: object) =>
      registerSite(room.house, 'stock', 'one', {
        siteId: 'west',
        authority: 'DEA',
        number: 'R',
        expires: '2029-01-01',
        substances: ['lsd'],
        ...more,
      });
    await makeKits(room.house, 'stock', 'one', { sets: 3, batches: batchByContent });
    const send = (siteId = 'west') => sendKits(room.house, 'stock', 'one', { siteId, sets: 1 });
    await register({ expires: '2027-01-31' });
    await assert.rejects(send(), because(/ended on 2027-01-31/));
    await register({ substances: ['psilocybin'] });
    await assert.rejects(send(), because(/does not name lsd/));
    await assert.rejects(register({ number: '' }), because(/authority and a number/));
    await assert.rejects(register({ siteId: 'north' }), because(/no site north/));
    await register({});
    await send();
    await assert.rejects(sendKits(room.house, 'stock', 'one', { siteId: 'west', sets: 3 }), because(/the store has 2/));
  });

  it('is refused on arrival where the registration has ended since', async () => {
    const shipmentId = await sendKits(room.house, 'stock', 'one', { siteId: 'east', sets: 1 });
    const act = { actId: 'x', at: '2029-01-02T00:00:00.000Z', by: 'c', siteId: 'east' };
    const received = { ...act, kind: 'shipmentReceived' as const, shipmentId, missing: [], damaged: [] };
    await assert.rejects(room.study.recordKitActs('stock', [received]), { code: 'supply_refused' });
    await room.study.recordKitActs('stock', [{ ...received, at: room.clock.now }]);
    const judge = (judgement: 'released' | 'recalled' | 'takenBack', reason = 'Too warm') =>
      judgeShipment(room.house, 'stock', 'one', { shipmentId, judgement, reason });
    await assert.rejects(judge('released'), because(/not in quarantine/));
    await assert.rejects(judge('takenBack'), because(/Only a recalled/));
    await assert.rejects(judge('recalled', ''), because(/Say why/));
    await judge('recalled');
    const before = heldBy(await balances(), 'kits', 'b-active');
    await judge('takenBack');
    assert.equal(heldBy(await balances(), 'kits', 'b-active'), before + 14);
    await assert.rejects(judge('takenBack'), because(/No kit of it/));
  });

  it('takes capsules in with papers, whole ones, and not from tomorrow', async () => {
    const take = (more: object) =>
      takeInCapsules(room.house, 'stock', 'one', {
        batchId: 'b-active',
        capsules: 10,
        happenedAt: room.clock.now,
        reference: '222',
        ...more,
      });
    await assert.rejects(take({ reference: ' ' }), because(/papers/));
    await assert.rejects(take({ capsules: 1.5 }), because(/Take in between/));
    await assert.rejects(take({ batchId: 'none' }), because(/no batch none/));
    await assert.rejects(take({ happenedAt: '2030-01-01T00:00:00.000Z' }), because(/not come yet/));
  });
});
