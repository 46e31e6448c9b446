import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresError, systemCode } from './errors.ts';
import { readProcessStart, readProcessState } from './process-state.ts';

const LOCK_FILE = 'limen.lock';
const MAXIMUM_TRIES = 20;

export interface FolderLock {
  /** Gives the folder back. Does nothing the second time. */
  release(): void;
}

/**
 * Takes a folder for this process. A lock left by a process that is gone is taken over.
 *
 * The lock is a file made by `link`, which succeeds for one process only. It names the holder by pid and start time,
 * because pids come round again.
 *
 * @throws PostgresError `data_folder_in_use`
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE);
  const own = [process.pid, readProcessStart(process.pid), randomBytes(6).toString('hex'), ''].join('\n');
  const candidate = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(candidate, own, { mode: 0o600 });
  try {
    for (let tries = 0; tries < MAXIMUM_TRIES; tries += 1) {
      if (linkExclusively(candidate, path)) return { release: () => releaseLock(path, own) };
      const held = readLock(path);
      if (held === undefined) continue;
      const holder = parseHolder(held);
      if (holderLives(holder)) throw new PostgresError('data_folder_in_use', `${folder}, process ${holder.pid}`);
      putAside(path, held);
    }
    throw new PostgresError('data_folder_in_use', folder);
  } finally {
    rmSync(candidate, { force: true });
  }
}

function linkExclusively(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A holder lives if its process runs and started when the lock says; an unreadable lock has no living holder. */
function holderLives(holder: Holder): boolean {
  if (readProcessState(holder.pid) !== 'running') return false;
  return holder.start === readProcessStart(holder.pid);
}

interface Holder {
  readonly pid: number;
  readonly start: string;
}

function parseHolder(held: string): Holder {
  const [pid = '', start = ''] = held.split('\n');
  return { pid: Number(pid), start };
}

/** Removes a stale lock. If a rival replaced it between reading and moving, the rival's lock is put back. */
function putAside(path: string, stale: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readLock(aside) !== stale) linkExclusively(aside, path);
  rmSync(aside, { force: true });
}

function releaseLock(path: string, own: string): void {
  if (readLock(path) === own) rmSync(path, { force: true });
}
