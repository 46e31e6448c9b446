/** Batches as they are kept, what was done with them, and which of them a kit was packed from. */
import { type BatchStanding, type BatchStatus, batchStatus } from '@limen/pharmacology';
import type { BatchActRequest, BatchRequest, RecordedAct } from './protocol-batches.ts';
import { open, pad, seal, unpad } from './sealing.ts';
import type { Client } from './store.ts';
import type { OpenStudy } from './study.ts';

/** Batch id by intervention. */
export type BoundBatches = Readonly<Record<string, string>>;

/** What was found, and where the batch stood after it. What it was judged from is kept beside it. */
export type StoredAct = RecordedAct & {
  /** A retest's. */
  readonly certificate: { readonly fileName: string; readonly sha256: string } | null;
  readonly standing: BatchStanding;
  readonly retestOn: string | null;
};

export type BatchState = {
  readonly record: BatchRequest;
  readonly standing: BatchStanding;
  readonly retestOn: string | null;
  readonly acts: readonly StoredAct[];
};

type StudyKeys = Pick<OpenStudy, 'studyId' | 'dataKey'>;

/** By batch id. The caller holds the study's row lock, or reads for nothing but a list. */
export async function readBatches(client: Client, study: StudyKeys): Promise<BatchState[]> {
  const { studyId } = study;
  const batches = await client.query<{ batch_id: string; sealed: Buffer }>(
    'select batch_id, sealed from batch where study_id = $1 order by batch_id',
    [studyId],
  );
  const acts = await client.query<{ act_id: string; batch_id: string; sealed: Buffer }>(
    'select act_id, batch_id, sealed from batch_act where study_id = $1 order by seq',
    [studyId],
  );
  const done = Map.groupBy(acts.rows, (row) => row.batch_id);
  return batches.rows.map((row) =>
    foldBatch(
      JSON.parse(unpad(open(study.dataKey, row.sealed, `batch ${studyId} ${row.batch_id}`))) as BatchRequest,
      (done.get(row.batch_id) ?? []).map((one) => openAct(study, one.act_id, one.sealed)),
    ),
  );
}

/** Recorded in quarantine; every act says where it left the batch. */
export function foldBatch(record: BatchRequest, acts: readonly StoredAct[]): BatchState {
  const last = acts.at(-1);
  return {
    record,
    acts,
    standing: last?.standing ?? 'quarantined',
    retestOn: last ? last.retestOn : (record.retestOn ?? null),
  };
}

export function statusOf(
  { record, standing, retestOn }: Pick<BatchState, 'record' | 'standing' | 'retestOn'>,
  now: string,
): BatchStatus {
  const dates = { expires: record.expires, ...(retestOn === null ? {} : { retestOn }) };
  return batchStatus(standing, dates, now.slice(0, 10));
}

/** First to expire, first out; null where nothing is released, in date and free of a retest that is due. */
export function chooseBatch(batches: readonly BatchState[], intervention: string, now: string): string | null {
  const fitting = batches.filter(
    (batch) => batch.record.intervention === intervention && statusOf(batch, now) === 'released',
  );
  fitting.sort((left, right) => (left.record.expires < right.record.expires ? -1 : 1));
  return fitting[0]?.record.batchId ?? null;
}

export function tellAct({ certificate: _, standing: __, retestOn: ___, ...told }: StoredAct): RecordedAct {
  return told;
}

export function sealAct(study: StudyKeys, act: StoredAct): Buffer {
  return seal(study.dataKey, pad(JSON.stringify(act)), actPurpose(study, act.actId));
}

function openAct(study: StudyKeys, actId: string, sealed: Buffer): StoredAct {
  return JSON.parse(unpad(open(study.dataKey, sealed, actPurpose(study, actId)))) as StoredAct;
}

export function sealRequest(study: StudyKeys, request: BatchActRequest): Buffer {
  return seal(study.dataKey, pad(JSON.stringify(request)), `${actPurpose(study, request.actId)} request`);
}

export function openRequest(study: StudyKeys, actId: string, sealed: Buffer): BatchActRequest {
  return JSON.parse(unpad(open(study.dataKey, sealed, `${actPurpose(study, actId)} request`))) as BatchActRequest;
}

export function sealPacking(study: StudyKeys, kit: string, batches: BoundBatches): Buffer {
  return seal(study.dataKey, pad(JSON.stringify(batches)), purposeOf(study, kit));
}

/** Empty for a kit that is not packed, or was packed before any batch was registered. */
export function openPacking(study: StudyKeys, kit: string, sealed: Buffer | null): BoundBatches {
  return sealed === null ? {} : JSON.parse(unpad(open(study.dataKey, sealed, purposeOf(study, kit))));
}

const purposeOf = (study: StudyKeys, kit: string): string => `packing ${study.studyId} ${kit}`;
const actPurpose = (study: StudyKeys, actId: string): string => `batch act ${study.studyId} ${actId}`;
