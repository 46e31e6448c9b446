/**
 * When answers leave the door to the study server: at whole multiples of a pause after the question came, so that how
 * long the vault looked, wrote or waited for a lock shows in steps alone, and within a step not at all.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export type Timing = {
  /** Milliseconds from any origin, never going back. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
};

export const answerEveryMs = 50;
const ownTiming: Timing = { now: () => performance.now(), sleep };

/** Milliseconds still to wait when `elapsed` have passed: to the next whole multiple, at least one. */
export function untilRelease(elapsed: number, everyMs: number): number {
  return Math.max(1, Math.ceil(elapsed / everyMs)) * everyMs - elapsed;
}

/** Holds every answer to a question of the study server, refusals too. Pages and probes answer at once. */
export function paceAnswers(server: FastifyInstance, everyMs: number, timing: Timing = ownTiming): void {
  if (everyMs === 0) return;
  const began = new WeakMap<FastifyRequest, number>();
  server.addHook('onRequest', async (request) => {
    if (request.method === 'POST' && request.url.startsWith('/studies/')) began.set(request, timing.now());
  });
  server.addHook('onSend', async (request) => {
    const start = began.get(request);
    if (start === undefined) return;
    // A timer may wake a little early.
    for (let left = untilRelease(timing.now() - start, everyMs); left > 0; ) {
      const due = timing.now() + left;
      await timing.sleep(left);
      left = due - timing.now();
    }
  });
}
