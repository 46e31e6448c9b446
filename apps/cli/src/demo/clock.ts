/** The accelerated clock of a demonstration: one time for both servers, never set back. */
import type { Child } from '../house/child.ts';

export type DemoClock = { set(now: string): Promise<void>; readonly now: string };

export function createDemoClock(children: readonly Pick<Child, 'setClock'>[], start: string): DemoClock {
  let now = start;
  return {
    get now() {
      return now;
    },
    async set(next) {
      if (next <= now) return;
      await Promise.all(children.map((child) => child.setClock(next)));
      now = next;
    },
  };
}
