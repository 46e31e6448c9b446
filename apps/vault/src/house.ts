import type pg from 'pg';
import type { RandomBytes } from './sealing.ts';
import type { Walks } from './walks.ts';

/** What every part of the vault stands on; handed in, so that nothing reads a clock or draws a number by itself. */
export type House = {
  readonly pool: pg.Pool;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly clock: { now(): string };
  readonly random: RandomBytes;
  /** The draws under way. */
  readonly walks: Walks;
  readonly log: (line: Record<string, unknown>) => void;
};
