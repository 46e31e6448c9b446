/** When a reminder may go out, by the person's own clock. Pure. */

/** Whether an hour of the day lies in quiet hours; from 22 until 7 goes over midnight, equal hours are none. */
export function isQuiet(hour: number, quietFrom: number, quietUntil: number): boolean {
  if (quietFrom === quietUntil) return false;
  if (quietFrom < quietUntil) return hour >= quietFrom && hour < quietUntil;
  return hour >= quietFrom || hour < quietUntil;
}

export type Wish = { readonly hour: number; readonly quietFrom: number; readonly quietUntil: number };

/** The person's date and hour at an instant. */
export function localTime(timeZone: string, now: string): { date: string; hour: number } {
  const zoned = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone);
  return { date: zoned.toPlainDate().toString(), hour: zoned.hour };
}

/** From the hour that was chosen on, and never in quiet hours. */
export function mayRemind(wish: Wish, hour: number): boolean {
  return hour >= wish.hour && !isQuiet(hour, wish.quietFrom, wish.quietUntil);
}
