/** One act in the study's own stream, once per command id. */
import type { StudyScope } from '../access/scope.ts';
import { readCommand } from '../data/append.ts';
import { recordIdFor } from '../record/ids.ts';
import { type StreamEvent, studyStream } from '../record/streams.ts';
import { contentHashOf } from '../record/write.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { openStudy } from './studies.ts';

export type Recorded = { eventId: string; recordedAt: string };

/** A repeat gives the first answer; `event` throws where the act may not be. */
export async function recordStudyAct(
  house: House,
  scope: StudyScope,
  commandId: string,
  content: object,
  event: () => Promise<StreamEvent>,
): Promise<Recorded> {
  const { studyId, actor } = scope;
  const contentHash = contentHashOf({ ...content, accountId: actor.id });
  const known = await readCommand(house.database, studyId, studyStream, commandId);
  if (known !== null) {
    if (known.contentHash !== contentHash) throw problemOf('conflict');
    return JSON.parse(known.answer) as Recorded;
  }
  if ((await openStudy(house, studyId)).status !== 'open') throw problemOf('study_locked');
  const at = house.now();
  const eventId = recordIdFor(house.deriver, 'event', studyId, `${studyStream}|${commandId}`);
  const answer = { eventId, recordedAt: at };
  const appended = await house.streams.append({
    studyId,
    stream: studyStream,
    actor,
    cause: commandId,
    at,
    event: await event(),
    command: { commandId, contentHash, outcome: 'accepted', answer: JSON.stringify(answer) },
  });
  if (appended.result === 'repeated') return JSON.parse(appended.known.answer) as Recorded;
  house.live.announce(studyId, null);
  return answer;
}
