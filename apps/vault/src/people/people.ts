/** The vault's people: accounts, roles in studies, passwords. Every change stands in the trail of the house. */
import { randomInt } from 'node:crypto';
import { hashPassword, verifyPassword } from '@limen/access';
import type { House } from '../house.ts';
import { Refusal } from '../refusals.ts';
import { type Client, inTransaction } from '../store.ts';
import { appendHouseTrail } from '../trail.ts';

/**
 * What somebody may learn: `pharmacist` what kits hold; `physician` one participant's treatment in an emergency;
 * `safety` one participant's treatment for a report to an authority; `dsmb` the closed report.
 */
export const vaultRoles = ['pharmacist', 'physician', 'safety', 'dsmb'] as const;
export type VaultRole = (typeof vaultRoles)[number];

export type Person = {
  readonly personId: string;
  readonly login: string;
  readonly name: string;
  readonly keeper: boolean;
  readonly starting: boolean;
  readonly closedAt: Date | null;
  readonly roles: readonly { readonly studyId: string; readonly role: VaultRole }[];
};

export const shortestPassword = 12;

type Row = {
  person_id: string;
  login_key: string;
  name: string;
  password_hash: string;
  starting: boolean;
  keeper: boolean;
  closed_at: Date | null;
};

export function loginKeyOf(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase();
}

export async function hasKeeper(house: House): Promise<boolean> {
  return (await house.pool.query('select 1 from person where keeper and closed_at is null')).rowCount !== 0;
}

export async function listPeople(house: House): Promise<Person[]> {
  const { rows } = await house.pool.query<Row>('select * from person order by name, person_id');
  return Promise.all(rows.map((row) => withRoles(house, row)));
}

export async function readPerson(house: House, personId: string): Promise<Person | null> {
  const { rows } = await house.pool.query<Row>('select * from person where person_id = $1', [personId]);
  return rows[0] ? withRoles(house, rows[0]) : null;
}

async function withRoles(house: House, row: Row): Promise<Person> {
  const { rows } = await house.pool.query<{ studyId: string; role: VaultRole }>(
    'select study_id as "studyId", role from person_role where person_id = $1 order by study_id, role',
    [row.person_id],
  );
  const { person_id: personId, login_key: login, name, keeper, starting, closed_at: closedAt } = row;
  return { personId, login, name, keeper, starting, closedAt, roles: rows };
}

export type NewPerson = { readonly login: string; readonly name: string; readonly keeper: boolean };

/** `password`: their own at the first run; a starting one otherwise, which is answered and has to be changed. */
export async function createPerson(
  house: House,
  by: string,
  { login, name, keeper }: NewPerson,
  password?: string,
): Promise<{ personId: string; startingPassword: string | null }> {
  const given = password ?? startingPassword();
  if (password !== undefined) assertPassword(password);
  const loginKey = loginKeyOf(login);
  if (loginKey === '' || name.trim() === '')
    throw new Refusal('request_invalid', 'A sign-in name and a name are needed.');
  const hash = await hashPassword(given);
  const personId = Buffer.from(house.random(9)).toString('base64url');
  await inHouse(house, async (client) => {
    const known = await client.query('select 1 from person where login_key = $1', [loginKey]);
    if (known.rowCount !== 0) throw new Refusal('request_invalid', 'This sign-in name is taken.');
    await client.query(
      `insert into person (person_id, login_key, name, password_hash, starting, keeper, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [personId, loginKey, name.trim(), hash, password === undefined, keeper, house.clock.now()],
    );
    const payload = { personId, login: loginKey, name: name.trim(), keeper };
    await appendHouseTrail(house, client, {
      type: 'person.created',
      actor: keeperOf(by || personId),
      cause: personId,
      payload,
    });
  });
  return { personId, startingPassword: password === undefined ? given : null };
}

/** Makes the roles of a person what is given; a study nobody knows is refused. */
export async function setRoles(house: House, by: string, personId: string, roles: Person['roles']): Promise<void> {
  await inHouse(house, async (client) => {
    await requirePerson(client, personId);
    await client.query('delete from person_role where person_id = $1', [personId]);
    for (const { studyId, role } of roles) {
      const known = await client.query('select 1 from study where study_id = $1', [studyId]);
      if (known.rowCount === 0) throw new Refusal('not_found', `There is no study ${studyId}.`);
      await client.query(
        'insert into person_role (person_id, study_id, role, given_at) values ($1, $2, $3, $4) on conflict do nothing',
        [personId, studyId, role, house.clock.now()],
      );
    }
    const payload = { personId, roles: roles.map((one) => ({ ...one })) };
    await appendHouseTrail(house, client, { type: 'person.rolesSet', actor: keeperOf(by), cause: personId, payload });
  });
}

/** Ends every session too. A keeper cannot close the last keeper's account. */
export async function closePerson(house: House, by: string, personId: string): Promise<void> {
  await inHouse(house, async (client) => {
    const { keeper } = await requirePerson(client, personId);
    const others = await client.query('select 1 from person where keeper and closed_at is null and person_id <> $1', [
      personId,
    ]);
    if (keeper && others.rowCount === 0) throw new Refusal('request_invalid', 'The last keeper’s account stays open.');
    await client.query('update person set closed_at = $2 where person_id = $1 and closed_at is null', [
      personId,
      house.clock.now(),
    ]);
    await client.query('delete from person_session where person_id = $1', [personId]);
    await appendHouseTrail(house, client, {
      type: 'person.closed',
      actor: keeperOf(by),
      cause: personId,
      payload: { personId },
    });
  });
}

export async function changePassword(house: House, personId: string, password: string): Promise<void> {
  assertPassword(password);
  const hash = await hashPassword(password);
  await inHouse(house, async (client) => {
    await client.query('update person set password_hash = $2, starting = false where person_id = $1', [personId, hash]);
    const actor = { id: personId, role: 'person' };
    await appendHouseTrail(house, client, {
      type: 'person.passwordChanged',
      actor,
      cause: personId,
      payload: { personId },
    });
  });
}

/** The person behind login and password; the same work for a login nobody has. Null where they are not right. */
export async function personByPassword(house: House, login: string, password: string): Promise<Person | null> {
  const { rows } = await house.pool.query<Row>('select * from person where login_key = $1 and closed_at is null', [
    loginKeyOf(login),
  ]);
  const row = rows[0];
  if (!(await verifyPassword(password, row?.password_hash ?? null)) || row === undefined) return null;
  return withRoles(house, row);
}

async function requirePerson(client: Client, personId: string): Promise<Row> {
  const { rows } = await client.query<Row>('select * from person where person_id = $1 for update', [personId]);
  if (!rows[0]) throw new Refusal('not_found', 'There is no such person.');
  return rows[0];
}

function assertPassword(password: string): void {
  if ([...password].length < shortestPassword) {
    throw new Refusal('request_invalid', `A password has at least ${shortestPassword} characters.`);
  }
}

/** Changes of accounts stand in the trail of the house, one after another. */
async function inHouse<T>(house: House, work: (client: Client) => Promise<T>): Promise<T> {
  return inTransaction(house, async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtext('limen vault house'))");
    return work(client);
  });
}

const keeperOf = (id: string) => ({ id, role: 'keeper' });

const startingAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Sixteen characters of 32: 80 bits, read out over a telephone in four groups. */
function startingPassword(): string {
  const group = () => Array.from({ length: 4 }, () => startingAlphabet[randomInt(startingAlphabet.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
