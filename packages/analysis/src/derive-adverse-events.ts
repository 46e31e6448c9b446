/** Adverse events as reported and, once assessed, as assessed. */
import { type EventFields, joinSources } from './study-events.ts';
import type { AdverseEventRow } from './tables.ts';

const msPerDay = 86_400_000;

export function deriveAdverseEvents(
  participantId: string,
  events: readonly EventFields[],
  startDate: string | null,
): AdverseEventRow[] {
  const rows = new Map<string, AdverseEventRow>();
  for (const event of events) {
    if (event.type === 'adverseEvent.reported') {
      const adverseEventId = event.text('adverseEventId');
      const onset = event.text('onset');
      rows.set(adverseEventId, {
        participantId,
        adverseEventId,
        term: event.text('term').trim(),
        onset,
        studyDay: startDate === null ? null : dayBetween(startDate, onset),
        grade: event.number('grade'),
        serious: event.flag('serious'),
        relatedness: null,
        outcome: null,
        source: event.source,
      });
    } else if (event.type === 'adverseEvent.assessed') {
      const row = rows.get(event.text('adverseEventId'));
      if (row === undefined) continue;
      rows.set(row.adverseEventId, {
        ...row,
        grade: event.number('grade'),
        serious: event.flag('serious'),
        relatedness: event.text('relatedness'),
        outcome: event.text('outcome'),
        source: joinSources(row.source, event.source),
      });
    }
  }
  return [...rows.values()];
}

/** Study day of a calendar date, the start date being day 1. */
function dayBetween(startDate: string, date: string): number {
  return Math.round((Date.parse(date) - Date.parse(startDate)) / msPerDay) + 1;
}
