/** Packing lists: for the unblinded people of the supply, through their own token. */
import { readAllocation, type StoredAllocation } from './allocate.ts';
import { type BoundBatches, chooseBatch, readBatches, sealPacking } from './batches.ts';
import type { House } from './house.ts';
import type { PackingList } from './protocol.ts';
import { Refusal } from './refusals.ts';
import { postEntry } from './register/entry.ts';
import { readBalances, requireCapsules } from './register/stock.ts';
import { capsulesIn } from './stock/decide.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

const supplier = { id: 'supply', role: 'pharmacist' } as const;

/** What to put into a kit, capsule by capsule. Reading it stands in the trail. */
export async function packingList(house: House, studyId: string, kit: string): Promise<PackingList> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const allocation = study && (await readAllocation(client, study, { column: 'kit', value: kit }));
    if (!study || !allocation) throw new Refusal('not_found', 'no such kit');
    await appendTrail(house, client, studyId, { type: 'packing.read', actor: supplier, cause: kit, payload: { kit } });
    const drawn = study.design.arms.find((arm) => arm.content.kind === 'drawn')?.content;
    const batches = await batchesFor(house, client, study, allocation);
    const roleOf = (intervention: string) => {
      if (drawn?.kind !== 'drawn') return 'constant' as const;
      return intervention === drawn.active ? ('active' as const) : ('placebo' as const);
    };
    return {
      kit,
      packed: allocation.packed,
      capsules: allocation.contents.map((intervention, index) => ({
        dose: index + 1,
        intervention,
        role: roleOf(intervention),
        batchId: batches[intervention] ?? null,
      })),
    };
  });
}

export async function markPacked(house: House, studyId: string, kit: string): Promise<{ kit: string; packed: true }> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const allocation = study && (await readAllocation(client, study, { column: 'kit', value: kit }));
    if (!study || !allocation) throw new Refusal('not_found', 'no such kit');
    if (!allocation.packed) {
      const batches = await batchesFor(house, client, study, allocation);
      for (const holder of ['allocation', 'replacement']) {
        await client.query(
          `update ${holder} set packed_at = $3, sealed_packing = $4 where study_id = $1 and kit = $2`,
          [studyId, kit, house.clock.now(), sealPacking(study, kit, batches)],
        );
      }
      await registerPacked(house, client, study, { kit, batches, allocation });
      const payload = { kit, batches };
      await appendTrail(house, client, studyId, { type: 'kit.packed', actor: supplier, cause: kit, payload });
    }
    return { kit, packed: true };
  });
}

/**
 * The capsules leave the store, from the day on which the register has its first capsules: of every batch, so that none
 * goes another way.
 */
async function registerPacked(
  house: House,
  client: Client,
  study: OpenStudy,
  { kit, batches, allocation }: { kit: string; batches: BoundBatches; allocation: StoredAllocation },
): Promise<void> {
  const { studyId, design } = study;
  if (!(await readBalances(client, study)).has('outside')) return;
  const without = allocation.contents.find((intervention) => batches[intervention] === undefined);
  if (without !== undefined) throw new Refusal('supply_refused', `no released batch of ${without} in date`);
  const each = allocation.contents.map((intervention) => batches[intervention] ?? '');
  const capsules = capsulesIn({ batches: each }, design.capsules);
  await requireCapsules(client, study, capsules);
  await client.query(
    `insert into kit (study_id, kit, place, participant_id, units) values ($1, $2, 'transit', $3, $4)`,
    [studyId, kit, allocation.participantId, design.capsules],
  );
  const details = { by: supplier.id, kits: [kit] };
  const happenedAt = house.clock.now();
  await postEntry(house, client, study, {
    kind: 'packed',
    happenedAt,
    from: 'store',
    to: 'transit',
    capsules,
    details,
  });
}

/** As bound when packed; before, the batch of each intervention that expires first. */
async function batchesFor(
  house: House,
  client: Client,
  study: OpenStudy,
  allocation: StoredAllocation,
): Promise<BoundBatches> {
  if (allocation.packed) return allocation.batches;
  const registered = await readBatches(client, study);
  const now = house.clock.now();
  const chosen: Record<string, string> = {};
  for (const intervention of new Set(allocation.contents)) {
    const batchId = chooseBatch(registered, intervention, now);
    if (batchId !== null) chosen[intervention] = batchId;
  }
  return chosen;
}
