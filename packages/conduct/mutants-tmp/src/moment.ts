/** When a person did something, told from a device whose clock may be wrong. The server's clock is the measure. */
import type { DeviceTime } from './command.ts';
import type { When } from './event.ts';

export const msPerMinute = 60_000;
export const msPerHour = 3_600_000;
export const msPerDay = 86_400_000;

export const clockLimits = {
  /** A smaller difference between the clocks is the way through the network and is left alone. */
  toleratedSkewMs: 2 * msPerMinute,
  /** How far in the future a corrected time may lie; it then counts as now. */
  toleratedFutureMs: 5 * msPerMinute,
  /** A device that is further ahead cannot be right. */
  absurdLeadMs: 10 * msPerMinute,
} as const;

export type Moment = {
  /** Milliseconds since 1970, corrected, never after now. */
  readonly ms: number;
  /** Whether the corrected time lies so far in the future that it cannot be believed. */
  readonly inFuture: boolean;
  /** What the event keeps of the device. */
  readonly when: When;
};

type Told = {
  readonly now: string;
  readonly device: DeviceTime | undefined;
  /** By the device's clock, where it differs from the moment of entry: when a capsule was taken. */
  readonly occurredAt?: string | undefined;
  /** First date of the participant's schedule. */
  readonly startDate: string | null;
};

export function momentOf({ now, device, occurredAt, startDate }: Told): Moment {
  const nowMs = Date.parse(now);
  const told = occurredAt ?? device?.occurredAt;
  const skewMs = device === undefined ? 0 : nowMs - Date.parse(device.sentAt);
  const correction = Math.abs(skewMs) <= clockLimits.toleratedSkewMs ? 0 : skewMs;
  const ms = told === undefined ? nowMs : Date.parse(told) + correction;
  return {
    ms: Math.min(ms, nowMs),
    inFuture: ms > nowMs + clockLimits.toleratedFutureMs,
    when: whenOf(device, skewMs, startDate),
  };
}

export function whenOf(device: DeviceTime | undefined, skewMs: number, startDate: string | null): When {
  if (device === undefined) return {};
  return { device, skewMs, ...(isSuspect(device, skewMs, startDate) ? { clockSuspect: true } : null) };
}

function isSuspect(device: DeviceTime, skewMs: number, startDate: string | null): boolean {
  if (skewMs < -clockLimits.absurdLeadMs) return true;
  // The day before in UTC: in the zones furthest east the first day begins then.
  return startDate !== null && Date.parse(device.occurredAt) < Date.parse(startDate) - msPerDay;
}

/** The date of an instant in a zone, ISO 8601. */
export function dateIn(timeZone: string, now: string): Temporal.PlainDate {
  return Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** An instant as a person in the zone reads it: `2026-03-02 08:00`. */
export function localTime(timeZone: string, instant: string): string {
  const zoned = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
  return `${zoned.toPlainDate()} ${zoned.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
