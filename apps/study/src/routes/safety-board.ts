/** The safety board from the study's side: data go in when a meeting is ordered, one word comes out. */
import { routes } from '@limen/contract';
import type { ProtocolDocument } from '@limen/protocol';
import { readCommand } from '../data/append.ts';
import { type ClosedRow, readClosedRows } from '../data/closed.ts';
import { listBoardEntries } from '../data/facts.ts';
import { factsOf } from '../data/ledger.ts';
import { studyStream } from '../record/streams.ts';
import { contentHashOf } from '../record/write.ts';
import { VaultUnavailable } from '../release/vault.ts';
import { forStudy } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { openStudy } from './studies.ts';

const dayMs = 86_400_000;

function personOf(protocol: ProtocolDocument, row: ClosedRow, now: string) {
  const until = Date.parse(row.ended_at ?? now);
  const since = row.start_date === null ? until : Date.parse(row.start_date);
  return {
    participantId: row.participant_id,
    siteId: row.site_id,
    status: row.status,
    onHold: row.on_hold,
    dosingStopped: row.dosing_stopped,
    holds: row.holds,
    followedDays: Math.max(0, Math.round((until - since) / dayMs)),
    dosesTaken: row.doses_taken,
    dosesMissed: row.doses_missed,
    adverseEvents: row.adverse_events,
    outcomes: row.submissions.flatMap(({ activity, day, scores, answers }) =>
      protocol.analysis.endpoints.flatMap((endpoint): [string, number, number][] => {
        const value = endpoint.activity === activity ? (scores[endpoint.score] ?? answers[endpoint.score]) : null;
        return typeof value === 'number' ? [[endpoint.id, day, value]] : [];
      }),
    ),
    guesses: row.guesses.map(({ week, guess }): [number, string] => [Math.max(1, week), guess]),
  };
}

const orderClosedReport = forStudy(routes.orderClosedReport, async ({ scope, body, house }) => {
  const { studyId, actor } = scope;
  const { commandId, reason } = body;
  const contentHash = contentHashOf({ ...body, accountId: actor.id });
  const known = await readCommand(house.database, studyId, studyStream, commandId);
  if (known !== null) {
    if (known.contentHash !== contentHash) throw problemOf('conflict');
    return { dataHash: known.answer };
  }
  const { protocol } = await openStudy(house, studyId);
  const now = house.now();
  const rows = await readClosedRows(
    house.database,
    studyId,
    protocol.analysis.endpoints.map(({ activity }) => activity),
  );
  const data = {
    meetingId: commandId,
    asOf: now,
    protocolVersion: protocol.version,
    participants: rows.map((row) => personOf(protocol, row, now)),
  };
  const dataHash = await house.vault.handOverClosedData(studyId, data).catch((error) => {
    throw error instanceof VaultUnavailable ? problemOf('closed_report_waiting') : error;
  });
  await house.streams.append({
    ...{ studyId, stream: studyStream, actor, cause: commandId, at: now },
    event: { type: 'closedReport.ordered', dataHash, participants: rows.length, reason },
    command: { commandId, contentHash, outcome: 'accepted', answer: dataHash },
  });
  house.live.announce(studyId, null);
  return { dataHash };
});

const safetyBoard = forStudy(routes.safetyBoard, async ({ scope, house }) => {
  await house.facts.listen();
  const entries = await listBoardEntries(house.database, scope.studyId);
  const facts = entries.map((entry) => ({ entry, facts: factsOf(entry) ?? {} }));
  return {
    orders: facts
      .filter(({ entry }) => entry.type === 'closedReport.ordered')
      .map(({ entry, facts: order }) => ({
        at: entry.recorded_at,
        role: entry.actor_role,
        reason: String(order.reason),
        participants: Number(order.participants),
        dataHash: String(order.dataHash),
      })),
    recommendations: facts
      .filter(({ entry }) => entry.type === 'board.recommended')
      .map(({ facts: word }) => ({ at: String(word.at), recommendation: word.recommendation as 'continue' })),
  };
});

export const safetyBoardHandlers = { orderClosedReport, safetyBoard };
