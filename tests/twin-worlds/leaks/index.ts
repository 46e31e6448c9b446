/** Leaks planted on purpose, one per kind of channel. Each must be caught; a suite that misses one is not to be trusted. */
import type { Leak } from '../leak.ts';
import { answerLeaks } from './answers.ts';
import { kitLeaks } from './kits.ts';
import { recordLeaks } from './record.ts';

export const leaks: readonly Leak[] = [...kitLeaks, ...answerLeaks, ...recordLeaks];
