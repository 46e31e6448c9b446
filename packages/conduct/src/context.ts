/** What a decision may look at besides the state: everything that is not pure is handed in. */
import type { Calendar, Occurrence, ProtocolDocument } from '@limen/protocol';
import type { Answers, DeviceTime } from './command.ts';
import type { Actor, Timing } from './event.ts';

export type DecisionContext = {
  readonly protocol: ProtocolDocument;
  /** The participant's own calendar; null before randomisation. */
  readonly calendar: Calendar | null;
  /** The server's clock, ISO 8601 UTC. */
  readonly now: string;
  readonly actor: Actor;
  /** A new id; `kind` keeps ids of different things apart. */
  readonly newId: (kind: 'submission' | 'adverseEvent' | 'hold' | 'signal') => string;
  readonly studyLocked: boolean;
  /** The vault's answer, for `randomise`. */
  readonly kit?: string;
  /** The submission that `correct` is about, as it stands now. */
  readonly submission?: {
    readonly occurrence: string;
    readonly instrument: string;
    readonly instrumentVersion: string;
    readonly answers: Answers;
  };
};

const occurrencesByCalendar = new WeakMap<Calendar, ReadonlyMap<string, Occurrence>>();

export function occurrenceOf(calendar: Calendar, id: string): Occurrence | undefined {
  let byId = occurrencesByCalendar.get(calendar);
  if (!byId) {
    byId = new Map(calendar.occurrences.map((occurrence) => [occurrence.id, occurrence]));
    occurrencesByCalendar.set(calendar, byId);
  }
  return byId.get(id);
}

/** How far ahead of the server's clock an entry may lie, after the device's skew is taken out. */
export const futureToleranceMs = 5 * 60_000;

export type Moment = { readonly occurredAt: number; readonly skewMs: number | null };

/** When it happened by the server's clock: the device's moment, corrected by its skew at sending. */
export function momentOf(device: DeviceTime | undefined, now: string): Moment {
  const server = Date.parse(now);
  if (!device) return { occurredAt: server, skewMs: null };
  const skewMs = server - Date.parse(device.sentAt);
  return { occurredAt: Date.parse(device.occurredAt) + skewMs, skewMs };
}

export function timingOf(occurrence: Occurrence, at: number): Timing {
  if (at <= Date.parse(occurrence.closesAt)) return 'onTime';
  return at <= Date.parse(occurrence.lateUntil) ? 'late' : 'outOfWindow';
}
