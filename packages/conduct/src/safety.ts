/**
 * From a new entry to holds and signals. Protocol rules come first; behind them stand two of our own that no protocol
 * can leave out: a sign of suicidality, and an adverse event that is serious or of grade 3 and above.
 *
 * A rule is asked only when something it reads has changed, so that one high score does not hold dosing again with
 * every later entry. Wording never depends on an arm: nothing of the allocation is known here.
 */
import { evaluateHoldRules, type HoldContext, type HoldRule, type ProtocolDocument } from '@limen/protocol';
import type { DecisionContext } from './context.ts';
import type { Event, EventOf, Scores } from './event.ts';
import { type Changed, withRulesReading } from './lookup.ts';
import { ownRules } from './own-rules.ts';
import type { AdverseEventState, ParticipantState } from './state.ts';

/** A rule of ours or of the protocol that has been set off. */
export type SetOff = Pick<HoldRule, 'id' | 'effect' | 'severity' | 'participantMessage'> & {
  readonly message: string;
};

type Severity = EventOf<'signal.raised'>['severity'];

/** Neutral words for holds that no protocol rule has written. */
export const holdMessage =
  'Please take no more capsules until someone from the study team has spoken with you. If you are in danger, call your local emergency number.';

export type Submitted = {
  readonly instrument: string;
  readonly scores: Scores;
  readonly flags: readonly string[];
};

/**
 * Rules set off by answers. `state` already holds them. With `before`, the same answers as they stood before a
 * correction, only what was not true before counts.
 */
export function rulesSetOffByAnswers(
  { protocol }: Pick<DecisionContext, 'protocol'>,
  state: ParticipantState,
  entry: Submitted,
  before?: { readonly state: ParticipantState; readonly entry: Submitted },
): SetOff[] {
  const { instrument } = entry;
  const flags = entry.flags.length > 0 || (before?.entry.flags.length ?? 0) > 0;
  const asked = withRulesReading(protocol, { ...nothingChanged, instrument, flags });
  const earlier = before === undefined ? new Map() : trueOf(asked, before.state, before.entry);
  const triggered = notIn(earlier, trueOf(asked, state, entry));
  const newFlags = entry.flags.filter((flag) => !before?.entry.flags.includes(flag));
  return [...triggered, ...suicidality(protocol, newFlags, triggered)];
}

const nothingChanged: Changed = { flags: false, adverseEvent: false, doses: false, instrument: null };

function notIn(earlier: ReadonlyMap<string, SetOff>, found: ReadonlyMap<string, SetOff>): SetOff[] {
  return [...found.values()].filter(({ id }) => !earlier.has(id));
}

/** An entry that arrives late is judged by its own scores as well as by the latest ones. */
function trueOf(asked: ProtocolDocument, state: ParticipantState, entry: Submitted): Map<string, SetOff> {
  if (asked.safety.holdRules.length === 0) return new Map();
  const { instrument, scores, flags } = entry;
  const found = evaluate(asked, { ...viewOf(state), flags });
  if (state.latest[instrument] === scores) return found;
  const own = evaluate(asked, { ...viewOf(state), latest: { ...state.latest, [instrument]: scores }, flags });
  return new Map([...found, ...own]);
}

/** Where no rule of the protocol speaks of suicidality, ours holds; the team is alerted in every case. */
function suicidality(protocol: ProtocolDocument, flags: readonly string[], triggered: readonly SetOff[]): SetOff[] {
  if (!flags.includes('suicidality')) return [];
  const covering = new Set(
    protocol.safety.holdRules.filter(({ rule }) => /suicidality/.test(rule)).map(({ id }) => id),
  );
  const said = triggered.filter(({ id }) => covering.has(id));
  if (said.some(({ severity }) => severity === 'urgent')) return [];
  return [
    {
      id: ownRules.suicidality,
      effect: said.length > 0 ? 'review' : 'hold',
      severity: 'urgent',
      participantMessage: holdMessage,
      message: 'Answers point to thoughts of death or self-harm. Call the participant today.',
    },
  ];
}

export function rulesSetOffByAdverseEvent(
  { protocol }: Pick<DecisionContext, 'protocol'>,
  state: ParticipantState,
  event: AdverseEventState,
  before?: AdverseEventState,
): SetOff[] {
  const asked = withRulesReading(protocol, { ...nothingChanged, adverseEvent: true });
  const view = viewOf(state);
  const earlier = before === undefined ? new Map() : evaluate(asked, { ...view, adverseEvent: before });
  const triggered = notIn(earlier, evaluate(asked, { ...view, adverseEvent: event }));
  if (!isSevere(event) || (before !== undefined && isSevere(before))) return triggered;
  const held = triggered.some(({ effect }) => effect !== 'review');
  if (held && triggered.some(({ severity }) => severity === 'urgent')) return triggered;
  return [
    ...triggered,
    {
      id: ownRules.severeAdverseEvent,
      effect: held ? 'review' : 'hold',
      severity: 'urgent',
      participantMessage: holdMessage,
      message: `Adverse event of grade ${event.grade}${event.serious ? ', serious' : ''}. Call the participant today.`,
    },
  ];
}

export const isSevere = ({ grade, serious }: { readonly grade: number; readonly serious: boolean }): boolean =>
  serious || grade >= 3;

/** Rules over the counts of capsules, told once: when they become true. */
export function rulesSetOffByDose(
  { protocol }: Pick<DecisionContext, 'protocol'>,
  before: ParticipantState,
  after: ParticipantState,
): SetOff[] {
  const asked = withRulesReading(protocol, { ...nothingChanged, doses: true });
  if (asked.safety.holdRules.length === 0) return [];
  return notIn(evaluate(asked, viewOf(before)), evaluate(asked, viewOf(after)));
}

/** What rules see of a participant, apart from what has just come. */
export function viewOf(state: ParticipantState): HoldContext {
  const outcomes = Object.values(state.doses);
  const taken = outcomes.reduce((count, outcome) => (outcome === 'taken' ? count + 1 : count), 0);
  return {
    latest: state.latest,
    baseline: state.baseline,
    flags: [],
    doses: { taken, missed: outcomes.length - taken },
  };
}

function evaluate(protocol: ProtocolDocument, view: HoldContext): Map<string, SetOff> {
  const found = evaluateHoldRules(protocol, view);
  return new Map(
    found.map(({ rule, explanation }) => {
      const { id, effect, severity, participantMessage, label } = rule;
      return [id, { id, effect, severity, participantMessage, message: `${label}: ${explanation}` }];
    }),
  );
}

/** At most one open hold per rule, capsules stopped once; every rule set off raises its signal. */
export function eventsOf(
  setOff: readonly SetOff[],
  state: ParticipantState,
  context: Pick<DecisionContext, 'newId'>,
  about: string,
): Event[] {
  const held = new Set(state.holds.map(({ rule }) => rule));
  let stopped = state.dosingStopped;
  return setOff.flatMap(({ id, effect, severity, participantMessage, message }): Event[] => {
    const signal = signalOf(context, id, severity, about, message);
    if (effect === 'stop') {
      const stop: Event[] = stopped ? [] : [{ type: 'dosing.stopped', rule: id, reason: message, participantMessage }];
      stopped = true;
      return [...stop, signal];
    }
    if (effect === 'review' || held.has(id)) return [signal];
    const holdId = context.newId('hold');
    return [{ type: 'dosing.held', holdId, rule: id, reason: message, participantMessage }, signal];
  });
}

export function signalOf(
  context: Pick<DecisionContext, 'newId'>,
  rule: string,
  severity: Severity,
  about: string,
  message: string,
): EventOf<'signal.raised'> {
  return { type: 'signal.raised', signalId: context.newId('signal'), rule, severity, about, message };
}

/** Tells the team once that a participant's device has an impossible clock. */
export function clockSignal(
  state: ParticipantState,
  context: Pick<DecisionContext, 'newId'>,
  when: { readonly clockSuspect?: true },
  about: string,
): Event[] {
  if (when.clockSuspect !== true || state.clockSuspect) return [];
  const message = 'The clock of the participant’s device cannot be right. Times are corrected by the server’s clock.';
  return [signalOf(context, ownRules.clock, 'routine', about, message)];
}
