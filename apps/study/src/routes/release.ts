/** Lock, release by two people, report. */
import { routes } from '@limen/contract';
import { printReport } from '@limen/typeset';
import { readRelease } from '../data/release.ts';
import { bundleInThread, dryRunInThread } from '../release/analyse-with.ts';
import { approveStudyRelease } from '../release/approve.ts';
import { readAnalyseInput, readDryInput } from '../release/input.ts';
import { lockStudyNow } from '../release/lock.ts';
import { forStudy } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import { createPrinter } from './print-once.ts';
import { openStudy, studyRow, summaryOf } from './studies.ts';

const lockStudy = forStudy(routes.lockStudy, async ({ scope, body, house }) => {
  const lockHash = await lockStudyNow(house, scope, body);
  return { study: summaryOf(await studyRow(house, scope.studyId)), lockHash };
});

const approveRelease = forStudy(routes.approveRelease, async ({ scope, body, house }) => {
  const study = await openStudy(house, scope.studyId);
  const { approvals, released } = await approveStudyRelease(house, scope, study, body);
  return { study: summaryOf(await studyRow(house, scope.studyId)), approvals, released };
});

async function releaseOf(house: House, studyId: string) {
  const study = await studyRow(house, studyId);
  const release = study.status === 'released' ? await readRelease(house.database, studyId) : null;
  if (release === null) throw problemOf('not_released');
  return release;
}

const report = forStudy(routes.report, async ({ scope, house }) => {
  const { report_html: html } = await releaseOf(house, scope.studyId);
  if (html === null) throw problemOf('report_pending');
  return html;
});

const printOnce = createPrinter(4);

/** Dated by the lock, so that it is the same file whenever and by whomever it is fetched. */
const reportPdf = forStudy(routes.reportPdf, async ({ scope: { studyId }, house, reply }) => {
  const { report_html: page } = await releaseOf(house, studyId);
  if (page === null) throw problemOf('report_pending');
  const { locked_at: lockedAt } = await studyRow(house, studyId);
  const printedAt = lockedAt === null ? null : new Date(lockedAt).toISOString();
  reply.header('content-disposition', `attachment; filename="${studyId}-report.pdf"`);
  return printOnce(studyId, () => printReport({ language: 'en', paper: 'a4', printedAt, page }));
});

const results = forStudy(routes.results, async ({ scope, house }) => {
  const release = await releaseOf(house, scope.studyId);
  if (release.results === null) throw problemOf('report_pending');
  return release.results as Record<string, unknown>;
});

const releasedAllocations = forStudy(
  routes.releasedAllocations,
  async ({ scope, house }) => (await releaseOf(house, scope.studyId)).released as Record<string, unknown>,
);

const bundle = forStudy(routes.bundle, async ({ scope, house }) => {
  const study = await openStudy(house, scope.studyId);
  return { ...(await bundleInThread(await readAnalyseInput(house, study))) };
});

const dryRun = forStudy(routes.dryRun, async ({ scope, house }) => {
  const study = await openStudy(house, scope.studyId);
  return (await dryRunInThread(await readDryInput(house, study))).html;
});

export const releaseHandlers = {
  bundle,
  dryRun,
  lockStudy,
  approveRelease,
  report,
  reportPdf,
  results,
  releasedAllocations,
};
