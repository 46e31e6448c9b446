/** The next kit for a participant: one allocation per participant for ever, steps without gaps. */
import { type Allocation, allocate } from '@limen/randomization';
import { contentsOf, randomisedArms } from './contents.ts';
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
  readonly sequence?: Allocation['sequence'];
  readonly packed: boolean;
};

type Row = {
  participant_id: string;
  stratum: string;
  step: number;
  kit: string;
  sealed: Buffer;
  packed_at: Date | null;
};

const labelAttempts = 50;

export async function allocateKit(house: House, studyId: string, request: AllocationRequest): Promise<{ kit: string }> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('allocation_refused', 'no such study');
    const known = await client.query<{ kit: string }>(
      'select kit from allocation where study_id = $1 and participant_id = $2',
      [studyId, request.participantId],
    );
    if (known.rows[0]) return { kit: known.rows[0].kit };
    if (study.releasedAt) throw new Refusal('allocation_refused', 'the study is released');
    const step = await nextStep(client, studyId, request.stratum);
    const { design } = study;
    const drawn = allocate({
      seed: study.seed,
      studyId,
      stratum: request.stratum,
      step,
      arms: randomisedArms(design),
      procedure: design.procedure,
    });
    const kit = await freeLabel(house, client, studyId, request.participantId);
    const content = {
      arm: drawn.arm,
      contents: contentsOf(design, drawn),
      ...(drawn.sequence ? { sequence: drawn.sequence } : {}),
    };
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
        seal(study.dataKey, pad(JSON.stringify(content)), purposeOf(studyId, request.participantId), house.random),
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
  const content = JSON.parse(unpad(open(study.dataKey, row.sealed, purpose))) as Pick<
    StoredAllocation,
    'arm' | 'contents' | 'sequence'
  >;
  return {
    participantId: row.participant_id,
    stratum: row.stratum,
    step: row.step,
    kit: row.kit,
    packed: row.packed_at !== null,
    ...content,
  };
}

function purposeOf(studyId: string, participantId: string): string {
  return `allocation ${studyId} ${participantId}`;
}
