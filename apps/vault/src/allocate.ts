/** The next kit for a participant: one allocation per participant for ever, steps without gaps. */
import type { Allocation, Participant } from '@limen/randomization';
import { type BoundBatches, openPacking, sealPacking } from './batches.ts';
import { contentsOf } from './contents.ts';
import { allocationPurpose, drawFor, personOf, requireKnownStratum } from './draw.ts';
import type { House } from './house.ts';
import { labelOf } from './labels.ts';
import type { AllocationRequest } from './protocol.ts';
import { Refusal } from './refusals.ts';
import { deriveKey, open, pad, seal, unpad } from './sealing.ts';
import { keepsStock } from './stock/design.ts';
import { requireStratum, takeKit } from './stock/take.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

export type StoredAllocation = Allocation &
  Participant & {
    readonly participantId: string;
    readonly stratum: string;
    readonly step: number;
    readonly kit: string;
    readonly contents: readonly string[];
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
    if (keepsStock(study)) requireStratum(study, request);
    else requireKnownStratum(study, request.stratum);
    const person = personOf(study, request);
    const step = await nextStep(client, studyId, request.stratum);
    const { drawn, state } = await drawFor(house, client, study, { stratum: request.stratum, step, person });
    // Refuses before anything is written when the design cannot hold what was drawn.
    const contents = contentsOf(study.design, drawn);
    const { kit, packing } = keepsStock(study)
      ? await kitFromStock(house, client, study, { request, step, content: contents[0] ?? '' })
      : { kit: await freeLabel(house, client, studyId, request.participantId), packing: null };
    const now = house.clock.now();
    // Contents by dose number follow from these; spelt out they would be as long as the arm's names.
    const content = { ...drawn, ...person };
    await client.query(
      `insert into allocation (study_id, participant_id, stratum, step, request_id, kit, sealed, allocated_at, site_id, packed_at, sealed_packing)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        studyId,
        request.participantId,
        request.stratum,
        step,
        request.requestId,
        kit,
        seal(study.dataKey, pad(JSON.stringify(content)), allocationPurpose(studyId, request.participantId)),
        now,
        request.siteId ?? null,
        packing === null ? null : now,
        packing,
      ],
    );
    await appendTrail(house, client, studyId, {
      type: 'kit.allocated',
      actor: { id: 'study', role: 'system' },
      cause: request.requestId,
      payload: { participantId: request.participantId, stratum: request.stratum, step, kit, arm: drawn.arm, ...state },
    });
    return { kit };
  });
}

/** A kit made beforehand is packed already, from the batch it was made of. */
async function kitFromStock(
  house: House,
  client: Client,
  study: OpenStudy,
  { request, step, content }: { readonly request: AllocationRequest; readonly step: number; readonly content: string },
): Promise<{ kit: string; packing: Buffer }> {
  const { participantId, siteId, stratum } = request;
  const { kit, secret } = await takeKit(house, client, study, {
    participantId,
    siteId,
    next: { stratum, step },
    content,
  });
  return { kit, packing: sealPacking(study, kit, { [content]: secret.batchId }) };
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

/** `name`: what the label is for, such as a participant; the label says nothing of it. */
export async function freeLabel(house: House, client: Client, studyId: string, name: string): Promise<string> {
  const labelKey = deriveKey(house.key, 'labels');
  for (let attempt = 0; attempt < labelAttempts; attempt += 1) {
    const kit = labelOf(labelKey, studyId, name, attempt);
    const taken = await client.query(
      `select 1 from allocation where study_id = $1 and kit = $2
       union all select 1 from replacement where study_id = $1 and kit = $2
       union all select 1 from kit where study_id = $1 and kit = $2
       union all select 1 from dummy where study_id = $1 and kit = $2`,
      [studyId, kit],
    );
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

/**
 * By kit: the participant's first one or a later one of the same contents, as that kit was packed. By participant: with
 * the last kit that was packed, whose batches are what somebody has most likely taken.
 */
export async function readAllocation(
  client: Client,
  study: OpenStudy,
  by: { readonly column: 'kit' | 'participant_id'; readonly value: string },
): Promise<StoredAllocation | null> {
  const { rows } = await client.query<Row>(
    by.column === 'participant_id'
      ? `select participant_id, stratum, step, sealed, coalesce(r.kit, a.kit) as kit,
           coalesce(r.packed_at, a.packed_at) as packed_at, coalesce(r.sealed_packing, a.sealed_packing) as sealed_packing
         from allocation a left join lateral (
           select kit, packed_at, sealed_packing from replacement b
           where b.study_id = a.study_id and b.participant_id = a.participant_id and packed_at is not null
           order by ordinal desc limit 1) r on true
         where a.study_id = $1 and a.participant_id = $2`
      : `select participant_id, stratum, step, kit, sealed, packed_at, sealed_packing
         from allocation where study_id = $1 and kit = $2
         union all
         select participant_id, stratum, step, r.kit, sealed, r.packed_at, r.sealed_packing
         from replacement r join allocation using (study_id, participant_id) where study_id = $1 and r.kit = $2`,
    [study.studyId, by.value],
  );
  return rows[0] ? opened(study, rows[0]) : null;
}

function opened(study: OpenStudy, row: Row): StoredAllocation {
  const purpose = allocationPurpose(study.studyId, row.participant_id);
  const drawn = JSON.parse(unpad(open(study.dataKey, row.sealed, purpose))) as Allocation & Participant;
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
