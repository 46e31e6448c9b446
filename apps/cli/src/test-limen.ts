/** For tests: the real command in a process of its own, with pages that need no bundler. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './places.ts';

const entry = path.join(root, 'apps/cli/src/main.ts');

export type Answer = { readonly code: number | null; readonly out: string; readonly err: string };

export type Running = {
  readonly child: ChildProcess;
  /** Resolves when the text has been said on either stream; rejects when the process ends without. */
  said(text: string): Promise<void>;
  /** What has been said on standard output so far. */
  soFar(): string;
  readonly answer: Promise<Answer>;
};

export type Bench = {
  /** A folder of this bench that does not exist yet. */
  place(name: string): string;
  file(name: string, content: string | Uint8Array): string;
  launch(words: readonly string[], env?: Readonly<Record<string, string>>): Running;
  limen(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Ends what still runs and removes the folders. */
  clear(): Promise<void>;
};

export function openBench(): Bench {
  const base = mkdtempSync(path.join(tmpdir(), 'limen-cli-test-'));
  // PostgreSQL started by root runs as another user, who must be able to get here.
  chmodSync(base, 0o755);
  const running = new Set<Running>();
  const place = (name: string) => path.join(base, name);
  const pages = place('pages');
  mkdirSync(pages);
  writeFileSync(path.join(pages, 'index.html'), '<!doctype html><title>Limen</title>');

  function launch(words: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const { DATABASE_URL: _, VAULT_DATABASE_URL: __, ...inherited } = process.env;
    const child = spawn(process.execPath, [entry, ...words], {
      cwd: base,
      env: { ...inherited, LIMEN_CONSOLE_FOLDER: pages, LIMEN_COMPANION_FOLDER: pages, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    const listeners = new Set<() => void>();
    child.stdout.on('data', (part) => {
      out += String(part);
      for (const listener of listeners) listener();
    });
    child.stderr.on('data', (part) => {
      err += String(part);
      for (const listener of listeners) listener();
    });
    const answer = new Promise<Answer>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
    const said = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (out.includes(text) || err.includes(text)) resolve();
        };
        listeners.add(look);
        look();
        void answer.then(() => reject(new Error(`Ended without saying “${text}”:\n${out}${err}`)));
      });
    const one: Running = { child, said, soFar: () => out, answer };
    running.add(one);
    void answer.then(() => running.delete(one));
    return one;
  }

  return {
    place,
    file: (name, content) => {
      writeFileSync(place(name), content);
      return place(name);
    },
    launch,
    limen: (words, env) => launch(words, env).answer,
    clear: async () => {
      for (const one of running) one.child.kill('SIGTERM');
      await Promise.all([...running].map((one) => one.answer));
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** The processes below one, itself not among them. */
export function descendantsOf(pid: number): number[] {
  const listed = spawnSync('ps', ['-Ao', 'pid=,ppid='], { encoding: 'utf8' }).stdout ?? '';
  const pairs = listed
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const at of found) for (const [one = 0, parent = 0] of pairs) if (parent === at) found.push(one);
  return found.slice(1);
}

/** The one below `pid` whose command line holds the text. */
export function processOf(pid: number, text: string): number | undefined {
  return descendantsOf(pid).find((one) => {
    const listed = spawnSync('ps', ['-o', 'args=', '-p', String(one)], { encoding: 'utf8' });
    return listed.stdout.includes(text);
  });
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The one JSON document on standard output; throws where there is more, or something else. */
export function documentOf(answer: Answer): Record<string, unknown> {
  return JSON.parse(answer.out) as Record<string, unknown>;
}

export function errorOf(answer: Answer): { code: string; message: string; advice: string | null } {
  return documentOf(answer).error as { code: string; message: string; advice: string | null };
}
