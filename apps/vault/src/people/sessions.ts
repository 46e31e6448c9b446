/** Sessions of the vault's people: short, in the database, each use of a power asks for the password again. */
import { hashToken, newToken } from '@limen/access';
import type { House } from '../house.ts';
import { type Person, readPerson } from './people.ts';

const minute = 60_000;
export const sessionMs = 8 * 60 * minute;
const idleMs = 30 * minute;
/** How long a confirmed password counts as fresh. */
export const stepUpMs = 5 * minute;

export type Session = { readonly tokenHash: string; readonly person: Person; readonly steppedUp: boolean };

type Row = { person_id: string; seen_at: Date; expires_at: Date; stepped_up_at: Date | null };

const msOf = (house: House): number => Date.parse(house.clock.now());

/** Signing in is a fresh proof of the password. */
export async function openSession(house: House, person: Person): Promise<string> {
  const token = newToken();
  const now = house.clock.now();
  await house.pool.query('delete from person_session where expires_at < $1', [now]);
  await house.pool.query(
    `insert into person_session (token_hash, person_id, opened_at, seen_at, expires_at, stepped_up_at)
     values ($1, $2, $3, $3, $4, $3)`,
    [hashToken(token), person.personId, now, new Date(msOf(house) + sessionMs)],
  );
  return token;
}

/** Null where the token is unknown, over, or idle too long, or the account is closed. */
export async function findSession(house: House, token: string): Promise<Session | null> {
  const tokenHash = hashToken(token);
  const { rows } = await house.pool.query<Row>('select * from person_session where token_hash = $1', [tokenHash]);
  const row = rows[0];
  const now = msOf(house);
  if (row === undefined || row.expires_at.getTime() <= now || now - row.seen_at.getTime() > idleMs) return null;
  const person = await readPerson(house, row.person_id);
  if (person === null || person.closedAt !== null) return null;
  await house.pool.query('update person_session set seen_at = $2 where token_hash = $1', [
    tokenHash,
    house.clock.now(),
  ]);
  const steppedUp = row.stepped_up_at !== null && now - row.stepped_up_at.getTime() < stepUpMs;
  return { tokenHash, person, steppedUp };
}

export async function stepUp(house: House, session: Session): Promise<void> {
  await house.pool.query('update person_session set stepped_up_at = $2 where token_hash = $1', [
    session.tokenHash,
    house.clock.now(),
  ]);
}

export async function closeSession(house: House, session: Session): Promise<void> {
  await house.pool.query('delete from person_session where token_hash = $1', [session.tokenHash]);
}
