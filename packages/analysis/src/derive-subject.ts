/** One row per participant: how far they came, what they brought along, and which analysis sets they are in. */
import type { ProtocolDocument } from '@limen/protocol';
import type { Submission } from './derive-submissions.ts';
import { type EventFields, isRecord, joinSources, type StudyParticipant } from './study-events.ts';
import type { DoseRow, SubjectRow } from './tables.ts';

/** Share of due capsules that a participant of the per-protocol set took at least. */
export const perProtocolAdherence = 0.8;

type SubjectInput = {
  readonly protocol: ProtocolDocument;
  readonly participant: StudyParticipant;
  readonly events: readonly EventFields[];
  readonly submissions: readonly Submission[];
  readonly doses: readonly DoseRow[];
};

export function deriveSubject(input: SubjectInput): SubjectRow {
  const { participant, events, submissions } = input;
  const last = (type: string) => events.findLast((event) => event.type === type);
  const screened = last('participant.screened');
  const randomised = last('participant.randomised');
  const left = events.find((event) => event.type === 'participant.withdrawn' && event.text('scope') !== 'futureUse');
  const answers = screened?.record('answers') ?? {};
  const counts = countDoses(input.doses);
  const completed = last('participant.completed') !== undefined;
  const reasons = randomised === undefined ? [] : perProtocolReasons(input, counts, left !== undefined, completed);
  return {
    participantId: participant.participantId,
    siteId: participant.siteId,
    age: typeof answers.age === 'number' ? answers.age : null,
    sex: typeof answers.sex === 'string' ? answers.sex : null,
    screened: screened !== undefined,
    screening: screeningResult(screened),
    reasonsExcluded: reasonsExcluded(input.protocol, screened),
    consented: last('participant.consented') !== undefined,
    randomisedAt: randomised?.recordedAt ?? null,
    startDate: randomised?.text('startDate') ?? null,
    expectation: expectationOf(input.protocol, submissions),
    ...counts,
    withdrawal:
      left === undefined
        ? null
        : { scope: left.text('scope'), reason: left.optionalText('reason'), at: left.recordedAt },
    objectsToFutureUse: events.some(
      (event) => event.type === 'participant.withdrawn' && event.text('scope') === 'futureUse',
    ),
    completed,
    holds: events.filter((event) => event.type === 'dosing.held').length,
    sets: {
      randomised: randomised !== undefined,
      safety: counts.dosesTaken > 0,
      perProtocol: randomised !== undefined && reasons.length === 0,
      completer: randomised !== undefined && completed,
    },
    perProtocolReasons: reasons,
    source: joinSources(
      ...[screened, randomised, left, last('participant.completed')].flatMap((e) => (e ? [e.source] : [])),
    ),
  };
}

function screeningResult(screened: EventFields | undefined): SubjectRow['screening'] {
  const result = screened?.text('result');
  return result === 'eligible' || result === 'ineligible' || result === 'unknown' ? result : null;
}

function reasonsExcluded(protocol: ProtocolDocument, screened: EventFields | undefined): string[] {
  if (screened === undefined || screened.text('result') !== 'ineligible') return [];
  return screened.list('decisions').flatMap((decision) => {
    if (!isRecord(decision) || decision.verdict !== 'notMet') return [];
    const criterion = protocol.population.eligibility.find(({ id }) => id === decision.criterion);
    return [criterion?.label ?? String(decision.criterion)];
  });
}

/** The `expectation` score of the last expectancy form, which is asked before the first capsule. */
function expectationOf(protocol: ProtocolDocument, submissions: readonly Submission[]): number | null {
  const ids = new Set(protocol.activities.filter(({ purpose }) => purpose === 'expectancy').map(({ id }) => id));
  const form = submissions.findLast(({ activity, timing }) => ids.has(activity) && timing !== 'outOfWindow');
  const value = form?.scores.expectation;
  return typeof value === 'number' ? value : null;
}

function countDoses(doses: readonly DoseRow[]) {
  const count = (status: DoseRow['status']) => doses.filter((dose) => dose.status === status).length;
  const dosesTaken = count('taken');
  const dosesMissed = count('missed') + count('notRecorded');
  return { dosesDue: dosesTaken + dosesMissed, dosesTaken, dosesMissed };
}

function perProtocolReasons(
  { events, doses }: SubjectInput,
  counts: ReturnType<typeof countDoses>,
  left: boolean,
  completed: boolean,
): string[] {
  const reasons: string[] = [];
  if (counts.dosesTaken === 0) reasons.push('took no capsule');
  else if (counts.dosesTaken < perProtocolAdherence * counts.dosesDue) {
    reasons.push(`took fewer than ${perProtocolAdherence * 100}% of the capsules due`);
  }
  if (doses.some((dose) => dose.timing === 'outOfWindow')) reasons.push('took a capsule outside its window');
  if (left) reasons.push('withdrew');
  else if (!completed) reasons.push('did not complete');
  if (events.some(isRefusedCapsule)) {
    reasons.push('reported a capsule that could not be accepted');
  }
  return reasons;
}

/** A capsule reported against the rules, such as during a hold; the second report of one capsule is no such thing. */
function isRefusedCapsule(event: EventFields): boolean {
  if (event.type !== 'entry.kept' || event.text('command') !== 'recordDose') return false;
  return event.text('code') !== 'dose_already_recorded';
}
