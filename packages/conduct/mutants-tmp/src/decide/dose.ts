/** Capsules. Nothing here ever makes up for one that was missed, and no two are taken close together. */
import type { CommandOf } from '../command.ts';
import { calendarOf, type DecisionContext, type Verdict } from '../context.ts';
import type { Event } from '../event.ts';
import { evolve } from '../evolve.ts';
import { occurrencesOf, type TimedOccurrence } from '../lookup.ts';
import { localTime, type Moment, momentOf, msPerHour } from '../moment.ts';
import { ownRules } from '../own-rules.ts';
import { type Problem, problem } from '../problems.ts';
import { clockSignal, eventsOf, rulesSetOffByDose, signalOf } from '../safety.ts';
import type { ParticipantState } from '../state.ts';
import { timingOf } from '../timing.ts';

export function decideDose(
  state: ParticipantState,
  command: CommandOf<'recordDose'>,
  context: DecisionContext,
): Verdict {
  if (state.kit === null) return problem('not_randomised');
  const occurrence = occurrencesOf(calendarOf(context)).get(command.occurrence);
  if (occurrence?.kind !== 'dose') {
    return { ...problem('unknown_occurrence', { occurrence: command.occurrence }), path: 'occurrence' };
  }
  const { device, outcome, takenAt } = command;
  const occurredAt = outcome === 'taken' ? takenAt : undefined;
  const moment = momentOf({ now: context.now, device, occurredAt, startDate: state.startDate });
  const against =
    againstAnyDose(state, occurrence, moment) ?? (outcome === 'taken' ? againstTaking(state, moment, context) : null);
  if (against !== null) return against;
  const events: Event[] =
    outcome === 'taken' ? takenEvents(occurrence, moment, context) : [missedEvent(command, moment)];
  return [...events, ...consequences(state, events, occurrence.id, moment, context)];
}

function againstAnyDose(state: ParticipantState, occurrence: TimedOccurrence, moment: Moment): Problem | null {
  if (Object.hasOwn(state.doses, occurrence.id)) return problem('dose_already_recorded');
  if (!state.dispensed) return problem('not_dispensed');
  if (state.dosingStopped) return problem('dosing_stopped');
  if (moment.inFuture) return problem('time_in_future');
  if (moment.ms >= occurrence.opensMs) return null;
  return problem('not_due_yet', { opensAt: localTime(state.timeZone, occurrence.opensAt) });
}

/** A hold stops capsules; one that was left out during a hold may be said to be. */
function againstTaking(state: ParticipantState, moment: Moment, { protocol }: DecisionContext): Problem | null {
  const { minimumHoursBetween, maximumDoses } = protocol.dosing;
  if (state.holds.length > 0) return problem('dosing_on_hold');
  const times = Object.values(state.doseTimes);
  if (times.length >= maximumDoses) return problem('dose_limit_reached', { maximum: maximumDoses });
  const gap = minimumHoursBetween * msPerHour;
  if (times.every((time) => Math.abs(moment.ms - Date.parse(time)) >= gap)) return null;
  return problem('dose_too_soon', { hours: minimumHoursBetween });
}

function takenEvents(occurrence: TimedOccurrence, { ms, when }: Moment, context: DecisionContext): Event[] {
  const timing = timingOf(occurrence, ms);
  const takenAt = new Date(ms).toISOString();
  const taken: Event = { type: 'dose.taken', occurrence: occurrence.id, takenAt, timing, ...when };
  if (timing !== 'outOfWindow') return [taken];
  const message = 'A capsule was taken outside its time window.';
  return [taken, signalOf(context, ownRules.doseOutOfWindow, 'prompt', occurrence.id, message)];
}

function missedEvent({ occurrence, reason }: CommandOf<'recordDose'>, { when }: Moment): Event {
  return { type: 'dose.missed', occurrence, reason: reason ?? null, ...when };
}

function consequences(
  state: ParticipantState,
  events: readonly Event[],
  about: string,
  { when }: Moment,
  context: DecisionContext,
): Event[] {
  const after = events.reduce(evolve, state);
  const setOff = rulesSetOffByDose(context, state, after);
  return [...eventsOf(setOff, state, context, about), ...clockSignal(state, context, when, about)];
}
