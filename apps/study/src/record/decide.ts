/** The way into the rules of conduct: what this server knows that a decision needs, and how a refusal is said over HTTP. */
import {
  type Actor,
  type Command,
  type DecisionContext,
  decide,
  type EnvelopePlan,
  type Event,
  initialState,
  invite,
  isEntry,
  keptEntry,
  type ParticipantState,
  type Problem,
  problem,
  problems,
} from '@limen/conduct';
import { type Calendar, isReconsentDue, type ProtocolDocument, versionOn } from '@limen/protocol';
import { type CalendarKey, type OpenStudy, partsFor } from './studies.ts';
import { consentsOf } from './version-path.ts';

export type CommandContext = {
  readonly study: OpenStudy;
  readonly now: string;
  readonly actor: Actor;
  readonly calendarOf: (key: CalendarKey) => Calendar;
  readonly newId: DecisionContext['newId'];
  /** The vault's answer, a kit label or tokens of envelopes; null before it was asked. */
  readonly answer: string | EnvelopePlan | null;
  readonly kitUsable: boolean;
  /** For `correct`: the submission as it stands. */
  readonly submission: DecisionContext['submission'] | null;
};

export type Refusal = {
  readonly problem: Problem;
  readonly status: number;
  /** A participant's entry: kept whole although it is refused. */
  readonly keep: boolean;
  /** Nothing but the vault's answer is missing. */
  readonly answerMissing: boolean;
};

export type Decision =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly refusal: Refusal };

export function decideCommand(state: ParticipantState, command: Command, context: CommandContext): Decision {
  const decision = decide(state, command, decisionContext(state, command, context));
  if (decision.ok) return decision;
  const { problem: found, keep } = decision;
  const asksVault = found.code === 'kit_missing' || found.code === 'envelopes_missing';
  const answerMissing = asksVault && context.answer === null;
  return { ok: false, refusal: { problem: found, status: problems[found.code].status, keep, answerMissing } };
}

/** The entry as it came and the signal that tells the team of it. */
export function entryToKeep(
  state: ParticipantState,
  command: Command,
  refusal: Problem,
  context: CommandContext,
): readonly Event[] {
  return keptEntry(command, refusal, decisionContext(state, command, context), state);
}

export function conflictOf(command: Command): Refusal {
  const found = problem('conflict');
  return { problem: found, status: problems.conflict.status, keep: isEntry(command), answerMissing: false };
}

export function decideInvitation(invitation: { siteId: string; timeZone: string }): readonly Event[] {
  return [invite({ siteId: invitation.siteId, timeZone: invitation.timeZone })];
}

export function stateAtStart(studyId: string, participantId: string): ParticipantState {
  return initialState({ studyId, participantId });
}

function decisionContext(state: ParticipantState, command: Command, context: CommandContext): DecisionContext {
  const { study, now, actor, newId, answer, kitUsable, submission } = context;
  const { startDate, timeZone, participantId } = state;
  const consents = consentsOf(state);
  const calendar = startDate === null ? null : context.calendarOf({ participantId, startDate, timeZone, consents });
  return {
    protocol: protocolFor(study, state, command, calendar, now),
    newest: study.protocol,
    reconsentDue: isReconsentDue(study.versions, consents),
    calendar,
    now,
    actor,
    newId,
    studyLocked: study.status !== 'open',
    kitUsable,
    ...(answer === null ? {} : typeof answer === 'string' ? { kit: answer } : { envelopes: answer }),
    ...(submission == null ? {} : { submission }),
  };
}

/** The version the participant is on; for what belongs to a day of the calendar, the version of that day. */
function protocolFor(
  study: OpenStudy,
  state: ParticipantState,
  command: Command,
  calendar: Calendar | null,
  now: string,
): ProtocolDocument {
  if (study.versions.length === 1) return study.protocol;
  const { timeZone } = state;
  const parts = partsFor(study, { consents: consentsOf(state), timeZone });
  const occurrence = 'occurrence' in command ? command.occurrence : null;
  const date = calendar?.occurrences.find(({ id }) => id === occurrence)?.date;
  return versionOn(parts, date ?? Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate().toString());
}
