/** A server that is started again when it ends by itself, later and later while it does not stay up. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from './child.ts';

export type KeptChild = Pick<Child, 'name' | 'setClock' | 'stop'> & {
  /** Of the process that runs now, or of the last one. */
  readonly pid: number;
  readonly ready: Child['ready'];
};

const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** After this long a server counts as well again. */
const steadyAfterMs = 60_000;

/** `again`: starts it at the address it had, with the time it was told last. */
export function keepRunning(options: {
  readonly first: Child;
  readonly again: (now: string | null) => Promise<Child>;
  readonly say: (line: string) => void;
}): KeptChild {
  const { first, again, say } = options;
  const stopping = new AbortController();
  let child = first;
  let now: string | null = null;
  let up = true;

  const startAgain = async (pauseMs: number): Promise<void> => {
    await pause(pauseMs, undefined, { signal: stopping.signal });
    const next = await again(now);
    child = next;
    up = true;
    if (stopping.signal.aborted) await next.stop();
    else say(`The ${first.name} is running again`);
  };
  const watch = async (): Promise<void> => {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      const since = performance.now();
      if (up) await child.ended;
      up = false;
      if (stopping.signal.aborted) return;
      if (performance.now() - since >= steadyAfterMs) pauseMs = firstPauseMs;
      say(`The ${first.name} ended unexpectedly; it is started again in ${pauseMs / 1000} s`);
      await startAgain(pauseMs).catch((error: Error) => {
        if (!stopping.signal.aborted) say(`The ${first.name} could not be started: ${error.message}`);
      });
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  };
  const watching = watch();

  return {
    name: first.name,
    get pid() {
      return child.pid;
    },
    get ready() {
      return child.ready;
    },
    setClock: async (moment) => {
      now = moment;
      // One that ends meanwhile is told when it is started again.
      if (up) await Promise.race([child.setClock(moment), child.ended]);
    },
    stop: async () => {
      stopping.abort();
      await child.stop();
      await watching;
    },
  };
}
