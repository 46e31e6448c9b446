/** The safety inbox. */
import { routes } from '@limen/contract';
import { listAdverseEvents, listKeptEntries, listSignals, readSignal } from '../data/safety.ts';
import type { SignalTable } from '../data/schema.ts';
import { forStudy } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { cutPage, placeCursor, readCursor, writeCursor } from './cursor.ts';
import { openStudy } from './studies.ts';

function placeOf(text: string | undefined) {
  const [at, id] = readCursor(text, placeCursor) ?? [];
  return at === undefined || id === undefined ? null : { at, id };
}

function signalOf(row: SignalTable) {
  return {
    signalId: row.signal_id,
    participantId: row.participant_id,
    siteId: row.site_id,
    rule: row.rule,
    severity: row.severity,
    about: row.about,
    message: row.message,
    raisedAt: row.raised_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    disposition: row.disposition,
  };
}

const signals = forStudy(routes.signals, async ({ scope, query, house }) => {
  const open = query.open === undefined ? null : query.open === 'true';
  const page = { after: placeOf(query.after), limit: query.limit + 1, open };
  const rows = await listSignals(house.database, scope, page);
  const [shown, next] = cutPage(rows, query.limit, (row) => writeCursor([row.raised_at, row.signal_id]));
  return { signals: shown.map(signalOf), next };
});

const acknowledgeSignal = forStudy(routes.acknowledgeSignal, async ({ scope, params, body, house }) => {
  const { signalId } = params;
  const found = await readSignal(house.database, scope, signalId);
  if (found === null) throw problemOf('unknown_signal');
  const study = await openStudy(house, scope.studyId);
  const { commandId, disposition } = body;
  const act = { study, participantId: found.participant_id, actor: scope.actor, now: house.now() };
  const acknowledged = { type: 'signal.acknowledged', signalId, disposition } as const;
  await house.writer.note(act, commandId, { ...body, signalId }, acknowledged, async () => {
    const current = await readSignal(house.database, scope, signalId);
    if (current?.acknowledged_at != null) throw problemOf('already_acknowledged');
  });
  return signalOf((await readSignal(house.database, scope, signalId)) ?? found);
});

const adverseEvents = forStudy(routes.adverseEvents, async ({ scope, query, house }) => {
  const page = { after: placeOf(query.after), limit: query.limit + 1 };
  const rows = await listAdverseEvents(house.database, scope, page);
  const [shown, next] = cutPage(rows, query.limit, (row) => writeCursor([row.reported_at, row.adverse_event_id]));
  return {
    adverseEvents: shown.map((row) => ({
      adverseEventId: row.adverse_event_id,
      participantId: row.participant_id,
      siteId: row.site_id,
      term: row.term,
      onset: row.onset,
      grade: row.grade,
      serious: row.serious,
      ongoing: row.ongoing,
      relatedness: row.relatedness,
      outcome: row.outcome,
      reportedAt: row.reported_at,
      note: row.note,
    })),
    next,
  };
});

const keptEntries = forStudy(routes.keptEntries, async ({ scope, query, house }) => {
  const page = { after: placeOf(query.after), limit: query.limit + 1 };
  const rows = await listKeptEntries(house.database, scope, page);
  const [shown, next] = cutPage(rows, query.limit, (row) => writeCursor([row.recorded_at, row.event_id]));
  return {
    entries: shown.map((row) => ({
      eventId: row.event_id,
      participantId: row.participant_id,
      recordedAt: row.recorded_at,
      command: row.command,
      code: row.code,
      content: row.content,
    })),
    next,
  };
});

export const safetyHandlers = { signals, acknowledgeSignal, adverseEvents, keptEntries };
