/** Holds set and lifted by hand. Rules propose and enforce; a clinician lifts. */
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import { ownRules } from '../own-rules.ts';
import { problem } from '../problems.ts';
import { holdMessage } from '../safety.ts';
import type { ParticipantState } from '../state.ts';

/** By hand a hold is set once; holds set by rules stand beside it, each lifted on its own. */
export function decideHold(state: ParticipantState, command: CommandOf<'hold'>, context: DecisionContext): Verdict {
  if (state.consent === null) return problem('not_consented');
  if (state.holds.some(({ rule }) => rule === ownRules.manual)) return problem('already_held');
  const holdId = context.newId('hold');
  const { reason } = command;
  return [{ type: 'dosing.held', holdId, rule: ownRules.manual, reason, participantMessage: holdMessage }];
}

export function decideResumption(
  state: ParticipantState,
  { holdId, reason }: CommandOf<'resume'>,
  { actor }: DecisionContext,
): Verdict {
  if (actor.role !== 'investigator') return problem('role_not_allowed', { role: 'investigator' });
  if (!state.holds.some((hold) => hold.holdId === holdId)) return problem('no_such_hold');
  return [{ type: 'dosing.resumed', holdId, reason }];
}
