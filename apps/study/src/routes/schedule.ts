/** A participant's schedule as it stands at an instant: the compiled calendar against what has been recorded. */
import { type Adherence, adherence, dueNow, type ParticipantState } from '@limen/conduct';
import type { shapes } from '@limen/contract';
import { findInstrument } from '@limen/instruments';
import { type Calendar, type ProtocolDocument, versionOn } from '@limen/protocol';
import type { z } from 'zod';
import { type OpenStudy, partsFor } from '../record/studies.ts';
import { consentsOf } from '../record/version-path.ts';
import type { House } from '../server/house.ts';

export type TodayItem = z.output<typeof shapes.todayItem>;
/** `asked`: whether skip logic leaves it in. */
export type ScheduledItem = TodayItem & { readonly asked: boolean };

export function scheduleOf(house: House, study: OpenStudy, state: ParticipantState, now: string): ScheduledItem[] {
  const calendar = calendarOf(house, study, state);
  if (calendar === null) return [];
  const inherent = describeActivities(study, state);
  return dueNow(state, calendar, now, protocolOf(study, state, now)).map(({ occurrence, status, cause, reason }) => ({
    occurrence: occurrence.id,
    activityId: occurrence.activityId,
    kind: occurrence.kind,
    ...(inherent.get(occurrence.activityId) ?? unknownActivity(occurrence.activityId)),
    studyDay: occurrence.studyDay,
    date: occurrence.date,
    opensAt: occurrence.opensAt,
    closesAt: occurrence.closesAt,
    lateUntil: occurrence.lateUntil,
    after: [...occurrence.after],
    status,
    reason,
    asked: cause !== 'notAsked',
  }));
}

/** What is due to one participant by now, and what came. */
export function adherenceOf(house: House, study: OpenStudy, state: ParticipantState, now: string): Adherence {
  const calendar = calendarOf(house, study, state);
  if (calendar === null) return { dosesDue: 0, taken: 0, missed: 0, answersDue: 0, answered: 0, late: 0 };
  return adherence(state, calendar, now, protocolOf(study, state, now));
}

/** The version the participant is on at an instant. */
export function protocolOf(study: OpenStudy, state: ParticipantState, now: string): ProtocolDocument {
  const { timeZone } = state;
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return versionOn(partsFor(study, { consents: consentsOf(state), timeZone }), today);
}

export function calendarOf(house: House, study: OpenStudy, state: ParticipantState): Calendar | null {
  const { participantId, startDate, timeZone } = state;
  if (startDate === null) return null;
  return house.studies.calendar(study, { participantId, startDate, timeZone, consents: consentsOf(state) });
}

type Inherent = Pick<TodayItem, 'label' | 'instrument' | 'instrumentVersion'>;

function unknownActivity(id: string): Inherent {
  return { label: id, instrument: null, instrumentVersion: null };
}

/** Of all versions the participant has been on; where two describe an activity, the later one does. */
function describeActivities(study: OpenStudy, state: ParticipantState): Map<string, Inherent> {
  const described = new Map<string, Inherent>();
  for (const { protocol } of partsFor(study, { consents: consentsOf(state), timeZone: state.timeZone })) {
    described.set('dose', { label: protocol.dosing.unitLabel, instrument: null, instrumentVersion: null });
    for (const { id, label, instrument } of protocol.activities) {
      described.set(id, { label, instrument, instrumentVersion: findInstrument(instrument)?.version ?? null });
    }
  }
  return described;
}

/** What is next: the first thing that can be done now or later. */
export function nextDueOf(schedule: readonly TodayItem[]): { occurrence: string; label: string; at: string } | null {
  const next = schedule.find(({ status }) => status === 'due' || status === 'late' || status === 'upcoming');
  return next === undefined ? null : { occurrence: next.occurrence, label: next.label, at: next.opensAt };
}

/** The study day of an instant in the participant's zone; null before the start. */
export function studyDayAt(startDate: string, timeZone: string, now: string): number | null {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const day = Temporal.PlainDate.from(startDate).until(today, { largestUnit: 'days' }).days + 1;
  return day < 1 ? null : day;
}
