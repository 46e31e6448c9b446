/** Batches and packing lists: for the unblinded people of the supply, through their own token. */
import { type Batch, dosePerCapsule, isFormId, PharmacologyError } from '@limen/pharmacology';
import { readAllocation, type StoredAllocation } from './allocate.ts';
import { type BoundBatches, chooseBatch, readBatches, sealPacking } from './batches.ts';
import type { House } from './house.ts';
import type { BatchRequest, PackingList } from './protocol.ts';
import { Refusal } from './refusals.ts';
import { open, pad, seal, unpad } from './sealing.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

const supplier = { id: 'supply', role: 'pharmacist' } as const;

/** Once per id; the same batch again is answered as before, another one under its id is refused. */
export async function recordBatch(house: House, studyId: string, request: BatchRequest) {
  const dose = doseOf(request);
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('supply_refused', 'no such study');
    const known = await client.query<{ sealed: Buffer }>(
      'select sealed from batch where study_id = $1 and batch_id = $2',
      [studyId, request.batchId],
    );
    const text = JSON.stringify(request);
    if (known.rows[0]) {
      const stored = unpad(open(study.dataKey, known.rows[0].sealed, `batch ${studyId} ${request.batchId}`));
      if (stored !== text) throw new Refusal('supply_refused', 'another batch is recorded under this id');
      return { batchId: request.batchId, dose };
    }
    await client.query(
      'insert into batch (study_id, batch_id, intervention, sealed, recorded_at) values ($1, $2, $3, $4, $5)',
      [
        studyId,
        request.batchId,
        request.intervention,
        seal(study.dataKey, pad(text), `batch ${studyId} ${request.batchId}`),
        house.clock.now(),
      ],
    );
    await appendTrail(house, client, studyId, {
      type: 'batch.recorded',
      actor: supplier,
      cause: request.batchId,
      payload: JSON.parse(text),
    });
    return { batchId: request.batchId, dose };
  });
}

export function doseOf(request: BatchRequest) {
  const { form, batchId, fillWeight, assay } = request;
  if (form === undefined) return null;
  if (!isFormId(form)) throw new Refusal('supply_refused', `no form “${form}”`);
  try {
    return dosePerCapsule({ id: batchId, form, fillWeight, ...(assay ? { assay } : {}) } as Batch);
  } catch (error) {
    if (error instanceof PharmacologyError) throw new Refusal('supply_refused', error.message);
    throw error;
  }
}

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
      await client.query('update allocation set packed_at = $3, sealed_packing = $4 where study_id = $1 and kit = $2', [
        studyId,
        kit,
        house.clock.now(),
        sealPacking(study, kit, batches),
      ]);
      const payload = { kit, batches };
      await appendTrail(house, client, studyId, { type: 'kit.packed', actor: supplier, cause: kit, payload });
    }
    return { kit, packed: true };
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
