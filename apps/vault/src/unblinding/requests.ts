/** Unblinding that is planned, or done for a report to an authority: two people, a reason written before anybody looks. */
import { randomUUID } from 'node:crypto';
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { type Opened, openTreatment } from './record.ts';

export type UnblindingRequest = {
  readonly requestId: string;
  readonly participants: readonly string[];
  readonly kind: 'planned' | 'safety';
  readonly basis: string;
  readonly reason: string;
  /** Who is told and who stays blinded; of a plan. */
  readonly safeguards: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
};

export const participantsAtMost = 200;

const columns = `request_id as "requestId", participants, kind, basis, reason, safeguards,
  asked_by as "askedBy", asked_at as "askedAt", approved_by as "approvedBy", approved_at as "approvedAt"`;

export async function listRequests(house: House, studyId: string): Promise<UnblindingRequest[]> {
  const { rows } = await house.pool.query<UnblindingRequest>(
    `select ${columns} from unblinding_request where study_id = $1 order by asked_at desc, request_id`,
    [studyId],
  );
  return rows;
}

type NewRequest = Pick<UnblindingRequest, 'participants' | 'kind' | 'basis' | 'reason' | 'safeguards'>;

export async function askForUnblinding(house: House, studyId: string, by: string, request: NewRequest): Promise<void> {
  const { participants, kind, basis, reason, safeguards } = request;
  assertComplete(request);
  await inTransaction(house, async (client) => {
    if (!(await lockStudy(house, client, studyId))) throw new Refusal('not_found', 'There is no such study.');
    const { rows } = await client.query<{ participant_id: string }>(
      'select participant_id from allocation where study_id = $1 and participant_id = any($2::text[])',
      [studyId, participants],
    );
    const known = new Set(rows.map((row) => row.participant_id));
    const missing = participants.filter((one) => !known.has(one));
    if (missing.length > 0) {
      throw new Refusal('not_found', `Nobody of this number has been randomised: ${missing.join(', ')}.`);
    }
    const requestId = randomUUID();
    await client.query(
      `insert into unblinding_request
         (study_id, request_id, participants, kind, basis, reason, safeguards, asked_by, asked_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [studyId, requestId, participants, kind, basis, reason, safeguards, by, house.clock.now()],
    );
    const payload = { requestId, participants: [...participants], kind, basis, reason, safeguards };
    await note(house, client, studyId, 'unblinding.asked', by, payload);
  });
}

function assertComplete({ participants, kind, basis, reason, safeguards }: NewRequest): void {
  const refuse = (said: string): never => {
    throw new Refusal('request_invalid', said);
  };
  if (basis.length < 3 || reason.length < 3) refuse('Write down what it rests on, and why.');
  if (participants.length === 0) refuse('Say whose treatment.');
  if (participants.length > participantsAtMost) refuse(`At most ${participantsAtMost} participants at once.`);
  if (kind === 'safety' && participants.length > 1) refuse('A report to an authority is about one participant.');
  if (kind === 'planned' && safeguards.length < 3) refuse('Write down who is told, and who stays blinded.');
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
    const { participants, kind } = request;
    const payload = { requestId, participants: [...participants], kind };
    await note(house, client, studyId, 'unblinding.approved', by, payload);
  });
}

/** Either of the two may look, as often as it needs; every look stands in the trail, and the fact is one. */
export async function openRequest(house: House, studyId: string, by: string, requestId: string): Promise<Opened[]> {
  const request = await requireRequest(house.pool, studyId, requestId);
  if (request.approvedBy === null) throw new Refusal('release_refused', 'A second person has not approved it yet.');
  if (request.approvedBy !== by && request.askedBy !== by) {
    throw new Refusal('release_refused', 'Only the two people of this request may look.');
  }
  const { participants, kind, reason, basis } = request;
  const opened: Opened[] = [];
  for (const participantId of participants) {
    const said = { reason, basis };
    opened.push(await openTreatment(house, { studyId, participantId, kind, requestId, by, role: 'safety', said }));
  }
  return opened;
}

async function requireRequest(
  client: Pick<Client, 'query'>,
  studyId: string,
  requestId: string,
): Promise<UnblindingRequest> {
  const { rows } = await client.query<UnblindingRequest>(
    `select ${columns} from unblinding_request where study_id = $1 and request_id = $2`,
    [studyId, requestId],
  );
  if (!rows[0]) throw new Refusal('not_found', 'There is no such request.');
  return rows[0];
}

async function note(
  house: House,
  client: Client,
  studyId: string,
  type: string,
  by: string,
  payload: Record<string, string | string[]>,
): Promise<void> {
  const cause = String(payload.requestId);
  await appendTrail(house, client, studyId, { type, actor: { id: by, role: 'safety' }, cause, payload });
}
