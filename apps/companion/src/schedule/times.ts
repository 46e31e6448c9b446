/** Times in words, in the reader's locale and the participant's zone. */
import { fill, localeNow, words } from '../words/index.ts';

type Part = Intl.DateTimeFormatOptions;

function inZone(ms: number, timeZone: string, part: Part): string {
  return new Intl.DateTimeFormat(localeNow(), { ...part, timeZone }).format(ms);
}

export function timeOf(instant: string | number, timeZone: string): string {
  return inZone(new Date(instant).getTime(), timeZone, { hour: 'numeric', minute: '2-digit' });
}

export function dayOf(instant: string | number, timeZone: string): string {
  return inZone(new Date(instant).getTime(), timeZone, { weekday: 'long', day: 'numeric', month: 'long' });
}

export function shortDayOf(instant: string | number, timeZone: string): string {
  return inZone(new Date(instant).getTime(), timeZone, { weekday: 'short', day: 'numeric', month: 'short' });
}

/** `2026-03-02` in a zone. */
export function dateIn(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const found = Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${found.year}-${found.month}-${found.day}`;
}

/** Noon of a calendar date, so that any zone shows that date. */
export function wordsOfDate(date: string): string {
  return inZone(Date.parse(`${date}T12:00:00Z`), 'UTC', { weekday: 'long', day: 'numeric', month: 'long' });
}

/** “today, 14:05” or “Tue 3 Mar, 14:05”. */
export function momentOf(instant: string | number, nowMs: number, timeZone: string): string {
  const ms = new Date(instant).getTime();
  const time = timeOf(ms, timeZone);
  const texts = words().times;
  const date = dateIn(ms, timeZone);
  if (date === dateIn(nowMs, timeZone)) return fill(texts.today, { time });
  if (date === dateIn(nowMs - 86_400_000, timeZone)) return fill(texts.yesterday, { time });
  if (date === dateIn(nowMs + 86_400_000, timeZone)) return fill(texts.tomorrow, { time });
  return `${shortDayOf(ms, timeZone)}, ${time}`;
}

/** `HH:MM` of an instant on the device's own clock, for a time field. */
export function clockOf(ms: number): string {
  const date = new Date(ms);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/**
 * The instant, by the device's clock, at which it was this time on this date. `clockLeadMs`: how far the server's clock
 * is ahead of the device's; the date is the true one, and the server will put the device's time right by the same lead.
 */
export function instantOf(date: string, clock: string, clockLeadMs: number): string {
  return new Date(new Date(`${date}T${clock}:00`).getTime() - clockLeadMs).toISOString();
}

/** A clock so wrong that the person is told; smaller differences are put right in silence, as the server does. */
const wrongClockMs = 10 * 60_000;

export function isClockWrong(clockLeadMs: number): boolean {
  return Math.abs(clockLeadMs) >= wrongClockMs;
}
