/** The days on which capsules fall once closed days are taken out. */
import type { ProtocolDocument } from './document.ts';
import type { Weekday } from './document-parts.ts';

type Dosing = ProtocolDocument['dosing'];
const hoursPerDay = 24;

export type DayFacts = {
  readonly weekdayOf: (studyDay: number) => Weekday;
  /** ISO date; absent where no start date is chosen yet, and closed dates are then not looked at. */
  readonly dateOf?: (studyDay: number) => string;
};

/** True if the capsule of this number is taken under observation. */
export function isObservedDose(dosing: Dosing, doseNumber: number): boolean {
  return dosing.observed !== undefined && doseNumber <= (dosing.observed.firstDoses ?? Number.POSITIVE_INFINITY);
}

/**
 * Planned study days without those on which an observed capsule finds the site closed. Such a capsule is left out, or
 * moved to the next open day if that is in the epoch and leaves the next planned capsule its distance. Two capsules
 * never fall on one day, and none comes closer to the one before than planned.
 */
export function openDoseDays(dosing: Dosing, planned: readonly number[], lastDay: number, facts: DayFacts): number[] {
  const { observed } = dosing;
  if (observed === undefined) return [...planned];
  const isOpen = (day: number): boolean =>
    observed.openOn.includes(facts.weekdayOf(day)) &&
    !(facts.dateOf !== undefined && observed.closedDates?.includes(facts.dateOf(day)));
  const apart = Math.max(1, Math.ceil(dosing.minimumHoursBetween / hoursPerDay));
  const days: number[] = [];
  planned.forEach((day, index) => {
    if (!isObservedDose(dosing, days.length + 1) || isOpen(day)) {
      days.push(day);
      return;
    }
    if (observed.whenClosed === 'skip') return;
    const latest = Math.min(lastDay, (planned[index + 1] ?? Number.POSITIVE_INFINITY) - apart);
    for (let moved = day + 1; moved <= latest; moved++) {
      if (!isOpen(moved)) continue;
      days.push(moved);
      return;
    }
  });
  return days;
}

/** Between which local times a capsule is taken: an observed one inside the opening hours. */
export function takingHours(dosing: Dosing, doseNumber: number): { from: string; until: string } {
  const { observed, takeFrom, takeUntil } = dosing;
  if (observed === undefined || !isObservedDose(dosing, doseNumber)) return { from: takeFrom, until: takeUntil };
  // Local times of one form compare as texts.
  const [, from = takeFrom] = [observed.opensAt, takeFrom].sort();
  const [until = takeUntil] = [observed.closesAt, takeUntil].sort();
  return { from, until };
}
