/** From the dose calendar and what was recorded to one row per planned capsule. */
import type { Calendar } from '@limen/protocol';
import { timingOf } from './derive-submissions.ts';
import type { EventFields } from './study-events.ts';
import type { DoseRow } from './tables.ts';

/** A capsule closed after the end of taking part is not due. `endedAt` is an instant or null. */
export function doseRows(
  participantId: string,
  calendar: Calendar,
  events: readonly EventFields[],
  endedAt: string | null,
): DoseRow[] {
  const recorded = new Map<string, EventFields>();
  for (const event of events) {
    if (event.type !== 'dose.taken' && event.type !== 'dose.missed') continue;
    recorded.set(event.text('occurrence'), event);
  }
  return calendar.occurrences.flatMap((occurrence): DoseRow[] => {
    if (occurrence.kind !== 'dose' || occurrence.doseNumber === undefined) return [];
    const { id, studyDay, week, doseNumber } = occurrence;
    const place = { participantId, occurrence: id, studyDay, week, doseNumber };
    const event = recorded.get(id);
    if (event === undefined) {
      const status = endedAt !== null && occurrence.lateUntil > endedAt ? 'notDue' : 'notRecorded';
      return [{ ...place, status, takenAt: null, timing: null, reason: null, source: { seqs: [], eventIds: [] } }];
    }
    const { source } = event;
    if (event.type === 'dose.missed') {
      return [
        { ...place, status: 'missed', takenAt: null, timing: null, reason: event.optionalText('reason'), source },
      ];
    }
    const takenAt = event.text('takenAt');
    return [{ ...place, status: 'taken', takenAt, timing: timingOf(event), reason: null, source }];
  });
}
