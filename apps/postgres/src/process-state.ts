import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { systemCode } from './errors.ts';

export type ProcessState = 'running' | 'zombie' | 'gone';

/** Whether a process runs. A zombie answers signals but does nothing any more, so it has a state of its own. */
export function readProcessState(pid: number): ProcessState {
  if (!Number.isInteger(pid) || pid <= 0) return 'gone';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) !== 'EPERM') return 'gone';
  }
  return processStatFields(pid)?.[0] === 'Z' ? 'zombie' : 'running';
}

/**
 * When a process started, as a text that differs between two processes which had the same pid one after the other.
 * Empty where the system does not tell.
 */
export function readProcessStart(pid: number): string {
  const fields = processStatFields(pid);
  if (fields !== undefined) return fields[19] ?? '';
  if (process.platform === 'win32' || process.platform === 'linux') return '';
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

/** The name of the program that a process runs, without folders, or an empty text where the system does not tell. */
export function readProgramName(pid: number): string {
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux') {
    return basename(spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '');
  }
  try {
    return basename(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '');
  } catch {
    return '';
  }
}

/** Fields of the Linux process table from the state on; a command name may hold spaces and parentheses. */
function processStatFields(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
