/** A batch comes in: what it is, held against the protocol; its dose; and what is done with it afterwards. */
import { hash } from 'node:crypto';
import {
  type Batch,
  dosePerCapsule,
  forms,
  isFormId,
  PharmacologyError,
  quantity,
  usualSpecification,
} from '@limen/pharmacology';
import { type Circumstances, judgeAct, tellStatus } from './batch-judge.ts';
import {
  type BatchState,
  foldBatch,
  openRequest,
  readBatches,
  type StoredAct,
  sealAct,
  sealRequest,
  statusOf,
  tellAct,
} from './batches.ts';
import { heldCertificates, namedCertificates } from './certificates.ts';
import type { House } from './house.ts';
import type { BatchActReply, BatchActRequest, BatchList, BatchRequest } from './protocol-batches.ts';
import { Refusal } from './refusals.ts';
import { open, pad, seal, unpad } from './sealing.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

const supplier = { id: 'supply', role: 'pharmacist' } as const;

/** Once per id; the same batch again is answered as before, another one under its id is refused. It is in quarantine. */
export async function recordBatch(house: House, studyId: string, request: BatchRequest) {
  const dose = doseOf(request);
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('supply_refused', 'no such study');
    const { batchId } = request;
    const known = await client.query<{ sealed: Buffer }>(
      'select sealed from batch where study_id = $1 and batch_id = $2',
      [studyId, batchId],
    );
    const text = JSON.stringify(request);
    const purpose = `batch ${studyId} ${batchId}`;
    const status = statusOf(foldBatch(request, []), house.clock.now());
    if (known.rows[0]) {
      if (unpad(open(study.dataKey, known.rows[0].sealed, purpose)) !== text) {
        throw new Refusal('supply_refused', 'another batch is recorded under this id');
      }
      return { batchId, dose, status };
    }
    assertFits(study, request);
    const sealed = seal(study.dataKey, pad(text), purpose);
    await client.query(
      'insert into batch (study_id, batch_id, intervention, sealed, recorded_at) values ($1, $2, $3, $4, $5)',
      [studyId, batchId, request.intervention, sealed, house.clock.now()],
    );
    await appendTrail(house, client, studyId, {
      type: 'batch.recorded',
      actor: supplier,
      cause: batchId,
      payload: JSON.parse(text),
    });
    return { batchId, dose, status };
  });
}

/** Dose per capsule, in the form of the label where there is one; null for a placebo. */
export function doseOf(request: BatchRequest) {
  const { form, batchId, fillWeight, assay, label } = request;
  if (label !== undefined && form === undefined) throw new Refusal('supply_refused', 'a placebo with a label claim');
  if (form === undefined) return null;
  const statedAs = label?.form;
  const analytes = assay ? [assay, ...(assay.alongside ?? [])].map(({ analyte }) => analyte) : [];
  for (const one of [form, ...(statedAs === undefined ? [] : [statedAs]), ...analytes]) {
    if (!isFormId(one)) throw new Refusal('supply_refused', `no form “${one}”`);
  }
  const batch = { id: batchId, form, fillWeight, ...(assay ? { assay } : {}), ...(statedAs ? { statedAs } : {}) };
  return reasoned(() => {
    if (label !== undefined && isFormId(label.form)) quantity(label.value, label.unit, label.form);
    return dosePerCapsule(batch as Batch);
  });
}

/** Impossible numbers are refused like anything else that does not fit. */
function reasoned<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PharmacologyError) throw new Refusal('supply_refused', error.message);
    throw error;
  }
}

export const assayRequired = (study: OpenStudy): boolean => study.document?.supply?.assay === 'required';

/** Against itself and, where the vault has the document, against the protocol. */
function assertFits(study: OpenStudy, request: BatchRequest): void {
  const { batchId, intervention, form, species, assay, expires, made, retestOn } = request;
  const refuse = (reason: string): never => {
    throw new Refusal('supply_refused', `batch ${batchId}: ${reason}`);
  };
  if (made !== undefined && made > expires) refuse('it expires before it was made');
  if (retestOn !== undefined && retestOn > expires) refuse('its retest is due after it expires');
  const found = form !== undefined && isFormId(form) ? forms[form] : null;
  if (found?.relation === 'range' && found.species === null && species === undefined) {
    refuse(`the species of ${found.label} is not named`);
  }
  if (study.document === null) return;
  const planned = study.document.interventions.find((one) => one.id === intervention);
  if (planned === undefined) refuse(`the protocol has no intervention ${intervention}`);
  const substances = planned?.substances ?? [];
  if (substances.length > 0 && found === null) refuse(`${intervention} is no placebo: its form is missing`);
  if (substances.length === 0 && found !== null) refuse(`${intervention} holds no substance in the protocol`);
  if (found !== null && !substances.some(({ substance }) => substance === found.substance)) {
    refuse(`it holds ${found.substance}, which the protocol does not give as ${intervention}`);
  }
  if (assayRequired(study) && found !== null && assay === undefined) {
    refuse('the protocol demands an assay of every batch');
  }
}

/** Once per act id; the same act again is answered as before. What fails in the numbers goes into quarantine by itself. */
export async function recordBatchAct(
  house: House,
  studyId: string,
  batchId: string,
  request: BatchActRequest,
): Promise<BatchActReply> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('supply_refused', 'no such study');
    const batches = await readBatches(client, study);
    const state = batches.find(({ record }) => record.batchId === batchId);
    if (state === undefined) throw new Refusal('supply_refused', `no batch ${batchId}`);
    if (await isRepeated(client, study, batchId, request)) {
      const act = state.acts.find(({ actId }) => actId === request.actId);
      if (act !== undefined) return replyTo(state, act);
    }
    const around = await circumstances(house, client, study, { state, batches, request });
    const act = reasoned(() => judgeAct(state, request, around));
    await client.query(
      `insert into batch_act (study_id, act_id, batch_id, seq, sealed, sealed_request, recorded_at)
       select $1, $2, $3, coalesce(max(seq), 0) + 1, $4, $5, $6 from batch_act where study_id = $1`,
      [studyId, request.actId, batchId, sealAct(study, act), sealRequest(study, request), act.at],
    );
    await tellTrail(house, client, studyId, state, { act, request });
    return replyTo(state, act);
  });
}

async function isRepeated(
  client: Client,
  study: OpenStudy,
  batchId: string,
  request: BatchActRequest,
): Promise<boolean> {
  const earlier = await findRequest(client, study, request.actId);
  if (earlier === null) return false;
  if (earlier.batchId !== batchId || JSON.stringify(earlier.request) !== JSON.stringify(request)) {
    throw new Refusal('supply_refused', 'another act is recorded under this id');
  }
  return true;
}

async function findRequest(client: Client, study: OpenStudy, actId: string) {
  const { rows } = await client.query<{ batch_id: string; sealed_request: Buffer }>(
    'select batch_id, sealed_request from batch_act where study_id = $1 and act_id = $2',
    [study.studyId, actId],
  );
  const row = rows[0];
  return row ? { batchId: row.batch_id, request: openRequest(study, actId, row.sealed_request) } : null;
}

/** What an act was judged from: single results, weights, readings. */
export async function readBatchAct(
  house: House,
  { studyId, batchId, actId }: { readonly studyId: string; readonly batchId: string; readonly actId: string },
): Promise<BatchActRequest> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const found = study && (await findRequest(client, study, actId));
    if (!found || found.batchId !== batchId) throw new Refusal('not_found', 'no such act');
    return found.request;
  });
}

async function circumstances(
  house: House,
  client: Client,
  study: OpenStudy,
  given: { state: BatchState; batches: readonly BatchState[]; request: BatchActRequest },
): Promise<Circumstances> {
  const { state, batches, request } = given;
  const held = await heldCertificates(client, study, state.record.batchId);
  const other = 'against' in request ? request.against : null;
  return {
    now: house.clock.now(),
    assayRequired: assayRequired(study),
    specification: study.document?.supply?.content ?? usualSpecification,
    missing: namedCertificates(state)
      .filter(({ sha256 }) => !held(sha256))
      .map(({ fileName }) => fileName),
    against: batches.find(({ record }) => record.batchId === other) ?? null,
  };
}

function replyTo({ record }: BatchState, act: StoredAct): BatchActReply {
  const { standing, retestOn, at } = act;
  return { batchId: record.batchId, status: statusOf({ record, standing, retestOn }, at), act: tellAct(act) };
}

/** The whole request stays with the batch; its hash in the trail lets nobody exchange it. */
async function tellTrail(
  house: House,
  client: Client,
  studyId: string,
  before: BatchState,
  { act, request }: { readonly act: StoredAct; readonly request: BatchActRequest },
): Promise<void> {
  const { batchId } = before.record;
  const { actId, kind, by, reason, explanation } = act;
  const actor = { id: by, role: 'pharmacist' };
  const requestHash = hash('sha256', JSON.stringify(request), 'hex');
  await appendTrail(house, client, studyId, {
    type: `batch.${kind}`,
    actor,
    cause: actId,
    payload: { batchId, reason, explanation, requestHash },
  });
  if (act.standing === 'quarantined' && before.standing !== 'quarantined' && kind !== 'quarantined') {
    await appendTrail(house, client, studyId, {
      type: 'batch.quarantined',
      actor,
      cause: actId,
      payload: { batchId, reason: explanation },
    });
  }
}

/** All batches, with dose and status in words. No allocation is read. */
export async function listBatches(house: House, studyId: string): Promise<BatchList> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('supply_refused', 'no such study');
    const now = house.clock.now();
    const batches: BatchList['batches'] = [];
    for (const state of await readBatches(client, study)) {
      const held = await heldCertificates(client, study, state.record.batchId);
      const dose = doseOf(state.record);
      const status = statusOf(state, now);
      batches.push({
        ...{ record: state.record, status, dose, retestOn: state.retestOn, usable: status === 'released' },
        text: `${dose === null ? 'A placebo.' : dose.explanation} ${tellStatus(state, now)}`,
        certificates: namedCertificates(state).map((one) => ({ ...one, stored: held(one.sha256) })),
        acts: state.acts.map(tellAct),
      });
    }
    return { batches };
  });
}
