/** One side of a pair: an installation in a thread of its own, with its own built-in modules. */
import './determined.ts';
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { Draws } from './draws.ts';
import { type InstallationOptions, openInstallation } from './installation.ts';
import { leaks } from './leaks/index.ts';
import { wholeDatabase, writesOf } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { type Lived, liveThrough } from './world.ts';

export type Question =
  | {
      readonly ask: 'live';
      readonly scenario: Scenario;
      readonly studyId: string;
      readonly draws: Draws | null;
      readonly leak: string | null;
    }
  | { readonly ask: 'line'; readonly index: number }
  | { readonly ask: 'end' }
  | { readonly ask: 'writes' };

/** Of a world: a digest per line, so that equal worlds need not be carried over. */
export type Told = Omit<Lived, 'lines'> & { readonly digests: readonly string[]; readonly heads: readonly string[] };

const port = parentPort;
if (port === null) throw new Error('This is the program of a thread');
const installation = await openInstallation(workerData as InstallationOptions);
let lines: readonly string[] = [];

const digest = (line: string): string => createHash('sha256').update(line).digest('base64');
const told = (all: readonly string[]) => ({
  digests: all.map(digest),
  heads: all.map((line) => line.slice(0, line.indexOf('\n') < 0 ? 200 : line.indexOf('\n'))),
});

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'live': {
      const { scenario, studyId, draws, leak: name } = question;
      const leak = leaks.find((one) => one.name === name) ?? null;
      const lived = await liveThrough(installation, scenario, { studyId, draws, leak });
      lines = lived.lines;
      const { drawn, routes, roles } = lived;
      return { drawn, routes, roles, ...told(lines) };
    }
    case 'line':
      return lines[question.index] ?? '(nothing)';
    case 'end':
      lines = await wholeDatabase(installation.database);
      return { drawn: {}, routes: [], roles: [], ...told(lines) };
    case 'writes': {
      await installation.letGo();
      lines = [await writesOf(installation.database)];
      await installation.close();
      return { drawn: {}, routes: [], roles: [], ...told(lines) };
    }
    default:
      return question satisfies never;
  }
}

port.on('message', ({ id, question }: { id: number; question: Question }) => {
  answer(question).then(
    (result) => port.postMessage({ id, result }),
    (error: Error) => port.postMessage({ id, error: error.stack ?? error.message }),
  );
});
port.postMessage({ id: 0, result: 'ready' });
