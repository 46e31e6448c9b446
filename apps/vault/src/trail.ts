/** The vault's own record: hash-chained per study, its content sealed under the study's key. */
import { createHmac, hash } from 'node:crypto';
import { appendEntry, type Entry, genesisHead, type Head, type Json, verifyStream } from '@limen/ledger';
import type { House } from './house.ts';
import { deriveKey, open, pad, seal, unpad } from './sealing.ts';
import type { Client } from './store.ts';

export type TrailEvent = {
  readonly type: string;
  readonly actor: { readonly id: string; readonly role: string };
  readonly cause: string;
  readonly payload: Json;
};

const stream = 'vault';
/** In place of a study id, which never begins with a hyphen. */
export const houseStream = '-house';
const digest = (text: string) => hash('sha256', text, 'hex');

/**
 * Never stored: of a payload only the arm may be unknown, so whoever had salt and commitment could try the arms one by
 * one without the key.
 */
function saltOf(key: Uint8Array, seq: number): string {
  return createHmac('sha256', key).update(`salt ${seq}`).digest('hex');
}

/** Appends inside the caller's transaction, which must hold the study's row lock. */
export async function appendTrail(house: House, client: Client, studyId: string, event: TrailEvent): Promise<void> {
  const last = await client.query<{ seq: number; hash: string; recorded_at: Date }>(
    'select seq, hash, recorded_at from trail where study_id = $1 order by seq desc limit 1',
    [studyId],
  );
  const row = last.rows[0];
  const head: Head = row
    ? { studyId, stream, seq: row.seq, hash: row.hash, recordedAt: row.recorded_at.toISOString() }
    : genesisHead(studyId, stream);
  const now = house.clock.now();
  const recordedAt = head.recordedAt !== null && head.recordedAt > now ? head.recordedAt : now;
  const key = deriveKey(house.key, `trail ${studyId}`);
  const salt = saltOf(key, head.seq + 1);
  const eventId = createHmac('sha256', key)
    .update(`id ${head.seq + 1} ${event.cause}`)
    .digest('hex')
    .slice(0, 32);
  const { entry } = appendEntry(head, { eventId, recordedAt, salt, ...event });
  const sealed = seal(key, pad(JSON.stringify(event.payload)), `trail ${studyId} ${entry.header.seq}`);
  await client.query(
    `insert into trail (study_id, seq, event_id, type, recorded_at, actor_id, actor_role, cause, commitment, previous, hash, sealed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      studyId,
      entry.header.seq,
      eventId,
      event.type,
      recordedAt,
      event.actor.id,
      event.actor.role,
      event.cause,
      entry.header.commitment,
      entry.header.previous,
      entry.hash,
      sealed,
    ],
  );
}

/** What concerns the vault as a whole, such as its people. The caller holds the lock of the house. */
export async function appendHouseTrail(house: House, client: Client, event: TrailEvent): Promise<void> {
  await appendTrail(house, client, houseStream, event);
}

type TrailRow = {
  seq: number;
  event_id: string;
  type: string;
  recorded_at: Date;
  actor_id: string;
  actor_role: string;
  cause: string | null;
  commitment: string;
  previous: string;
  hash: string;
  sealed: Buffer;
};

/** The trail of a study, opened. For the verifier and for people who are not blinded. */
export async function readTrail(house: House, client: Client, studyId: string): Promise<Entry[]> {
  const { rows } = await client.query<TrailRow>('select * from trail where study_id = $1 order by seq', [studyId]);
  const key = deriveKey(house.key, `trail ${studyId}`);
  return rows.map((row) => ({
    header: {
      studyId,
      stream,
      seq: row.seq,
      eventId: row.event_id,
      type: row.type,
      recordedAt: row.recorded_at.toISOString(),
      actor: { id: row.actor_id, role: row.actor_role },
      cause: row.cause,
      commitment: row.commitment,
      previous: row.previous,
    },
    hash: row.hash,
    content: {
      salt: saltOf(key, row.seq),
      payload: JSON.parse(unpad(open(key, row.sealed, `trail ${studyId} ${row.seq}`))) as Json,
    },
  }));
}

export async function verifyTrail(house: House, client: Client, studyId: string) {
  return verifyStream({ studyId, stream }, await readTrail(house, client, studyId), { digest });
}
