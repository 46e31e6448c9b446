/**
 * A participant's entry that could not be accepted is kept whole and shown to the team. What it says about safety is
 * acted on all the same: nobody's cry for help is lost to a rule about order.
 */
import { findInstrument, scoreInstrument } from '@limen/instruments';
import type { Command } from './command.ts';
import type { DecisionContext } from './context.ts';
import type { Event } from './event.ts';
import { whenOf } from './moment.ts';
import { ownRules } from './own-rules.ts';
import type { Problem } from './problems.ts';
import type { SetOff } from './safety.ts';
import { eventsOf, rulesSetOffByAdverseEvent, rulesSetOffByAnswers, signalOf } from './safety.ts';
import type { ParticipantState } from './state.ts';

export type KeptContext = Pick<DecisionContext, 'protocol' | 'now' | 'newId' | 'studyLocked'>;

/**
 * First `entry.kept`, then its signal; then what the entry says about safety. An entry that must stop dosing stops it,
 * unless taking part has ended or the study is locked: then the team is alerted only.
 */
export function keptEntry(
  command: Command,
  refusal: Pick<Problem, 'code'>,
  context: KeptContext,
  state: ParticipantState,
): readonly Event[] {
  const { commandId, type, device } = command;
  const skewMs = device === undefined ? 0 : Date.parse(context.now) - Date.parse(device.sentAt);
  const when = whenOf(device, skewMs, state.startDate);
  const kept: Event = { type: 'entry.kept', commandId, command: type, code: refusal.code, content: command, ...when };
  const mayHold = !context.studyLocked && !['withdrawn', 'completed'].includes(state.status);
  const alarms = alarmsOf(state, command, context).map(
    (rule): SetOff => (mayHold ? rule : { ...rule, effect: 'review' }),
  );
  return [kept, signalOfKept(command, refusal, context), ...eventsOf(alarms, state, context, commandId)];
}

function signalOfKept(command: Command, { code }: Pick<Problem, 'code'>, context: KeptContext): Event {
  const onHold = command.type === 'recordDose' && command.outcome === 'taken' && code === 'dosing_on_hold';
  const message = onHold
    ? 'A capsule was recorded as taken while dosing is on hold. Call the participant today.'
    : `An entry could not be accepted and was kept: ${command.type}, ${code}.`;
  return signalOf(context, ownRules.kept, onHold ? 'urgent' : 'prompt', command.commandId, message);
}

/** Only what would hold dosing; the rest is read when the team looks at the entry. */
function alarmsOf(state: ParticipantState, command: Command, context: KeptContext): SetOff[] {
  return setOffBy(state, command, context).filter(({ effect, severity }) => effect === 'hold' || severity === 'urgent');
}

function setOffBy(state: ParticipantState, command: Command, context: KeptContext): SetOff[] {
  if (command.type === 'reportAdverseEvent') {
    return rulesSetOffByAdverseEvent(context, state, { ...command, adverseEventId: command.commandId });
  }
  if (command.type !== 'submit') return [];
  const instrument = findInstrument(command.instrument);
  if (instrument?.version !== command.instrumentVersion) return [];
  return rulesSetOffByAnswers(context, state, {
    instrument: instrument.id,
    ...scoreInstrument(instrument, command.answers),
  });
}
