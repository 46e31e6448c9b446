import { type Limiter, openLimiter } from '@limen/access';
import type pg from 'pg';
import type { RandomBytes } from './sealing.ts';
import type { Walks } from './walks.ts';

/** What every part of the vault stands on; handed in, so that nothing reads a clock or draws a number by itself. */
export type House = {
  readonly pool: pg.Pool;
  /** The root key, 32 bytes. */
  readonly key: Uint8Array;
  readonly clock: { now(): string };
  readonly random: RandomBytes;
  /** The draws under way. */
  readonly walks: Walks;
  /** Opens the first account, once; null: nobody can. */
  readonly setupCode: string | null;
  /** Wrong passwords and set-up codes. */
  readonly attempts: Attempts;
  readonly log: (line: Record<string, unknown>) => void;
};

export type Attempts = { readonly byLogin: Limiter; readonly byAddress: Limiter };

export function openAttempts(): Attempts {
  const window = { windowMs: 15 * 60_000, now: () => performance.now() };
  return { byLogin: openLimiter({ ...window, failures: 10 }), byAddress: openLimiter({ ...window, failures: 100 }) };
}
