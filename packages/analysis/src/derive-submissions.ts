/** From submissions and their corrections to outcomes, guesses and entries. */
import type { ProtocolDocument } from '@limen/protocol';
import { AnalysisError } from './errors.ts';
import { type EventFields, joinSources, type Source } from './study-events.ts';
import type { Answer, EntryRow, GuessRow, OutcomeRow, Timing } from './tables.ts';

export type Submission = {
  readonly submissionId: string;
  readonly activity: string;
  readonly instrument: string;
  readonly studyDay: number;
  readonly week: number;
  readonly answers: Record<string, Answer>;
  scores: Readonly<Record<string, unknown>>;
  readonly timing: Timing;
  corrections: number;
  source: Source;
};

/** `daily-check-in@12` is study day 12. */
export function studyDayOf(occurrence: string): number {
  const day = Number(occurrence.slice(occurrence.lastIndexOf('@') + 1));
  if (!Number.isInteger(day) || day < 1) throw new AnalysisError('event_malformed', `occurrence ${occurrence}`);
  return day;
}

export function weekOf(studyDay: number): number {
  return Math.floor((studyDay - 1) / 7) + 1;
}

export function timingOf(event: EventFields): Timing {
  const timing = event.text('timing');
  if (timing === 'onTime' || timing === 'late' || timing === 'outOfWindow') return timing;
  throw new AnalysisError('event_malformed', `${event.type}, entry ${event.seq}: timing`);
}

/** Submissions in order, each as it reads after its last correction. */
export function submissionsOf(events: readonly EventFields[]): Submission[] {
  const submissions = new Map<string, Submission>();
  for (const event of events) {
    if (event.type === 'answers.submitted') {
      const submission = readSubmission(event);
      submissions.set(submission.submissionId, submission);
    } else if (event.type === 'answer.corrected') correct(submissions, event);
  }
  return [...submissions.values()];
}

function readSubmission(event: EventFields): Submission {
  const studyDay = studyDayOf(event.text('occurrence'));
  return {
    submissionId: event.text('submissionId'),
    activity: event.text('activity'),
    instrument: event.text('instrument'),
    studyDay,
    week: weekOf(studyDay),
    answers: answersOf(event.record('answers')),
    scores: event.record('scores'),
    timing: timingOf(event),
    corrections: 0,
    source: event.source,
  };
}

function correct(submissions: ReadonlyMap<string, Submission>, event: EventFields): void {
  const submission = submissions.get(event.text('submissionId'));
  if (submission === undefined) {
    throw new AnalysisError('event_malformed', `entry ${event.seq} corrects an unknown submission`);
  }
  submission.answers[event.text('item')] = answerOf(event.value('to'));
  submission.scores = event.record('scores');
  submission.corrections += 1;
  submission.source = joinSources(submission.source, event.source);
}

function answersOf(recorded: Readonly<Record<string, unknown>>): Record<string, Answer> {
  return Object.fromEntries(Object.entries(recorded).map(([item, answer]) => [item, answerOf(answer)]));
}

function answerOf(value: unknown): Answer {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String) : null;
}

const outOfWindow = 'answered outside its window';

/** Every numeric score and rating of the submissions; a score stands before an answer of the same name. */
export function outcomeRows(participantId: string, submissions: readonly Submission[]): OutcomeRow[] {
  return submissions.flatMap((submission) => {
    const values = { ...submission.answers, ...submission.scores };
    return Object.entries(values).flatMap(([score, value]): OutcomeRow[] => {
      if (typeof value !== 'number' || !Number.isFinite(value)) return [];
      const { submissionId, activity, instrument, studyDay, week, timing, source } = submission;
      return [
        {
          participantId,
          submissionId,
          activity,
          instrument,
          score,
          studyDay,
          week,
          value,
          timing,
          corrected: submission.corrections > 0,
          leftOut: timing === 'outOfWindow' ? outOfWindow : null,
          source,
        },
      ];
    });
  });
}

export function guessRows(
  protocol: ProtocolDocument,
  participantId: string,
  submissions: readonly Submission[],
): GuessRow[] {
  const activities = new Map(
    protocol.activities.filter(({ purpose }) => purpose === 'guess').map((activity) => [activity.id, activity]),
  );
  return submissions.flatMap((submission): GuessRow[] => {
    const activity = activities.get(submission.activity);
    const guess = guessOf(submission.answers.guess);
    if (activity === undefined || guess === null) return [];
    const { confidence, cues } = submission.answers;
    return [
      {
        participantId,
        activity: activity.id,
        about: activity.instrument.includes('period') ? 'period' : 'capsule',
        studyDay: submission.studyDay,
        week: submission.week,
        guess,
        confidence: typeof confidence === 'number' ? confidence : null,
        cues: typeof cues === 'object' && cues !== null ? cues : [],
        timing: submission.timing,
        leftOut: submission.timing === 'outOfWindow' ? outOfWindow : null,
        source: submission.source,
      },
    ];
  });
}

function guessOf(answer: Answer | undefined): GuessRow['guess'] | null {
  if (answer === 'active' || answer === 'placebo') return answer;
  return answer === 'dontKnow' ? 'unsure' : null;
}

export function entryRows(participantId: string, submissions: readonly Submission[]): EntryRow[] {
  return submissions.map(({ submissionId, activity, studyDay, timing, corrections, source }) => ({
    participantId,
    submissionId,
    activity,
    studyDay,
    timing,
    corrections,
    source,
  }));
}
