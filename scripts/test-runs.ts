/** Runs groups of test files with node:test and adds up what ran. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Counts, RunRecord } from './counts-reporter.ts';

/** A single test that takes longer hangs. */
const TEST_LIMIT_MS = 180_000;
/** All of a group. */
const GROUP_LIMIT_MS = 30 * 60_000;

export const NOTHING_RAN: Counts = { tests: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };

export interface GroupOutcome {
  readonly counts: Counts;
  /** What is wrong beside failed tests: a crash, a file that ran no test. */
  readonly faults: readonly string[];
}

export function addCounts(left: Counts, right: Counts): Counts {
  return {
    tests: left.tests + right.tests,
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    cancelled: left.cancelled + right.cancelled,
    skipped: left.skipped + right.skipped,
    todo: left.todo + right.todo,
  };
}

export interface GroupOptions {
  /** What a person sees. */
  readonly reporter: 'dot' | 'spec';
  /**
   * `together`: all files in one process, which spares pure packages the reading of the same modules. `apart`: a process
   * for each file, two at a time; a hook that fails then spoils its own file and no other, and what a failed test left
   * open does not hold the run up.
   */
  readonly files: 'together' | 'apart';
}

const ISOLATION = {
  together: ['--test-isolation=none'],
  apart: ['--test-isolation=process', '--test-concurrency=2', '--test-force-exit'],
} as const;

export async function runGroup(root: string, files: readonly string[], options: GroupOptions): Promise<GroupOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'limen-test-run-'));
  const record = join(folder, 'record');
  try {
    const end = await runNode(root, [
      '--test',
      ...ISOLATION[options.files],
      `--test-timeout=${TEST_LIMIT_MS}`,
      `--test-reporter=${options.reporter}`,
      '--test-reporter-destination=stdout',
      `--test-reporter=${join(import.meta.dirname, 'counts-reporter.ts')}`,
      `--test-reporter-destination=${record}`,
      ...files,
    ]);
    return judge(root, files, end, readRecord(record));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runNode(root: string, parameters: readonly string[]): Promise<string> {
  return new Promise((done) => {
    const child = spawn(process.execPath, parameters, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, GROUP_LIMIT_MS);
    child.on('error', (error) => done(error.message));
    child.on('exit', (code, signal) => {
      clearTimeout(limit);
      if (late) done(`still running after ${GROUP_LIMIT_MS / 60_000} minutes`);
      else done(code === 0 ? '' : `node:test ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

function readRecord(path: string): readonly RunRecord[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line): RunRecord => JSON.parse(line));
  } catch {
    return [];
  }
}

/** Holds the record against what should have run. */
function judge(root: string, files: readonly string[], end: string, records: readonly RunRecord[]): GroupOutcome {
  const counts = records.find((one) => one.counts !== undefined)?.counts;
  const ran = new Set(records.flatMap((one) => (one.file === undefined ? [] : [resolve(root, one.file)])));
  const silent = files.filter((file) => !ran.has(resolve(root, file)));
  const faults = silent.map((file) => `${file} ran no test`);
  if (counts === undefined) faults.push('the run ended before its summary');
  if (end !== '' && (counts === undefined || counts.failed + counts.cancelled === 0)) faults.push(end);
  return { counts: counts ?? NOTHING_RAN, faults };
}
