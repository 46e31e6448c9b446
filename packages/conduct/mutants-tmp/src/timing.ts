/** Windows include their last instant. An entry that is late for its window is marked, never dropped. */
import type { Timing } from './event.ts';
import type { TimedOccurrence } from './lookup.ts';

export function timingOf({ closesMs, lateMs }: TimedOccurrence, ms: number): Timing {
  if (ms <= closesMs) return 'onTime';
  return ms <= lateMs ? 'late' : 'outOfWindow';
}
