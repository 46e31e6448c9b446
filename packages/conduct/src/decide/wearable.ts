/** Days measured by a person's own watch or phone, as many as they chose to send. */
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import { dateIn, momentOf } from '../moment.ts';
import { problem } from '../problems.ts';
import type { ParticipantState } from '../state.ts';

/** A day that was sent before is sent again when a later export knows more of it: the newest counts. */
export function decideWearableDays(
  state: ParticipantState,
  { source, days, device }: CommandOf<'recordWearableDays'>,
  { now }: DecisionContext,
): Verdict {
  if (state.consent === null) return problem('not_consented');
  const { when, inFuture } = momentOf({ now, device, startDate: state.startDate });
  // A day of grace: the person may be in a zone further east than the one of the study.
  const last = dateIn(state.timeZone, now).add({ days: 1 }).toString();
  if (inFuture || days.some(({ date }) => date > last)) return { ...problem('time_in_future'), path: 'days' };
  return [{ type: 'wearable.recorded', source, days, ...when }];
}
