/** Leaving and finishing. */
import type { CommandOf } from './command.ts';
import { type DecisionContext, momentOf } from './context.ts';
import type { Event } from './event.ts';
import { type Problem, problem } from './problems.ts';
import type { ParticipantState } from './state.ts';
import { whenOf } from './when.ts';

export function withdraw(
  state: ParticipantState,
  command: CommandOf<'withdraw'>,
  context: DecisionContext,
): Event[] | Problem {
  if (command.scope === 'dosing' && state.dosingStopped) return problem('dosing_stopped');
  return [
    {
      type: 'participant.withdrawn',
      scope: command.scope,
      reason: command.reason ?? null,
      ...whenOf(momentOf(command.device, context.now), command.device),
    },
  ];
}

/** When the last planned day has passed, or when nothing required is open any more. */
export function complete(state: ParticipantState, context: DecisionContext): Event[] | Problem {
  const { calendar, protocol } = context;
  if (!calendar || state.kit === null) return problem('not_randomised');
  const lastMoment = calendar.occurrences.reduce((latest, one) => Math.max(latest, Date.parse(one.closesAt)), 0);
  const required = new Set(protocol.activities.filter((activity) => activity.required).map((activity) => activity.id));
  const open = calendar.occurrences.some((one) =>
    one.kind === 'dose'
      ? state.doses[one.id] === undefined
      : required.has(one.activityId) && !state.submissions[one.id],
  );
  if (open && Date.parse(context.now) < lastMoment) return problem('not_yet_complete');
  return [{ type: 'participant.completed' }];
}
