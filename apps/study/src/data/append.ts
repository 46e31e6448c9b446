/** The write path to the tables: one named, prepared statement; see `append_events` in the migrations. */
import type { Actor, Entry } from '@limen/ledger';
import { type Database, isOutage } from './database.ts';
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

type Row = {
  place?: number;
  result: string;
  known_hash: string | null;
  known_outcome: string | null;
  known_answer: string | null;
};

const single =
  'SELECT * FROM append_events($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)';
const several = 'SELECT * FROM append_batch($1::jsonb)';

/** Appends one act in a transaction of its own. */
export async function appendEvents(database: Database, append: Append): Promise<Appended> {
  const act = columnsOf(append);
  const values = [
    ...[act.study, act.stream, act.expected, act.needs_open, act.actor_id, act.actor_role, act.cause, act.recorded_at],
    ...[act.event_ids, act.types, act.commitments, act.previous, act.hashes, act.salts, act.payloads],
    ...[act.command_id, act.content_hash, act.outcome, act.answer],
    ...[jsonOrNull(act.participant), act.state, jsonOrNull(act.folded)],
  ];
  const { rows } = await database.pool.query<Row>({ name: 'append_events', text: single, values });
  return readOutcome(rows[0], append.command);
}

/** Appends acts of different streams in one transaction. Each is accepted or not by itself; a fault undoes all. */
async function appendBatch(database: Database, batch: readonly Append[]): Promise<Appended[]> {
  const acts = batch.map((append, place) => ({ place, ...columnsOf(append) }));
  // Every batch holds its streams in the same order, so that two servers cannot wait for one another.
  acts.sort((a, b) => (`${a.study}/${a.stream}` < `${b.study}/${b.stream}` ? -1 : 1));
  const values = [JSON.stringify(acts)];
  const { rows } = await database.pool.query<Row>({ name: 'append_batch', text: several, values });
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return batch.map((append, place) => readOutcome(byPlace.get(place), append.command));
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function columnsOf(append: Append) {
  const { entries, command } = append;
  return {
    study: append.studyId,
    stream: append.stream,
    expected: append.expected,
    needs_open: append.needsOpen,
    actor_id: append.actor.id,
    actor_role: append.actor.role,
    cause: append.cause,
    recorded_at: append.recordedAt,
    event_ids: entries.map(({ header }) => header.eventId),
    types: entries.map(({ header }) => header.type),
    commitments: entries.map(({ header }) => header.commitment),
    previous: entries.map(({ header }) => header.previous),
    hashes: entries.map(({ hash }) => hash),
    salts: entries.map(({ content }) => content?.salt ?? null),
    payloads: append.payloads,
    command_id: command?.commandId ?? null,
    content_hash: command?.contentHash ?? null,
    outcome: command?.outcome ?? null,
    answer: command?.answer ?? null,
    participant: append.participant,
    state: append.state,
    folded: append.rows,
  };
}

const results: ReadonlySet<string> = new Set(['accepted', 'locked', 'stale', 'taken']);

function readOutcome(row: Row | undefined, command: RememberedCommand | null): Appended {
  const { result = '', known_hash: contentHash = null } = row ?? {};
  if (results.has(result)) return { result: result as 'accepted' | 'locked' | 'stale' | 'taken' };
  if (result !== 'repeated' || command === null || contentHash === null) throw new Error('An append gave no outcome.');
  const outcome = row?.known_outcome === 'kept' ? 'kept' : 'accepted';
  return { result, known: { commandId: command.commandId, contentHash, outcome, answer: row?.known_answer ?? '' } };
}

export type Appender = { append(append: Append): Promise<Appended> };

const actsPerBatch = 64;

type Waiting = { readonly append: Append; resolve(appended: Appended): void; reject(error: unknown): void };

/**
 * Takes acts one by one and sends together what arrives while others are on their way: under load, many acts share one
 * flush to disk, and a lone act waits for nobody. One batch at a time: two that overlap are each half as large and cost
 * more. Callers never have two acts on one stream under way.
 */
export function openAppender(database: Database): Appender {
  const waiting: Waiting[] = [];
  let sending = false;

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const appended = await appendBatch(
        database,
        batch.map(({ append }) => append),
      );
      for (const [index, { resolve }] of batch.entries()) resolve(appended[index] ?? { result: 'stale' });
    } catch (error) {
      if (isOutage(error)) for (const { reject } of batch) reject(error);
      // One act at fault must not take the others with it.
      else await Promise.all(batch.map(sendAlone));
    }
  };

  const sendAlone = ({ append, resolve, reject }: Waiting): Promise<void> =>
    appendEvents(database, append).then(resolve, reject);

  const pump = (): void => {
    if (sending || waiting.length === 0) return;
    const batch = waiting.splice(0, actsPerBatch);
    const [first] = batch;
    sending = true;
    const sent = batch.length === 1 && first !== undefined ? sendAlone(first) : send(batch);
    void sent.finally(() => {
      sending = false;
      pump();
    });
  };

  return {
    append: (append) =>
      new Promise((resolve, reject) => {
        waiting.push({ append, resolve, reject });
        pump();
      }),
  };
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
