/** A server process of the house: started, waited for, told the time, stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { keySettings, newKeySettings } from '@limen/vault';
import { Failure } from '../failure.ts';

export type Child = {
  readonly name: string;
  readonly pid: number;
  /** What the process said of itself when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Sets the clock of a process started with `--demo`; answers when it has taken effect. */
  setClock(now: string): Promise<void>;
  stop(): Promise<void>;
  /** Resolves with the exit code when the process ends by itself or is stopped. */
  readonly ended: Promise<number | null>;
};

const readyWithinMs = 60_000;
const stopWithinMs = 15_000;
const rememberedLines = 30;

export async function startChild(options: {
  name: string;
  entry: string;
  args?: readonly string[];
  env: Readonly<Record<string, string>>;
  log?: (line: string) => void;
}): Promise<Child> {
  const child = spawn(process.execPath, [options.entry, ...(options.args ?? [])], {
    env: { ...inherited(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A signal typed at the terminal reaches the parent alone, which stops its processes in order.
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const tail: string[] = [];
  const ready = await waitUntilReady(child, options.name, tail, options.log);
  return {
    name: options.name,
    pid: child.pid ?? 0,
    ready,
    setClock: (now) => tellClock(child, now),
    stop: () => stopChild(child, ended),
    ended,
  };
}

/** The environment without what belongs to another process's databases and keys. */
function inherited(): NodeJS.ProcessEnv {
  const kept = { ...process.env };
  const keys = [keySettings, newKeySettings].flatMap((settings) => Object.values(settings));
  for (const name of ['DATABASE_URL', 'VAULT_DATABASE_URL', ...keys]) delete kept[name];
  return kept;
}

function waitUntilReady(
  child: ChildProcess,
  name: string,
  tail: string[],
  log: ((line: string) => void) | undefined,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Failure('server_did_not_start', `The ${name} server did not start within a minute.`, tail.join('\n')));
    }, readyWithinMs);
    const remember = (line: string) => {
      tail.push(line);
      if (tail.length > rememberedLines) tail.shift();
      log?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        remember(line);
        const said = readReady(line);
        if (said) {
          clearTimeout(timer);
          resolve(said);
        }
      });
    }
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(failureOf(name, code, tail));
    });
  });
}

function readReady(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === 'object' && said !== null && 'ready' in said ? (said as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function failureOf(name: string, code: number | null, tail: readonly string[]): Failure {
  const port = /EADDRINUSE[^\d]*(?:[\d.]+|\[?::1?\]?):(\d+)/.exec(tail.join('\n'))?.[1];
  if (port) {
    return new Failure(
      'port_in_use',
      `Port ${port} is in use.`,
      'Stop the other program, or choose another port with --port.',
    );
  }
  return new Failure(
    'server_did_not_start',
    `The ${name} server stopped while starting (exit ${code}).`,
    tail.slice(-8).join('\n'),
  );
}

function tellClock(child: ChildProcess, now: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const heard = (message: unknown) => {
      const said = message as { type?: unknown; now?: unknown };
      if (said?.type !== 'clock' || said.now !== now) return;
      child.off('message', heard);
      resolve();
    };
    child.on('message', heard);
    child.send({ type: 'clock', now }, (error) => {
      if (!error) return;
      child.off('message', heard);
      reject(new Failure('server_ended', 'A server process ended unexpectedly.'));
    });
  });
}

async function stopChild(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(timer);
}
