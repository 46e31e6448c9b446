/** Lock: the study takes nothing more, and a hash says what it held. */
import { checkpointHash } from '@limen/ledger';
import type { StudyScope } from '../access/scope.ts';
import { readCommand } from '../data/append.ts';
import { closeStudy, readStudy, writeLockHash } from '../data/studies.ts';
import { studyStream } from '../record/streams.ts';
import { contentHashOf } from '../record/write.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';

export type LockRequest = { readonly commandId: string; readonly reason: string };

/**
 * Closes the study, then signs a checkpoint: its hash is the lock hash, so it covers every accepted entry of every
 * participant. Broken off in between, the same request again finishes what was begun.
 */
export async function lockStudyNow(house: House, scope: StudyScope, request: LockRequest): Promise<string> {
  const { studyId, actor } = scope;
  const contentHash = contentHashOf(request);
  const known = await readCommand(house.database, studyId, studyStream, request.commandId);
  if (known !== null) {
    if (known.contentHash !== contentHash) throw problemOf('conflict');
    return known.answer;
  }
  // Who sees one site alone cannot answer for the data of all.
  if (scope.siteId !== null) throw problemOf('forbidden');
  const now = house.now();
  const closedNow = await closeStudy(house.database, studyId, now);
  if (!closedNow && (await readStudy(house.database, studyId))?.lock_hash != null) throw problemOf('already_locked');
  await house.studies.refresh(studyId);
  const checkpoint = await house.checkpoints.take(studyId);
  if (checkpoint === null) throw problemOf('internal');
  const lockHash = checkpointHash(checkpoint);
  const { reason } = request;
  await house.streams.append({
    studyId,
    stream: studyStream,
    actor,
    cause: request.commandId,
    at: now,
    event: { type: 'study.locked', lockHash, checkpoint: checkpoint.number, reason },
    command: { commandId: request.commandId, contentHash, outcome: 'accepted', answer: lockHash },
  });
  await writeLockHash(house.database, studyId, lockHash);
  await house.checkpoints.take(studyId);
  house.live.announce(studyId, null);
  return lockHash;
}
