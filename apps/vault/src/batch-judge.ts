/** What an act on a batch finds, and where it leaves the batch. Nothing is read or written here. */
import {
  appearancePanel,
  type BatchStanding,
  contentsByWeight,
  contentUniformity,
  convertForm,
  convertUnit,
  type Interval,
  isFormId,
  moveBatch,
  panelSize,
  percentOfLabel,
  type Quantity,
  quantity,
  retestVerdict,
  type StorageRange,
  shelfLife,
  temperatureVerdict,
  uniformityMethod,
  weightMatch,
} from '@limen/pharmacology';
import { type BatchState, type StoredAct, statusOf } from './batches.ts';
import type { BatchActRequest } from './protocol-batches.ts';
import { Refusal } from './refusals.ts';

export type Circumstances = {
  readonly now: string;
  /** Whether the protocol lets no batch be used without an assay. */
  readonly assayRequired: boolean;
  /** Content, per cent of the label. */
  readonly specification: Interval;
  /** File names of certificates that the record names and the vault does not hold. */
  readonly missing: readonly string[];
  /** The batch that this one is compared with. */
  readonly against: BatchState | null;
};

type Found = {
  readonly explanation: string;
  readonly finding: object | null;
  readonly standing: BatchStanding;
  readonly retestOn?: string | null;
};
type ActOf<K extends BatchActRequest['kind']> = Extract<BatchActRequest, { kind: K }>;

/** @throws Refusal `supply_refused` with the precise reason; PharmacologyError for impossible numbers */
export function judgeAct(state: BatchState, request: BatchActRequest, around: Circumstances): StoredAct {
  const found = find(state, request, around);
  const { actId, kind, by, reason = null } = request;
  return {
    ...{ actId, kind, by, reason },
    at: around.now,
    explanation: found.explanation,
    // As it will be read again: without what JSON does not hold.
    finding: found.finding === null ? null : (JSON.parse(JSON.stringify(found.finding)) as Record<string, unknown>),
    standing: found.standing,
    retestOn: found.retestOn === undefined ? state.retestOn : found.retestOn,
    certificate: (request.kind === 'retested' && request.certificate) || null,
  };
}

function find(state: BatchState, request: BatchActRequest, around: Circumstances): Found {
  switch (request.kind) {
    case 'released':
      assertReleasable(state, around);
      return decision(state, 'released');
    case 'quarantined':
    case 'recalled':
    case 'exhausted':
      return decision(state, request.kind);
    case 'uniformity':
      return judgeUniformity(state, request);
    case 'retested':
      return judgeRetest(state, request, around);
    case 'stability': {
      const found = shelfLife(request.points, around.specification.lower);
      return { explanation: found.explanation, finding: found, standing: state.standing };
    }
    case 'temperature':
      return judgeTemperature(state, request);
    case 'appearance': {
      assertPair(state, around.against);
      if (request.people < panelSize) throw new Refusal('supply_refused', `a panel has ${panelSize} people or more`);
      const found = appearancePanel(request.correct, request.people);
      return { explanation: found.explanation, finding: found, standing: state.standing };
    }
    case 'weights': {
      assertPair(state, around.against);
      const { grams: activeGrams, againstGrams: placeboGrams, marginGrams, capsulesTogether = 1 } = request;
      const found = weightMatch({ activeGrams, placeboGrams, marginGrams, capsulesTogether });
      return { explanation: found.explanation, finding: found, standing: state.standing };
    }
  }
}

const says: Readonly<Record<BatchStanding, string>> = {
  released: 'Released.',
  quarantined: 'Put in quarantine.',
  recalled: 'Recalled.',
  exhausted: 'Used up.',
};

function decision(state: BatchState, to: BatchStanding): Found {
  return { explanation: says[to], finding: null, standing: moveBatch(state.standing, to) };
}

/** A released batch that fails goes into quarantine; any other stays where it is. */
const afterFailure = (standing: BatchStanding): BatchStanding => (standing === 'released' ? 'quarantined' : standing);

/** What must hold on the day of release, besides a person's reason. */
function assertReleasable(state: BatchState, { now, assayRequired, missing }: Circumstances): void {
  const { record } = state;
  const refuse = (reason: string): never => {
    throw new Refusal('supply_refused', `batch ${record.batchId}: ${reason}`);
  };
  if (assayRequired && record.form !== undefined && record.assay === undefined) {
    refuse('the protocol demands an assay of every batch');
  }
  if (missing.length > 0) refuse(`the certificate ${missing.join(', ')} is not in the vault`);
  if (record.expires < now.slice(0, 10)) refuse(`expired on ${record.expires}`);
  if (state.retestOn !== null && state.retestOn <= now.slice(0, 10)) refuse(`a retest was due on ${state.retestOn}`);
  // Weights that are even where the chapter asks for contents settle nothing.
  const settles = ({ finding }: StoredAct): boolean =>
    finding?.methodSuffices !== false || finding.decision === 'fails';
  const last = (kind: string) => state.acts.findLast((act) => act.kind === kind && settles(act));
  for (const [kind, field, good] of [
    ['uniformity', 'decision', 'passes'],
    ['retested', 'inSpecification', true],
    ['appearance', 'passes', true],
  ] as const) {
    const act = last(kind);
    if (act !== undefined && act.finding?.[field] !== good) refuse(act.explanation);
  }
}

function judgeUniformity(state: BatchState, { results, target }: ActOf<'uniformity'>): Found {
  const contents = percentagesOf(state, results);
  const found = contentUniformity(contents, target);
  const enough = results.as !== 'weight' || weightsSuffice(state);
  const note = enough ? '' : ' At this dose the chapter asks for assays of single units; weights alone do not show it.';
  return {
    explanation: `${found.explanation}${note}`,
    finding: { ...found, method: results.as === 'weight' ? 'weight' : 'content', methodSuffices: enough, contents },
    standing: found.decision === 'fails' ? afterFailure(state.standing) : state.standing,
  };
}

function percentagesOf(state: BatchState, results: ActOf<'uniformity'>['results']): number[] {
  if (results.as === 'percent') return results.values;
  const label = labelOf(state);
  if (results.as === 'weight') {
    const mean = results.netGrams.reduce((sum, weight) => sum + weight, 0) / results.netGrams.length;
    const assayed = (contentIn(state, mean, label).value / label.value) * 100;
    return contentsByWeight(results.netGrams, assayed);
  }
  const { unit, form, values } = results;
  if (!isFormId(form)) throw new Refusal('supply_refused', `no form “${form}”`);
  return percentOfLabel(
    values.map((value) => quantity(value, unit, form)),
    label,
  );
}

function weightsSuffice(state: BatchState): boolean {
  const { meanGrams } = state.record.fillWeight;
  return uniformityMethod(contentIn(state, meanGrams, labelOf(state)), meanGrams) === 'weight';
}

function labelOf({ record }: BatchState): Quantity {
  const { label, batchId } = record;
  if (label === undefined || !isFormId(label.form)) {
    throw new Refusal('supply_refused', `batch ${batchId} has no label to measure contents by`);
  }
  return quantity(label.value, label.unit, label.form);
}

/** What a fill of this weight holds by the assay, in the label's unit and form. */
function contentIn({ record }: BatchState, fillGrams: number, label: Quantity): Quantity {
  const { assay, batchId } = record;
  if (assay === undefined || !isFormId(assay.analyte)) {
    throw new Refusal('supply_refused', `batch ${batchId} has no assay to estimate contents by weight`);
  }
  const { value, unit } = assay.contentPerUnit;
  const held = quantity(value * fillGrams, unit === 'µg/g' ? 'µg' : 'mg', assay.analyte);
  return convertUnit(convertForm(held, label.form), label.unit);
}

function judgeRetest(state: BatchState, request: ActOf<'retested'>, around: Circumstances): Found {
  const found = retestVerdict(request.percentOfLabel, around.specification);
  const today = around.now.slice(0, 10);
  if (request.date > today) throw new Refusal('supply_refused', `a retest dated ${request.date}, after ${today}`);
  if (request.retestOn !== undefined && request.retestOn <= today) {
    throw new Refusal('supply_refused', `the next retest, ${request.retestOn}, does not lie ahead`);
  }
  const { explanation } = found;
  if (!found.inSpecification) return { explanation, finding: found, standing: afterFailure(state.standing) };
  return { explanation, finding: found, standing: state.standing, retestOn: request.retestOn ?? null };
}

function judgeTemperature(state: BatchState, { readings }: ActOf<'temperature'>): Found {
  const { storage, batchId } = state.record;
  if (storage === undefined) throw new Refusal('supply_refused', `batch ${batchId} has no storage range`);
  const { lowerCelsius, upperCelsius, excursion, spike } = storage;
  const range: StorageRange = {
    ...{ lowerCelsius, upperCelsius },
    ...(excursion ? { excursion } : {}),
    ...(spike ? { spike } : {}),
  };
  const found = temperatureVerdict(readings, range);
  return {
    explanation: found.explanation,
    finding: found,
    standing: found.verdict === 'outside' ? afterFailure(state.standing) : state.standing,
  };
}

function assertPair(active: BatchState, placebo: BatchState | null): void {
  if (active.record.form === undefined || placebo === null || placebo.record.form !== undefined) {
    throw new Refusal('supply_refused', 'capsules are compared between an active batch and a placebo batch beside it');
  }
}

/** In words, for the people of the supply. */
export function tellStatus(state: BatchState, now: string): string {
  const { record, retestOn } = state;
  const texts: Readonly<Record<ReturnType<typeof statusOf>, string>> = {
    quarantined: 'In quarantine: not to be used.',
    released: `Released; use until ${record.expires}${retestOn === null ? '' : `, retest on ${retestOn}`}.`,
    recalled: 'Recalled: not to be used.',
    exhausted: 'Used up.',
    expired: `Expired on ${record.expires}.`,
    'retest-due': `A retest was due on ${retestOn}: not to be used before it.`,
  };
  return texts[statusOf(state, now)];
}
