import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Account } from './account.ts';
import { canReach } from './account.ts';
import { makePrivateFolder } from './data-folder.ts';
import { PostgresError } from './errors.ts';

const PREFIX = 'limen-';
/** The longest address of a Unix socket that every system takes (Linux 107 bytes, macOS 103). */
const LONGEST_ADDRESS = 103;
const SOCKET_NAME = '.s.PGSQL.5432.lock';

/** A short, private folder for the socket: mode 0700, owned by the account. */
export function makeSocketFolder(account: Account): string {
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find(
    (folder) => canReach(account, folder) && join(folder, `${PREFIX}123456`, SOCKET_NAME).length <= LONGEST_ADDRESS,
  );
  if (parent === undefined) throw new PostgresError('folder_out_of_reach', tmpdir());
  const folder = mkdtempSync(join(parent, PREFIX));
  makePrivateFolder(folder, account);
  return folder;
}

/** Removes a socket folder of ours; any other is left alone. */
export function removeSocketFolder(folder: string): void {
  if (basename(folder).startsWith(PREFIX)) rmSync(folder, { recursive: true, force: true });
}

/** Whether a socket folder named by a note is safe to use: private, and owned by the account. */
export function isOwnSocketFolder(folder: string, account: Account): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === account.uid >>> 0 && (stats.mode & 0o077) === 0;
}

const NOTE = 'socket.folder';

/** Remembers the socket folder in the data folder, so that it can be removed after a server that died with its parent. */
export function noteSocketFolder(dataFolder: string, socketFolder: string): void {
  writeFileSync(join(dataFolder, NOTE), `${socketFolder}\n`);
}

/** Removes the socket folder that the note names, and the note. For when no server runs. */
export function forgetSocketFolder(dataFolder: string, account: Account): void {
  const note = join(dataFolder, NOTE);
  if (!existsSync(note)) return;
  const folder = readFileSync(note, 'utf8').trim();
  if (isOwnSocketFolder(folder, account)) removeSocketFolder(folder);
  rmSync(note, { force: true });
}
