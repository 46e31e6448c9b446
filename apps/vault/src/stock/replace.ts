/** One more kit of the contents somebody has: the same flow whatever the arm, in stock and to order. */
import { freeLabel, readAllocation } from '../allocate.ts';
import { sealPacking } from '../batches.ts';
import type { House } from '../house.ts';
import type { ReplacementRequest } from '../protocol.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { keepsStock } from './design.ts';
import { takeKit } from './take.ts';

/** A request id stands for one replacement. */
export async function replaceKit(house: House, studyId: string, request: ReplacementRequest): Promise<{ kit: string }> {
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('allocation_refused', 'no such study');
    const { participantId, requestId, reason } = request;
    const known = await findEarlier(client, studyId, request);
    if (known !== null) return { kit: known };
    if (study.releasedAt) throw new Refusal('allocation_refused', 'the study is released');
    const allocation = await readAllocation(client, study, { column: 'participant_id', value: participantId });
    if (!allocation) throw new Refusal('allocation_refused', 'this participant has no kit to be replaced');
    const ordinal = await nextOrdinal(client, studyId, participantId);
    const given = keepsStock(study)
      ? await takeKit(house, client, study, {
          ...request,
          next: null,
          content: allocation.contents[0] ?? '',
          siteId: request.siteId,
        })
      : { kit: await freeLabel(house, client, studyId, `${participantId} ${ordinal}`) };
    await insertReplacement(house, client, study, { ...request, ordinal, ...given });
    await appendTrail(house, client, studyId, {
      type: 'kit.replaced',
      actor: { id: 'study', role: 'system' },
      cause: requestId,
      payload: { participantId, kit: given.kit, reason, ordinal },
    });
    return { kit: given.kit };
  });
}

async function findEarlier(client: Client, studyId: string, request: ReplacementRequest): Promise<string | null> {
  const { rows } = await client.query<{ participant_id: string; kit: string }>(
    'select participant_id, kit from replacement where study_id = $1 and request_id = $2',
    [studyId, request.requestId],
  );
  if (rows[0] !== undefined && rows[0].participant_id !== request.participantId) {
    throw new Refusal('allocation_refused', 'the request id was used for another participant');
  }
  return rows[0]?.kit ?? null;
}

async function nextOrdinal(client: Client, studyId: string, participantId: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::int + 1 as n from replacement where study_id = $1 and participant_id = $2',
    [studyId, participantId],
  );
  return rows[0]?.n ?? 1;
}

type Given = ReplacementRequest & {
  readonly ordinal: number;
  readonly kit: string;
  /** Of a kit in stock, which is packed already. */
  readonly secret?: { readonly content: string; readonly batchId: string };
};

async function insertReplacement(house: House, client: Client, study: OpenStudy, given: Given): Promise<void> {
  const { kit, secret } = given;
  const now = house.clock.now();
  await client.query(
    `insert into replacement (study_id, request_id, participant_id, kit, ordinal, reason, replaced_at, packed_at, sealed_packing)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      study.studyId,
      given.requestId,
      given.participantId,
      kit,
      given.ordinal,
      given.reason,
      now,
      secret === undefined ? null : now,
      secret === undefined ? null : sealPacking(study, kit, { [secret.content]: secret.batchId }),
    ],
  );
}
