/** Questionnaires, diaries and guesses: accepted, scored, checked for what must be acted on; and their correction. */
import { findInstrument, type Instrument, scoreInstrument } from '@limen/instruments';
import type { Activity } from '@limen/protocol';
import { problemWithAnswer, problemWithAnswers } from '../answers.ts';
import type { Answers, CommandOf } from '../command.ts';
import { calendarOf, type DecisionContext, type Verdict } from '../context.ts';
import type { Event } from '../event.ts';
import { evolve } from '../evolve.ts';
import { activitiesOf, occurrencesOf, type TimedOccurrence } from '../lookup.ts';
import { medicineWarning } from '../medicine.ts';
import { dateIn, localTime, type Moment, momentOf } from '../moment.ts';
import { ownRules } from '../own-rules.ts';
import { type Problem, problem } from '../problems.ts';
import { clockSignal, eventsOf, rulesSetOffByAnswers, signalOf } from '../safety.ts';
import type { ParticipantState } from '../state.ts';
import { timingOf } from '../timing.ts';

export function decideSubmission(
  state: ParticipantState,
  command: CommandOf<'submit'>,
  context: DecisionContext,
): Verdict {
  if (state.kit === null) return problem('not_randomised');
  const occurrence = occurrencesOf(calendarOf(context)).get(command.occurrence);
  const activity = occurrence && activitiesOf(context.protocol).get(occurrence.activityId);
  if (occurrence?.kind !== 'activity' || activity === undefined) {
    return { ...problem('unknown_occurrence', { occurrence: command.occurrence }), path: 'occurrence' };
  }
  if (Object.hasOwn(state.submissions, occurrence.id)) return problem('already_answered');
  const instrument = findInstrument(activity.instrument);
  if (instrument?.id !== command.instrument || instrument.version !== command.instrumentVersion) {
    const wanted = `${activity.instrument} ${instrument?.version ?? ''}`.trim();
    return { ...problem('instrument_mismatch', { instrument: wanted }), path: 'instrument' };
  }
  const moment = momentOf({ now: context.now, device: command.device, startDate: state.startDate });
  const against =
    againstTime(state, occurrence, moment) ??
    problemWithAnswers(instrument, command.answers) ??
    againstOrder(state, occurrence, activity, moment, context);
  return against ?? submissionEvents(state, command, { occurrence, activity, instrument, moment }, context);
}

function againstTime(state: ParticipantState, occurrence: TimedOccurrence, moment: Moment): Problem | null {
  if (moment.inFuture) return problem('time_in_future');
  if (moment.ms >= occurrence.opensMs) return null;
  return problem('not_due_yet', { opensAt: localTime(state.timeZone, occurrence.opensAt) });
}

/** Outcomes before the guess. What can no longer be answered in time is not waited for. */
function againstOrder(
  state: ParticipantState,
  occurrence: TimedOccurrence,
  activity: Activity,
  moment: Moment,
  context: DecisionContext,
): Problem | null {
  const earlier = firstAwaited(state, occurrence, moment.ms, occurrencesOf(calendarOf(context)));
  if (earlier === undefined) return null;
  const waitsFor = activitiesOf(context.protocol).get(earlier.activityId)?.label ?? earlier.id;
  return problem(activity.purpose === 'guess' ? 'guess_before_outcome' : 'earlier_activity_missing', { waitsFor });
}

/** The first occurrence that must be answered before this one, is not, and still can be in time. */
export function firstAwaited(
  state: ParticipantState,
  { after }: Pick<TimedOccurrence, 'after'>,
  ms: number,
  all: ReadonlyMap<string, TimedOccurrence>,
): TimedOccurrence | undefined {
  for (const id of after) {
    const earlier = all.get(id);
    if (earlier !== undefined && !Object.hasOwn(state.submissions, id) && ms <= earlier.lateMs) return earlier;
  }
  return undefined;
}

type Found = {
  readonly occurrence: TimedOccurrence;
  readonly activity: Activity;
  readonly instrument: Instrument;
  readonly moment: Moment;
};

function submissionEvents(
  state: ParticipantState,
  command: CommandOf<'submit'>,
  { occurrence, activity, instrument, moment }: Found,
  context: DecisionContext,
): Event[] {
  const { scores, flags } = scoreInstrument(instrument, command.answers);
  const submitted: Event = {
    type: 'answers.submitted',
    submissionId: context.newId('submission'),
    occurrence: occurrence.id,
    activity: occurrence.activityId,
    instrument: instrument.id,
    instrumentVersion: instrument.version,
    answers: command.answers,
    scores,
    flags,
    timing: timingOf(occurrence, moment.ms),
    // What is asked for safety is not a rating that a belief could move the study by.
    ...(state.unblinded === true && activity.purpose !== 'safety' ? { afterUnblinding: true as const } : null),
    ...(command.inputMode === undefined ? null : { inputMode: command.inputMode }),
    ...moment.when,
  };
  const after = evolve(state, submitted);
  const setOff = rulesSetOffByAnswers(context, after, { instrument: instrument.id, scores, flags });
  return [
    submitted,
    ...eventsOf(setOff, state, context, occurrence.id),
    ...medicineSignal(state, command, occurrence.id, context),
    ...clockSignal(state, context, moment.when, occurrence.id),
  ];
}

function medicineSignal(
  state: ParticipantState,
  { answers }: CommandOf<'submit'>,
  about: string,
  context: DecisionContext,
): Event[] {
  const on = dateIn(state.timeZone, context.now).toString();
  const warning = medicineWarning(context.protocol, answers, on);
  if (warning === null) return [];
  return [signalOf(context, ownRules.medicine, warning.severity, about, warning.message)];
}

/** The old value stays in the record; scores are computed anew, and rules that became true act. */
export function decideCorrection(
  state: ParticipantState,
  command: CommandOf<'correct'>,
  context: DecisionContext,
): Verdict {
  const { submission } = context;
  const known = submission ? state.submissions[submission.occurrence] : undefined;
  if (!submission || known?.submissionId !== command.submissionId) return problem('unknown_submission');
  const instrument = findInstrument(submission.instrument);
  if (instrument?.version !== submission.instrumentVersion) {
    return problem('instrument_mismatch', { instrument: `${submission.instrument} ${instrument?.version ?? ''}` });
  }
  const { item, value, reason } = command;
  const from = Object.hasOwn(submission.answers, item) ? (submission.answers[item] ?? null) : null;
  if (sameAnswer(from, value)) return problem('nothing_to_correct');
  const answers = { ...submission.answers, [item]: value };
  const invalid = problemWithAnswer(instrument, answers, item);
  if (invalid !== null) return invalid;
  const { occurrence, answers: old } = submission;
  const entry = { instrument: instrument.id, ...scoreInstrument(instrument, answers) };
  const corrected: Event = {
    type: 'answer.corrected',
    submissionId: known.submissionId,
    occurrence,
    item,
    from,
    to: value,
    scores: entry.scores,
    reason,
  };
  const before = { state, entry: { instrument: instrument.id, ...scoreInstrument(instrument, old) } };
  const setOff = rulesSetOffByAnswers(context, evolve(state, corrected), entry, before);
  return [corrected, ...eventsOf(setOff, state, context, occurrence)];
}

function sameAnswer(a: Answers[string], b: Answers[string]): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => entry === b[index]);
  }
  return a === b;
}
