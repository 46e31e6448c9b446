/** The record: audit trail, checkpoints, archive, blinded tables, live view. */

import { dataHeaders, tokenOf } from '@limen/access';
import { routes } from '@limen/contract';
import { membershipIn } from '../access/access.ts';
import { listCheckpoints } from '../data/checkpoints.ts';
import { walkAdverseEvents, walkDoses, walkParticipants, walkSubmissions } from '../data/exports.ts';
import { factsOf, listLedger } from '../data/ledger.ts';
import { renderStudyArchive } from '../record/archive.ts';
import { forStudy, streaming } from '../server/call.ts';
import { problemOf } from '../server/problem.ts';
import { type Cell, csvText } from './csv.ts';
import { cutPage, ledgerCursor, readCursor, writeCursor } from './cursor.ts';

const ledgerEntries = forStudy(routes.ledgerEntries, async ({ scope, query, house }) => {
  const [at, stream, seq] = readCursor(query.after, ledgerCursor) ?? [];
  const after = at === undefined || stream === undefined || seq === undefined ? null : { at, stream, seq };
  const rows = await listLedger(house.database, scope, { ...query, after, limit: query.limit + 1 });
  const [shown, next] = cutPage(rows, query.limit, (row) => writeCursor([row.recorded_at, row.stream, row.seq]));
  return {
    entries: shown.map((row) => ({
      stream: row.stream,
      seq: row.seq,
      eventId: row.event_id,
      type: row.type,
      recordedAt: row.recorded_at,
      actor: { id: row.actor_id, role: row.actor_role },
      cause: row.cause ?? '',
      commitment: row.commitment,
      previous: row.previous,
      hash: row.hash,
      data: factsOf(row),
    })),
    next,
  };
});

const checkpoints = forStudy(routes.checkpoints, async ({ scope, house }) => ({
  checkpoints: (await listCheckpoints(house.database, scope.studyId)).map(({ checkpoint }) => checkpoint),
}));

const takeCheckpoint = forStudy(routes.takeCheckpoint, async ({ scope, house }) => {
  const taken = await house.checkpoints.take(scope.studyId);
  if (taken === null) throw problemOf('not_found');
  return taken;
});

const archive = forStudy(routes.archive, async ({ scope, house, request }) => {
  // A member of one site may not carry off the record of the others.
  if (scope.siteId !== null) throw problemOf('forbidden');
  const now = house.now();
  const exported = { type: 'record.exported', studyId: scope.studyId, what: 'archive' } as const;
  await house.streams.note(scope.actor, exported, request.id, now);
  return renderStudyArchive(house.database, scope.studyId, now);
});

const exportTable = forStudy(routes.exportTable, async ({ scope, params, house, request }) => {
  const exported = { type: 'record.exported', studyId: scope.studyId, what: params.table } as const;
  await house.streams.note(scope.actor, exported, request.id, house.now());
  const { database } = house;
  switch (params.table) {
    case 'participants':
      return csvText(participantColumns, walkParticipants(database, scope), (row) => [
        cellsOf(row, participantColumns),
      ]);
    case 'doses':
      return csvText(doseColumns, walkDoses(database, scope), (row) => [cellsOf(row, doseColumns)]);
    case 'adverse-events':
      return csvText(adverseEventColumns, walkAdverseEvents(database, scope), (row) => [
        cellsOf(row, adverseEventColumns),
      ]);
    case 'answers':
      return csvText([...submissionColumns, 'item', 'value'], walkSubmissions(database, scope), (row) =>
        perKey(cellsOf(row, submissionColumns), row.answers),
      );
    case 'scores':
      return csvText([...submissionColumns, 'score', 'value'], walkSubmissions(database, scope), (row) =>
        perKey(cellsOf(row, submissionColumns), row.scores),
      );
  }
});

/** The kit label is left out: it belongs to the people who hand kits over. */
const participantColumns = [
  'participant_id',
  'site_id',
  'status',
  'time_zone',
  'start_date',
  'protocol_version',
  'consent_version',
  'screening_result',
  'doses_taken',
  'doses_missed',
  'answered',
  'answered_late',
  'invited_at',
  'screened_at',
  'consented_at',
  'randomised_at',
  'ended_at',
] as const;
const doseColumns = [
  'participant_id',
  'occurrence',
  'study_day',
  'outcome',
  'taken_at',
  'timing',
  'reason',
  'recorded_at',
] as const;
const adverseEventColumns = [
  'participant_id',
  'adverse_event_id',
  'site_id',
  'term',
  'onset',
  'grade',
  'serious',
  'ongoing',
  'relatedness',
  'outcome',
  'reported_at',
  'note',
] as const;
const submissionColumns = [
  'participant_id',
  'occurrence',
  'activity',
  'study_day',
  'instrument',
  'instrument_version',
  'timing',
  'recorded_at',
] as const;

function cellsOf<Column extends string>(row: Readonly<Record<Column, Cell>>, columns: readonly Column[]): Cell[] {
  return columns.map((column) => row[column]);
}

function perKey(cells: readonly Cell[], values: Readonly<Record<string, unknown>>): Cell[][] {
  const names = Object.keys(values).sort();
  return names.map((name) => [...cells, name, cellOf(values[name])]);
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.join(';') : JSON.stringify(value);
}

const studyLive = forStudy(routes.studyLive, async ({ scope, house, request, reply }) => {
  if (house.live.isFull()) throw problemOf('too_many_requests');
  const { studyId, siteId, role } = scope;
  const { token } = tokenOf(request.headers);
  const stillAllowed = async () => {
    const session = token === null ? null : await house.sessions.find(token, house.now());
    return session !== null && membershipIn(session, studyId)?.role === role;
  };
  reply.hijack();
  reply.raw.writeHead(200, { ...dataHeaders, 'content-type': 'text/event-stream; charset=utf-8' });
  house.live.join({ studyId, siteId, response: reply.raw }, stillAllowed);
  return streaming;
});

export const recordHandlers = { ledgerEntries, checkpoints, takeCheckpoint, archive, exportTable, studyLive };
