/**
 * Two logins for a database of one's own cluster, neither of them a superuser: the owner brings the database forward and
 * does nothing else, the server's login may do what its rights say. Nobody else gets in.
 */
import pg from 'pg';
import { type Login, withClient } from './connection.ts';

export interface DatabaseLogins {
  /** Owns the database and everything in it. */
  readonly owner: Login;
  /** Of the running server. */
  readonly server: Login;
}

/** What the server's login may do with a table, in PostgreSQL's words, such as `update (packed_at)`. */
export type Right = 'select' | 'insert' | 'update' | 'delete' | `update (${string})`;

/** By table. A table that is not named may be read, written, changed and deleted from. */
export type Rights = Readonly<Record<string, readonly Right[]>>;

const ALL_RIGHTS: readonly Right[] = ['select', 'insert', 'update', 'delete'];
const NOTHING_MORE = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit';

/**
 * Makes the two logins, or gives them these passwords again, and hands the database over to the owner: also one that was
 * made by the superuser before there were logins. `admin`: the superuser's way into the given database.
 */
export async function ensureLogins(admin: (database: string) => string, database: string, logins: DatabaseLogins) {
  const [owner, name] = [pg.escapeIdentifier(logins.owner.user), pg.escapeIdentifier(database)];
  await withClient(admin(database), async (client) => {
    await client.query('begin');
    for (const login of [logins.owner, logins.server]) await ensureRole(client, login);
    await client.query(`alter database ${name} owner to ${owner}`);
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datallowconn');
    for (const { datname } of rows) {
      await client.query(`revoke all on database ${pg.escapeIdentifier(datname)} from public`);
    }
    await client.query(`grant connect on database ${name} to ${pg.escapeIdentifier(logins.server.user)}`);
    await client.query(`alter schema public owner to ${owner}`);
    await client.query('revoke all on schema public from public');
    for (const statement of await listHandOvers(client, owner)) await client.query(statement);
    await client.query('commit');
  });
}

async function ensureRole(client: pg.Client, { user, password }: Login): Promise<void> {
  const role = pg.escapeIdentifier(user);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [user]);
  if (rowCount === 0) await client.query(`create role ${role}`);
  await client.query(`alter role ${role} with ${NOTHING_MORE} password ${pg.escapeLiteral(password)}`);
}

/** Sequences that belong to a column follow their table. */
async function listHandOvers(client: pg.Client, owner: string): Promise<string[]> {
  const { rows } = await client.query<{ kind: string; name: string }>(
    `select 'table' as kind, c.oid::regclass::text as name from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
     union all
     select 'routine', p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace
     union all
     select 'type', t.oid::regtype::text from pg_type t left join pg_class c on c.oid = t.typrelid
       where t.typnamespace = 'public'::regnamespace and t.typelem = 0 and (t.typtype in ('d', 'e') or c.relkind = 'c')`,
  );
  return rows.map(({ kind, name }) => `alter ${kind} ${name} owner to ${owner}`);
}

/** By the owner, after its migrations: exactly these rights, whatever the server's login had before. */
export async function grantRights(ownerConnectionString: string, server: string, rights: Rights): Promise<void> {
  const role = pg.escapeIdentifier(server);
  await withClient(ownerConnectionString, async (client) => {
    await client.query('begin');
    await client.query(`grant usage on schema public to ${role}`);
    await client.query('revoke all on all tables in schema public from public');
    await client.query('revoke all on all routines in schema public from public');
    await client.query(`revoke all on all tables in schema public from ${role}`);
    await client.query(`grant execute on all routines in schema public to ${role}`);
    await client.query(`grant usage on all sequences in schema public to ${role}`);
    const { rows } = await client.query<{ relname: string; view: boolean }>(
      `select relname, relkind in ('v', 'm') as view from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')`,
    );
    for (const { relname, view } of rows) {
      const readOnly = view || relname === 'limen_migration';
      const given = readOnly ? (['select'] as const) : (rights[relname] ?? ALL_RIGHTS);
      await client.query(`grant ${given.join(', ')} on ${pg.escapeIdentifier(relname)} to ${role}`);
    }
    await client.query('commit');
  });
}
