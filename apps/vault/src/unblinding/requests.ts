/** Unblinding that is planned, or done for a report to an authority: two people of the safety role, one participant. */
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { unblind } from './record.ts';

export type UnblindingRequest = {
  readonly requestId: string;
  readonly participantId: string;
  readonly kind: 'planned' | 'safety';
  readonly basis: string;
  readonly reason: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
};

const columns = `request_id as "requestId", participant_id as "participantId", kind, basis, reason,
  asked_by as "askedBy", asked_at as "askedAt", approved_by as "approvedBy", approved_at as "approvedAt"`;

export async function listRequests(house: House, studyId: string): Promise<UnblindingRequest[]> {
  const { rows } = await house.pool.query<UnblindingRequest>(
    `select ${columns} from unblinding_request where study_id = $1 order by asked_at desc, request_id`,
    [studyId],
  );
  return rows;
}

type NewRequest = Pick<UnblindingRequest, 'participantId' | 'kind' | 'basis' | 'reason'>;

export async function askForUnblinding(house: House, studyId: string, by: string, request: NewRequest): Promise<void> {
  const { participantId, kind, basis, reason } = request;
  await inTransaction(house, async (client) => {
    if (!(await lockStudy(house, client, studyId))) throw new Refusal('not_found', 'There is no such study.');
    const known = await client.query('select 1 from allocation where study_id = $1 and participant_id = $2', [
      studyId,
      participantId,
    ]);
    if (known.rowCount === 0) throw new Refusal('not_found', 'Nobody of this number has been randomised.');
    const requestId = Buffer.from(house.random(9)).toString('base64url');
    await client.query(
      `insert into unblinding_request (study_id, request_id, participant_id, kind, basis, reason, asked_by, asked_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [studyId, requestId, participantId, kind, basis, reason, by, house.clock.now()],
    );
    const payload = { requestId, participantId, kind, basis, reason };
    await note(house, client, studyId, 'unblinding.asked', by, payload);
  });
}

export async function approveUnblinding(house: House, studyId: string, by: string, requestId: string): Promise<void> {
  await inTransaction(house, async (client) => {
    await lockStudy(house, client, studyId);
    const request = await requireRequest(client, studyId, requestId);
    if (request.approvedBy !== null) throw new Refusal('release_refused', 'This request was approved before.');
    if (request.askedBy === by) throw new Refusal('release_refused', 'Another person has to approve it.');
    await client.query(
      'update unblinding_request set approved_by = $3, approved_at = $4 where study_id = $1 and request_id = $2',
      [studyId, requestId, by, house.clock.now()],
    );
    const { participantId, kind } = request;
    await note(house, client, studyId, 'unblinding.approved', by, { requestId, participantId, kind });
  });
}

/** Either of the two may look, as often as the report needs; every look stands in the trail. */
export async function openRequest(house: House, studyId: string, by: string, requestId: string) {
  const client = await house.pool.connect();
  let request: UnblindingRequest;
  try {
    request = await requireRequest(client, studyId, requestId);
  } finally {
    client.release();
  }
  if (request.approvedBy === null) throw new Refusal('release_refused', 'A second person has not approved it yet.');
  if (request.approvedBy !== by && request.askedBy !== by) {
    throw new Refusal('release_refused', 'Only the two people of this request may look.');
  }
  const { participantId, kind, reason, basis } = request;
  const wanted = { column: 'participant_id', value: participantId } as const;
  return unblind(house, studyId, wanted, kind, { by, role: 'safety', reason, basis });
}

async function requireRequest(client: Client, studyId: string, requestId: string): Promise<UnblindingRequest> {
  const { rows } = await client.query<UnblindingRequest>(
    `select ${columns} from unblinding_request where study_id = $1 and request_id = $2`,
    [studyId, requestId],
  );
  if (!rows[0]) throw new Refusal('not_found', 'There is no such request.');
  return rows[0];
}

function note(
  house: House,
  client: Client,
  studyId: string,
  type: string,
  by: string,
  payload: Record<string, string>,
) {
  const actor = { id: by, role: 'safety' };
  return appendTrail(house, client, studyId, { type, actor, cause: payload.requestId ?? '', payload });
}
