import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { programPath } from './binaries.ts';
import { makePrivateFolder } from './data-folder.ts';
import { PostgresError } from './errors.ts';

/** The only role of a new cluster. */
export const SUPERUSER = 'limen';

/** First major version with a collation provider that is the same on every machine. */
const BUILTIN_LOCALE_SINCE = 17;

/**
 * Creates a cluster, whole or not at all: it is made under another name and moved when complete. `durable: false`
 * spares the final flush to disk, for tests.
 *
 * @throws PostgresError `disk_full`, `postgres_failed_to_start`
 */
export function createCluster(options: {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly password: string;
  readonly durable: boolean;
}): void {
  const { cluster, binaries, account } = options;
  const half = join(dirname(cluster), `cluster.new-${randomBytes(6).toString('hex')}`);
  makePrivateFolder(half, account);
  const passwordFile = join(half, 'password');
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (account.switched) chownSync(passwordFile, account.uid, account.gid);
  const files = join(half, 'files');
  const locale =
    binaries.major >= BUILTIN_LOCALE_SINCE
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
      : ['--locale=C'];
  const made = spawnSync(
    programPath(binaries, 'initdb'),
    [
      `--pgdata=${files}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--data-checksums',
      ...locale,
      ...(options.durable ? [] : ['--no-sync']),
    ],
    { ...asAccount(account), cwd: half, env: cleanEnvironment(), encoding: 'utf8' },
  );
  try {
    if (made.status !== 0 || !existsSync(join(files, 'PG_VERSION'))) {
      const said = `${made.error?.message ?? ''}${made.stderr ?? ''}`.trim();
      throw new PostgresError(
        said.includes('No space left') ? 'disk_full' : 'postgres_failed_to_start',
        lastLines(said),
      );
    }
    renameSync(files, cluster);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** The environment for PostgreSQL's programs: nothing of the caller's may turn them elsewhere. */
export function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE', 'LD_LIBRARY_PATH'];
  const pairs = kept.map((name) => [name, process.env[name]] as const);
  return {
    ...Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)),
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}

/** The end of a long text, where programs say what went wrong. */
export function lastLines(text: string, count = 12): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
