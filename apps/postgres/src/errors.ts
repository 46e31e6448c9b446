/** Every way in which a local PostgreSQL can refuse us, and what a person can do about it. */
export const POSTGRES_PROBLEMS = {
  postgres_not_found:
    'No PostgreSQL was found. Install PostgreSQL 15 or newer, or reinstall with optional dependencies, or point LIMEN_POSTGRES to a folder that holds initdb and postgres.',
  postgres_too_old:
    'The PostgreSQL that was named is too old. Install PostgreSQL 15 or newer, or set LIMEN_POSTGRES=shipped.',
  postgres_failed_to_start: 'PostgreSQL did not start. Its last log lines say why.',
  disk_full:
    'The disk that holds the data folder is full. Free some space and start again; nothing acknowledged is lost.',
  data_folder_foreign_owner:
    'The data folder belongs to another user. Start as that user, or hand the folder over with chown -R.',
  data_folder_version_mismatch:
    'The data folder was written by another major version of PostgreSQL. Install that version, or export with it and import into a new folder.',
  data_folder_in_use: 'Another running process holds this data folder. Stop it first, or choose another folder.',
  data_folder_not_recognised:
    'The folder holds files that are not a Limen database. Nothing was touched. Choose an empty or a new folder.',
  data_folder_damaged:
    'The data folder is incomplete. Restore it from a backup, or move it aside and start with a new folder.',
  folder_out_of_reach:
    'PostgreSQL may not run as root, and the unprivileged user cannot reach the folders it needs. Start as an ordinary user, or choose a data folder outside of private directories.',
  no_unprivileged_user:
    'PostgreSQL may not run as root, and this machine has neither a user "postgres" nor "nobody". Start as an ordinary user.',
  migration_folder_invalid: 'The migrations folder holds a file whose name is not NNNN_name.sql, or a number twice.',
  migration_changed:
    'A migration that was applied has been changed since. Applied migrations are history: add a new one instead.',
  migration_out_of_order: 'A new migration has a lower number than one already applied. Give it the next free number.',
  migration_failed: 'A migration failed and was rolled back whole. The database is as it was before it.',
  migration_needs_owner:
    'The database must be brought forward, and the login of the server may not do that. Start once with limen start, or with the login that owns the database.',
  database_newer_than_program: 'The database was written by a newer version of the program. Upgrade the program.',
} as const satisfies Record<string, string>;

export type PostgresProblemCode = keyof typeof POSTGRES_PROBLEMS;

/**
 * A typed refusal. `code` is stable; `message` names the case and says what to do; `details` are for the log.
 */
export class PostgresError extends Error {
  readonly code: PostgresProblemCode;
  readonly details: string;

  constructor(code: PostgresProblemCode, details = '', options?: ErrorOptions) {
    super(details === '' ? POSTGRES_PROBLEMS[code] : `${POSTGRES_PROBLEMS[code]} (${details})`, options);
    this.name = 'PostgresError';
    this.code = code;
    this.details = details;
  }
}

/** The system's own error code (`ENOENT`, `EACCES` ...), if there is one. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
