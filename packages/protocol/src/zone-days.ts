/** Opening and closing instants of one zone, day by day and minute by minute, each worked out once. */
import { instantText } from './instants.ts';
import { msPerDay, msPerMinute, type ZoneClock } from './zone.ts';

export type LocalMoment = {
  readonly opensMs: number;
  readonly opensAt: string;
  readonly closesMs: number;
  readonly closesAt: string;
};

export type ZoneDays = {
  /** @param day days since 1970-01-01; @param minute of the local day, at most those of a whole day */
  at(day: number, minute: number): LocalMoment;
};

/** @param clockFor a clock that knows the zone's changes around a day */
export function zoneDays(clockFor: (day: number) => ZoneClock): ZoneDays {
  const byMinute = new Map<number, Map<number, LocalMoment>>();
  return {
    at(day, minute) {
      let days = byMinute.get(minute);
      if (days === undefined) {
        days = new Map();
        byMinute.set(minute, days);
      }
      const known = days.get(day);
      if (known !== undefined) return known;
      const localMs = day * msPerDay + minute * msPerMinute;
      const clock = clockFor(day);
      const [opensMs, closesMs] = [clock.opening(localMs), clock.closing(localMs)];
      const made = { opensMs, opensAt: instantText(opensMs), closesMs, closesAt: instantText(closesMs) };
      days.set(day, made);
      return made;
    },
  };
}
