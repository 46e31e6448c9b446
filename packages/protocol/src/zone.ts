/** Local times of one zone as instants. Transitions are looked up once; the rest is whole-number arithmetic. */
import { ProtocolError } from './errors.ts';

export const msPerMinute = 60_000;
export const msPerDay = 86_400_000;

/** A stretch of time in which the zone keeps one offset from UTC. */
type Segment = { readonly from: number; readonly until: number; readonly offset: number };

export type ZoneClock = {
  /** First instant that reads this local time; if a clock change skips it, the instant of the change. */
  readonly opening: (localMs: number) => number;
  /** Last instant that reads this local time; if a clock change skips it, as far behind the change as planned. */
  readonly closing: (localMs: number) => number;
};

function segmentsBetween(zoned: Temporal.ZonedDateTime, endMs: number): Segment[] {
  const segments: Segment[] = [];
  let from = Number.NEGATIVE_INFINITY;
  let current = zoned;
  for (;;) {
    const offset = current.offsetNanoseconds / 1e6;
    const next = current.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > endMs) {
      segments.push({ from, until: Number.POSITIVE_INFINITY, offset });
      return segments;
    }
    segments.push({ from, until: next.epochMilliseconds, offset });
    from = next.epochMilliseconds;
    current = next;
  }
}

/**
 * A clock for local times from `firstDay` on, for `days` days. Local times are given in milliseconds as if they were
 * UTC: `firstDay` at 08:30 is `Date.UTC(…, 8, 30)`.
 * @throws ProtocolError `time_zone_unknown`
 */
export function zoneClock(timeZone: string, firstDay: Temporal.PlainDate, days: number): ZoneClock {
  const start = startOfZone(timeZone, firstDay.subtract({ days: 2 }));
  const segments = segmentsBetween(start, start.epochMilliseconds + (days + 4) * msPerDay);
  const skipped = (localMs: number): { change: number; shifted: number } => {
    const before = segments.find(({ until, offset }, index) => {
      const after = segments[index + 1];
      return after !== undefined && localMs - offset >= until && localMs - after.offset < until;
    });
    if (before === undefined) throw new RangeError(`No reading of local time ${localMs} in ${timeZone}`);
    return { change: before.until, shifted: localMs - before.offset };
  };
  return {
    opening(localMs) {
      for (const { from, until, offset } of segments) {
        const ms = localMs - offset;
        if (ms >= from && ms < until) return ms;
      }
      return skipped(localMs).change;
    },
    closing(localMs) {
      for (let index = segments.length - 1; index >= 0; index -= 1) {
        const { from, until, offset } = segments[index] as Segment;
        const ms = localMs - offset;
        if (ms >= from && ms < until) return ms;
      }
      return skipped(localMs).shifted;
    },
  };
}

function startOfZone(timeZone: string, day: Temporal.PlainDate): Temporal.ZonedDateTime {
  try {
    return day.toZonedDateTime({ timeZone });
  } catch {
    throw new ProtocolError('time_zone_unknown', timeZone);
  }
}
