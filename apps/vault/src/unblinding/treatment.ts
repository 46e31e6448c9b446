/** What somebody was given, as a clinician needs it: contents by capsule number, and of each content what and how much. */
import {
  type CapsuleDose,
  formatQuantity,
  forms,
  isFormId,
  isSubstanceId,
  type SubstanceId,
} from '@limen/pharmacology';
import type { Intervention } from '@limen/protocol';
import type { StoredAllocation } from '../allocate.ts';
import { doseOf } from '../batch-record.ts';
import type { BatchState } from '../batches.ts';
import type { OpenStudy } from '../study.ts';

export type Content = {
  readonly intervention: string;
  readonly label: string;
  /** `unknown`: the vault has no document that would say. */
  readonly role: 'active' | 'placebo' | 'unknown';
  readonly substances: readonly SubstanceId[];
  /** A sentence for each batch it was packed from, or one for the plan. */
  readonly doses: readonly string[];
  /** What a placebo that can be felt holds. */
  readonly felt: string | null;
};

/** Capsules `from` to `to`, counted from 1, hold one content. */
export type Run = { readonly from: number; readonly to: number; readonly content: Content };

export type Treatment = { readonly contents: readonly Content[]; readonly runs: readonly Run[] };

/** `kits`: the same allocation as each of the participant's kits was packed. */
export function treatmentOf(
  study: Pick<OpenStudy, 'document' | 'design'>,
  kits: readonly [StoredAllocation, ...StoredAllocation[]],
  batches: readonly BatchState[],
): Treatment {
  const [{ contents: order }] = kits;
  const contents = new Map(
    [...new Set(order)].map((intervention) => [intervention, contentOf(study, intervention, kits, batches)]),
  );
  const runs: Run[] = [];
  for (const [index, intervention] of order.entries()) {
    const content = contents.get(intervention);
    const last = runs.at(-1);
    if (content === undefined) continue;
    if (last?.content === content) runs[runs.length - 1] = { ...last, to: index + 1 };
    else runs.push({ from: index + 1, to: index + 1, content });
  }
  return { contents: [...contents.values()], runs };
}

function contentOf(
  study: Pick<OpenStudy, 'document' | 'design'>,
  intervention: string,
  kits: readonly StoredAllocation[],
  batches: readonly BatchState[],
): Content {
  const planned = study.document?.interventions.find(({ id }) => id === intervention);
  const bound = new Set(kits.flatMap((kit) => kit.batches[intervention] ?? []));
  const packed = batches.filter(({ record }) => bound.has(record.batchId));
  const substances = [
    ...(planned?.substances ?? []).map(({ substance }) => substance),
    ...packed.flatMap(({ record: { form } }) => (form !== undefined && isFormId(form) ? [forms[form].substance] : [])),
  ].filter(isSubstanceId);
  const felt = planned?.activePlacebo;
  return {
    intervention,
    label: planned?.label ?? intervention,
    role: roleOf(study, planned, intervention, packed),
    substances: [...new Set(substances)],
    doses: packed.length > 0 ? packed.map(tellBatch) : [tellPlan(planned)],
    felt: felt === undefined ? null : `${felt.agent}, ${felt.amount}`,
  };
}

function roleOf(
  { design }: Pick<OpenStudy, 'design'>,
  planned: Intervention | undefined,
  intervention: string,
  packed: readonly BatchState[],
): Content['role'] {
  if (planned !== undefined) return planned.role;
  const drawn = design.arms.flatMap(({ content }) => (content.kind === 'drawn' ? [content] : []));
  if (drawn.some(({ active }) => active === intervention)) return 'active';
  if (drawn.some(({ placebo }) => placebo === intervention)) return 'placebo';
  if (packed.length === 0) return 'unknown';
  return packed.every(({ record }) => record.form === undefined) ? 'placebo' : 'active';
}

function tellBatch({ record }: BatchState): string {
  const dose = doseOf(record) as CapsuleDose | null;
  if (dose === null) return `No active substance. Packed from batch ${record.batchId}.`;
  switch (dose.basis) {
    case 'assay':
      return `${formatQuantity(dose.estimate)} in each capsule; ${formatQuantity(dose.lower)} to ${formatQuantity(dose.upper)} in 95 of 100 capsules. Packed from batch ${record.batchId}, which was measured.`;
    case 'literature-range':
      return `${formatQuantity(dose.lower)} to ${formatQuantity(dose.upper)} in each capsule, by published contents. Packed from batch ${record.batchId}, which was not measured.`;
    case 'none':
      return `Not known. ${dose.explanation}`;
    default:
      return dose satisfies never;
  }
}

const unpacked = 'By the protocol; the kit is not marked as packed from a batch.';

function tellPlan(planned: Intervention | undefined): string {
  if (planned === undefined) return 'Not known: the vault holds neither the protocol nor a batch. Call the pharmacy.';
  const substances = planned.substances ?? [];
  if (substances.length === 0) return `No active substance. ${unpacked}`;
  const doses = substances.map(({ substance, dose: { min, max, unit, form } }) => {
    const name = isFormId(form) ? forms[form].label : `${substance} (${form})`;
    return `${min === max ? min : `${min} to ${max}`} ${unit} ${name}`;
  });
  return `${doses.join(' and ')} in each capsule. ${unpacked}`;
}
