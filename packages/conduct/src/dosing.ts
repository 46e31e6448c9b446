/** Kits and capsules. A capsule is recorded once, never while dosing is held, never too close to the last. */
import type { CommandOf } from './command.ts';
import { type DecisionContext, futureToleranceMs, momentOf, occurrenceOf, timingOf } from './context.ts';
import type { Event } from './event.ts';
import { type Problem, problem } from './problems.ts';
import { consequences } from './safety.ts';
import type { ParticipantState } from './state.ts';
import { whenOf } from './when.ts';

const hourMs = 3_600_000;

export function dispense(state: ParticipantState, command: CommandOf<'dispense'>): Event[] | Problem {
  if (state.kit === null) return problem('not_randomised');
  if (state.dispensed) return problem('already_dispensed');
  if (command.kit !== state.kit) return problem('kit_mismatch', { path: 'kit' });
  return [{ type: 'kit.dispensed', kit: command.kit }];
}

export function recordDose(
  state: ParticipantState,
  command: CommandOf<'recordDose'>,
  context: DecisionContext,
): Event[] | Problem {
  if (!context.calendar || state.kit === null) return problem('not_randomised');
  if (!state.dispensed) return problem('not_dispensed');
  const occurrence = occurrenceOf(context.calendar, command.occurrence);
  if (occurrence?.kind !== 'dose') return problem('unknown_occurrence', { path: 'occurrence' });
  const moment = momentOf(command.device, context.now);
  const now = Date.parse(context.now);
  const takenAt =
    command.takenAt === undefined ? moment.occurredAt : Date.parse(command.takenAt) + (moment.skewMs ?? 0);
  if (Math.max(moment.occurredAt, takenAt) > now + futureToleranceMs)
    return problem('time_in_future', { path: 'takenAt' });
  if (state.doses[occurrence.id] !== undefined) return problem('dose_already_recorded');
  const when = whenOf(moment, command.device);
  if (command.outcome === 'missed') {
    if (moment.occurredAt < Date.parse(occurrence.opensAt)) return problem('not_due_yet');
    const missed: Event = { type: 'dose.missed', occurrence: occurrence.id, reason: command.reason ?? null, ...when };
    return [missed, ...consequences(state, [missed], context, { about: occurrence.id })];
  }
  const refusal = refusedCapsule(state, takenAt, occurrence.opensAt, context);
  if (refusal) return refusal;
  const taken: Event = {
    type: 'dose.taken',
    occurrence: occurrence.id,
    takenAt: new Date(takenAt).toISOString(),
    timing: timingOf(occurrence, takenAt),
    ...when,
  };
  return [taken, ...consequences(state, [taken], context, { about: occurrence.id })];
}

function refusedCapsule(
  state: ParticipantState,
  takenAt: number,
  opensAt: string,
  context: DecisionContext,
): Problem | null {
  const { minimumHoursBetween, maximumDoses } = context.protocol.dosing;
  if (state.holds.length > 0) return problem('dosing_on_hold');
  if (state.dosingStopped) return problem('dosing_stopped');
  if (takenAt < Date.parse(opensAt)) return problem('not_due_yet');
  const taken = Object.values(state.doses).filter((outcome) => outcome === 'taken').length;
  if (taken >= maximumDoses) return problem('dose_limit_reached');
  const last = state.lastDoseAt === null ? null : Date.parse(state.lastDoseAt);
  if (last !== null && Math.abs(takenAt - last) < minimumHoursBetween * hourMs) return problem('dose_too_soon');
  return null;
}
