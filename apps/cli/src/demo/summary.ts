/** One screen: what happened, what came out, and whether the record is what was recorded. */
import { hash } from 'node:crypto';
import { type Results, summary as sentences } from '@limen/analysis';
import type { shapes } from '@limen/contract';
import { openArchiveVerifier } from '@limen/ledger';
import { type DatabaseReport, verifyDatabase } from '@limen/study';
import type { z } from 'zod';
import type { House } from '../house/house.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Closed } from './close.ts';
import type { Played } from './play.ts';

export type DemoSummary = {
  readonly seed: string;
  readonly flow: { screened: number; randomised: number; completed: number; withdrawn: number };
  readonly submissions: Pick<
    Played,
    'delivered' | 'accepted' | 'repeated' | 'offline' | 'refused' | 'refusedOfOrdinary'
  > & {
    readonly late: number;
  };
  readonly adherence: { dosesDue: number; taken: number };
  readonly adverseEvents: { total: number; serious: number; gradeThreeUp: number };
  readonly keptEntries: number;
  readonly findings: readonly string[];
  readonly ledger: {
    ok: boolean;
    entries: number;
    streams: number;
    checkpoints: number;
    faults: number;
    differences: number;
  };
  readonly archive: { ok: boolean; entries: number };
  readonly randomisation: { ok: boolean; finding: string };
  readonly reportHash: string;
  readonly lockHash: string;
};

export async function summarise(given: {
  house: House;
  screened: number;
  enrolled: number;
  played: Played;
  closed: Closed;
  archive: string;
  overview: z.output<typeof shapes.overview>;
  seed: string;
}): Promise<DemoSummary> {
  const { overview, played, closed } = given;
  const results = closed.results as unknown as Results;
  const database = await verifyDatabase(given.house.databaseUrl);
  const archive = verifyArchiveText(given.archive);
  const check = results.study?.randomisation;
  return {
    seed: given.seed,
    flow: {
      screened: given.screened,
      randomised: given.enrolled,
      completed: overview.flow.completed,
      withdrawn: overview.flow.withdrawn,
    },
    submissions: {
      delivered: played.delivered,
      accepted: played.accepted,
      repeated: played.repeated,
      offline: played.offline,
      refused: played.refused,
      refusedOfOrdinary: played.refusedOfOrdinary,
      late: overview.completeness.late,
    },
    adherence: { dosesDue: overview.adherence.dosesDue, taken: overview.adherence.taken },
    adverseEvents: overview.adverseEvents,
    keptEntries: overview.keptEntries,
    findings: sentences(results),
    ledger: ledgerSummary(database),
    archive,
    randomisation: { ok: check?.verified ?? false, finding: check?.finding ?? 'Not checked.' },
    reportHash: hash('sha256', closed.report, 'hex'),
    lockHash: closed.lockHash,
  };
}

function ledgerSummary(report: DatabaseReport): DemoSummary['ledger'] {
  const { ok, entries, streams, checkpoints, faults, replay } = report;
  return { ok, entries, streams, checkpoints, faults: faults.length, differences: replay.differences.length };
}

function verifyArchiveText(text: string): { ok: boolean; entries: number } {
  const verifier = openArchiveVerifier({ digest: (part) => hash('sha256', part, 'hex') });
  for (const line of text.split('\n')) if (line !== '') verifier.line(line);
  const { ok, entries } = verifier.finish();
  return { ok, entries };
}

export function summaryLines(outcome: { summary: DemoSummary; seconds: number }, terminal: Terminal): string[] {
  const { summary } = outcome;
  const { flow, submissions, adherence, adverseEvents, ledger } = summary;
  const share = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : 'none');
  const counts = (refused: Record<string, number>) => Object.values(refused).reduce((sum, n) => sum + n, 0);
  const row = (name: string, text: string) => `  ${name.padEnd(16)}${text}`;
  return [
    '',
    terminal.bold(
      `A study of ${flow.randomised} virtual participants, seed “${summary.seed}”, ${outcome.seconds.toFixed(0)} s`,
    ),
    row(
      'flow',
      `${flow.screened} screened, ${flow.randomised} randomised, ${flow.completed} completed, ${flow.withdrawn} withdrawn`,
    ),
    row(
      'capsules',
      `${adherence.taken} of ${adherence.dosesDue} taken (${share(adherence.taken, adherence.dosesDue)})`,
    ),
    row(
      'submissions',
      `${submissions.delivered} sent; ${submissions.late} late, ${submissions.offline} from offline phones, ${submissions.repeated} sent twice, ${counts(submissions.refused) + counts(submissions.refusedOfOrdinary)} refused, ${summary.keptEntries} of those kept for the team`,
    ),
    row(
      'adverse events',
      `${adverseEvents.total}, of grade 3 or more ${adverseEvents.gradeThreeUp}, serious ${adverseEvents.serious}`,
    ),
    row(
      'record',
      ledger.ok && summary.archive.ok
        ? `${ledger.entries} ledger entries in ${ledger.streams} chains verified, tables equal their replay, archive verified`
        : `NOT VERIFIED: ${ledger.faults} faults in the chains, ${ledger.differences} differences in the tables`,
    ),
    row(
      'randomisation',
      summary.randomisation.ok
        ? 'every allocation recomputed from the revealed seed'
        : `NOT VERIFIED: ${summary.randomisation.finding}`,
    ),
    '',
    ...summary.findings.map((line) => `  ${line}`),
    '',
    row('report SHA-256', summary.reportHash),
  ];
}
