/** Adverse events, holds, and what follows from any entry: the protocol's hold rules and the ones no protocol can omit. */
import { evaluateHoldRules, type TriggeredHold } from '@limen/protocol';
import type { CommandOf } from './command.ts';
import { type DecisionContext, futureToleranceMs, momentOf } from './context.ts';
import type { Event } from './event.ts';
import { fold } from './evolve.ts';
import { type Problem, problem } from './problems.ts';
import type { ParticipantState } from './state.ts';
import { whenOf } from './when.ts';

const neutralHoldMessage =
  'Please take no capsule for now. Your study team has been told and will contact you. Your diary goes on as usual.';
const severeGrade = 3;

export function reportAdverseEvent(
  state: ParticipantState,
  command: CommandOf<'reportAdverseEvent'>,
  context: DecisionContext,
): Event[] | Problem {
  if (!state.consent) return problem('not_consented');
  const moment = momentOf(command.device, context.now);
  if (moment.occurredAt > Date.parse(context.now) + futureToleranceMs) {
    return problem('time_in_future', { path: 'device.occurredAt' });
  }
  const today = Temporal.Instant.from(context.now).toZonedDateTimeISO(state.timeZone).toPlainDate();
  if (Temporal.PlainDate.compare(command.onset, today) > 0) return problem('onset_invalid', { path: 'onset' });
  const { term, onset, ongoing, grade, serious, note } = command;
  const reported: Event = {
    type: 'adverseEvent.reported',
    adverseEventId: context.newId('adverseEvent'),
    term,
    onset,
    ongoing,
    grade,
    serious,
    ...(note === undefined ? {} : { note }),
    ...whenOf(moment, command.device),
  };
  return [
    reported,
    ...consequences(state, [reported], context, { about: reported.adverseEventId, adverseEvent: reported }),
  ];
}

export function assessAdverseEvent(
  state: ParticipantState,
  command: CommandOf<'assessAdverseEvent'>,
  context: DecisionContext,
): Event[] | Problem {
  if (!state.adverseEvents.some((one) => one.adverseEventId === command.adverseEventId)) {
    return problem('unknown_adverse_event', { path: 'adverseEventId' });
  }
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
  const adverseEvent = { grade, serious, ongoing: outcome === 'ongoing' };
  return [assessed, ...consequences(state, [assessed], context, { about: adverseEventId, adverseEvent })];
}

export function hold(state: ParticipantState, command: CommandOf<'hold'>, context: DecisionContext): Event[] | Problem {
  if (state.kit === null) return problem('not_randomised');
  if (state.holds.some((one) => one.rule === 'manual')) return problem('already_held');
  return [
    {
      type: 'dosing.held',
      holdId: context.newId('hold'),
      rule: 'manual',
      reason: command.reason,
      participantMessage: neutralHoldMessage,
    },
  ];
}

export function resume(state: ParticipantState, command: CommandOf<'resume'>): Event[] | Problem {
  if (!state.holds.some((one) => one.holdId === command.holdId)) return problem('no_such_hold', { path: 'holdId' });
  return [{ type: 'dosing.resumed', holdId: command.holdId, reason: command.reason }];
}

type Trigger = {
  readonly about: string;
  readonly flags?: readonly string[];
  readonly adverseEvent?: { readonly grade: number; readonly serious: boolean; readonly ongoing: boolean };
};

type Alarm = {
  readonly rule: string;
  readonly severity: 'urgent' | 'prompt' | 'routine';
  readonly holds: boolean;
  readonly message: string;
  readonly participantMessage: string;
};

/** Holds and signals that follow from what is about to be recorded, judged on the state as it will be. */
export function consequences(
  before: ParticipantState,
  recorded: readonly Event[],
  context: DecisionContext,
  trigger: Trigger,
): Event[] {
  const after = fold(before, recorded);
  const known = new Set(rulesThatHold(before, context, { about: trigger.about }).map(({ rule }) => rule.id));
  const instrument = instrumentOf(before, recorded[0]);
  // A rule that held already is news only when the form it reads was filled in again.
  const fresh = rulesThatHold(after, context, trigger).filter(
    ({ rule }) => !known.has(rule.id) || (instrument !== null && rule.rule.includes(`'${instrument}'`)),
  );
  return alarmsOf(fresh, trigger).flatMap((alarm) => eventsOf(alarm, after, context, trigger));
}

function instrumentOf(state: ParticipantState, event: Event | undefined): string | null {
  if (event?.type === 'answers.submitted') return event.instrument;
  if (event?.type === 'answer.corrected') return state.submissions[event.occurrence]?.instrument ?? null;
  return null;
}

function rulesThatHold(state: ParticipantState, { protocol }: DecisionContext, trigger: Trigger): TriggeredHold[] {
  const doses = Object.values(state.doses);
  const taken = doses.filter((outcome) => outcome === 'taken').length;
  const { adverseEvent } = trigger;
  return evaluateHoldRules(protocol, {
    latest: state.latest,
    baseline: state.baseline,
    flags: trigger.flags ?? [],
    ...(adverseEvent
      ? { adverseEvent: { grade: adverseEvent.grade, serious: adverseEvent.serious, ongoing: adverseEvent.ongoing } }
      : {}),
    doses: { taken, missed: doses.length - taken },
  });
}

function alarmsOf(fresh: readonly TriggeredHold[], trigger: Trigger): Alarm[] {
  const alarms: Alarm[] = fresh.map(({ rule, explanation }) => ({
    rule: rule.id,
    severity: rule.severity,
    holds: rule.effect === 'hold',
    message: `${rule.label}: ${explanation}`,
    participantMessage: rule.participantMessage,
  }));
  const urgentHold = alarms.some((alarm) => alarm.holds && alarm.severity === 'urgent');
  if (trigger.flags?.includes('suicidality') && !urgentHold) {
    alarms.push(always('suicidality', 'An answer calls for an assessment of suicide risk.'));
  }
  const { adverseEvent } = trigger;
  if (
    adverseEvent &&
    (adverseEvent.serious || adverseEvent.grade >= severeGrade) &&
    !alarms.some((alarm) => alarm.holds)
  ) {
    alarms.push(always('severe-adverse-event', 'A serious or severe adverse event was recorded.'));
  }
  return alarms;
}

function always(rule: string, message: string): Alarm {
  return { rule, severity: 'urgent', holds: true, message, participantMessage: neutralHoldMessage };
}

function eventsOf(alarm: Alarm, after: ParticipantState, context: DecisionContext, trigger: Trigger): Event[] {
  const signal: Event = {
    type: 'signal.raised',
    signalId: context.newId('signal'),
    rule: alarm.rule,
    severity: alarm.severity,
    about: trigger.about,
    message: alarm.message,
  };
  const open = after.holds.some((one) => one.rule === alarm.rule);
  if (!alarm.holds || open || after.kit === null) return [signal];
  const held: Event = {
    type: 'dosing.held',
    holdId: context.newId('hold'),
    rule: alarm.rule,
    reason: alarm.message,
    participantMessage: alarm.participantMessage,
  };
  return [held, signal];
}
