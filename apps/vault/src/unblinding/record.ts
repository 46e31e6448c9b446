/**
 * Opens treatments. Whoever opens one and on whatever path: the trail has who, why and what; a row that says nothing of the
 * treatment has the fact.
 */
import { randomUUID } from 'node:crypto';
import { readAllocation, type StoredAllocation } from '../allocate.ts';
import { doseOf } from '../batch-record.ts';
import { type BatchState, readBatches } from '../batches.ts';
import type { House } from '../house.ts';
import type { CodeBreakRequest } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import type { toldKinds } from './facts.ts';

/** What the study server hears of, and reports to an authority. */
export type UnblindingKind = (typeof toldKinds)[number] | 'safety';

/** In a drill nobody's treatment is opened. No participant has this number. */
export const drillParticipant = '0000000000';

export type Opening = {
  readonly studyId: string;
  readonly participantId: string;
  readonly kind: 'emergency' | 'planned' | 'safety';
  /** Of the form or request: seen twice under it, it is one fact and two entries on the trail. */
  readonly requestId: string;
  readonly by: string;
  readonly role: string;
  /** What was asked and answered. */
  readonly said: Readonly<Record<string, string>>;
};

export type Opened = {
  readonly study: OpenStudy;
  /** The same allocation as each of the participant's kits was packed; the first kit first. */
  readonly kits: readonly [StoredAllocation, ...StoredAllocation[]];
  readonly batches: readonly BatchState[];
};

export async function openTreatment(house: House, opening: Opening): Promise<Opened> {
  const { studyId, participantId, kind, requestId, by, role, said } = opening;
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    const [first, ...later] = study ? await kitsOf(client, study, participantId) : [];
    if (!study || !first) throw new Refusal('not_found', 'There is no allocation under this number.');
    await recordUnblinding(house, client, { studyId, participantId, kind, by, requestId });
    await appendTrail(house, client, studyId, {
      type: kind === 'emergency' ? 'code.broken' : 'treatment.opened',
      actor: { id: by, role },
      cause: participantId,
      payload: { ...said, participantId, kind, requestId, arm: first.arm },
    });
    return { study, kits: [first, ...later], batches: await readBatches(client, study) };
  });
}

async function kitsOf(client: Client, study: OpenStudy, participantId: string): Promise<StoredAllocation[]> {
  const { rows } = await client.query<{ kit: string }>(
    `select kit, 0 as ordinal from allocation where study_id = $1 and participant_id = $2
     union all select kit, ordinal from replacement where study_id = $1 and participant_id = $2 order by ordinal`,
    [study.studyId, participantId],
  );
  const kits: StoredAllocation[] = [];
  for (const { kit: value } of rows) {
    const kit = await readAllocation(client, study, { column: 'kit', value });
    if (kit !== null) kits.push(kit);
  }
  return kits;
}

type Row = {
  readonly studyId: string;
  readonly participantId: string;
  readonly kind: UnblindingKind;
  readonly by: string;
  readonly requestId: string;
  readonly answeredInMs?: number;
};

/** The caller holds the study's row lock. */
export async function recordUnblinding(house: House, client: Client, row: Row): Promise<void> {
  // One after another until the commit: numbers come in the order in which they can be read, so that the study server,
  // which reads on from the last one it saw, passes none by.
  await client.query("select pg_advisory_xact_lock(hashtext('limen vault unblinding'))");
  await client.query(
    `insert into unblinding (study_id, participant_id, kind, by_person, answered_in_ms, at, request_id)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (study_id, request_id, participant_id) do nothing`,
    [row.studyId, row.participantId, row.kind, row.by, row.answeredInMs ?? null, house.clock.now(), row.requestId],
  );
}

/** Asked by a machine with the emergency token. */
export async function breakCode(house: House, studyId: string, { participantId, reason, by }: CodeBreakRequest) {
  const { kits, batches } = await openTreatment(house, {
    ...{ studyId, participantId, kind: 'emergency', requestId: randomUUID() },
    ...{ by, role: 'emergency', said: { reason } },
  });
  const [{ arm, contents }] = kits;
  const doses = new Map(batches.map(({ record }) => [record.batchId, doseOf(record)]));
  const packed = kits.findLast((kit) => kit.packed) ?? kits[0];
  return {
    participantId,
    arm,
    contents: [...contents],
    doses: [...new Set(contents)].sort().map((intervention) => {
      const batchId = packed.batches[intervention] ?? null;
      return { intervention, batchId, dosePerCapsule: batchId === null ? null : (doses.get(batchId) ?? null) };
    }),
  };
}
