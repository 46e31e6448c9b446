/** Kits in a participant's hands: handed over, brought back and counted, lost, replaced. Labels are all that is known. */
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import { awaitedKit, kitsOf } from '../kits.ts';
import { momentOf } from '../moment.ts';
import { ownRules } from '../own-rules.ts';
import { type Problem, problem } from '../problems.ts';
import type { ParticipantState } from '../state.ts';

export function decideDispensing(
  state: ParticipantState,
  { kit }: CommandOf<'dispense'>,
  { kitUsable = true }: DecisionContext,
): Verdict {
  if (state.kit === null) return problem('not_randomised');
  const awaited = awaitedKit(state);
  if (awaited === null) return problem('already_dispensed');
  const against = againstHandingOver(state);
  if (against !== null) return against;
  if (kit !== awaited) return { ...problem('kit_mismatch', { kit: awaited }), path: 'kit' };
  if (!kitUsable) return { ...problem('kit_not_usable', { kit }), path: 'kit' };
  return [{ type: 'kit.dispensed', kit }];
}

function againstHandingOver(state: ParticipantState): Problem | null {
  if (state.dosingStopped) return problem('dosing_stopped');
  return state.holds.length > 0 ? problem('dosing_on_hold') : null;
}

/** `units`: capsules counted in what came back; 0 where the kit came back empty. */
export function decideReturn(
  state: ParticipantState,
  { kit, units }: CommandOf<'returnKit'>,
  { protocol }: DecisionContext,
): Verdict {
  const status = kitsOf(state)[kit];
  if (status === undefined) return { ...problem('unknown_kit', { kit }), path: 'kit' };
  if (status === 'returned') return problem('already_returned', { kit });
  if (status === 'assigned') return problem('kit_not_handed_over', { kit });
  const held = protocol.dosing.maximumDoses;
  if (units > held) return { ...problem('too_many_returned', { held }), path: 'units' };
  return [{ type: 'kit.returned', kit, units }];
}

/** Loss starts a clock, so the team is told at once. A damaged kit that was handed over can still be brought back. */
export function decideLoss(
  state: ParticipantState,
  { kit, cause, note }: CommandOf<'reportKitLost'>,
  { newId }: DecisionContext,
): Verdict {
  const status = kitsOf(state)[kit];
  if (status === undefined) return { ...problem('unknown_kit', { kit }), path: 'kit' };
  if (status === 'returned') return problem('already_returned', { kit });
  if (status === 'lost' || status === cause) return problem('already_reported', { kit });
  const lost = { type: 'kit.lost', kit, cause, note: note ?? null } as const;
  if (cause === 'damaged') return [lost];
  const message = `Kit ${kit} is reported lost. Theft or loss has to be reported within one business day.`;
  return [
    lost,
    {
      type: 'signal.raised',
      signalId: newId('signal'),
      rule: ownRules.kitLost,
      severity: 'prompt',
      about: kit,
      message,
    },
  ];
}

/**
 * What a device counted in a kit that was handed over. It changes nothing about the person: a capsule let out is not a
 * capsule taken.
 */
export function decideUnits(
  state: ParticipantState,
  { kit, units, deviceId, act, device }: CommandOf<'recordUnits'>,
  { protocol, now }: DecisionContext,
): Verdict {
  const status = kitsOf(state)[kit];
  if (status === undefined) return { ...problem('unknown_kit', { kit }), path: 'kit' };
  if (status === 'assigned') return problem('kit_not_handed_over', { kit });
  const held = protocol.dosing.maximumDoses;
  if (units > held) return { ...problem('too_many_returned', { held }), path: 'units' };
  const { ms, inFuture, when } = momentOf({ now, device, startDate: state.startDate });
  if (inFuture) return { ...problem('time_in_future'), path: 'at' };
  return [{ type: 'kit.unitsRecorded', deviceId, act, kit, units, at: new Date(ms).toISOString(), ...when }];
}

/** Another kit for one that was lost or damaged; the vault fills it like the first and says only its label. */
export function decideReplacement(state: ParticipantState, context: DecisionContext): Verdict {
  if (state.kit === null) return problem('not_randomised');
  const against = againstHandingOver(state);
  if (against !== null) return against;
  if (awaitedKit(state) !== null) return problem('kit_waiting', { kit: awaitedKit(state) ?? '' });
  const replaced = Object.entries(kitsOf(state)).at(-1);
  if (replaced === undefined || (replaced[1] !== 'lost' && replaced[1] !== 'damaged')) return problem('kit_not_lost');
  if (context.kit === undefined || context.kit === null) return problem('kit_missing');
  return [{ type: 'kit.assigned', kit: context.kit, replaces: replaced[0] }];
}
