import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { PostgresError } from './errors.ts';

/** The user that PostgreSQL runs as. `switched` when this process is root and must step down for it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly switched: boolean;
}

/** Accounts in order of preference when started by root. */
const UNPRIVILEGED = ['postgres', 'nobody'] as const;

/** Chooses who runs PostgreSQL; `ownerUid` is the owner of an existing cluster, which is kept if it is one of ours. */
export function chooseAccount(ownerUid?: number): Account {
  if (process.platform === 'win32') return { name: userInfo().username, uid: -1, gid: -1, switched: false };
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) return { name: `uid ${uid}`, uid, gid: process.getgid?.() ?? -1, switched: false };
  const known = UNPRIVILEGED.map(lookUpAccount).filter((account) => account !== undefined);
  const chosen = known.find((account) => account.uid === ownerUid) ?? known[0];
  if (chosen === undefined) throw new PostgresError('no_unprivileged_user');
  return chosen;
}

function lookUpAccount(name: string): Account | undefined {
  const uid = readId('-u', name);
  const gid = readId('-g', name);
  if (uid === undefined || gid === undefined || uid === 0) return undefined;
  return { name, uid, gid, switched: true };
}

function readId(flag: '-u' | '-g', name: string): number | undefined {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
  if (answer.status !== 0) return undefined;
  // Some systems give "nobody" the number -2, printed as an unsigned one; spawn wants it signed.
  return Number(answer.stdout.trim()) | 0;
}

/** What spawn needs to run a program as the account. */
export function asAccount(account: Account): { uid?: number; gid?: number } {
  return account.switched ? { uid: account.uid, gid: account.gid } : {};
}

/**
 * Whether the account can enter every directory on the way to `path` and read (for a file: also execute) what is
 * there. Judged by owner and mode, as spawn drops the supplementary groups.
 */
export function canReach(account: Account, path: string): boolean {
  if (!account.switched) return true;
  const target = resolve(path);
  const targetIsFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? true;
  for (let at = target; ; at = dirname(at)) {
    const stats = statSync(at, { throwIfNoEntry: false });
    const needed = at === target && !targetIsFolder ? 0o5 : 0o1;
    if (stats !== undefined && !allows(account, stats, needed)) return false;
    if (dirname(at) === at) return true;
  }
}

function allows(account: Account, stats: { mode: number; uid: number; gid: number }, needed: number): boolean {
  const shift = stats.uid === account.uid ? 6 : stats.gid === account.gid ? 3 : 0;
  return ((stats.mode >> shift) & needed) === needed;
}
