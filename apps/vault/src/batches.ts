/** Batches as they are kept, and which of them a kit was packed from. */
import type { BatchRequest } from './protocol.ts';
import { open, pad, seal, unpad } from './sealing.ts';
import type { Client } from './store.ts';
import type { OpenStudy } from './study.ts';

/** Batch id by intervention. */
export type BoundBatches = Readonly<Record<string, string>>;

type StudyKeys = Pick<OpenStudy, 'studyId' | 'dataKey'>;

export async function readBatches(client: Client, study: StudyKeys): Promise<BatchRequest[]> {
  const { rows } = await client.query<{ batch_id: string; sealed: Buffer }>(
    'select batch_id, sealed from batch where study_id = $1 order by batch_id',
    [study.studyId],
  );
  return rows.map((row) =>
    JSON.parse(unpad(open(study.dataKey, row.sealed, `batch ${study.studyId} ${row.batch_id}`))),
  );
}

/** First to expire, first out; null where nothing in date is registered. */
export function chooseBatch(batches: readonly BatchRequest[], intervention: string, now: string): string | null {
  const today = now.slice(0, 10);
  const fitting = batches.filter((batch) => batch.intervention === intervention && batch.expires >= today);
  fitting.sort((left, right) => (left.expires < right.expires ? -1 : 1));
  return fitting[0]?.batchId ?? null;
}

export function sealPacking(study: StudyKeys, kit: string, batches: BoundBatches): Buffer {
  return seal(study.dataKey, pad(JSON.stringify(batches)), purposeOf(study, kit));
}

/** Empty for a kit that is not packed, or was packed before any batch was registered. */
export function openPacking(study: StudyKeys, kit: string, sealed: Buffer | null): BoundBatches {
  return sealed === null ? {} : JSON.parse(unpad(open(study.dataKey, sealed, purposeOf(study, kit))));
}

const purposeOf = (study: StudyKeys, kit: string): string => `packing ${study.studyId} ${kit}`;
