/** Answers: submitted once per occasion, in the protocol's order, with the form the protocol names; corrected with a reason. */
import { instrumentById, scoreInstrument, validateAnswers } from '@limen/instruments';
import { answerFaults } from './answer-faults.ts';
import type { CommandOf } from './command.ts';
import { type DecisionContext, futureToleranceMs, momentOf, occurrenceOf, timingOf } from './context.ts';
import type { Event } from './event.ts';
import { type Problem, problem } from './problems.ts';
import { consequences } from './safety.ts';
import type { ParticipantState } from './state.ts';
import { whenOf } from './when.ts';

export function submit(
  state: ParticipantState,
  command: CommandOf<'submit'>,
  context: DecisionContext,
): Event[] | Problem {
  if (!context.calendar || state.kit === null) return problem('not_randomised');
  const occurrence = occurrenceOf(context.calendar, command.occurrence);
  const activity = context.protocol.activities.find((one) => one.id === occurrence?.activityId);
  if (!occurrence || !activity) return problem('unknown_occurrence', { path: 'occurrence' });
  const instrument = instrumentById(activity.instrument);
  if (command.instrument !== instrument.id) return problem('instrument_mismatch', { path: 'instrument' });
  if (command.instrumentVersion !== instrument.version)
    return problem('instrument_mismatch', { path: 'instrumentVersion' });
  const checked = validateAnswers(instrument, command.answers, { complete: true });
  if (!checked.ok) return answerFaults(checked.problems);
  const moment = momentOf(command.device, context.now);
  if (moment.occurredAt > Date.parse(context.now) + futureToleranceMs) {
    return problem('time_in_future', { path: 'device.occurredAt' });
  }
  if (moment.occurredAt < Date.parse(occurrence.opensAt)) return problem('not_due_yet');
  if (state.submissions[occurrence.id]) return problem('already_answered');
  const missing = occurrence.after.find((before) => !state.submissions[before]);
  if (missing) {
    return problem(activity.purpose === 'guess' ? 'guess_before_outcome' : 'earlier_activity_missing', {
      path: missing,
    });
  }
  const { scores, flags } = scoreInstrument(instrument, command.answers);
  const submitted: Event = {
    type: 'answers.submitted',
    submissionId: context.newId('submission'),
    occurrence: occurrence.id,
    activity: activity.id,
    instrument: instrument.id,
    instrumentVersion: instrument.version,
    answers: command.answers,
    scores,
    flags,
    timing: timingOf(occurrence, moment.occurredAt),
    ...(command.inputMode ? { inputMode: command.inputMode } : {}),
    ...whenOf(moment, command.device),
  };
  return [submitted, ...consequences(state, [submitted], context, { about: submitted.submissionId, flags })];
}

export function correct(
  state: ParticipantState,
  command: CommandOf<'correct'>,
  context: DecisionContext,
): Event[] | Problem {
  const { submission } = context;
  const known = submission ? state.submissions[submission.occurrence] : undefined;
  if (!submission || known?.submissionId !== command.submissionId)
    return problem('unknown_submission', { path: 'submissionId' });
  const instrument = instrumentById(submission.instrument);
  const from = submission.answers[command.item] ?? null;
  if (JSON.stringify(from) === JSON.stringify(command.value)) return problem('nothing_to_correct', { path: 'value' });
  const answers = { ...submission.answers, [command.item]: command.value };
  const checked = validateAnswers(instrument, answers);
  if (!checked.ok) return answerFaults(checked.problems);
  const { scores, flags } = scoreInstrument(instrument, answers);
  const corrected: Event = {
    type: 'answer.corrected',
    submissionId: command.submissionId,
    occurrence: submission.occurrence,
    item: command.item,
    from,
    to: command.value,
    scores,
    reason: command.reason,
  };
  return [corrected, ...consequences(state, [corrected], context, { about: command.submissionId, flags })];
}
