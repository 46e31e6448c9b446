import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Account } from './account.ts';
import { PostgresError } from './errors.ts';
import { findShippedBinaries } from './shipped.ts';

/** Oldest PostgreSQL that the migrations are written for. */
export const OLDEST_MAJOR = 15;

/** Where to take PostgreSQL from: the best there is, the machine's own, the shipped one, or a folder with binaries. */
export type BinariesChoice = 'auto' | 'system' | 'shipped' | (string & {});

export interface Binaries {
  /** Folder of `initdb` and `postgres`. */
  readonly folder: string;
  readonly origin: 'configured' | 'system' | 'shipped';
  /** Such as `15.18` or `18.4`. */
  readonly version: string;
  readonly major: number;
}

const EXECUTABLE_ENDING = process.platform === 'win32' ? '.exe' : '';

/** Full path of one of PostgreSQL's programs. */
export function programPath(binaries: Binaries, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return join(binaries.folder, name + EXECUTABLE_ENDING);
}

/**
 * Chooses the binaries. An existing cluster of major version `clusterMajor` needs exactly that version, so it wins over
 * the order; otherwise: named folder, system, shipped. `LIMEN_POSTGRES` stands in where the caller leaves `auto`.
 *
 * @throws PostgresError `postgres_not_found`, `postgres_too_old`, `data_folder_version_mismatch`
 */
export function chooseBinaries(
  choice: BinariesChoice,
  account: Account,
  clusterMajor?: number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Binaries {
  const wanted = choice === 'auto' ? environment.LIMEN_POSTGRES || 'auto' : choice;
  const passedOver: Binaries[] = [];
  for (const found of listCandidates(wanted, account, environment)) {
    if (found.major >= OLDEST_MAJOR && (clusterMajor === undefined || found.major === clusterMajor)) return found;
    passedOver.push(found);
  }
  const seen = passedOver.map((found) => `${found.version} in ${found.folder}`).join(', ');
  if (passedOver.length === 0)
    throw new PostgresError('postgres_not_found', wanted === 'auto' ? '' : `looked for ${wanted}`);
  if (passedOver.every((found) => found.major < OLDEST_MAJOR)) throw new PostgresError('postgres_too_old', seen);
  throw new PostgresError('data_folder_version_mismatch', `written by PostgreSQL ${clusterMajor}, found ${seen}`);
}

function* listCandidates(
  wanted: string,
  account: Account,
  environment: Readonly<Record<string, string | undefined>>,
): Generator<Binaries> {
  if (wanted !== 'auto' && wanted !== 'system' && wanted !== 'shipped') {
    const folder = isAbsolute(wanted) ? wanted : resolve(wanted);
    const found = inspectFolder(folder, 'configured') ?? inspectFolder(join(folder, 'bin'), 'configured');
    if (found !== undefined) yield found;
    return;
  }
  if (wanted !== 'shipped') yield* findSystemBinaries(environment);
  if (wanted !== 'system') {
    const folder = findShippedBinaries(account);
    const found = folder === undefined ? undefined : inspectFolder(folder, 'shipped');
    if (found !== undefined) yield found;
  }
}

/** The machine's own servers, the newest first. */
function findSystemBinaries(environment: Readonly<Record<string, string | undefined>>): Binaries[] {
  const folders = new Set([
    ...(environment.PATH ?? '')
      .split(delimiter)
      .filter((folder) => isAbsolute(folder) && !folder.includes('node_modules')),
    ...subfolders('/usr/lib/postgresql', 'bin'),
    ...subfolders('/usr', 'bin', /^pgsql-/),
    '/usr/local/pgsql/bin',
    '/usr/local/bin',
    ...subfolders('/opt/homebrew/opt', 'bin', /^postgresql/),
    ...subfolders('/usr/local/opt', 'bin', /^postgresql/),
    ...subfolders('/Applications/Postgres.app/Contents/Versions', 'bin'),
    ...subfolders('C:\\Program Files\\PostgreSQL', 'bin'),
    ...askPgConfig(),
  ]);
  const found = [...folders].map((folder) => inspectFolder(folder, 'system')).filter((one) => one !== undefined);
  return found.sort((left, right) => right.major - left.major);
}

function subfolders(parent: string, last: string, name = /./): string[] {
  try {
    return readdirSync(parent)
      .filter((entry) => name.test(entry))
      .map((entry) => join(parent, entry, last));
  } catch {
    return [];
  }
}

function askPgConfig(): string[] {
  const answer = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  return answer.status === 0 ? [answer.stdout.trim()] : [];
}

function inspectFolder(folder: string, origin: Binaries['origin']): Binaries | undefined {
  const postgres = join(folder, `postgres${EXECUTABLE_ENDING}`);
  if (!isExecutable(postgres)) return undefined;
  const answer = spawnSync(postgres, ['--version'], { encoding: 'utf8' });
  const version = /(\d+)(?:\.\d+|devel|beta\d+|rc\d+)?/.exec(answer.stdout ?? '');
  if (answer.status !== 0 || version === null) return undefined;
  // A link such as /usr/local/bin/postgres may stand alone: take the folder where initdb is beside it.
  const home = isExecutable(join(folder, `initdb${EXECUTABLE_ENDING}`)) ? folder : linkedFolder(postgres);
  if (home === undefined || !isExecutable(join(home, `initdb${EXECUTABLE_ENDING}`))) return undefined;
  return { folder: home, origin, version: version[0], major: Number(version[1]) };
}

function linkedFolder(path: string): string | undefined {
  try {
    return dirname(realpathSync(path));
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
