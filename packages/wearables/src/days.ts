/**
 * Samples become days. A watch and a phone count the same steps, so devices are never added up: of steps and daylight the
 * device that saw most of a day counts, of sleep the time that any of them saw, each minute once.
 */

/** A day of the person’s own calendar. Absent: nothing was measured, which is not zero. */
export type DaySummary = {
  /** ISO 8601. Sleep belongs to the day it ended on; sleep that ends after 18:00 belongs to the next. */
  readonly date: string;
  readonly sleepMinutes?: number;
  readonly steps?: number;
  /** Mean of the samples, beats a minute. */
  readonly heartRate?: number;
  /** Mean of SDNN, milliseconds (Apple). Not comparable with RMSSD. */
  readonly hrvSdnnMs?: number;
  /** Mean of RMSSD, milliseconds (Health Connect). */
  readonly hrvRmssdMs?: number;
  readonly daylightMinutes?: number;
};

export const measures = ['sleepMinutes', 'steps', 'heartRate', 'hrvSdnnMs', 'hrvRmssdMs', 'daylightMinutes'] as const;
type Measure = (typeof measures)[number];
type Summed = 'steps' | 'daylightMinutes';
type Averaged = 'heartRate' | 'hrvSdnnMs' | 'hrvRmssdMs';

/** An instant with the wall clock where it was measured. */
export type Stamp = { readonly ms: number; readonly offsetMinutes: number };

export type DayCollector = {
  sum(measure: Summed, device: string, start: Stamp, end: Stamp, value: number): void;
  average(measure: Averaged, at: Stamp, value: number): void;
  sleep(start: Stamp, end: Stamp): void;
  /** Newest first. */
  days(): DaySummary[];
};

/** Beyond these a value is a fault of the device and is left out. */
const plausible: Readonly<Record<Measure, readonly [number, number]>> = {
  sleepMinutes: [1, 24 * 60],
  steps: [0, 200_000],
  heartRate: [20, 260],
  hrvSdnnMs: [1, 500],
  hrvRmssdMs: [1, 500],
  daylightMinutes: [0, 24 * 60],
};

const isPlausible = (measure: Measure, value: number): boolean => {
  const [least, most] = plausible[measure];
  return value >= least && value <= most;
};

const msPerMinute = 60_000;
const msPerDay = 86_400_000;
/** Longer sleep is a watch that was left running. */
const longestSleepMs = 20 * 3_600_000;

const dateOf = ({ ms, offsetMinutes }: Stamp, shiftHours = 0): string =>
  new Date(ms + offsetMinutes * msPerMinute + shiftHours * 3_600_000).toISOString().slice(0, 10);

type Mean = { sum: number; count: number };

export function dayCollector(): DayCollector {
  const sums = new Map<string, Map<string, number>>();
  const means = new Map<string, Mean>();
  const nights = new Map<string, [number, number][]>();
  const seen = new Set<string>();
  const dates = new Set<string>();

  /** True the first time: exports repeat samples. */
  const isNew = (key: string): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };

  return {
    sum(measure, device, start, end, value) {
      const last = end.ms >= start.ms && end.ms - start.ms <= msPerDay;
      if (!last || !(value >= 0) || !isNew(`${measure}|${device}|${start.ms}|${end.ms}`)) return;
      const date = dateOf(start);
      const key = `${measure}|${date}`;
      const devices = sums.get(key) ?? new Map<string, number>();
      devices.set(device, (devices.get(device) ?? 0) + value);
      sums.set(key, devices);
      dates.add(date);
    },
    average(measure, at, value) {
      if (!isPlausible(measure, value) || !isNew(`${measure}|${at.ms}|${value}`)) return;
      const date = dateOf(at);
      const key = `${measure}|${date}`;
      const mean = means.get(key) ?? { sum: 0, count: 0 };
      means.set(key, { sum: mean.sum + value, count: mean.count + 1 });
      dates.add(date);
    },
    sleep(start, end) {
      if (end.ms <= start.ms || end.ms - start.ms > longestSleepMs) return;
      const date = dateOf(end, 6);
      const night = nights.get(date) ?? [];
      night.push([start.ms, end.ms]);
      nights.set(date, night);
      dates.add(date);
    },
    days() {
      const days = [...dates].map((date): DaySummary => {
        const of = (measure: Measure) => measured(measure, date);
        const values = measures.flatMap((measure) => {
          const value = of(measure);
          return value === null || !isPlausible(measure, value) ? [] : [[measure, value]];
        });
        return { date, ...Object.fromEntries(values) };
      });
      return days.filter((day) => Object.keys(day).length > 1).sort((a, b) => (a.date < b.date ? 1 : -1));
    },
  };

  function measured(measure: Measure, date: string): number | null {
    if (measure === 'sleepMinutes') {
      const night = nights.get(date);
      return night === undefined ? null : Math.round(covered(night) / msPerMinute);
    }
    const devices = sums.get(`${measure}|${date}`);
    if (devices !== undefined) return Math.round(Math.max(...devices.values()));
    const mean = means.get(`${measure}|${date}`);
    return mean === undefined ? null : Math.round((mean.sum / mean.count) * 10) / 10;
  }
}

/** Length of the union, milliseconds: overlapping intervals count once. */
function covered(intervals: readonly [number, number][]): number {
  let [total, until] = [0, Number.NEGATIVE_INFINITY];
  for (const [start, end] of [...intervals].sort((a, b) => a[0] - b[0])) {
    if (end <= until) continue;
    total += end - Math.max(start, until);
    until = end;
  }
  return total;
}
