/** From the record to analysis tables. Nothing here knows an allocation. */
import { type Calendar, compileCalendar, type ProtocolDocument } from '@limen/protocol';
import { deriveAdverseEvents } from './derive-adverse-events.ts';
import { doseRows } from './derive-doses.ts';
import { deriveSubject } from './derive-subject.ts';
import { entryRows, guessRows, outcomeRows, submissionsOf } from './derive-submissions.ts';
import { AnalysisError } from './errors.ts';
import { type EventFields, readEvent, type StudyParticipant } from './study-events.ts';
import type { DerivedTables, KeptRow } from './tables.ts';

export type DeriveInput = {
  readonly protocol: ProtocolDocument;
  readonly participants: readonly StudyParticipant[];
};

type CalendarOf = (startDate: string, timeZone: string, participantId: string) => Calendar;

/**
 * Derives every table from the participants' events, in order of participant id. Corrections are applied, entries
 * outside their window are marked and left out.
 * @throws AnalysisError `event_malformed`, `time_zone_missing`
 */
export function deriveTables({ protocol, participants }: DeriveInput): DerivedTables {
  const calendarOf = calendarsOf(protocol);
  const ordered = [...participants].sort((a, b) => (a.participantId < b.participantId ? -1 : 1));
  const parts = ordered.map((participant) => deriveParticipant(protocol, participant, calendarOf));
  return {
    subjects: parts.map((part) => part.subject),
    doses: parts.flatMap((part) => part.doses),
    outcomes: parts.flatMap((part) => part.outcomes),
    guesses: parts.flatMap((part) => part.guesses),
    adverseEvents: parts.flatMap((part) => part.adverseEvents),
    entries: parts.flatMap((part) => part.entries),
    kept: parts.flatMap((part) => part.kept),
    due: {
      activities: parts.reduce((sum, part) => sum + part.due.activities, 0),
      answered: parts.reduce((sum, part) => sum + part.due.answered, 0),
    },
  };
}

function deriveParticipant(protocol: ProtocolDocument, participant: StudyParticipant, calendarOf: CalendarOf) {
  const { participantId } = participant;
  const events = [...participant.events].sort((a, b) => a.seq - b.seq).map(readEvent);
  const submissions = submissionsOf(events);
  const calendar = calendarFor(participant, events, calendarOf);
  const endedAt = endOfTakingPart(events);
  const doses = calendar === null ? [] : doseRows(participantId, calendar, events, endedAt);
  return {
    subject: deriveSubject({ protocol, participant, events, submissions, doses }),
    doses,
    outcomes: outcomeRows(participantId, submissions),
    guesses: guessRows(protocol, participantId, submissions),
    adverseEvents: deriveAdverseEvents(participantId, events, calendar?.startDate ?? null),
    entries: entryRows(participantId, submissions),
    kept: keptRows(participantId, events),
    due: countDue(calendar, events, new Set(submissions.map(({ activity, studyDay }) => `${activity}@${studyDay}`))),
  };
}

/** Calendars are the same for everybody who starts on the same day in the same zone, unless days are drawn. */
function calendarsOf(protocol: ProtocolDocument): CalendarOf {
  const known = new Map<string, Calendar>();
  const drawn = JSON.stringify(protocol).includes('"kind":"drawn","perWeek"');
  return (startDate, timeZone, participantId) => {
    const key = `${startDate} ${timeZone} ${drawn ? participantId : ''}`;
    const calendar =
      known.get(key) ??
      compileCalendar(protocol, { startDate, timeZone, ...(drawn ? { drawSeed: participantId } : {}) });
    known.set(key, calendar);
    return calendar;
  };
}

function calendarFor(participant: StudyParticipant, events: readonly EventFields[], calendarOf: CalendarOf) {
  const randomised = events.find((event) => event.type === 'participant.randomised');
  if (randomised === undefined) return null;
  const invited = events.find((event) => event.type === 'participant.invited');
  const timeZone = participant.timeZone ?? invited?.text('timeZone');
  if (timeZone === undefined) throw new AnalysisError('time_zone_missing', participant.participantId);
  return calendarOf(randomised.text('startDate'), timeZone, participant.participantId);
}

/** When the participant stopped taking capsules for good. */
function endOfTakingPart(events: readonly EventFields[]): string | null {
  const withdrawn = events.find(
    (event) => event.type === 'participant.withdrawn' && event.text('scope') !== 'futureUse',
  );
  return withdrawn?.recordedAt ?? null;
}

function countDue(calendar: Calendar | null, events: readonly EventFields[], answered: ReadonlySet<string>) {
  const left = events.find((event) => event.type === 'participant.withdrawn' && event.text('scope') === 'study');
  const due = (calendar?.occurrences ?? []).filter(
    (occurrence) => occurrence.kind === 'activity' && (left === undefined || occurrence.closesAt <= left.recordedAt),
  );
  return { activities: due.length, answered: due.filter(({ id }) => answered.has(id)).length };
}

function keptRows(participantId: string, events: readonly EventFields[]): KeptRow[] {
  return events
    .filter((event) => event.type === 'entry.kept')
    .map((event) => ({
      participantId,
      command: event.text('command'),
      code: event.text('code'),
      recordedAt: event.recordedAt,
      source: event.source,
    }));
}
