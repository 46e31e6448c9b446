/** Meetings of the safety board: data in, one word out. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@limen/ledger';
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { open, pad, seal, unpad } from '../sealing.ts';
import { type Client, inTransaction } from '../store.ts';
import { lockStudy, type OpenStudy } from '../study.ts';
import { appendTrail } from '../trail.ts';
import { drillParticipant, recordUnblinding } from '../unblinding/record.ts';
import type { ClosedData, Recommendation } from './protocol.ts';

/** Once per meeting; asked again with the same data it answers the same. Letters are drawn when the data come. */
export async function receiveData(house: House, studyId: string, data: ClosedData): Promise<{ dataHash: string }> {
  const text = canonicalJson(data as never);
  const dataHash = createHash('sha256').update(text).digest('hex');
  return inTransaction(house, async (client) => {
    const study = await lockStudy(house, client, studyId);
    if (!study) throw new Refusal('study_refused', 'no such study');
    const { meetingId } = data;
    const known = await client.query<{ data_hash: string }>(
      'select data_hash from board_meeting where study_id = $1 and meeting_id = $2',
      [studyId, meetingId],
    );
    if (known.rows[0]) {
      if (known.rows[0].data_hash !== dataHash) throw new Refusal('study_refused', 'the meeting has other data');
      return { dataHash };
    }
    const letters = drawLetters(house, study);
    await client.query(
      `insert into board_meeting (study_id, meeting_id, ordered_at, data_hash, sealed_data, sealed_letters)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        ...[studyId, meetingId, house.clock.now(), dataHash],
        seal(study.dataKey, pad(text), `closed data ${studyId} ${meetingId}`),
        seal(study.dataKey, pad(JSON.stringify(letters)), `letters ${studyId} ${meetingId}`),
      ],
    );
    const payload = { meetingId, dataHash, participants: data.participants.length };
    const actor = { id: 'study', role: 'system' };
    await appendTrail(house, client, studyId, { type: 'board.dataReceived', actor, cause: meetingId, payload });
    return { dataHash };
  });
}

/** Arm ids in the order A, B, C…: a random order for every meeting (Fisher & Yates, without the bias of a remainder). */
function drawLetters(house: House, { design }: OpenStudy): string[] {
  const arms = design.arms.map(({ id }) => id);
  for (let last = arms.length - 1; last > 0; last -= 1) {
    const other = below(house, last + 1);
    [arms[last], arms[other]] = [arms[other] as string, arms[last] as string];
  }
  return arms;
}

function below(house: House, bound: number): number {
  const limit = 256 - (256 % bound);
  for (;;) {
    const [byte = 0] = house.random(1);
    if (byte < limit) return byte % bound;
  }
}

export type Meeting = {
  readonly meetingId: string;
  readonly orderedAt: Date;
  readonly dataHash: string;
  readonly recommendation: Recommendation | null;
  readonly recommendedAt: Date | null;
};

const columns = `meeting_id as "meetingId", ordered_at as "orderedAt", data_hash as "dataHash", recommendation,
  recommended_at as "recommendedAt"`;

export async function listMeetings(house: House, studyId: string): Promise<Meeting[]> {
  const { rows } = await house.pool.query<Meeting>(
    `select ${columns} from board_meeting where study_id = $1 order by ordered_at desc, meeting_id`,
    [studyId],
  );
  return rows;
}

export type OpenedMeeting = Meeting & {
  readonly study: OpenStudy;
  readonly data: ClosedData;
  /** Arm ids, A first. */
  readonly letters: readonly string[];
};

/** For the report; that it was opened, and by whom, stands in the trail. */
export async function openMeeting(
  house: House,
  client: Client,
  studyId: string,
  meetingId: string,
  by: string,
): Promise<OpenedMeeting> {
  const study = await lockStudy(house, client, studyId);
  const { rows } = await client.query<Meeting & { sealed_data: Buffer; sealed_letters: Buffer }>(
    `select ${columns}, sealed_data, sealed_letters from board_meeting where study_id = $1 and meeting_id = $2`,
    [studyId, meetingId],
  );
  const row = rows[0];
  if (!study || !row) throw new Refusal('not_found', 'There is no such meeting.');
  const { sealed_data: data, sealed_letters: letters, ...meeting } = row;
  const actor = { id: by, role: 'dsmb' };
  await appendTrail(house, client, studyId, {
    type: 'board.reportOpened',
    actor,
    cause: meetingId,
    payload: { meetingId },
  });
  return {
    ...meeting,
    study,
    data: JSON.parse(unpad(open(study.dataKey, data, `closed data ${studyId} ${meetingId}`))) as ClosedData,
    letters: JSON.parse(unpad(open(study.dataKey, letters, `letters ${studyId} ${meetingId}`))) as string[],
  };
}

const factOf = {
  continue: 'board-continue',
  continueWithChange: 'board-change',
  pause: 'board-pause',
  stop: 'board-stop',
} as const;

/** One word for each meeting, once. It is all that leaves. */
export async function recommend(
  house: House,
  studyId: string,
  meetingId: string,
  by: string,
  word: Recommendation,
): Promise<void> {
  await inTransaction(house, async (client) => {
    if (!(await lockStudy(house, client, studyId))) throw new Refusal('not_found', 'There is no such study.');
    const changed = await client.query(
      `update board_meeting set recommendation = $3, recommended_by = $4, recommended_at = $5
       where study_id = $1 and meeting_id = $2 and recommendation is null`,
      [studyId, meetingId, word, by, house.clock.now()],
    );
    if (changed.rowCount === 0)
      throw new Refusal('release_refused', 'This meeting has a recommendation, or there is no such meeting.');
    await recordUnblinding(house, client, {
      ...{ studyId, participantId: drillParticipant, kind: factOf[word], by, requestId: meetingId },
    });
    const payload = { meetingId, recommendation: word };
    await appendTrail(house, client, studyId, {
      type: 'board.recommended',
      actor: { id: by, role: 'dsmb' },
      cause: meetingId,
      payload,
    });
  });
}

/** Which letter is which arm: a second act of its own, with a reason, in the trail. */
export async function openLetters(house: House, studyId: string, meetingId: string, by: string, reason: string) {
  return inTransaction(house, async (client) => {
    const { letters } = await openMeeting(house, client, studyId, meetingId, by);
    const actor = { id: by, role: 'dsmb' };
    await appendTrail(house, client, studyId, {
      type: 'board.lettersOpened',
      actor,
      cause: meetingId,
      payload: { meetingId, reason },
    });
    return letters;
  });
}
