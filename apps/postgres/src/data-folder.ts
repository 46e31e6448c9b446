import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Account } from './account.ts';
import { canReach } from './account.ts';
import { PostgresError, systemCode } from './errors.ts';
import { ROOT_STATE_FOLDER } from './shipped.ts';

/**
 * What a data folder holds:
 *
 *     cluster/            PostgreSQL's own files, owned by the account it runs as
 *     superuser.password  of the role `limen`, readable by the person who starts it only
 *     postgres.log        what the server said
 *     limen.lock          who holds the folder
 *     socket.folder       where the socket of the running server is
 *     cluster.moved       only if the account cannot reach this folder: where `cluster` is instead
 */
export interface DataFolder {
  readonly folder: string;
  readonly cluster: string;
  readonly passwordFile: string;
  readonly logFile: string;
}

const MOVED_NOTE = 'cluster.moved';
const OUR_NAMES =
  /^(cluster(\.new-[0-9a-f]+|\.moved)?|superuser\.password|postgres\.log(\.1)?|socket\.folder|limen\.lock(\..*)?)$/;

/**
 * Makes or opens a data folder without touching what is not ours.
 *
 * @throws PostgresError `data_folder_not_recognised`, `data_folder_foreign_owner`, `disk_full`
 */
export function openDataFolder(path: string): string {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    const strange = readdirSync(folder).find((name) => !OUR_NAMES.test(name));
    if (strange !== undefined) throw new PostgresError('data_folder_not_recognised', join(folder, strange));
    writeFileSync(join(folder, 'limen.lock.probe'), '');
    rmSync(join(folder, 'limen.lock.probe'), { force: true });
    return folder;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOTDIR' || code === 'EEXIST')
      throw new PostgresError('data_folder_not_recognised', folder, { cause: error });
    if (code === 'EACCES' || code === 'EPERM')
      throw new PostgresError('data_folder_foreign_owner', folder, { cause: error });
    if (code === 'ENOSPC') throw new PostgresError('disk_full', folder, { cause: error });
    throw error;
  }
}

/** Where the cluster of a folder is, or `undefined` while it has none. */
export function findCluster(folder: string): string | undefined {
  const note = join(folder, MOVED_NOTE);
  if (existsSync(note)) {
    const moved = readFileSync(note, 'utf8').trim();
    if (!existsSync(moved)) throw new PostgresError('data_folder_damaged', `${moved} is missing`);
    return moved;
  }
  const cluster = join(folder, 'cluster');
  return existsSync(cluster) ? cluster : undefined;
}

/** The owner of a cluster and the major version that wrote it. */
export function inspectCluster(cluster: string): { ownerUid: number; major: number } {
  const ownerUid = statSync(cluster).uid;
  try {
    return { ownerUid, major: Number(readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim().split('.')[0]) };
  } catch (error) {
    if (systemCode(error) === 'EACCES') throw new PostgresError('data_folder_foreign_owner', cluster, { cause: error });
    if (systemCode(error) !== 'ENOENT') throw error;
    const code = readdirSync(cluster).length === 0 ? 'data_folder_damaged' : 'data_folder_not_recognised';
    throw new PostgresError(code, `${cluster} has no PG_VERSION`, { cause: error });
  }
}

/** PostgreSQL refuses a cluster that is not its own; say so before it does, in words that help. */
export function assertOwnCluster(cluster: string, ownerUid: number, account: Account): void {
  if (process.platform === 'win32' || ownerUid === account.uid >>> 0) return;
  throw new PostgresError('data_folder_foreign_owner', `${cluster} belongs to uid ${ownerUid}, not to ${account.name}`);
}

/**
 * Decides where a new cluster goes and makes its parent reachable. If the account cannot enter the data folder (it lies
 * below root's home, say), the cluster goes below `/var/lib/limen` and the folder keeps a note of the place.
 */
export function placeNewCluster(folder: string, account: Account): string {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('cluster.new-')) rmSync(join(folder, name), { recursive: true, force: true });
  }
  if (account.switched && (statSync(folder).mode & 0o1) === 0) chmodSync(folder, 0o711);
  if (canReach(account, folder)) return join(folder, 'cluster');
  const elsewhere = join(ROOT_STATE_FOLDER, `${basename(folder)}-${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(elsewhere, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new PostgresError('folder_out_of_reach', folder, { cause: error });
  }
  if (!canReach(account, elsewhere)) throw new PostgresError('folder_out_of_reach', elsewhere);
  return join(elsewhere, 'cluster');
}

/** Remembers, once the cluster is whole, where it is if it is not in the folder. */
export function noteNewCluster(folder: string, cluster: string): void {
  if (cluster !== join(folder, 'cluster')) writeFileSync(join(folder, MOVED_NOTE), `${cluster}\n`);
}

/** An empty private folder owned by the account. */
export function makePrivateFolder(path: string, account: Account): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  if (account.switched) chownSync(path, account.uid, account.gid);
}

/** The superuser's password, made on first use. */
export function readPassword(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a new random password that only this user can read. */
export function writePassword(path: string): string {
  const password = randomBytes(24).toString('base64url');
  writeFileSync(path, `${password}\n`, { mode: 0o600 });
  return password;
}
