/** How taking part ends: by leaving, in whole or in part, or by reaching the end of the schedule. */
import { type Calendar, isAsked, type ProtocolDocument } from '@limen/protocol';
import type { CommandOf } from '../command.ts';
import { calendarOf, type DecisionContext, type Verdict } from '../context.ts';
import { activitiesOf } from '../lookup.ts';
import { dateIn, momentOf } from '../moment.ts';
import { problem } from '../problems.ts';
import { viewOf } from '../safety.ts';
import type { ParticipantState } from '../state.ts';

/** `dosing`: no more capsules, the diary goes on. `study`: nothing more; what was recorded stays. */
export function decideWithdrawal(
  state: ParticipantState,
  { scope, reason, device }: CommandOf<'withdraw'>,
  { now }: DecisionContext,
): Verdict {
  if (scope === 'dosing' && state.dosingStopped) return problem('already_withdrawn');
  if (scope === 'futureUse' && state.futureUseRefused) return problem('already_withdrawn');
  const { when } = momentOf({ now, device, startDate: state.startDate });
  return [{ type: 'participant.withdrawn', scope, reason: reason ?? null, ...when }];
}

export function decideCompletion(state: ParticipantState, context: DecisionContext): Verdict {
  if (state.kit === null) return problem('not_randomised');
  const calendar = calendarOf(context);
  const open = countOpen(state, calendar, context.protocol);
  const today = dateIn(state.timeZone, context.now).toString();
  if (open > 0 && today <= calendar.lastDate) {
    return problem('not_yet_complete', { lastDate: calendar.lastDate, open });
  }
  return [{ type: 'participant.completed' }];
}

/** Required occurrences without an entry; capsules count until dosing has stopped. */
function countOpen(state: ParticipantState, { occurrences }: Calendar, protocol: ProtocolDocument): number {
  const activities = activitiesOf(protocol);
  const view = viewOf(state);
  return occurrences.filter(({ id, kind, activityId }) => {
    if (kind === 'dose') return !state.dosingStopped && !Object.hasOwn(state.doses, id);
    const activity = activities.get(activityId);
    return activity?.required === true && isAsked(activity, view) && !Object.hasOwn(state.submissions, id);
  }).length;
}
