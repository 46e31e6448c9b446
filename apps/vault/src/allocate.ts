/** The next kit for a participant: one allocation per participant for ever, steps without gaps. */
import type { Allocation } from '@limen/randomization';
import { type BoundBatches, openPacking } from './batches.ts';
import { contentsOf } from './contents.ts';
import type { House } from './house.ts';
import { labelOf } from './labels.ts';
import type { AllocationRequest } from './protocol.ts';
import { Refusal } from './refusals.ts';
import { deriveKey, open, pad, seal, unpad } from './sealing.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

export type StoredAllocation = {
  readonly participantId: string;
  readonly stratum: string;
  readonly step: number;
  readonly kit: string;
  readonly arm: string;
  readonly contents: readonly string[];
  readonly sequence?: NonNullable<Allocation['sequence']>;
  readonly packed: boolean;
  /** Batch id by intervention, as bound when the kit was packed. */
  readonly batches: BoundBatches;
};

type Row = {
  participant_id: string;
  stratum: string;
  step: number;
  kit: string;
  sealed: Buffer;
  packed_at: Date | null;
  sealed_packing: Buffer | null;
};

const labelAttempts = 50;

export async function allocateKit(house: House, studyId: string, request: AllocationRequest): Promise<{ kit: string }> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('allocation_refused', 'no such study');
    const known = await findEarlier(client, studyId, request);
    if (known !== null) return { kit: known };
    if (study.releasedAt) throw new Refusal('allocation_refused', 'the study is released');
    const step = await nextStep(client, studyId, request.stratum);
    const { design } = study;
    const drawn = house.walks.drawAt(study, request.stratum, step);
    // Refuses before anything is written when the design cannot hold what was drawn.
    contentsOf(design, drawn);
    const kit = await freeLabel(house, client, studyId, request.participantId);
    // Contents by dose number follow from these; spelt out they would be as long as the arm's names.
    const content = { arm: drawn.arm, ...(drawn.sequence ? { sequence: drawn.sequence } : {}) };
    await client.query(
      `insert into allocation (study_id, participant_id, stratum, step, request_id, kit, sealed, allocated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        studyId,
        request.participantId,
        request.stratum,
        step,
        request.requestId,
        kit,
        seal(study.dataKey, pad(JSON.stringify(content)), purposeOf(studyId, request.participantId)),
        house.clock.now(),
      ],
    );
    await appendTrail(house, client, studyId, {
      type: 'kit.allocated',
      actor: { id: 'study', role: 'system' },
      cause: request.requestId,
      payload: { participantId: request.participantId, stratum: request.stratum, step, kit, arm: drawn.arm },
    });
    return { kit };
  });
}

/** The kit the participant has already; null for the first request. */
async function findEarlier(client: Client, studyId: string, request: AllocationRequest): Promise<string | null> {
  const { participantId, requestId } = request;
  const { rows } = await client.query<{ participant_id: string; kit: string }>(
    'select participant_id, kit from allocation where study_id = $1 and (participant_id = $2 or request_id = $3)',
    [studyId, participantId, requestId],
  );
  if (rows.some((row) => row.participant_id !== participantId)) {
    throw new Refusal('allocation_refused', 'the request id was used for another participant');
  }
  return rows[0]?.kit ?? null;
}

async function nextStep(client: Client, studyId: string, stratum: string): Promise<number> {
  const { rows } = await client.query<{ step: number }>(
    `insert into stratum (study_id, stratum, next_step) values ($1, $2, 1)
     on conflict (study_id, stratum) do update set next_step = stratum.next_step + 1 returning next_step - 1 as step`,
    [studyId, stratum],
  );
  return rows[0]?.step ?? 0;
}

async function freeLabel(house: House, client: Client, studyId: string, participantId: string): Promise<string> {
  const labelKey = deriveKey(house.key, 'labels');
  for (let attempt = 0; attempt < labelAttempts; attempt += 1) {
    const kit = labelOf(labelKey, studyId, participantId, attempt);
    const taken = await client.query('select 1 from allocation where study_id = $1 and kit = $2', [studyId, kit]);
    if (taken.rowCount === 0) return kit;
  }
  throw new Refusal('allocation_refused', 'no free label');
}

export async function readAllocations(client: Client, study: OpenStudy): Promise<StoredAllocation[]> {
  const { rows } = await client.query<Row>('select * from allocation where study_id = $1 order by stratum, step', [
    study.studyId,
  ]);
  return rows.map((row) => opened(study, row));
}

export async function readAllocation(
  client: Client,
  study: OpenStudy,
  by: { readonly column: 'kit' | 'participant_id'; readonly value: string },
): Promise<StoredAllocation | null> {
  const where = by.column === 'kit' ? 'kit = $2' : 'participant_id = $2';
  const { rows } = await client.query<Row>(`select * from allocation where study_id = $1 and ${where}`, [
    study.studyId,
    by.value,
  ]);
  return rows[0] ? opened(study, rows[0]) : null;
}

function opened(study: OpenStudy, row: Row): StoredAllocation {
  const purpose = purposeOf(study.studyId, row.participant_id);
  const { arm, sequence } = JSON.parse(unpad(open(study.dataKey, row.sealed, purpose))) as Allocation;
  const drawn = { arm, ...(sequence ? { sequence } : {}) };
  return {
    participantId: row.participant_id,
    stratum: row.stratum,
    step: row.step,
    kit: row.kit,
    packed: row.packed_at !== null,
    batches: openPacking(study, row.kit, row.sealed_packing),
    ...drawn,
    contents: contentsOf(study.design, drawn),
  };
}

function purposeOf(studyId: string, participantId: string): string {
  return `allocation ${studyId} ${participantId}`;
}
