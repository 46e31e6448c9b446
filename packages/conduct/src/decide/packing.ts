/** People who pack their own capsules: the plan, the steps in order, the envelopes of the weeks, the leftovers. */
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import type { Event } from '../event.ts';
import { type Moment, momentOf } from '../moment.ts';
import { ownRules } from '../own-rules.ts';
import {
  findingsOfWeights,
  flagsOfOpening,
  type PackingState,
  type PackingStep,
  packingHelper,
  packingSteps,
} from '../packing.ts';
import { type Problem, problem } from '../problems.ts';
import { clockSignal, signalOf } from '../safety.ts';
import type { ParticipantState } from '../state.ts';

export function decidePlan(
  state: ParticipantState,
  { mode }: CommandOf<'planPacking'>,
  context: DecisionContext,
): Verdict {
  if (context.protocol.randomisation.procedure.kind !== 'selfBlindingWeeks') return problem('not_self_packed');
  if (state.kit === null) return problem('not_randomised');
  if (state.packing !== undefined) return problem('packing_planned_already');
  if (context.envelopes === undefined || context.envelopes === null) return problem('envelopes_missing');
  const { weeks, leftovers } = context.envelopes;
  return [{ type: 'packing.planned', mode, weeks, leftovers }];
}

export function decidePackingStep(
  state: ParticipantState,
  command: CommandOf<'recordPacking'>,
  context: DecisionContext,
): Verdict {
  const { packing } = state;
  if (packing === undefined) return problem('packing_not_planned');
  const against = againstStep(packing, command.step, context) ?? againstFacts(command);
  if (against !== null) return against;
  const { when } = momentOf({ now: context.now, device: command.device, startDate: state.startDate });
  const by = isHelper(context) ? 'helper' : 'participant';
  const { step } = command;
  switch (step) {
    case 'weighed':
      return weighed(command, { by, when }, context);
    case 'sealed': {
      const sealCode = command.sealCode ?? '';
      const sealed: Event = { type: 'packing.recorded', step, by, sealCode, ...when };
      // Nobody hands a kit over: it is there once the person has packed it.
      return state.dispensed || state.kit === null ? [sealed] : [sealed, { type: 'kit.dispensed', kit: state.kit }];
    }
    default:
      return [{ type: 'packing.recorded', step, by, ...when }];
  }
}

const isHelper = ({ actor }: DecisionContext): boolean => actor.id === packingHelper.id;
const sealedByParticipant: ReadonlySet<PackingStep> = new Set(['sorted', 'sealed']);

function againstStep(packing: PackingState, step: PackingStep, context: DecisionContext): Problem | null {
  const helperPacks = packing.mode === 'helper' && !sealedByParticipant.has(step);
  if (helperPacks && !isHelper(context)) return problem('helper_packs');
  if (!helperPacks && isHelper(context)) return problem('helper_may_not');
  const next = packingSteps.find((one) => !packing.done.includes(one));
  // Labels may be printed again until the envelopes are closed: a printer may fail.
  if (step === 'printed' && packing.done.includes(step) && !packing.done.includes('shuffled')) return null;
  if (packing.done.includes(step)) return problem('packing_step_done');
  if (next !== undefined && step !== next) return problem('packing_step_order', { first: stepWords[next] });
  return null;
}

const stepWords: Readonly<Record<PackingStep, string>> = {
  printed: 'print the labels',
  filled: 'fill the eight sets',
  weighed: 'weigh three capsules',
  shuffled: 'close the envelopes and shuffle them',
  sorted: 'scan the eight envelopes',
  sealed: 'seal the leftover envelopes',
};

function againstFacts({ step, weights, resolutionMg, sealCode }: CommandOf<'recordPacking'>): Problem | null {
  const hasWeights = weights !== undefined && resolutionMg !== undefined;
  if (hasWeights !== (step === 'weighed')) return { ...problem('packing_facts_missing'), path: 'weights' };
  if ((sealCode !== undefined) !== (step === 'sealed')) {
    return { ...problem('packing_facts_missing'), path: 'sealCode' };
  }
  return null;
}

/** Kept from light to heavy: their order would tell which capsule is which to somebody who knew the order of weighing. */
function weighed(
  { weights = [], resolutionMg = 1, commandId }: CommandOf<'recordPacking'>,
  { by, when }: { by: 'helper' | 'participant'; when: Moment['when'] },
  context: DecisionContext,
): Event[] {
  const findings = findingsOfWeights(weights, resolutionMg);
  const sorted = weights.toSorted((a, b) => a - b);
  const event: Event = {
    type: 'packing.recorded',
    step: 'weighed',
    by,
    weights: sorted,
    resolutionMg,
    findings,
    ...when,
  };
  if (!findings.includes('weightsDiffer')) return [event];
  const message = 'Three capsules that were weighed differ by more than a tenth: they could be told apart by weight.';
  return [event, signalOf(context, ownRules.packingWeight, 'routine', commandId, message)];
}

/** Whatever was opened is recorded: what departs from the plan is flagged, not refused. */
export function decideEnvelope(
  state: ParticipantState,
  command: CommandOf<'openEnvelope'>,
  context: DecisionContext,
): Verdict {
  const { packing } = state;
  if (packing === undefined) return problem('packing_not_planned');
  if (!packing.done.includes('sealed')) return problem('packing_not_finished');
  const { envelope, week } = command;
  const plannedWeek = packing.weeks.indexOf(envelope) + 1 || null;
  if (plannedWeek === null && !packing.leftovers.includes(envelope)) {
    return { ...problem('envelope_unknown'), path: 'envelope' };
  }
  if (packing.opened.some((one) => one.week === week && one.envelope === envelope)) {
    return problem('envelope_recorded_already');
  }
  const moment = momentOf({ now: context.now, device: command.device, startDate: state.startDate });
  if (moment.inFuture) return problem('time_in_future');
  const flags = flagsOfOpening(packing, { week, envelope });
  const openedAt = new Date(moment.ms).toISOString();
  const opened: Event = { type: 'envelope.opened', envelope, week, plannedWeek, flags, openedAt, ...moment.when };
  const about = `envelope@${week}`;
  const late = clockSignal(state, context, moment.when, about);
  if (flags.length === 0) return [opened, ...late];
  const message = 'An envelope other than the one of the week was opened. The person goes on with it; nothing is lost.';
  return [opened, signalOf(context, ownRules.envelopeSequence, 'prompt', about, message), ...late];
}

export function decideLeftovers(
  state: ParticipantState,
  { sealCode, intact, device, commandId }: CommandOf<'checkLeftovers'>,
  context: DecisionContext,
): Verdict {
  const { packing } = state;
  if (packing === undefined) return problem('packing_not_planned');
  if (packing.sealCode === null) return problem('packing_not_finished');
  if (packing.leftoversChecked) return problem('leftovers_checked_already');
  const { when } = momentOf({ now: context.now, device, startDate: state.startDate });
  const matches = sealCode === packing.sealCode;
  const checked: Event = { type: 'leftovers.checked', sealCode, intact, matches, ...when };
  if (matches && intact) return [checked];
  const message = matches
    ? 'The seal of the leftover envelopes is torn.'
    : 'The seal of the leftover envelopes carries another code than at the start.';
  return [checked, signalOf(context, ownRules.leftoverSeal, 'prompt', commandId, message)];
}

/** Somebody of the team who packs for a participant knows too much to rate that person. */
export function decidePacker(state: ParticipantState, { actor }: DecisionContext): Verdict {
  if (state.packing === undefined) return problem('packing_not_planned');
  if (state.packing.packers.includes(actor.id)) return problem('packer_declared_already');
  return [{ type: 'packing.packerDeclared', accountId: actor.id }];
}

const rating: ReadonlySet<string> = new Set([
  'submit',
  'recordDose',
  'openEnvelope',
  'reportAdverseEvent',
  'assessAdverseEvent',
  'correct',
]);

export function againstPacker(state: ParticipantState, type: string, { actor }: DecisionContext): Problem | null {
  return rating.has(type) && state.packing?.packers.includes(actor.id) ? problem('packer_may_not_rate') : null;
}
