/** What a document asks of one person, counted on a sample calendar. */
import { findInstrument } from '@limen/instruments';
import { compileCalendar, nextStartDate } from '../calendar.ts';
import type { ProtocolDocument } from '../document.ts';

export type CalendarFacts = {
  readonly doses: number;
  /** `3`, or `3 to 4`; null: fewer than two doses. */
  readonly apart: string | null;
  readonly minutes: string;
};

/** A start that is the same from run to run. */
const sampleFrom = '2027-01-04';

export function calendarFacts(protocol: ProtocolDocument): CalendarFacts {
  const options = { startDate: nextStartDate(protocol, sampleFrom), timeZone: 'UTC', drawSeed: 'sample' };
  const { occurrences } = compileCalendar(protocol, options);
  const seconds = new Map(
    protocol.activities.map(({ id, instrument }) => [id, findInstrument(instrument)?.estimatedSeconds ?? 0]),
  );
  const days: number[] = [];
  const asked = new Map<number, number>();
  for (const { kind, studyDay, activityId } of occurrences) {
    if (kind === 'dose') days.push(studyDay);
    else asked.set(studyDay, (asked.get(studyDay) ?? 0) + (seconds.get(activityId) ?? 0));
  }
  const gaps = days.slice(1).map((day, index) => day - (days[index] ?? 0));
  const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
  const minutes = [...asked.values()].map((sum) => sum / 60);
  const total = minutes.reduce((sum, one) => sum + one, 0);
  return {
    doses: days.length,
    apart: gaps.length === 0 ? null : least === most ? `${least}` : `${least} to ${most}`,
    minutes: `${total.toFixed(0)} minutes on ${minutes.length} days; at most ${Math.max(0, ...minutes).toFixed(1)} minutes on one`,
  };
}
