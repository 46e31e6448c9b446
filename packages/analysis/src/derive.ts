/** From the record to analysis tables. Nothing here knows an allocation. */
import {
  type AdoptedVersion,
  type Calendar,
  calendarOver,
  type ProtocolDocument,
  type VersionConsent,
  versionParts,
} from '@limen/protocol';
import { deriveAdverseEvents } from './derive-adverse-events.ts';
import { doseRows } from './derive-doses.ts';
import { deriveSubject } from './derive-subject.ts';
import { entryRows, guessRows, outcomeRows, submissionsOf } from './derive-submissions.ts';
import { wearableRows } from './derive-wearables.ts';
import { envelopeRows, packingOf } from './envelopes.ts';
import { AnalysisError } from './errors.ts';
import { type EventFields, readEvent, type StudyParticipant } from './study-events.ts';
import type { DerivedTables, KeptRow } from './tables.ts';

export type DeriveInput = {
  readonly protocol: ProtocolDocument;
  /** All versions the study has had, oldest first; absent: `protocol` was never amended. */
  readonly versions?: Versions;
  readonly participants: readonly StudyParticipant[];
};

export type Versions = readonly [AdoptedVersion, ...AdoptedVersion[]];
type Person = { startDate: string; timeZone: string; participantId: string; consents: readonly VersionConsent[] };
type CalendarOf = (person: Person) => Calendar;

/**
 * Derives every table from the participants' events, in order of participant id. Corrections are applied, entries
 * outside their window are marked and left out.
 * @throws AnalysisError `event_malformed`, `time_zone_missing`
 */
export function deriveTables({ protocol, versions, participants }: DeriveInput): DerivedTables {
  const calendarOf = calendarsOf(versions ?? [{ protocol, adoptedAt: '', reconsent: false }]);
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
    envelopes: parts.flatMap((part) => part.envelopes),
    packing: parts.flatMap((part) => part.packing ?? []),
    wearables: parts.flatMap((part) => part.wearables),
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
    envelopes: envelopeRows(participantId, events),
    packing: packingOf(participantId, events),
    wearables: wearableRows(participantId, events, calendar?.startDate ?? null),
    due: countDue(calendar, events, new Set(submissions.map(({ activity, studyDay }) => `${activity}@${studyDay}`))),
  };
}

/** Calendars are the same for everybody who starts on the same day, zone and versions, unless days are drawn. */
function calendarsOf(versions: Versions): CalendarOf {
  const known = new Map<string, Calendar>();
  const drawn = JSON.stringify(versions).includes('"kind":"drawn","perWeek"');
  return ({ startDate, timeZone, participantId, consents }) => {
    const path = versions.length === 1 ? '' : JSON.stringify(consents);
    const key = `${startDate} ${timeZone} ${path} ${drawn ? participantId : ''}`;
    const options = { startDate, timeZone, ...(drawn ? { drawSeed: participantId } : {}) };
    const calendar = known.get(key) ?? calendarOver(versionParts(versions, consents, timeZone), options);
    known.set(key, calendar);
    return calendar;
  };
}

function calendarFor(participant: StudyParticipant, events: readonly EventFields[], calendarOf: CalendarOf) {
  const { participantId } = participant;
  const randomised = events.find((event) => event.type === 'participant.randomised');
  if (randomised === undefined) return null;
  const invited = events.find((event) => event.type === 'participant.invited');
  const timeZone = participant.timeZone ?? invited?.text('timeZone');
  if (timeZone === undefined) throw new AnalysisError('time_zone_missing', participantId);
  return calendarOf({ startDate: randomised.text('startDate'), timeZone, participantId, consents: consentsIn(events) });
}

/** Versions consented to; a record older than amendments names none, and its version is the first. */
function consentsIn(events: readonly EventFields[]): VersionConsent[] {
  const consented = events.filter(({ type }) => type === 'participant.consented');
  const named = consented.flatMap((event): VersionConsent[] => {
    const protocolVersion = event.optionalText('protocolVersion');
    return protocolVersion === null ? [] : [{ protocolVersion, fromDate: event.optionalText('effectiveFrom') }];
  });
  return named.length > 0 ? named : [{ protocolVersion: '', fromDate: null }];
}

/** When the participant stopped taking capsules for good. */
function endOfTakingPart(events: readonly EventFields[]): string | null {
  const withdrawn = events.find(
    (event) =>
      event.type === 'dosing.stopped' ||
      (event.type === 'participant.withdrawn' && event.text('scope') !== 'futureUse'),
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
