/** The fact of an unblinding: in the trail with its reason, and in a row that says nothing of the treatment. */
import { readAllocation, type StoredAllocation } from '../allocate.ts';
import type { House } from '../house.ts';
import type { CodeBreakRequest } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { type Treatment, treatmentOf } from './treatment.ts';

export const unblindingKinds = ['emergency', 'planned', 'safety', 'drill'] as const;
export type UnblindingKind = (typeof unblindingKinds)[number];

/** In a drill nobody's treatment is opened. */
export const drillParticipant = '0000000000';

export type Asked = {
  readonly by: string;
  readonly role: string;
  readonly reason: string;
  /** Whether the patient could be treated without knowing: asked, and never in the way. */
  readonly treatable?: 'yes' | 'no' | 'unknown';
  /** The plan or the adverse event it rests on. */
  readonly basis?: string;
};

/** By participant, or by any kit they have or had: the number on the wallet card is that of the first. */
export type Wanted = { readonly column: 'kit' | 'participant_id'; readonly value: string };

export async function unblind(
  house: House,
  studyId: string,
  wanted: Wanted,
  kind: Exclude<UnblindingKind, 'drill'>,
  asked: Asked,
): Promise<{ study: OpenStudy; allocation: StoredAllocation; treatment: Treatment }> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const allocation = study && (await readAllocation(client, study, wanted));
    if (!study || !allocation) throw new Refusal('not_found', 'There is no allocation under this number.');
    const { participantId } = allocation;
    await recordUnblinding(house, client, { studyId, participantId, kind, by: asked.by });
    await appendTrail(house, client, studyId, {
      type: kind === 'emergency' ? 'code.broken' : 'treatment.opened',
      actor: { id: asked.by, role: asked.role },
      cause: participantId,
      payload: {
        ...{ participantId, kind, reason: asked.reason },
        ...(asked.treatable ? { treatable: asked.treatable } : {}),
        ...(asked.basis ? { basis: asked.basis } : {}),
      },
    });
    return { study, allocation, treatment: await treatmentOf(client, study, allocation) };
  });
}

type Row = {
  readonly studyId: string;
  readonly participantId: string;
  readonly kind: UnblindingKind;
  readonly by: string;
  readonly answeredInMs?: number;
};

export async function recordUnblinding(house: House, client: Client, row: Row): Promise<void> {
  await client.query(
    `insert into unblinding (study_id, participant_id, kind, by_person, answered_in_ms, at)
     values ($1, $2, $3, $4, $5, $6)`,
    [row.studyId, row.participantId, row.kind, row.by, row.answeredInMs ?? null, house.clock.now()],
  );
}

/** Studies in which a number is on a kit; one label may be in use in two. */
export async function studiesWithKit(house: House, kit: string): Promise<string[]> {
  const { rows } = await house.pool.query<{ study_id: string }>(
    'select study_id from allocation where kit = $1 union select study_id from replacement where kit = $1 order by 1',
    [kit],
  );
  return rows.map((row) => row.study_id);
}

/** The same, asked by a machine with the emergency token. */
export async function breakCode(house: House, studyId: string, { participantId, reason, by }: CodeBreakRequest) {
  const wanted = { column: 'participant_id', value: participantId } as const;
  const { allocation, treatment } = await unblind(house, studyId, wanted, 'emergency', {
    by,
    role: 'emergency',
    reason,
  });
  return {
    participantId,
    arm: treatment.arm,
    contents: [...allocation.contents],
    doses: treatment.holdings
      .map(({ intervention, batchId, measured }) => ({ intervention, batchId, dosePerCapsule: measured }))
      .sort((a, b) => (a.intervention < b.intervention ? -1 : 1)),
  };
}
