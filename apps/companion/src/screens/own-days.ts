/** On how many of the last days a person recorded something. It is told, never asked for. Pure. */
import { dateIn } from '../schedule/times.ts';
import type { History, Today } from '../server/answers.ts';

export type OwnDays = {
  /** Days looked at: two weeks, or fewer at the beginning. */
  readonly of: number;
  /** Of these, days with an entry. */
  readonly recorded: number;
  /** Days with an entry one after another, up to today or yesterday; today is not over yet. */
  readonly inARow: number;
};

const window = 14;
const dayMs = 86_400_000;
const own = ['answers.submitted', 'dose.taken', 'dose.missed'];

/** Null before the first study day. */
export function ownDaysOf(history: History, today: Today, nowMs: number): OwnDays | null {
  const { startDate, timeZone, schedule } = today;
  const now = dateIn(nowMs, timeZone);
  if (startDate === null || startDate > now) return null;
  const dateOf = new Map(schedule.map(({ occurrence, date }) => [occurrence, date]));
  const days = new Set(
    history
      .filter(({ type }) => own.includes(type))
      .map(({ occurrence, at }) => dateOf.get(occurrence ?? '') ?? dateIn(Date.parse(at), timeZone)),
  );
  const whole = 1 + Math.round((Date.parse(now) - Date.parse(startDate)) / dayMs);
  const before = (back: number) => new Date(Date.parse(now) - back * dayMs).toISOString().slice(0, 10);
  const has = Array.from({ length: whole }, (_, back) => days.has(before(back)));
  const from = has[0] ? 0 : 1;
  const end = has.indexOf(false, from);
  return {
    of: Math.min(window, whole),
    recorded: has.slice(0, window).filter(Boolean).length,
    inARow: (end === -1 ? whole : end) - from,
  };
}
