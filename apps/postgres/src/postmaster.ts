import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from './errors.ts';
import { readProcessState, readProgramName } from './process-state.ts';

/** What a running server writes of itself into `postmaster.pid`. */
export interface PostmasterNote {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
  /** `starting`, `ready`, `stopping`, `standby`, or empty while it is being written. */
  readonly status: string;
}

/** No system gives out a pid this high (Linux stops at 2^22). */
const PID_OF_NOBODY = 2 ** 30;

/** Reads the server's note; `undefined` if there is none. */
export function readPostmasterNote(cluster: string): PostmasterNote | undefined {
  let text: string;
  try {
    text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n').map((line) => line.trim());
  return {
    pid: Math.abs(Number(lines[0])),
    port: Number(lines[3] ?? 0),
    socketFolder: lines[4] ?? '',
    status: lines[7] ?? '',
  };
}

export type PostmasterState = 'none' | 'living' | 'dead';

/**
 * Whether the server of a note lives. A zombie, or another program that was given the same pid since, counts as dead.
 */
export function judgePostmaster(note: PostmasterNote | undefined): PostmasterState {
  if (note === undefined) return 'none';
  if (readProcessState(note.pid) !== 'running') return 'dead';
  const program = readProgramName(note.pid);
  return program === '' || /^(postgres|postmaster)\b/.test(program) ? 'living' : 'dead';
}

/**
 * Makes a dead server's note harmless. PostgreSQL clears a stale note by itself unless the pid answers signals, as a
 * zombie's does, or as a stranger's with the same pid. Only the pid is replaced: the rest of the note is what lets
 * PostgreSQL see surviving backends of the old server, and must stay.
 */
export function retirePostmasterNote(cluster: string): void {
  const path = join(cluster, 'postmaster.pid');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [String(PID_OF_NOBODY), ...lines.slice(1)].join('\n'));
}
