/** What a decision is taken with besides the state and the command: clock, ids, documents. Nothing is looked up. */
import type { Calendar, ProtocolDocument } from '@limen/protocol';
import type { Answers, Command } from './command.ts';
import type { Actor, Event } from './event.ts';
import type { EnvelopePlan } from './packing.ts';
import { type Problem, problems } from './problems.ts';

export type IdKind = 'submission' | 'adverseEvent' | 'hold' | 'signal';

export type DecisionContext = {
  /** The version the participant is on. */
  readonly protocol: ProtocolDocument;
  /** The newest version where that is another one: who is screened or signs, does so with it. */
  readonly newest?: ProtocolDocument;
  /** Whether a newer version waits for the participant's consent. */
  readonly reconsentDue?: boolean;
  /** The participant's; null until the participant is randomised. */
  readonly calendar: Calendar | null;
  /** The server's clock, UTC. */
  readonly now: string;
  readonly actor: Actor;
  readonly newId: (kind: IdKind) => string;
  readonly studyLocked: boolean;
  /** For `randomise` and `replaceKit`: the vault's answer. Nothing else of the allocation ever comes here. */
  readonly kit?: string | null;
  /** For `planPacking`: the vault's answer, tokens and nothing else. */
  readonly envelopes?: EnvelopePlan | null;
  /** For `dispense`: false where the kit has expired or its shipment is kept back. */
  readonly kitUsable?: boolean;
  /** For `correct`: the submission as it stands, earlier corrections included. */
  readonly submission?: {
    readonly occurrence: string;
    readonly instrument: string;
    readonly instrumentVersion: string;
    readonly answers: Answers;
  } | null;
};

export type Accepted = { readonly ok: true; readonly events: readonly Event[] };
export type Refused = {
  readonly ok: false;
  readonly problem: Problem;
  /** The server stores what was entered: see `keptEntry`. */
  readonly keep: boolean;
};
export type Decision = Accepted | Refused;

/** A rule answers events or the problem that stands against them. */
export type Verdict = readonly Event[] | Problem;

export const accept = (...events: readonly Event[]): Accepted => ({ ok: true, events });

export function refuse(command: Pick<Command, 'type'>, problem: Problem): Refused {
  return { ok: false, problem, keep: isEntry(command) && problems[problem.code].keep };
}

const participantEntries: ReadonlySet<Command['type']> = new Set([
  'recordDose',
  'submit',
  'reportAdverseEvent',
  'recordWearableDays',
  'openEnvelope',
  'checkLeftovers',
]);

/** What a participant enters about the own days; staff may enter it in the participant's place. */
export const isEntry = (command: Pick<Command, 'type'>): boolean => participantEntries.has(command.type);

/** For what a caller did wrong, not a person. */
export const conductErrors = {
  calendar_missing: 'Give the participant’s calendar: a randomised participant has one.',
} as const;

export type ConductErrorCode = keyof typeof conductErrors;

export class ConductError extends Error {
  override readonly name = 'ConductError';
  readonly code: ConductErrorCode;

  constructor(code: ConductErrorCode) {
    super(conductErrors[code]);
    this.code = code;
  }
}

/** @throws ConductError `calendar_missing` */
export function calendarOf(context: DecisionContext): Calendar {
  if (context.calendar === null) throw new ConductError('calendar_missing');
  return context.calendar;
}
