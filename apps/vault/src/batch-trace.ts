/** Where a batch has gone: for a recall. It tells who holds what, so asking it stands in the trail. */
import { openPacking, readBatches } from './batches.ts';
import type { House } from './house.ts';
import type { BatchTrace } from './protocol-batches.ts';
import { Refusal } from './refusals.ts';
import { readKits } from './stock/kits.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

/** Every kit with a capsule of it, by label: those in stock, and those packed to order. */
export async function traceBatch(
  house: House,
  { studyId, batchId }: { readonly studyId: string; readonly batchId: string },
): Promise<BatchTrace> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const known = study && (await readBatches(client, study)).some(({ record }) => record.batchId === batchId);
    if (!study || !known) throw new Refusal('not_found', 'no such batch');
    const packed = await packedFrom(client, study, batchId);
    const kits = (await readKits(client, study))
      .filter(({ kit, secret }) => secret?.batchId === batchId || packed.has(kit))
      .map(({ kit, participantId, place }) => ({ kit, participantId, place }));
    const kept = new Set(kits.map(({ kit }) => kit));
    const others = [...packed].flatMap(([kit, participantId]) =>
      kept.has(kit) ? [] : [{ kit, participantId, place: null }],
    );
    const found = [...kits, ...others].sort((a, b) => (a.kit < b.kit ? -1 : 1));
    await appendTrail(house, client, studyId, {
      type: 'batch.traced',
      actor: { id: 'supply', role: 'pharmacist' },
      cause: batchId,
      payload: { batchId, kits: found.map(({ kit }) => kit) },
    });
    return { batchId, kits: found };
  });
}

/** Participant by kit. */
async function packedFrom(client: Client, study: OpenStudy, batchId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ kit: string; participant_id: string; sealed_packing: Buffer }>(
    `select kit, participant_id, sealed_packing from allocation where study_id = $1 and sealed_packing is not null
     union all
     select kit, participant_id, sealed_packing from replacement where study_id = $1 and sealed_packing is not null`,
    [study.studyId],
  );
  const holding = rows.filter((row) =>
    Object.values(openPacking(study, row.kit, row.sealed_packing)).includes(batchId),
  );
  return new Map(holding.map((row) => [row.kit, row.participant_id]));
}
