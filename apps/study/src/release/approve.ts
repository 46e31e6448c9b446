/** Two different people approve; then the vault opens, the allocation is stored and the analysis runs, once. */
import { createHash } from 'node:crypto';
import type { StudyScope } from '../access/scope.ts';
import { readCommand } from '../data/append.ts';
import { listApprovals, readRelease, writeApproval, writeReleased, writeReport } from '../data/release.ts';
import { readStudy } from '../data/studies.ts';
import { studyStream } from '../record/streams.ts';
import type { OpenStudy } from '../record/studies.ts';
import { contentHashOf } from '../record/write.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { readAnalyseInput } from './input.ts';
import { VaultUnavailable } from './vault.ts';

export const approvalsNeeded = 2;

export type ApprovalRequest = { readonly commandId: string; readonly reason: string };
type Approved = { readonly approvals: number; readonly released: boolean };

export async function approveStudyRelease(
  house: House,
  scope: StudyScope,
  study: OpenStudy,
  request: ApprovalRequest,
): Promise<Approved> {
  const row = await readStudy(house.database, scope.studyId);
  if (row?.lock_hash == null || row.locked_at === null) throw problemOf('not_locked');
  if (row.status !== 'released') await recordApproval(house, scope, request);
  const approvals = await listApprovals(house.database, scope.studyId);
  if (approvals.length < approvalsNeeded) return { approvals: approvals.length, released: false };
  if (row.status !== 'released') await openVault(house, scope, row.lock_hash, approvals);
  await makeReport(house, study);
  return { approvals: approvals.length, released: true };
}

/** The same person twice counts once and is told so; the same request again is the same approval. */
async function recordApproval(house: House, scope: StudyScope, request: ApprovalRequest): Promise<void> {
  const { studyId, actor } = scope;
  const { commandId, reason } = request;
  const contentHash = contentHashOf({ ...request, accountId: actor.id });
  const known = await readCommand(house.database, studyId, studyStream, commandId);
  if (known !== null && known.contentHash !== contentHash) throw problemOf('conflict');
  const earlier = await listApprovals(house.database, studyId);
  const mine = earlier.some(({ account_id }) => account_id === actor.id);
  if (mine) {
    // With enough approvals and no release, the vault was not there before: trying again is what is asked for.
    if (known !== null || earlier.length >= approvalsNeeded) return;
    throw problemOf('second_person_needed');
  }
  const now = house.now();
  if (known === null) {
    await house.streams.append({
      studyId,
      stream: studyStream,
      actor,
      cause: commandId,
      at: now,
      event: { type: 'release.approved', accountId: actor.id, role: actor.role, reason },
      command: { commandId, contentHash, outcome: 'accepted', answer: 'approved' },
    });
  }
  await writeApproval(house.database, { studyId, accountId: actor.id, role: actor.role, reason, at: now });
  house.live.announce(studyId, null);
}

type ApprovalRow = Awaited<ReturnType<typeof listApprovals>>[number];

async function openVault(
  house: House,
  scope: StudyScope,
  lockHash: string,
  approvals: readonly ApprovalRow[],
): Promise<void> {
  const { studyId, actor } = scope;
  const given = approvals.map(({ account_id, role, approved_at }) => ({ actorId: account_id, role, at: approved_at }));
  const released = await house.vault.release(studyId, { lockHash, approvals: given }).catch((error) => {
    throw error instanceof VaultUnavailable ? problemOf('release_waiting') : error;
  });
  const now = house.now();
  const seedHash = createHash('sha256').update(JSON.stringify(released.seed)).digest('hex');
  await house.streams.append({
    studyId,
    stream: studyStream,
    actor,
    cause: `release|${lockHash}`,
    at: now,
    event: {
      type: 'study.released',
      lockHash,
      commitment: String(released.commitment),
      seedHash,
      approvedBy: given.map(({ actorId }) => actorId),
    },
    command: {
      commandId: `release-${lockHash.slice(0, 32)}`,
      contentHash: lockHash,
      outcome: 'accepted',
      answer: 'released',
    },
  });
  await writeReleased(house.database, studyId, released, now);
  await house.checkpoints.take(studyId);
  await house.studies.refresh(studyId);
  house.live.announce(studyId, null);
}

/** A report that is there is not made again: what was published stays what it was. */
async function makeReport(house: House, study: OpenStudy): Promise<void> {
  const release = await readRelease(house.database, study.studyId);
  if (release === null || release.report_html !== null) return;
  const analysis = await house.analyse(await readAnalyseInput(house, study));
  await writeReport(house.database, study.studyId, analysis);
}
