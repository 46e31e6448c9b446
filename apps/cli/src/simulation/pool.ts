/** Virtual trials on all cores. What a trial gives hangs on its number alone, so the work is handed out as it comes. */
import { Worker } from 'node:worker_threads';
import type { TrialOutcome, TrialsRequest } from '@limen/simulation';

/** Trials `from` to before `to`. */
export type Range = { readonly from: number; readonly to: number };

/** Small enough for a bar that moves and a state that loses little, large enough not to talk more than to work. */
const trialsAtOnce = 8;

/** Calls `done` with outcomes as they come, in no order. Ends its threads, whatever happens. */
export async function runOnCores(
  request: TrialsRequest,
  ranges: readonly Range[],
  workers: number,
  done: (outcomes: readonly TrialOutcome[]) => void,
): Promise<void> {
  const waiting = ranges.flatMap(cut);
  const threads = Array.from({ length: Math.min(workers, waiting.length) }, () => {
    return new Worker(new URL('./worker.ts', import.meta.url), { workerData: request });
  });
  try {
    await Promise.all(threads.map((thread) => work(thread, waiting, done)));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function work(thread: Worker, waiting: Range[], done: (outcomes: readonly TrialOutcome[]) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const range = waiting.shift();
      if (range === undefined) resolve();
      else thread.postMessage(range);
    };
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('A thread of the simulation ended by itself.')));
    thread.on('message', (outcomes: readonly TrialOutcome[]) => {
      try {
        done(outcomes);
        next();
      } catch (error) {
        reject(error);
      }
    });
    next();
  });
}

function cut({ from, to }: Range): Range[] {
  const parts = Math.ceil((to - from) / trialsAtOnce);
  return Array.from({ length: Math.max(0, parts) }, (_, part) => ({
    from: from + part * trialsAtOnce,
    to: Math.min(to, from + (part + 1) * trialsAtOnce),
  }));
}
