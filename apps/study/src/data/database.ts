/** The pool and the query builder on it. Instants come back as ISO texts, dates as dates, counts as numbers. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Tables } from './schema.ts';

export type Database = { readonly pool: pg.Pool; readonly query: Kysely<Tables>; close(): Promise<void> };

const typeIds = { int8: 20, date: 1082, timestamptz: 1184 } as const;

/** Nothing a request does may take longer than this in the database. */
const statementMs = 30_000;

export function openDatabase(url: string, options: { connections: number }): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs,
    application_name: 'limen-study',
    types: { getTypeParser },
  });
  // A connection lost while idle is replaced by the pool; the next query says whether the server is there.
  pool.on('error', () => {});
  // The same for one lost between two statements of a transaction: the next statement is rejected.
  pool.on('connect', (client) => client.on('error', () => {}));
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | null = null;
  return {
    pool,
    query,
    close: () => {
      closing ??= query.destroy();
      return closing;
    },
  };
}

const getTypeParser: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') => {
  if (format === 'binary') return pg.types.getTypeParser(id, 'binary');
  if (id === typeIds.timestamptz) return (text: string) => new Date(text).toISOString();
  if (id === typeIds.int8) return Number;
  if (id === typeIds.date) return String;
  return pg.types.getTypeParser(id, 'text');
};

const outageClasses = ['08', '53', '57', '58', 'XX'];
const outageCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether an error says that the database cannot serve just now: down, starting, out of disk, memory or connections. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '57014') return true; // statement timeout
  // PostgreSQL closed the door before or instead of serving: starting, stopping, refusing connections.
  if ('severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC')) return true;
  if (outageCodes.has(code) || (code.length === 5 && outageClasses.includes(code.slice(0, 2)))) return true;
  return /timeout exceeded when trying to connect|Connection terminated|connection is closed|not queryable|driver has already been destroyed/i.test(
    error.message,
  );
}

/** A uniqueness or other integrity rule of the tables refused the statement. */
export function isIntegrityViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('23');
}

export function sqlState(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
