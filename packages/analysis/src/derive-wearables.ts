/** Days of watches and phones, long: one row for each date and measure. */
import { type EventFields, isRecord } from './study-events.ts';
import type { WearableRow } from './tables.ts';

/** Of a date that was sent twice, the later sending counts for every measure it holds. */
export function wearableRows(
  participantId: string,
  events: readonly EventFields[],
  startDate: string | null,
): WearableRow[] {
  const rows = new Map<string, WearableRow>();
  for (const event of events.filter(({ type }) => type === 'wearable.recorded')) {
    for (const day of event.list('days').filter(isRecord)) {
      const date = String(day.date);
      for (const [measure, value] of Object.entries(day)) {
        if (typeof value !== 'number') continue;
        const place = { participantId, date, studyDay: studyDayOf(date, startDate), measure, value };
        rows.set(`${date} ${measure}`, { ...place, device: event.text('source'), source: event.source });
      }
    }
  }
  return [...rows.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

const msPerDay = 86_400_000;

function studyDayOf(date: string, startDate: string | null): number | null {
  if (startDate === null) return null;
  const day = Math.round((Date.parse(date) - Date.parse(startDate)) / msPerDay) + 1;
  return day < 1 ? null : day;
}
