/** What leaves the vault: everything after lock with two people's approval, or one participant's code in an emergency. */
import { verifyAllocations } from '@limen/randomization';
import { readAllocations, type StoredAllocation } from './allocate.ts';
import { readBatches, statusOf, tellAct } from './batches.ts';
import { randomisedArms } from './contents.ts';
import { heldBy, interventionsIn } from './envelopes/envelopes.ts';
import type { House } from './house.ts';
import type { ReleaseReply, ReleaseRequest } from './protocol.ts';
import { Refusal } from './refusals.ts';
import { type Client, inTransaction } from './store.ts';
import { lockStudy, type OpenStudy } from './study.ts';
import { appendTrail } from './trail.ts';

export const approvalsNeeded = 2;

/** Asked again with the same lock, it answers the same; with another lock it is refused. */
export async function releaseStudy(house: House, studyId: string, request: ReleaseRequest): Promise<ReleaseReply> {
  const people = new Set(request.approvals.map((approval) => approval.actorId));
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('release_refused', 'no such study');
    if (people.size < approvalsNeeded) throw new Refusal('release_refused', `approved by ${people.size} person`);
    if (study.lockHash !== null && study.lockHash !== request.lockHash) {
      throw new Refusal('release_refused', 'released before under another lock');
    }
    const allocations = await readAllocations(client, study);
    assertAsDrawn(study, allocations);
    if (study.releasedAt === null) {
      await client.query('update study set released_at = $2, lock_hash = $3 where study_id = $1', [
        studyId,
        house.clock.now(),
        request.lockHash,
      ]);
      await appendTrail(house, client, studyId, {
        type: 'study.released',
        actor: { id: 'study', role: 'system' },
        cause: request.lockHash,
        payload: { approvals: request.approvals, allocations: allocations.length },
      });
    }
    return {
      studyId,
      protocolHash: study.protocolHash,
      seed: study.seed.toString('hex'),
      commitment: study.commitment,
      procedure: study.design.procedure,
      arms: randomisedArms(study.design).map(({ id, weight }) => ({ id, weight })),
      allocations: await releasedAllocations(client, study, allocations),
      batches: (await readBatches(client, study)).map((batch) => ({
        ...batch.record,
        status: statusOf(batch, study.releasedAt?.toISOString() ?? house.clock.now()),
        acts: batch.acts.map(tellAct),
      })),
    };
  });
}

async function releasedAllocations(client: Client, study: OpenStudy, allocations: readonly StoredAllocation[]) {
  const released: ReleaseReply['allocations'] = [];
  for (const { packed: _, batches: __, contents, sequence, periods, levels, household, ...rest } of allocations) {
    const held = sequence ? await heldBy(client, study, rest.participantId, sequence) : null;
    const envelopes = held?.map(({ token, week, contents: inside }) => ({
      token,
      week,
      contents: interventionsIn(study.design, inside),
    }));
    released.push({
      ...rest,
      contents: [...contents],
      ...(sequence ? { sequence: [...sequence] } : {}),
      ...(periods ? { periods: [...periods] } : {}),
      ...(levels ? { levels: { ...levels } } : {}),
      ...(household ? { household } : {}),
      ...(envelopes ? { envelopes } : {}),
    });
  }
  return released;
}

/** Draws everything again: what leaves is what the commitment bound, or nothing leaves. */
function assertAsDrawn(study: OpenStudy, allocations: readonly StoredAllocation[]): void {
  const { studyId, protocolHash, commitment, seed, design } = study;
  const arms = randomisedArms(design);
  const { procedure } = design;
  const checked = verifyAllocations({ studyId, protocolHash, commitment, seed, arms, procedure, allocations });
  if (!checked.ok) throw new Refusal('release_refused', `the record is not what the seed draws: ${checked.reason}`);
}
