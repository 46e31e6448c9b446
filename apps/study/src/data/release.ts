/** Approvals, and what comes out of the vault once two people have given theirs. */
import type { Database } from './database.ts';

export async function writeApproval(
  { query }: Database,
  approval: { studyId: string; accountId: string; role: string; reason: string; at: string },
): Promise<boolean> {
  const written = await query
    .insertInto('release_approval')
    .values({
      study_id: approval.studyId,
      account_id: approval.accountId,
      role: approval.role,
      reason: approval.reason,
      approved_at: approval.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (written.numInsertedOrUpdatedRows ?? 0n) === 1n;
}

export async function listApprovals({ query }: Database, studyId: string) {
  return query
    .selectFrom('release_approval')
    .selectAll()
    .where('study_id', '=', studyId)
    .orderBy('approved_at')
    .orderBy('account_id')
    .execute();
}

/** The allocations and the study's new status together: nobody sees one without the other. */
export async function writeReleased(
  { query }: Database,
  studyId: string,
  released: unknown,
  releasedAt: string,
): Promise<void> {
  await query.transaction().execute(async (tx) => {
    await tx
      .insertInto('release')
      .values({ study_id: studyId, released: JSON.stringify(released) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await tx
      .updateTable('study')
      .set({ status: 'released', released_at: releasedAt })
      .where('study_id', '=', studyId)
      .where('status', '=', 'locked')
      .execute();
  });
}

export async function writeReport(
  { query }: Database,
  studyId: string,
  report: { html: string; results: unknown },
): Promise<void> {
  await query
    .updateTable('release')
    .set({ report_html: report.html, results: JSON.stringify(report.results) })
    .where('study_id', '=', studyId)
    .execute();
}

export async function readRelease({ query }: Database, studyId: string) {
  return (await query.selectFrom('release').selectAll().where('study_id', '=', studyId).executeTakeFirst()) ?? null;
}
