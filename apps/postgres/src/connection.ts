import pg from 'pg';
import { SUPERUSER } from './create.ts';

/** Where a server listens and how its superuser gets in. */
export interface Address {
  /** Folder of the Unix socket, or `127.0.0.1` where there are none (Windows). */
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/** A login other than the superuser's. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** A connection string that both `pg` and PostgreSQL's own programs understand. */
export function writeConnectionString(address: Address, database: string, login?: Login): string {
  const user = encodeURIComponent(login?.user ?? SUPERUSER);
  const password = encodeURIComponent(login?.password ?? address.password);
  const query = new URLSearchParams({ host: address.host, port: String(address.port), sslmode: 'disable' });
  return `postgresql://${user}:${password}@/${encodeURIComponent(database)}?${query}`;
}

/** Runs one piece of work on a connection of its own. */
export async function withClient<Answer>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Answer>,
): Promise<Answer> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // A server that goes away between two queries is reported by the next query; without a listener it ends the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Creates a database unless it is there. Safe when two processes try at once. */
export async function ensureDatabase(adminConnectionString: string, database: string): Promise<void> {
  await withClient(adminConnectionString, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount !== 0) return;
    try {
      await client.query(`create database ${pg.escapeIdentifier(database)}`);
    } catch (error) {
      const rival = error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505');
      if (!rival) throw error;
    }
  });
}
