/**
 * Somebody has learned what a participant was given. Only the fact is known here, never what was learned; every word below
 * is the same whatever the arm.
 */
import type { ProtocolDocument } from '@limen/protocol';
import type { CommandOf } from '../command.ts';
import type { DecisionContext, Verdict } from '../context.ts';
import type { Event } from '../event.ts';
import { ownRules } from '../own-rules.ts';
import { problem } from '../problems.ts';
import type { ParticipantState } from '../state.ts';

/** Within so many hours it is written down why, who knows, and what it means for the data. */
export const unblindingReportHours = 24;

const message =
  'The code of this participant was broken. Do not ask what was seen. Within 24 hours write down why it was, who knows now, and what it means for the data.';
const stopMessage =
  'Please take no more capsules. Your diary and your visits go on; the study team will speak with you.';

/** From the vault, once for every fact. After an emergency capsules stop; the participant stays in follow-up. */
export function decideCodeBreak(
  state: ParticipantState,
  { kind, at }: CommandOf<'noteCodeBreak'>,
  { newId, actor }: DecisionContext,
): Verdict {
  if (actor.role !== 'system') return problem('role_not_allowed', { role: 'system' });
  if (state.kit === null) return problem('not_randomised');
  const events: Event[] = [{ type: 'code.broken', kind, at }];
  const rule = ownRules.codeBroken;
  const goesOn = state.status === 'randomised' && !state.dosingStopped;
  if (kind === 'emergency' && goesOn) {
    events.push({ type: 'dosing.stopped', rule, reason: 'Emergency code break', participantMessage: stopMessage });
  }
  const about = state.participantId;
  return [...events, { type: 'signal.raised', signalId: newId('signal'), rule, severity: 'urgent', about, message }];
}

/** The form after a code break, and after any other way somebody came to know. */
export function decideUnblindingReport(
  state: ParticipantState,
  command: CommandOf<'reportUnblinding'>,
  { protocol }: DecisionContext,
): Verdict {
  if (state.kit === null) return problem('not_randomised');
  const { channel, why, whoKnows, impact } = command;
  if (channel === 'codeBreak' && (state.codeBreaks ?? []).every(({ reported }) => reported)) {
    return problem('no_code_break_open');
  }
  const telling = (['why', 'whoKnows', 'impact'] as const).find((field) => namesTreatment(protocol, command[field]));
  if (telling !== undefined) return { ...problem('names_treatment'), path: telling };
  return [{ type: 'unblinding.reported', channel, why, whoKnows, impact }];
}

const telltale = ['placebo', 'verum', 'active'] as const;
const shortestLabel = 3;

/** The report is read by people who must not know: words that could say what was found are not taken. */
function namesTreatment({ arms, interventions }: ProtocolDocument, text: string): boolean {
  const labels = [...arms, ...interventions].map(({ label }) => label.toLowerCase());
  const words = [...telltale, ...labels.filter(({ length }) => length >= shortestLabel)];
  const said = ` ${plain(text)} `;
  return words.some((word) => said.includes(` ${plain(word)} `));
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
