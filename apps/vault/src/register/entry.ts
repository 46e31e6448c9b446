/** The register's entries: capsules of each batch from one account to another, balanced in the database itself. */
import { createHmac } from 'node:crypto';
import type { House } from '../house.ts';
import { deriveKey, open, pad, seal, unpad } from '../sealing.ts';
import type { Client } from '../store.ts';
import type { OpenStudy } from '../study.ts';

/**
 * Where capsules are. `outside`: where they came from, in the red by as many as were taken in; `store`: loose in the
 * vault; `kits`: in kits there; `used`: taken, or not accounted for by a count on return.
 */
export type Account =
  | 'outside'
  | 'store'
  | 'kits'
  | 'transit'
  | `site ${string}`
  | `participants ${string}`
  | 'used'
  | 'lost'
  | 'destroyed';

export type EntryKind =
  | 'takenIn'
  | 'kitsMade'
  | 'packed'
  | 'sent'
  | 'received'
  | 'missing'
  | 'dispensed'
  | 'returned'
  | 'used'
  | 'lost'
  | 'takenBack'
  | 'destroyed'
  | 'corrected';

/** Capsules by batch. */
export type Capsules = Readonly<Record<string, number>>;

export type EntryDetails = {
  readonly by: string;
  readonly witness?: string;
  readonly reason?: string;
  /** Such as the number of an order form. */
  readonly reference?: string;
  readonly kits?: readonly string[];
  readonly participantId?: string;
  readonly shipmentId?: string;
  /** The entry that was wrong. */
  readonly corrects?: string;
};

export type NewEntry = {
  readonly kind: EntryKind;
  readonly happenedAt: string;
  readonly from: Account;
  readonly to: Account;
  readonly capsules: Capsules;
  readonly details: EntryDetails;
};

export type Entry = NewEntry & { readonly entryId: string; readonly seq: number; readonly recordedAt: string };

const modulus = 2 ** 32;

/** What a line's number is hidden behind. */
function maskOf(study: OpenStudy, entryId: string, batchId: string): number {
  const key = deriveKey(study.dataKey, 'register');
  return createHmac('sha256', key)
    .update(JSON.stringify([entryId, batchId]))
    .digest()
    .readUInt32BE(0);
}

const wrap = (number: number): number => ((number % modulus) + modulus) % modulus;
const purposeOf = (study: OpenStudy, entryId: string): string => `register ${study.studyId} ${entryId}`;

/** Inside the caller's transaction, which holds the study's row lock. Nothing is written where nothing moves. */
export async function postEntry(
  house: House,
  client: Client,
  study: OpenStudy,
  entry: NewEntry,
): Promise<string | null> {
  const moved = Object.entries(entry.capsules).filter(([, capsules]) => capsules !== 0);
  if (moved.length === 0) return null;
  if (entry.from === entry.to) throw new RangeError('An entry moves capsules between two accounts');
  if (moved.some(([, capsules]) => !Number.isInteger(capsules) || capsules < 0)) {
    throw new RangeError('Capsules are whole and move in the direction of the entry');
  }
  const entryId = `e-${Buffer.from(house.random(8)).toString('hex')}`;
  await client.query(
    `insert into register_entry (study_id, entry_id, seq, kind, gave, got, happened_at, recorded_at, sealed)
     select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7, $8 from register_entry where study_id = $1`,
    [
      study.studyId,
      entryId,
      entry.kind,
      entry.from,
      entry.to,
      entry.happenedAt,
      house.clock.now(),
      seal(study.dataKey, pad(JSON.stringify(entry.details)), purposeOf(study, entryId)),
    ],
  );
  await insertLines(client, study, entryId, entry);
  return entryId;
}

/** Every batch of the study has its two lines, so that which of them moved is not to be seen. */
async function insertLines(client: Client, study: OpenStudy, entryId: string, entry: NewEntry): Promise<void> {
  const { rows } = await client.query<{ batch_id: string }>(
    'select batch_id from batch where study_id = $1 order by batch_id',
    [study.studyId],
  );
  const known = new Set(rows.map((row) => row.batch_id));
  const strange = Object.keys(entry.capsules).find((batchId) => !known.has(batchId));
  if (strange !== undefined) throw new RangeError(`No batch ${strange}`);
  for (const batchId of known) {
    const shown = (entry.capsules[batchId] ?? 0) + maskOf(study, entryId, batchId);
    await client.query(
      `insert into register_line (study_id, entry_id, batch_id, account, masked)
       values ($1, $2, $3, $4, $5), ($1, $2, $3, $6, $7)`,
      [study.studyId, entryId, batchId, entry.from, wrap(-shown), entry.to, wrap(shown)],
    );
  }
}

type EntryRow = {
  entry_id: string;
  seq: number;
  kind: EntryKind;
  gave: Account;
  got: Account;
  happened_at: Date;
  recorded_at: Date;
  sealed: Buffer;
};
type LineRow = { entry_id: string; batch_id: string; account: Account; masked: string };

/** All of a study's entries, as they were written down. */
export async function readEntries(client: Client, study: OpenStudy): Promise<Entry[]> {
  const entries = await client.query<EntryRow>('select * from register_entry where study_id = $1 order by seq', [
    study.studyId,
  ]);
  const lines = await client.query<LineRow>('select * from register_line where study_id = $1 order by batch_id', [
    study.studyId,
  ]);
  const linesOf = Map.groupBy(lines.rows, (line) => line.entry_id);
  return entries.rows.map((row) => ({
    entryId: row.entry_id,
    seq: row.seq,
    kind: row.kind,
    from: row.gave,
    to: row.got,
    happenedAt: row.happened_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    details: JSON.parse(unpad(open(study.dataKey, row.sealed, purposeOf(study, row.entry_id)))) as EntryDetails,
    capsules: readCapsules(study, row, linesOf.get(row.entry_id) ?? []),
  }));
}

/** @throws RangeError where the two lines of a batch do not say the same */
function readCapsules(study: OpenStudy, entry: EntryRow, lines: readonly LineRow[]): Capsules {
  const capsules: Record<string, number> = {};
  for (const { batch_id: batchId, account, masked } of lines) {
    const mask = maskOf(study, entry.entry_id, batchId);
    const moved = wrap(account === entry.got ? Number(masked) - mask : -Number(masked) - mask);
    if ((capsules[batchId] ?? moved) !== moved) throw new RangeError(`Entry ${entry.entry_id} does not balance`);
    capsules[batchId] = moved;
  }
  return Object.fromEntries(Object.entries(capsules).filter(([, moved]) => moved !== 0));
}
