/**
 * The unblinded supply of the demonstration, through the vault's own token: batches are recorded, kits packed. It is also
 * how the virtual world knows what a capsule does to a body; the study server never hears of it.
 */
import type { ProtocolDocument } from '@limen/protocol';
import type { Content } from '@limen/simulation';
import { vaultClient } from '@limen/vault';
import type { House } from '../house/house.ts';

export type Supply = { contentsOf(kit: string): Promise<Content[]> };

const fillWeight = { meanGrams: 0.3, sdGrams: 0.006, n: 30 } as const;

export async function supplyKits(house: House, studyId: string, protocol: ProtocolDocument): Promise<Supply> {
  const supply = vaultClient({ address: house.vaultAddress, token: house.vaultKeys.supplyToken });
  for (const intervention of protocol.interventions) {
    const form = intervention.substances?.[0]?.dose.form;
    const batchId = `batch-${intervention.id}`;
    await supply.recordBatch(studyId, {
      batchId,
      intervention: intervention.id,
      ...(form ? { form } : {}),
      fillWeight,
      expires: '2029-01-01',
    });
    await supply.recordBatchAct(studyId, batchId, {
      kind: 'released',
      actId: `release-${intervention.id}`,
      by: 'Demo pharmacist',
      reason: 'A demonstration: nothing is taken by anybody.',
    });
  }
  const active = new Set(protocol.interventions.filter((one) => one.role === 'active').map((one) => one.id));
  return {
    contentsOf: async (kit) => {
      await supply.markPacked(studyId, kit);
      const { capsules } = await supply.packingList(studyId, kit);
      return capsules.map(({ intervention }) => (active.has(intervention) ? 'active' : 'placebo'));
    },
  };
}
