/** May this happen, and what follows? Pure: the same state, command and context give the same answer. */
import type { Command } from './command.ts';
import type { DecisionContext } from './context.ts';
import { dispense, recordDose } from './dosing.ts';
import { complete, withdraw } from './ending.ts';
import { confirmEligibility, consent, randomise, screen } from './enrolment.ts';
import { correct, submit } from './entries.ts';
import type { Event } from './event.ts';
import { type Problem, type ProblemCode, problem } from './problems.ts';
import { assessAdverseEvent, hold, reportAdverseEvent, resume } from './safety.ts';
import type { ParticipantState } from './state.ts';

export type Decision =
  | { readonly ok: true; readonly events: readonly Event[] }
  /** `keep`: a participant's entry, refused for reasons of state: store it with `keptEntry` and show it to the team. */
  | { readonly ok: false; readonly problem: Problem; readonly keep: boolean };

export function decide(state: ParticipantState, command: Command, context: DecisionContext): Decision {
  const refused = refusedByStatus(state, command, context);
  const answer = refused ?? handle(state, command, context);
  if ('code' in answer)
    return { ok: false, problem: answer, keep: isEntry(command) && !faultsOfShape.has(answer.code) };
  return { ok: true, events: answer };
}

/** The first event of every participant. */
export function invite(of: { siteId: string; timeZone: string }): Event {
  return { type: 'participant.invited', ...of };
}

/** A refused entry, whole, and the signal that tells the team of it. */
export function keptEntry(command: Command, refusal: Problem, context: DecisionContext): Event[] {
  const { device } = command;
  const onHold = command.type === 'recordDose' && command.outcome === 'taken' && refusal.code === 'dosing_on_hold';
  const kept: Event = {
    type: 'entry.kept',
    commandId: command.commandId,
    command: command.type,
    code: refusal.code,
    content: command,
    ...(device ? { device } : {}),
  };
  const signal: Event = {
    type: 'signal.raised',
    signalId: context.newId('signal'),
    rule: 'entry-kept',
    severity: onHold ? 'urgent' : 'prompt',
    about: command.commandId,
    message: onHold
      ? 'A capsule was recorded as taken while dosing is on hold.'
      : `An entry could not be accepted (${refusal.code}) and was kept.`,
  };
  return [kept, signal];
}

export function isEntry(command: Command): boolean {
  return command.type === 'recordDose' || command.type === 'submit' || command.type === 'reportAdverseEvent';
}

/** Faults of the request itself: the sender must mend it, there is nothing to keep. */
const faultsOfShape: ReadonlySet<ProblemCode> = new Set([
  'answer_out_of_range',
  'answer_invalid',
  'answer_missing',
  'instrument_mismatch',
  'time_in_future',
  'onset_invalid',
  'not_screened',
  'not_consented',
  'not_randomised',
]);

function refusedByStatus(state: ParticipantState, command: Command, context: DecisionContext): Problem | null {
  if (context.studyLocked) return problem('study_locked');
  if (state.status === 'withdrawn') {
    const allowed =
      command.type === 'assessAdverseEvent' || (command.type === 'withdraw' && command.scope === 'futureUse');
    return allowed ? null : problem('participant_withdrawn');
  }
  if (state.status === 'completed') {
    const stillOpen: readonly Command['type'][] = [
      'assessAdverseEvent',
      'reportAdverseEvent',
      'correct',
      'withdraw',
      'resume',
    ];
    return stillOpen.includes(command.type) ? null : problem('participant_completed');
  }
  return null;
}

function handle(state: ParticipantState, command: Command, context: DecisionContext): Event[] | Problem {
  switch (command.type) {
    case 'screen':
      return screen(state, command, context);
    case 'consent':
      return consent(state, command, context);
    case 'confirmEligibility':
      return confirmEligibility(state, command);
    case 'randomise':
      return randomise(state, command, context);
    case 'dispense':
      return dispense(state, command);
    case 'recordDose':
      return recordDose(state, command, context);
    case 'submit':
      return submit(state, command, context);
    case 'reportAdverseEvent':
      return reportAdverseEvent(state, command, context);
    case 'assessAdverseEvent':
      return assessAdverseEvent(state, command, context);
    case 'hold':
      return hold(state, command, context);
    case 'resume':
      return resume(state, command);
    case 'withdraw':
      return withdraw(state, command, context);
    case 'complete':
      return complete(state, context);
    case 'correct':
      return correct(state, command, context);
  }
}
