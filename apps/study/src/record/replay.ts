/** Folds the ledger of every participant again and compares it, row for row and column for column, with the tables. */
import { canonicalJson, genesisHead, headOf } from '@limen/ledger';
import { parseProtocol } from '@limen/protocol';
import { type Database, openDatabase } from '../data/database.ts';
import { entryOf, factsOf, listLedgerStudyIds, walkLedger } from '../data/ledger.ts';
import { type FoldedTable, foldedTables, listOrphans, readFoldedRows, readStateSeqs } from '../data/replay.ts';
import type { LedgerTable } from '../data/schema.ts';
import { listAmendments, readStudy } from '../data/studies.ts';
import { stateAtStart } from './decide.ts';
import { eventOf, type ParticipantEvent } from './facts.ts';
import { changesOf, evolveMilestones, evolveState, type ParticipantRecord, rowOf } from './fold.ts';
import { hashProtocol } from './protocol-hash.ts';
import { installationId, studyStream } from './streams.ts';
import { openStudies } from './studies.ts';

export type ReplayDifference = {
  readonly table: string;
  /** The row, such as `pilot/7K2M…/dose@4`. */
  readonly key: string;
  readonly column: string;
  readonly stored: unknown;
  readonly folded: unknown;
};

export type ReplayReport = {
  readonly ok: boolean;
  readonly streams: number;
  readonly entries: number;
  /** The first thousand. */
  readonly differences: readonly ReplayDifference[];
};

const differencesKept = 1_000;
const participantsPerGroup = 100;

type Row = Record<string, unknown>;
type Rows = Map<string, Row>;
type Folding = {
  record: ParticipantRecord | null;
  /** Where the stored state stands, and the state folded up to there. */
  readonly stateSeq: number;
  stateThere: unknown;
  rows: Map<FoldedTable, Rows>;
  broken: string | null;
};

export async function verifyReplay(databaseUrl: string): Promise<ReplayReport> {
  const database = openDatabase(databaseUrl, { connections: 2 });
  try {
    return await replayDatabase(database);
  } finally {
    await database.close();
  }
}

export async function replayDatabase(database: Database): Promise<ReplayReport> {
  const differences: ReplayDifference[] = [];
  let [streams, entries] = [0, 0];
  const report = (difference: ReplayDifference) => {
    if (differences.length < differencesKept) differences.push(difference);
  };
  for (const studyId of await listLedgerStudyIds(database)) {
    if (studyId === installationId) continue;
    const counted = await replayStudy(database, studyId, report);
    streams += counted.streams;
    entries += counted.entries;
  }
  return { ok: differences.length === 0, streams, entries, differences };
}

async function replayStudy(database: Database, studyId: string, report: (difference: ReplayDifference) => void) {
  const study = await openStudies(database).get(studyId);
  const guessActivity = study?.protocol.blinding.guessActivity;
  const stateSeqs = await readStateSeqs(database, studyId);
  const recorded: RecordedVersion[] = [];
  let group = new Map<string, Folding>();
  let [streams, entries] = [0, 0];
  const compareGroup = async () => {
    await compare(database, studyId, group, report);
    streams += group.size;
    group = new Map();
  };
  for await (const row of walkLedger(database, studyId)) {
    if (row.stream === studyStream) {
      const version = versionIn(row);
      if (version !== null) recorded.push(version);
      continue;
    }
    if (!group.has(row.stream) && group.size >= participantsPerGroup) await compareGroup();
    const folding = group.get(row.stream) ?? startFolding(stateSeqs.get(row.stream) ?? 0);
    group.set(row.stream, folding);
    entries += 1;
    foldRow(folding, row, guessActivity);
  }
  await compareGroup();
  await reportOrphans(database, studyId, report);
  await compareVersions(database, studyId, recorded, report);
  return { streams, entries };
}

function startFolding(stateSeq: number): Folding {
  return { record: null, stateSeq, stateThere: null, rows: new Map(), broken: null };
}

/** An entry that cannot be folded is a difference of its own; the rest of the stream is left out. */
function foldRow(folding: Folding, row: LedgerTable, guessActivity: string | undefined): void {
  if (folding.broken !== null) return;
  try {
    const facts = factsOf(row);
    const event: ParticipantEvent = facts === null ? { type: 'entry.erased' } : eventOf(row.type, facts);
    const before = folding.record ?? startOf(row);
    const recorded = { eventId: row.event_id, recordedAt: row.recorded_at, actorId: row.actor_id };
    const state = evolveState(before.state, event);
    const milestones = evolveMilestones(before.milestones, event, row.recorded_at);
    folding.record = { state, milestones, head: headOf(entryOf(row)), stateSeq: folding.stateSeq };
    if (row.seq === folding.stateSeq) folding.stateThere = state;
    for (const [table, change] of changesOf(state, event, recorded, guessActivity)) applyChange(folding, table, change);
  } catch (error) {
    folding.broken = `${row.seq}: ${error instanceof Error ? error.name : 'error'}`;
  }
}

function startOf(row: LedgerTable): ParticipantRecord {
  const milestones = {
    invitedAt: row.recorded_at,
    screenedAt: null,
    consentedAt: null,
    randomisedAt: null,
    endedAt: null,
  };
  const head = genesisHead(row.study_id, row.stream);
  return { state: stateAtStart(row.study_id, row.stream), milestones, head, stateSeq: 0 };
}

/** The same as `fold_rows` in the database does, in memory. */
function applyChange(folding: Folding, table: string, change: Row): void {
  if (!table.endsWith('_changes')) {
    rowsOf(folding, table as FoldedTable).set(keyOf(table as FoldedTable, change), change);
    return;
  }
  const target = table.slice(0, -'_changes'.length) as FoldedTable;
  const rows = rowsOf(folding, target);
  const row = rows.get(keyOf(target, change));
  if (row === undefined) return;
  if (target === 'submission') {
    const answers = { ...(row.answers as Row), ...(change.answers as Row) };
    Object.assign(row, { answers, scores: change.scores });
  } else if (target === 'guess') {
    if (change.item === 'guess') row.guess = change.guess;
    if (change.item === 'confidence') row.confidence = change.confidence;
  } else Object.assign(row, change);
}

function rowsOf(folding: Folding, table: FoldedTable): Rows {
  const known = folding.rows.get(table);
  if (known !== undefined) return known;
  const made: Rows = new Map();
  folding.rows.set(table, made);
  return made;
}

function keyOf(table: FoldedTable, row: Row): string {
  return foldedTables[table].map((column) => String(row[column])).join('/');
}

async function compare(
  database: Database,
  studyId: string,
  group: ReadonlyMap<string, Folding>,
  report: (difference: ReplayDifference) => void,
): Promise<void> {
  if (group.size === 0) return;
  for (const [stream, { broken }] of group) {
    if (broken === null) continue;
    report({ table: 'ledger', key: `${studyId}/${stream}/${broken}`, column: 'payload', stored: null, folded: null });
  }
  const participantIds = [...group].filter(([, { broken }]) => broken === null).map(([stream]) => stream);
  for (const table of Object.keys(foldedTables) as FoldedTable[]) {
    const expected: Rows = new Map();
    for (const stream of participantIds) {
      const folding = group.get(stream);
      if (folding?.record == null) continue;
      if (table !== 'participant') for (const [key, row] of folding.rows.get(table) ?? []) expected.set(key, row);
      else {
        const { record, stateSeq, stateThere } = folding;
        expected.set(stream, { ...rowOf(record), state: stateThere, state_seq: stateSeq });
      }
    }
    const stored: Rows = new Map();
    for (const row of await readFoldedRows(database, table, studyId, participantIds)) {
      if (table === 'participant') row.state = parse(String(row.state));
      stored.set(keyOf(table, row), row);
    }
    compareTable(table, studyId, stored, expected, report);
  }
}

function compareTable(
  table: string,
  studyId: string,
  stored: Rows,
  expected: Rows,
  report: (difference: ReplayDifference) => void,
): void {
  for (const [key, row] of expected) {
    const found = stored.get(key);
    if (found === undefined) {
      report({ table, key: `${studyId}/${key}`, column: '*', stored: null, folded: 'a row' });
      continue;
    }
    for (const column of Object.keys(found)) {
      const [is, should] = [plain(found[column]), plain(row[column])];
      if (canonicalJson(is) !== canonicalJson(should)) {
        report({ table, key: `${studyId}/${key}`, column, stored: is, folded: should });
      }
    }
  }
  for (const key of stored.keys()) {
    if (!expected.has(key)) report({ table, key: `${studyId}/${key}`, column: '*', stored: 'a row', folded: null });
  }
}

type RecordedVersion = { readonly version: string; readonly hash: string };

/** A version of the protocol as the study's stream tells of it. */
function versionIn(row: LedgerTable): RecordedVersion | null {
  const facts = row.type === 'study.created' || row.type === 'protocol.amended' ? factsOf(row) : null;
  return facts === null ? null : { version: String(facts.protocolVersion), hash: String(facts.protocolHash) };
}

/** The documents themselves are not in the chain; their hashes are. */
async function compareVersions(
  database: Database,
  studyId: string,
  recorded: readonly RecordedVersion[],
  report: (difference: ReplayDifference) => void,
): Promise<void> {
  const study = await readStudy(database, studyId);
  if (study === null) return;
  const documents = [study.protocol, ...(await listAmendments(database, studyId)).map(({ protocol }) => protocol)];
  const stored = documents.map((text): RecordedVersion => {
    const parsed = parseProtocol(text);
    return parsed.ok
      ? { version: parsed.protocol.version, hash: hashProtocol(parsed.protocol) }
      : { version: '?', hash: 'the document cannot be read' };
  });
  for (let place = 0; place < Math.max(stored.length, recorded.length); place += 1) {
    const [is, should] = [stored[place], recorded[place]];
    if (is?.version === should?.version && is?.hash === should?.hash) continue;
    const key = `${studyId}/${should?.version ?? is?.version ?? ''}`;
    report({ table: 'protocol', key, column: 'protocol', stored: is?.hash ?? null, folded: should?.hash ?? null });
  }
}

async function reportOrphans(
  database: Database,
  studyId: string,
  report: (difference: ReplayDifference) => void,
): Promise<void> {
  for (const table of Object.keys(foldedTables) as FoldedTable[]) {
    for (const participantId of await listOrphans(database, table, studyId, differencesKept)) {
      report({ table, key: `${studyId}/${participantId}`, column: '*', stored: 'a row', folded: null });
    }
  }
}

/** As JSON has it: an absent field and null are the same to a table. Instants are compared to the millisecond. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'string' && instantPattern.test(value)) return new Date(value).toISOString();
  return JSON.parse(JSON.stringify(value));
}

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
