/** Adverse events: reported by anyone, assessed by an investigator as if the capsules were active. */
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import type { Event } from '../event.ts';
import { evolve } from '../evolve.ts';
import { dateIn, momentOf } from '../moment.ts';
import { problem } from '../problems.ts';
import { clockSignal, eventsOf, rulesSetOffByAdverseEvent } from '../safety.ts';
import type { AdverseEventState, ParticipantState } from '../state.ts';

export function decideReport(
  state: ParticipantState,
  command: CommandOf<'reportAdverseEvent'>,
  context: DecisionContext,
): Verdict {
  if (state.consent === null) return problem('not_consented');
  const { term, onset, ongoing, grade, serious, note, device } = command;
  const { when, inFuture } = momentOf({ now: context.now, device, startDate: state.startDate });
  // A day of grace: the participant may be in a zone further east than the one of the study.
  const lastOnset = dateIn(state.timeZone, context.now).add({ days: 1 }).toString();
  if (onset > lastOnset) return { ...problem('onset_invalid'), path: 'onset' };
  if (inFuture) return problem('time_in_future');
  const adverseEventId = context.newId('adverseEvent');
  const facts = { adverseEventId, term, onset, ongoing, grade, serious };
  const reported: Event = {
    type: 'adverseEvent.reported',
    ...facts,
    ...(note === undefined ? null : { note }),
    ...when,
  };
  return [
    reported,
    ...consequences(state, reported, facts, undefined, context),
    ...clockSignal(state, context, when, adverseEventId),
  ];
}

export function decideAssessment(
  state: ParticipantState,
  command: CommandOf<'assessAdverseEvent'>,
  context: DecisionContext,
): Verdict {
  if (context.actor.role !== 'investigator') return problem('role_not_allowed', { role: 'investigator' });
  const before = state.adverseEvents.find(({ adverseEventId }) => adverseEventId === command.adverseEventId);
  if (before === undefined) return problem('unknown_adverse_event');
  const { adverseEventId, grade, serious, relatedness, outcome, reason } = command;
  const assessed: Event = {
    type: 'adverseEvent.assessed',
    adverseEventId,
    grade,
    serious,
    relatedness,
    outcome,
    reason,
  };
  const after = { ...before, grade, serious };
  return [assessed, ...consequences(state, assessed, after, before, context)];
}

function consequences(
  state: ParticipantState,
  event: Event,
  facts: AdverseEventState,
  before: AdverseEventState | undefined,
  context: DecisionContext,
): Event[] {
  const setOff = rulesSetOffByAdverseEvent(context, evolve(state, event), facts, before);
  return eventsOf(setOff, state, context, facts.adverseEventId);
}
