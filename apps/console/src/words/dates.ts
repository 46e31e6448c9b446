/** Dates and numbers in the reader's locale; instants also in the reader's zone. */

const dayMs = 86_400_000;

const instantFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const shortDateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const weekdayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' });
const numberFormat = new Intl.NumberFormat();

export const readerZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** An instant, UTC ISO 8601. */
export const showInstant = (instant: string): string => instantFormat.format(new Date(instant));

export function showInstantIn(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
    new Date(instant),
  );
}

/** A calendar date `YYYY-MM-DD`, which has no zone. */
export const showDate = (date: string): string => dateFormat.format(dateAt(date));
export const showShortDate = (date: string): string => shortDateFormat.format(dateAt(date));
export const showWeekday = (date: string): string => weekdayFormat.format(dateAt(date));

export const dateAt = (date: string): Date => new Date(`${date}T00:00:00.000Z`);
export const addDays = (date: string, days: number): string =>
  new Date(dateAt(date).getTime() + days * dayMs).toISOString().slice(0, 10);
export const daysBetween = (from: string, until: string): number =>
  Math.round((dateAt(until).getTime() - dateAt(from).getTime()) / dayMs);

/** 0 is Monday. */
export const weekdayOf = (date: string): number => (dateAt(date).getUTCDay() + 6) % 7;

/** The calendar date of now in a zone. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

export const showNumber = (value: number): string => numberFormat.format(value);

export function showShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;
}

export const count = (value: number, singular: string, plural = `${singular}s`): string =>
  `${showNumber(value)} ${value === 1 ? singular : plural}`;

export function timeZones(): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), readerZone, 'UTC'])].sort();
}
