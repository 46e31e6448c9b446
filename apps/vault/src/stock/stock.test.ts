/** Kits in stock over the study server's questions: what is answered, and that it depends on totals alone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import { isLabel, VaultError } from '../index.ts';
import type { KitAct } from '../protocol.ts';
import { overdrawn, sumByBatch } from '../register/balances.ts';
import type { Account } from '../register/entry.ts';
import { readBalances } from '../register/stock.ts';
import { inTransaction } from '../store.ts';
import { lockStudy } from '../study.ts';
import { readTrail } from '../trail.ts';
import { makeKits } from './make.ts';
import { sendKits } from './send.ts';
import {
  batchByContent,
  batches,
  decideBatch,
  openBatches,
  openStockVault,
  openStore,
  type StockVault,
  stockStudy,
} from './test-stock.ts';

let databases: TestDatabases;
before(() => {
  databases = createTestDatabases();
});
after(() => databases.close());

let acts = 0;
type Told = KitAct extends infer A ? (A extends KitAct ? Omit<A, 'actId' | 'at' | 'by' | 'siteId'> : never) : never;

async function tell(room: StockVault, told: Told, siteId = 'east', at = room.clock.now) {
  acts += 1;
  const act = { actId: `act-${acts}`, at, by: 'coordinator', siteId, ...told } as KitAct;
  return room.study.recordKitActs('stock', [act]);
}

async function stocked(room: StockVault, sets: number, siteId = 'east'): Promise<string> {
  await room.supply.makeKits('stock', { by: 'ph', sets, batches: Object.fromEntries(batchByContent) });
  const { shipmentId } = await room.supply.sendKits('stock', { by: 'ph', siteId, sets });
  await tell(room, { kind: 'shipmentReceived', shipmentId, missing: [], damaged: [] }, siteId);
  return shipmentId;
}

async function open(procedure: Parameters<typeof stockStudy>[0] = {}, seed = 'one'): Promise<StockVault> {
  const room = await openStockVault(databases, seed);
  await room.study.createStudy(stockStudy(procedure));
  await openStore(room);
  return room;
}

const ask = (room: StockVault, person: number, siteId = 'east') =>
  room.study.allocate('stock', {
    participantId: `P${1000 + person}`,
    stratum: siteId,
    siteId,
    requestId: `r${person}`,
  });

const refusedWith = (code: string, detail: string) => (error: unknown) => {
  assert.ok(error instanceof VaultError, String(error));
  assert.deepEqual({ code: error.code, detail: error.message }, { code, detail });
  return true;
};
const noKit = refusedWith('allocation_refused', 'No kit can be given.');
const noAct = refusedWith('supply_refused', 'The supply request cannot be met.');

async function balancesOf(room: StockVault) {
  return inTransaction(room.house, async (client) => {
    const study = await lockStudy(room.house, client, 'stock');
    assert.ok(study);
    return readBalances(client, study);
  });
}

async function lastReason(room: StockVault): Promise<string> {
  const client = await room.house.pool.connect();
  try {
    const payload = (await readTrail(room.house, client, 'stock')).at(-1)?.content?.payload as { reason?: string };
    return payload.reason ?? '';
  } finally {
    client.release();
  }
}

describe('a kit’s way', () => {
  it('goes from the store to a site, to a participant, back and to destruction', async () => {
    const room = await open();
    try {
      await makeKits(room.house, 'stock', 'ph', { sets: 3, batches: batchByContent });
      const shipmentId = await sendKits(room.house, 'stock', 'ph', { siteId: 'east', sets: 2 });
      const [sent] = (await room.study.listShipments('stock')).shipments;
      assert.ok(sent);
      assert.equal(sent.status, 'sent');
      assert.equal(sent.expires, '2028-01-01', 'the earliest of its batches');
      assert.equal(sent.kits.length, 4);
      assert.ok(sent.kits.every(isLabel));
      assert.deepEqual(sent.kits, sent.kits.toSorted());
      await assert.rejects(ask(room, 1), noKit, 'what is under way cannot be given');
      await tell(room, { kind: 'shipmentReceived', shipmentId, missing: [], damaged: [] });
      const { kit } = await ask(room, 1);
      assert.ok(sent.kits.includes(kit));
      assert.deepEqual(await ask(room, 1), { kit }, 'asked again, the same kit');
      await tell(room, { kind: 'dispensed', kit, participantId: 'P1001' });
      await tell(room, { kind: 'returned', kit, units: 3 });
      await tell(room, { kind: 'destroyed', kits: [kit], witness: 'another' });
      const list = await room.supply.packingList('stock', kit);
      const broken = await room.emergency.breakCode('stock', { participantId: 'P1001', reason: 'ask', by: 'me' });
      assert.deepEqual(
        list.capsules.map(({ intervention }) => intervention),
        broken.contents,
      );
      assert.ok(broken.doses[0]?.batchId);
      const held = await balancesOf(room);
      const held14 = (account: string) => [...(held.get(account as Account)?.values() ?? [])].filter((n) => n !== 0);
      assert.deepEqual(held14('destroyed'), [3]);
      assert.deepEqual(held14('used'), [11]);
      assert.deepEqual(held14('participants east'), []);
      assert.equal(
        held14('site east').reduce((a, b) => a + b, 0),
        3 * 14,
      );
      assert.equal(
        held14('kits').reduce((a, b) => a + b, 0),
        2 * 14,
      );
      assert.deepEqual([...sumByBatch(held).values()], [0, 0]);
      assert.deepEqual(overdrawn(held), []);
    } finally {
      await room.vault.close();
    }
  });

  it('is replaced with the same contents under another label, once per request', async () => {
    for (const kits of ['stock', 'toOrder'] as const) {
      const room = await open({ kits });
      try {
        if (kits === 'stock') await stocked(room, 3);
        const first = await ask(room, 1);
        const request = { participantId: 'P1001', requestId: 'x1', siteId: 'east', reason: 'lost' as const };
        const second = await room.study.replaceKit('stock', request);
        assert.ok(isLabel(second.kit));
        assert.notEqual(second.kit, first.kit);
        assert.deepEqual(await room.study.replaceKit('stock', request), second);
        const third = await room.study.replaceKit('stock', { ...request, requestId: 'x2', reason: 'nextVisit' });
        const lists = await Promise.all([first, second, third].map(({ kit }) => room.supply.packingList('stock', kit)));
        assert.deepEqual(lists[1]?.capsules, lists[0]?.capsules);
        assert.deepEqual(lists[2]?.capsules, lists[0]?.capsules);
        await assert.rejects(room.study.replaceKit('stock', { ...request, participantId: 'P9999' }), noKit);
        await assert.rejects(
          room.study.replaceKit('stock', { ...request, participantId: 'P9999', requestId: 'x3' }),
          noKit,
        );
      } finally {
        await room.vault.close();
      }
    }
  });

  it('is told in an emergency with the batch of the kit that somebody has now', async () => {
    const room = await open({ kits: 'toOrder' });
    try {
      const { kit } = await ask(room, 1);
      await room.supply.markPacked('stock', kit);
      const later = [batches.active, batches.placebo].map((one) => ({
        ...one,
        batchId: `${one.batchId}-2`,
        expires: '2027-09-01',
      }));
      await openBatches(room, later);
      const request = { participantId: 'P1001', requestId: 'x1', reason: 'lost' as const };
      const { kit: second } = await room.study.replaceKit('stock', request);
      const batchNow = async () => {
        const asked = { participantId: 'P1001', reason: 'Seizure', by: 'on call' };
        return (await room.emergency.breakCode('stock', asked)).doses[0]?.batchId;
      };
      assert.doesNotMatch((await batchNow()) ?? '', /-2$/, 'the second is not packed');
      await room.supply.markPacked('stock', second);
      assert.match((await batchNow()) ?? '', /-2$/);
      const { rows } = await room.house.pool.query('select place, units, registered from kit order by kit');
      assert.deepEqual(
        rows,
        Array.from({ length: 2 }, () => ({ place: 'transit', units: 14, registered: true })),
      );
      await tell(room, { kind: 'dispensed', kit: second, participantId: 'P1001' });
      const held = await balancesOf(room);
      const sum = (account: Account) => [...(held.get(account)?.values() ?? [])].reduce((a, b) => a + b, 0);
      assert.deepEqual(
        ['transit', 'site east', 'participants east'].map((one) => sum(one as Account)),
        [14, 0, 14],
      );
    } finally {
      await room.vault.close();
    }
  });
});

describe('what cannot be', () => {
  it('is refused with one code, and the reason is in the trail', async () => {
    const room = await open();
    try {
      const east = await stocked(room, 4);
      const west = await stocked(room, 1, 'west');
      const { kit } = await ask(room, 1);
      const other = await ask(room, 2);
      const [westKit = ''] =
        (await room.study.listShipments('stock')).shipments.find((one) => one.siteId === 'west')?.kits ?? [];
      const allocation = { participantId: 'P1009', stratum: 'east', siteId: 'east', requestId: 'r9' };
      const asked: [object, RegExp][] = [
        [{ ...allocation, siteId: undefined }, /no site is named/],
        [{ ...allocation, siteId: 'north', stratum: 'north' }, /no site north/],
        [{ ...allocation, stratum: 'west' }, /no stratum west at site east/],
        [{ ...allocation, requestId: 'r1' }, /used for another participant/],
      ];
      for (const [request, reason] of asked) {
        await assert.rejects(room.study.allocate('stock', request as typeof allocation), noKit);
        assert.match(await lastReason(room), reason);
      }
      const told: [Told, RegExp, string?, string?][] = [
        [{ kind: 'dispensed', kit: 'AAAAAAAA', participantId: 'P1001' }, /no kit AAAAAAAA/],
        [{ kind: 'dispensed', kit, participantId: 'P1002' }, /not P1002’s/],
        [{ kind: 'dispensed', kit: westKit, participantId: 'P1001' }, /not at site east/],
        [{ kind: 'dispensed', kit, participantId: 'P1001' }, /expired on 2028-01-01/, 'east', '2028-01-02T00:00:00Z'],
        [{ kind: 'returned', kit, units: 3 }, /not with a participant/],
        [{ kind: 'lost', kit }, /no site north/, 'north'],
        [{ kind: 'destroyed', kits: [kit], witness: 'coordinator' }, /one person/],
        [{ kind: 'destroyed', kits: [kit, kit], witness: 'another' }, /named twice/],
        [{ kind: 'shipmentReceived', shipmentId: east, missing: [], damaged: [] }, /received already/],
        [{ kind: 'shipmentReceived', shipmentId: west, missing: [], damaged: [] }, /for another site/],
        [{ kind: 'shipmentReceived', shipmentId: 'none', missing: [], damaged: [] }, /no shipment none/],
        [
          { kind: 'excursion', shipmentId: east, lowestCelsius: 30, highestCelsius: 2, hours: 3 },
          /highest temperature is below/,
        ],
      ];
      for (const [act, reason, siteId, at] of told) {
        await assert.rejects(tell(room, act, siteId, at), noAct);
        assert.match(await lastReason(room), reason);
      }
      await tell(room, { kind: 'dispensed', kit, participantId: 'P1001' });
      await assert.rejects(tell(room, { kind: 'dispensed', kit, participantId: 'P1001' }), noAct);
      assert.match(await lastReason(room), /dispensed before/);
      await assert.rejects(tell(room, { kind: 'returned', kit, units: 15 }), noAct);
      assert.match(await lastReason(room), /held 14, not 15/);
      await assert.rejects(tell(room, { kind: 'destroyed', kits: [kit], witness: 'another' }), noAct);
      assert.match(await lastReason(room), /not at the site: participant/);
      await tell(room, { kind: 'excursion', shipmentId: east, lowestCelsius: 2, highestCelsius: 41, hours: 5 });
      await assert.rejects(tell(room, { kind: 'dispensed', kit: other.kit, participantId: 'P1002' }), noAct);
      assert.match(await lastReason(room), /is quarantined/);
      await assert.rejects(ask(room, 3), noKit);
      assert.match(await lastReason(room), /no shipment that is received, in date and released/);
      await assert.rejects(
        room.study.judgeShipment('stock', east, { by: 'c', judgement: 'released', reason: 'mine' }),
        {
          code: 'unauthorised',
        },
      );
      await room.supply.judgeShipment('stock', east, { by: 'ph', judgement: 'released', reason: 'Within limits' });
      await tell(room, { kind: 'dispensed', kit: other.kit, participantId: 'P1002' });
      room.clock.now = '2028-01-02T08:00:00.000Z';
      await assert.rejects(ask(room, 4, 'west'), noKit, 'expired');
      assert.match(await lastReason(room), /no shipment that is received, in date and released/);
    } finally {
      await room.vault.close();
    }
  });

  it('is refused whole: of several acts none is kept, and an act told twice is one', async () => {
    const room = await open();
    try {
      await stocked(room, 3);
      const { kit } = await ask(room, 1);
      const base = { at: room.clock.now, by: 'coordinator', siteId: 'east' };
      const dispensed = { ...base, actId: 'd', kind: 'dispensed' as const, kit, participantId: 'P1001' };
      const tooMany = { ...base, actId: 'x', kind: 'returned' as const, kit, units: 99 };
      await assert.rejects(room.study.recordKitActs('stock', [dispensed, tooMany]), noAct);
      assert.deepEqual(await room.study.recordKitActs('stock', [dispensed]), { accepted: 1 });
      assert.deepEqual(await room.study.recordKitActs('stock', [dispensed, dispensed]), { accepted: 2 });
      await assert.rejects(room.study.recordKitActs('stock', [{ ...dispensed, by: 'another' }]), noAct);
      assert.match(await lastReason(room), /another act was told under the id d/);
    } finally {
      await room.vault.close();
    }
  });

  it('stands still as a whole where one batch of a shipment is on hold', async () => {
    const room = await open();
    try {
      await stocked(room, 3);
      const { kit } = await ask(room, 1);
      const statusNow = async () => (await room.study.listShipments('stock')).shipments.map(({ status }) => status);
      await decideBatch(room, 'b-placebo', 'quarantined');
      assert.deepEqual(await statusNow(), ['quarantined']);
      await assert.rejects(ask(room, 2), noKit);
      await assert.rejects(tell(room, { kind: 'dispensed', kit, participantId: 'P1001' }), noAct);
      await assert.rejects(makeKits(room.house, 'stock', 'ph', { sets: 1, batches: batchByContent }), {
        reason: 'Batch b-placebo cannot be used for placebo.',
      });
      await decideBatch(room, 'b-placebo', 'released');
      assert.deepEqual(await statusNow(), ['received']);
      await ask(room, 2);
    } finally {
      await room.vault.close();
    }
  });

  it('lets one of 200 at once have the last kit', async () => {
    const room = await open();
    try {
      await stocked(room, 1);
      const outcomes = await Promise.allSettled(Array.from({ length: 200 }, (_, person) => ask(room, person)));
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      assert.equal(refused.length, 199);
      assert.ok(refused.every(noKit));
      const { rows } = await room.house.pool.query(
        'select count(*)::int as n, (select next_step from stratum) as step from allocation',
      );
      assert.deepEqual(rows, [{ n: 1, step: 1 }], 'no step is lost to the refused');
    } finally {
      await room.vault.close();
    }
  });

  it('is told when the study is made: contents that follow a sequence cannot be in stock', async () => {
    const room = await openStockVault(databases);
    try {
      const asked = stockStudy();
      const steps = { kind: 'steps' as const, steps: [{ fromDose: 1, intervention: 'placebo' }] };
      const arms = asked.arms.map((arm, index) => (index === 0 ? { ...arm, content: steps } : arm));
      await assert.rejects(
        room.study.createStudy({ ...asked, arms }),
        refusedWith('study_refused', 'The study cannot be created.'),
      );
    } finally {
      await room.vault.close();
    }
  });
});

describe('two worlds with other allocations', () => {
  it('are served and refused alike, from the same shipments', async () => {
    const heard: string[][] = [];
    const arms = new Set<string>();
    for (const seed of ['one', 'two', 'three', 'four']) {
      const room = await open({}, seed);
      try {
        const said: string[] = [];
        const shipments = [await stocked(room, 3)];
        room.clock.now = '2027-02-01T09:00:00.000Z';
        shipments.push(await stocked(room, 2), await stocked(room, 1, 'west'));
        const ofKit = async (kit: string) => {
          const { shipments: all } = await room.study.listShipments('stock');
          return shipments.indexOf(all.find(({ kits }) => kits.includes(kit))?.shipmentId ?? '');
        };
        for (let person = 0; person < 9; person += 1) {
          const answer = await ask(room, person, person === 3 ? 'west' : 'east').catch(
            (error: VaultError) => error.code,
          );
          said.push(typeof answer === 'string' ? answer : `shipment ${await ofKit(answer.kit)}`);
          if (person === 1) {
            const replaced = { participantId: 'P1000', requestId: 'x', siteId: 'east', reason: 'lost' as const };
            said.push(`shipment ${await ofKit((await room.study.replaceKit('stock', replaced)).kit)}`);
          }
        }
        heard.push(said);
        const lists = await room.house.pool.query<{ kit: string }>(
          'select kit from allocation order by participant_id',
        );
        const packed = await Promise.all(lists.rows.map(({ kit }) => room.supply.packingList('stock', kit)));
        arms.add(packed.map(({ capsules }) => capsules[0]?.intervention).join());
      } finally {
        await room.vault.close();
      }
    }
    assert.ok(arms.size > 1, 'the worlds differ');
    for (const said of heard) assert.deepEqual(said, heard[0]);
    assert.ok(
      heard[0]?.includes('allocation_refused') && heard[0].includes('shipment 0') && heard[0].includes('shipment 1'),
    );
  });
});

describe('at rest', () => {
  it('rows of both arms look alike: contents, packing and what moved are sealed or masked', async () => {
    const room = await open();
    try {
      await stocked(room, 6);
      for (let person = 0; person < 5; person += 1) {
        const { kit } = await ask(room, person);
        await tell(room, { kind: 'dispensed', kit, participantId: `P${1000 + person}` });
      }
      const { rows } = await room.house.pool.query<Record<string, unknown>>(
        `select (select count(distinct length(sealed))::int from kit) as kits,
           (select count(distinct length(sealed_packing))::int from allocation) as packings,
           (select count(distinct (n, entry))::int from (select count(*) as n, max(length(e.sealed)) as entry
              from register_entry e join register_line l using (study_id, entry_id)
              where kind = 'dispensed' group by entry_id) one) as entries,
           (select count(*)::int from kit k where row_to_json(k)::text ~ 'placebo|lsd-10|b-active') as telling,
           (select count(*)::int from kit_act a where row_to_json(a)::text ~ 'placebo|lsd-10|b-active') as acts`,
      );
      assert.deepEqual(rows, [{ kits: 1, packings: 1, entries: 1, telling: 0, acts: 0 }]);
    } finally {
      await room.vault.close();
    }
  });
});
