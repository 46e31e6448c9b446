/** `decide(state, command, context)`: what happens, or why not. Pure; the same arguments give the same answer. */
import type { Command } from './command.ts';
import { accept, type Decision, type DecisionContext, refuse, type Verdict } from './context.ts';
import { decideConfirmation, decideConsent, decideScreening } from './decide/admission.ts';
import { decideAssessment, decideReport } from './decide/adverse-event.ts';
import { decideDose } from './decide/dose.ts';
import { decideCompletion, decideWithdrawal } from './decide/ending.ts';
import { decideHold, decideResumption } from './decide/hold.ts';
import { decideDispensing, decideLoss, decideReplacement, decideReturn, decideUnits } from './decide/kit.ts';
import {
  againstPacker,
  decideEnvelope,
  decideLeftovers,
  decidePacker,
  decidePackingStep,
  decidePlan,
} from './decide/packing.ts';
import { decideRandomisation } from './decide/randomisation.ts';
import { decideCorrection, decideSubmission } from './decide/submission.ts';
import { decideCodeBreak, decideUnblindingReport } from './decide/unblinding.ts';
import { decideWearableDays } from './decide/wearable.ts';
import { type Problem, problem } from './problems.ts';
import type { ParticipantState } from './state.ts';

/**
 * @throws ConductError `calendar_missing` where a randomised participant's calendar was not given
 * @throws ProtocolError `rule_invalid` where the protocol has a rule that cannot be read
 */
export function decide(state: ParticipantState, command: Command, context: DecisionContext): Decision {
  const verdict = standing(state, command, context) ?? verdictOn(state, command, context);
  return isProblem(verdict) ? refuse(command, verdict) : accept(...verdict);
}

const isProblem = (verdict: Verdict): verdict is Problem => !Array.isArray(verdict);

/** What stands against every command. */
function standing(state: ParticipantState, command: Command, context: DecisionContext): Problem | null {
  if (context.studyLocked) return problem('study_locked');
  if (state.seq === 0) return problem('unknown_participant');
  if (context.calendar !== null && context.calendar.protocolId !== context.protocol.id) return problem('wrong_study');
  if (state.status === 'withdrawn' && !isOpenAfterWithdrawal(command)) return problem('participant_withdrawn');
  if (state.status === 'completed' && !isOpenAfterCompletion(command)) return problem('participant_completed');
  return againstPacker(state, command.type, context);
}

/** Capsules come back, and codes are broken, after the end too. */
const closing: readonly Command['type'][] = [
  'assessAdverseEvent',
  'returnKit',
  'reportKitLost',
  'recordUnits',
  'noteCodeBreak',
  'reportUnblinding',
];

/** Nothing is added about the person but what safety asks of the team, and what the person still may refuse. */
function isOpenAfterWithdrawal(command: Command): boolean {
  if (command.type === 'withdraw') return command.scope === 'futureUse';
  return closing.includes(command.type);
}

/** Until lock, adverse events are told and followed up, and records are put right. */
function isOpenAfterCompletion(command: Command): boolean {
  const followUp: readonly Command['type'][] = ['reportAdverseEvent', 'correct', 'resume', 'checkLeftovers'];
  return isOpenAfterWithdrawal(command) || followUp.includes(command.type);
}

function verdictOn(state: ParticipantState, command: Command, context: DecisionContext): Verdict {
  switch (command.type) {
    case 'screen':
      return decideScreening(state, command, context);
    case 'consent':
      return decideConsent(state, command, context);
    case 'confirmEligibility':
      return decideConfirmation(state, command, context);
    case 'randomise':
      return decideRandomisation(state, command, context);
    case 'dispense':
      return decideDispensing(state, command, context);
    case 'returnKit':
      return decideReturn(state, command, context);
    case 'reportKitLost':
      return decideLoss(state, command, context);
    case 'replaceKit':
      return decideReplacement(state, context);
    case 'recordUnits':
      return decideUnits(state, command, context);
    case 'recordWearableDays':
      return decideWearableDays(state, command, context);
    case 'recordDose':
      return decideDose(state, command, context);
    case 'submit':
      return decideSubmission(state, command, context);
    case 'reportAdverseEvent':
      return decideReport(state, command, context);
    case 'assessAdverseEvent':
      return decideAssessment(state, command, context);
    case 'planPacking':
      return decidePlan(state, command, context);
    case 'recordPacking':
      return decidePackingStep(state, command, context);
    case 'openEnvelope':
      return decideEnvelope(state, command, context);
    case 'checkLeftovers':
      return decideLeftovers(state, command, context);
    case 'declarePacker':
      return decidePacker(state, context);
    case 'noteCodeBreak':
      return decideCodeBreak(state, command, context);
    case 'reportUnblinding':
      return decideUnblindingReport(state, command, context);
    case 'hold':
      return decideHold(state, command, context);
    case 'resume':
      return decideResumption(state, command, context);
    case 'withdraw':
      return decideWithdrawal(state, command, context);
    case 'complete':
      return decideCompletion(state, context);
    case 'correct':
      return decideCorrection(state, command, context);
    default:
      return command satisfies never;
  }
}
