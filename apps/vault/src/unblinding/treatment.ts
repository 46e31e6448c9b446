/** What one participant has been given, in the words somebody needs who treats them. */
import { formatQuantity, isFormId, quantity } from '@limen/pharmacology';
import type { ProtocolDocument } from '@limen/protocol';
import type { StoredAllocation } from '../allocate.ts';
import { doseOf } from '../batch-record.ts';
import { readBatches } from '../batches.ts';
import type { Client } from '../store.ts';
import type { OpenStudy } from '../study.ts';

export type Holding = {
  readonly intervention: string;
  readonly label: string;
  readonly role: 'active' | 'placebo' | 'unknown';
  readonly batchId: string | null;
  /** Of one capsule, as the batch was assayed; null without a batch, and for a placebo. */
  readonly measured: ReturnType<typeof doseOf>;
  /** In words: as measured of the batch, else as the protocol plans it; null for a placebo. */
  readonly dose: string | null;
  /** What that dose rests on. */
  readonly basis: 'batch' | 'protocol' | 'none';
  /** Keys of the pharmacology package. */
  readonly substances: readonly string[];
  /** Numbers of the capsules that hold it, from 1. */
  readonly capsules: readonly number[];
};

export type Treatment = {
  readonly participantId: string;
  readonly arm: string;
  readonly kit: string;
  readonly holdings: readonly Holding[];
};

export async function treatmentOf(client: Client, study: OpenStudy, allocation: StoredAllocation): Promise<Treatment> {
  const doses = new Map((await readBatches(client, study)).map(({ record }) => [record.batchId, doseOf(record)]));
  const { participantId, arm, kit, contents, batches } = allocation;
  const holdings = [...new Set(contents)].map((intervention): Holding => {
    const batchId = batches[intervention] ?? null;
    const measured = batchId === null ? null : (doses.get(batchId) ?? null);
    const planned = plannedFor(study.document, intervention);
    return {
      ...{ intervention, batchId, measured, ...planned.words },
      dose: measured?.explanation ?? planned.dose,
      basis: measured !== null ? 'batch' : planned.dose !== null ? 'protocol' : 'none',
      substances: planned.substances,
      capsules: contents.flatMap((held, index) => (held === intervention ? [index + 1] : [])),
    };
  });
  return { participantId, arm, kit, holdings };
}

function plannedFor(document: ProtocolDocument | null, intervention: string) {
  const found = document?.interventions.find(({ id }) => id === intervention);
  if (found === undefined) {
    return { words: { label: intervention, role: 'unknown' as const }, dose: null, substances: [] };
  }
  const given = found.substances ?? [];
  const doses = given.map(({ dose: { min, max, unit, form } }) => {
    const most = isFormId(form) ? formatQuantity(quantity(max, unit, form)) : `${max} ${unit}`;
    return min === max ? most : `${min} to ${most}`;
  });
  const other = found.activePlacebo;
  return {
    words: { label: found.label, role: found.role },
    dose: doses.length > 0 ? doses.join(' and ') : other === undefined ? null : `${other.amount} ${other.agent}`,
    substances: given.map(({ substance }) => substance),
  };
}
