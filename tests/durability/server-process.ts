/** A server of the house as a process of its own, told the time, ended in order or at once. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type ServerProcess = {
  readonly address: string;
  readonly pid: number;
  setClock(now: string): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
};

const startWithinMs = 120_000;
const rememberedLines = 20;

export async function startServerProcess(options: {
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Given to Node, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}): Promise<ServerProcess> {
  const { entry, env, nodeOptions = [] } = options;
  const child = spawn(process.execPath, [...nodeOptions, entry, '--demo'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  const last: string[] = [];
  createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) => {
    last.push(line);
    if (last.length > rememberedLines) last.shift();
  });
  const address = await Promise.race([
    addressOf(child, () => last.join('\n')),
    ended.then(() => Promise.reject(new Error(`${entry} ended while starting:\n${last.join('\n')}`))),
  ]);
  return {
    address,
    pid: child.pid ?? 0,
    setClock: (now) => tellClock(child, now),
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

function addressOf(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`The server did not start in time:\n${said()}`));
    const timer = setTimeout(late, startWithinMs);
    createInterface({ input: child.stdout ?? process.stdin }).once('line', (line) => {
      clearTimeout(timer);
      resolve((JSON.parse(line) as { address: string }).address);
    });
    child.once('exit', () => clearTimeout(timer));
  });
}

function tellClock(child: ChildProcess, now: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const heard = (message: unknown) => {
      if ((message as { now?: unknown }).now !== now) return;
      child.off('message', heard);
      resolve();
    };
    child.on('message', heard);
    child.send({ type: 'clock', now }, (error) => {
      if (error) reject(error);
    });
  });
}

/** SIGKILL to a postmaster and to all its backends. */
export function killWithBackends(postmaster: number): void {
  const listed = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  const backends = listed
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, parent = 0]) => (parent === postmaster ? [pid] : []));
  for (const pid of [postmaster, ...backends]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
