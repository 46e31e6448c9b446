/** The write path to the tables: one named, prepared statement; see `append_events` in the migrations. */
import type { Actor, Entry } from '@limen/ledger';
import type { Database } from './database.ts';
import { sqlState } from './database.ts';
import type { ParticipantTable } from './schema.ts';

export type RememberedCommand = {
  readonly commandId: string;
  readonly contentHash: string;
  readonly outcome: 'accepted' | 'kept';
  readonly answer: string;
};

/** Rows of the folded tables, by table name, as `fold_rows` takes them. */
export type FoldedRows = Readonly<Record<string, readonly object[]>>;

export type Append = {
  readonly studyId: string;
  readonly stream: string;
  /** Sequence number the stream must have; 0: the stream must be new. */
  readonly expected: number;
  /** Whether a locked study refuses this. */
  readonly needsOpen: boolean;
  readonly actor: Actor;
  readonly cause: string | null;
  readonly recordedAt: string;
  readonly entries: readonly Entry[];
  readonly payloads: readonly string[];
  readonly command: RememberedCommand | null;
  readonly participant: Omit<ParticipantTable, 'state' | 'state_seq'> | null;
  /** null: the stored state stays, and these entries are folded onto it when it is read. */
  readonly state: string | null;
  readonly rows: FoldedRows | null;
};

export type Appended =
  | { readonly result: 'accepted' | 'locked' | 'stale' | 'taken' }
  | { readonly result: 'repeated'; readonly known: RememberedCommand };

type Row = { result: string; known_hash: string | null; known_outcome: string | null; known_answer: string | null };

const statement =
  'SELECT * FROM append_events($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)';

export async function appendEvents(database: Database, append: Append): Promise<Appended> {
  const { entries, command } = append;
  const values = [
    append.studyId,
    append.stream,
    append.expected,
    append.needsOpen,
    append.actor.id,
    append.actor.role,
    append.cause,
    append.recordedAt,
    entries.map(({ header }) => header.eventId),
    entries.map(({ header }) => header.type),
    entries.map(({ header }) => header.commitment),
    entries.map(({ header }) => header.previous),
    entries.map(({ hash }) => hash),
    entries.map(({ content }) => content?.salt ?? null),
    append.payloads,
    command?.commandId ?? null,
    command?.contentHash ?? null,
    command?.outcome ?? null,
    command?.answer ?? null,
    append.participant === null ? null : JSON.stringify(append.participant),
    append.state,
    append.rows === null ? null : JSON.stringify(append.rows),
  ];
  try {
    const { rows } = await database.pool.query<Row>({ name: 'append_events', text: statement, values });
    return readOutcome(rows[0], command);
  } catch (error) {
    if (sqlState(error) === 'LM001') return { result: 'stale' };
    if (sqlState(error) === 'LM002') return { result: 'taken' };
    throw error;
  }
}

function readOutcome(row: Row | undefined, command: RememberedCommand | null): Appended {
  if (row?.result === 'accepted' || row?.result === 'locked') return { result: row.result };
  if (row?.result === 'repeated' && command !== null && row.known_hash !== null) {
    const outcome = row.known_outcome === 'kept' ? 'kept' : 'accepted';
    const known = {
      commandId: command.commandId,
      contentHash: row.known_hash,
      outcome,
      answer: row.known_answer ?? '',
    };
    return { result: 'repeated', known: known as RememberedCommand };
  }
  throw new Error('append_events gave no outcome');
}

export async function readCommand(
  database: Database,
  studyId: string,
  stream: string,
  commandId: string,
): Promise<RememberedCommand | null> {
  const row = await database.query
    .selectFrom('command')
    .selectAll()
    .where('study_id', '=', studyId)
    .where('stream', '=', stream)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { commandId, contentHash: row.content_hash, outcome: row.outcome, answer: row.answer };
}
