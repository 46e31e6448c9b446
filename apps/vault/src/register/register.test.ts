/** The register: whatever the sites do, capsules are conserved; what does not balance is not written. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabases, type TestDatabases } from '@limen/postgres';
import fc from 'fast-check';
import type { KitAct } from '../protocol-kits.ts';
import { ActRefused, decideAct, type Known, type KnownKit } from '../stock/decide.ts';
import { openStockVault, openStore, stockStudy } from '../stock/test-stock.ts';
import { inTransaction } from '../store.ts';
import { foldBalances, heldBy, overdrawn, sumByBatch } from './balances.ts';
import type { Account, Entry } from './entry.ts';
import { postEntry, readEntries } from './entry.ts';
import { requireStudy } from './stock.ts';

const units = 4;
const at = '2027-02-01T08:00:00.000Z';

type World = {
  readonly kits: Map<string, KnownKit>;
  readonly shipments: Map<string, { siteId: string; decided: 'sent' | 'received' | 'quarantined' | 'recalled' }>;
  readonly entries: Pick<Entry, 'from' | 'to' | 'capsules'>[];
};

const kitOf = (kit: string, more: Partial<KnownKit>): KnownKit => ({
  ...{
    kit,
    secret: null,
    shipmentId: null,
    place: 'transit',
    siteId: null,
    participantId: null,
    damaged: false,
    units,
  },
  ...{ registered: true, dispensedAt: null, returnedAt: null, batches: [] },
  ...more,
});

/** Two shipments on their way, four kits of one batch each, and two kits packed for a person from two batches. */
function openWorld(): World {
  const world: World = { kits: new Map(), shipments: new Map(), entries: [] };
  for (const [shipmentId, siteId] of [
    ['s1', 'east'],
    ['s2', 'west'],
  ] as const) {
    world.shipments.set(shipmentId, { siteId, decided: 'sent' });
    for (let index = 0; index < 4; index += 1) {
      const batches = Array.from({ length: units }, () => (index % 2 === 0 ? 'active' : 'placebo'));
      const kit = kitOf(`${shipmentId}k${index}`, {
        shipmentId,
        siteId,
        batches,
        participantId: index < 3 ? `P${index}` : null,
      });
      world.kits.set(kit.kit, kit);
    }
  }
  for (const label of ['o1', 'o2']) {
    world.kits.set(label, kitOf(label, { participantId: 'P1', batches: ['active', 'placebo', 'placebo', 'active'] }));
  }
  for (const batchId of ['active', 'placebo']) {
    world.entries.push({ from: 'outside', to: 'store', capsules: { [batchId]: 100 } });
    world.entries.push({ from: 'store', to: 'transit', capsules: { [batchId]: 4 * units + units } });
  }
  return world;
}

function knownOf({ kits, shipments }: World): Known {
  const whole = [...shipments].map(([shipmentId, { siteId, decided }]) => {
    const own = [...kits.values()].filter((kit) => kit.shipmentId === shipmentId);
    const dates = { expires: '2028-01-01', sentAt: new Date(at), receivedAt: null };
    return [
      shipmentId,
      { shipmentId, siteId, decided, status: decided, ...dates, lot: '', storage: '', sets: 2, kits: own },
    ] as const;
  });
  return { sites: ['east', 'west'], kits, shipments: new Map(whole), registrationFault: null };
}

/** False where the act was refused; then nothing has changed. */
function act(world: World, told: KitAct): boolean {
  try {
    const { movements, changes, shipment } = decideAct(knownOf(world), told);
    world.entries.push(...movements);
    for (const { kits, change } of changes) {
      for (const label of kits) {
        const { dispensedAt, returnedAt, ...rest } = change;
        const kit = world.kits.get(label);
        assert.ok(kit);
        world.kits.set(label, {
          ...kit,
          ...rest,
          dispensedAt: dispensedAt === undefined ? kit.dispensedAt : new Date(dispensedAt),
          returnedAt: returnedAt === undefined ? kit.returnedAt : new Date(returnedAt),
        });
      }
    }
    const own = shipment && world.shipments.get(shipment.shipmentId);
    if (own && shipment) own.decided = shipment.status;
    return true;
  } catch (error) {
    if (error instanceof ActRefused) return false;
    throw error;
  }
}

const labels = [...openWorld().kits.keys()];
const label = fc.constantFrom(...labels);
const siteId = fc.constantFrom('east', 'west');
const shipmentId = fc.constantFrom('s1', 's2');
const some = fc.uniqueArray(label, { maxLength: 2 });
const common = { actId: fc.constant('x'), at: fc.constant(at), by: fc.constant('a'), siteId };
const acts: fc.Arbitrary<KitAct> = fc.oneof(
  fc.record({ ...common, kind: fc.constant('shipmentReceived' as const), shipmentId, missing: some, damaged: some }),
  fc.record({
    ...common,
    kind: fc.constant('shipmentReceived' as const),
    shipmentId,
    missing: fc.constant([]),
    damaged: fc.constant([]),
  }),
  fc.record({
    ...common,
    kind: fc.constant('dispensed' as const),
    kit: label,
    participantId: fc.constantFrom('P0', 'P1', 'P2'),
  }),
  fc.record({
    ...common,
    kind: fc.constant('returned' as const),
    kit: label,
    units: fc.integer({ min: 0, max: units + 1 }),
  }),
  fc.record({ ...common, kind: fc.constantFrom('lost' as const, 'damaged' as const), kit: label }),
  fc.record({
    ...common,
    kind: fc.constant('destroyed' as const),
    kits: fc.uniqueArray(label, { minLength: 1, maxLength: 3 }),
    witness: fc.constantFrom('a', 'b'),
  }),
) as fc.Arbitrary<KitAct>;

/** What the kits themselves say that an account holds. */
function countKits({ kits }: World, account: Account): number {
  const inside = [...kits.values()].filter(({ place, siteId: site }) => {
    if (account === 'transit') return place === 'transit';
    if (account === `site ${site}`) return place === 'site';
    if (account === `participants ${site}`) return place === 'participant';
    return account === place;
  });
  return inside.reduce((sum, kit) => sum + kit.units, 0);
}

describe('over random acts of the sites', () => {
  it('capsules are conserved, no account is overdrawn, and the register agrees with the kits', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(acts, { minLength: 25, maxLength: 40 }), (all) => {
        const world = openWorld();
        for (const one of all) {
          const done = act(world, one);
          accepted += done ? 1 : 0;
          refused += done ? 0 : 1;
          const balances = foldBalances(world.entries);
          assert.ok([...sumByBatch(balances).values()].every((sum) => sum === 0));
          assert.deepEqual(overdrawn(balances), []);
        }
        const balances = foldBalances(world.entries);
        for (const account of [
          'transit',
          'site east',
          'site west',
          'participants east',
          'participants west',
          'lost',
          'destroyed',
        ] as Account[]) {
          const held = heldBy(balances, account, 'active') + heldBy(balances, account, 'placebo');
          assert.equal(held, countKits(world, account), account);
        }
      }),
      { numRuns: 5000 },
    );
    assert.ok(accepted > 10_000 && refused > 10_000, `${accepted} accepted, ${refused} refused`);
  });
});

describe('in the database', () => {
  let databases: TestDatabases;
  before(() => {
    databases = createTestDatabases();
  });
  after(() => databases.close());

  it('an entry that does not balance is refused, and nothing is changed or taken away', async () => {
    const room = await openStockVault(databases);
    try {
      await room.study.createStudy(stockStudy());
      await openStore(room);
      const { pool } = room.house;
      const add = async (lines: string) => {
        const client = await pool.connect();
        try {
          await client.query('begin');
          await client.query(
            `insert into register_entry values ('stock', 'e', 99, 'corrected', 'store', 'lost', now(), now(), '')`,
          );
          await client.query(`insert into register_line values ${lines}`);
          await client.query('commit');
        } catch (error) {
          await client.query('rollback');
          throw error;
        } finally {
          client.release();
        }
      };
      await assert.rejects(
        add(`('stock', 'e', 'b-active', 'store', 10), ('stock', 'e', 'b-active', 'lost', 4294967287)`),
        /does not balance/,
      );
      await assert.rejects(add(`('stock', 'e', 'b-active', 'store', 10)`), /does not balance/);
      await assert.rejects(
        add(`('stock', 'e', 'b-active', 'store', 10), ('stock', 'e', 'b-placebo', 'lost', 4294967286)`),
        /does not balance/,
      );
      await assert.rejects(pool.query('update register_line set masked = 1'), /append-only/);
      await assert.rejects(pool.query('delete from register_entry'), /append-only/);
      await assert.rejects(pool.query('truncate register_line'), /append-only/);
      await add(`('stock', 'e', 'b-active', 'store', 10), ('stock', 'e', 'b-active', 'lost', 4294967286)`);
    } finally {
      await room.vault.close();
    }
  });

  it('is read as it was written, and without the key says not which batch moved', async () => {
    const room = await openStockVault(databases);
    try {
      await room.study.createStudy(stockStudy());
      await openStore(room);
      await inTransaction(room.house, async (client) => {
        const study = await requireStudy(room.house, client, 'stock');
        for (let index = 0; index < 40; index += 1) {
          const batchId = index % 2 === 0 ? 'b-active' : 'b-placebo';
          const entry = {
            kind: 'corrected',
            happenedAt: at,
            from: 'store',
            to: 'lost',
            details: { by: 'ph' },
          } as const;
          await postEntry(room.house, client, study, { ...entry, capsules: { [batchId]: index + 1 } });
        }
        const entries = (await readEntries(client, study)).slice(2);
        assert.deepEqual(
          entries.map(({ capsules }) => capsules),
          entries.map((_, index) => ({ [index % 2 === 0 ? 'b-active' : 'b-placebo']: index + 1 })),
        );
        const { rows } = await client.query<{ n: number; distinct: number; small: number }>(
          `select count(*)::int as n, count(distinct masked)::int as distinct,
             (count(*) filter (where masked < 100000))::int as small from register_line`,
        );
        assert.deepEqual(rows, [{ n: 166, distinct: 166, small: 0 }]);
      });
    } finally {
      await room.vault.close();
    }
  });
});
