/** A participant's state: only what the next decision needs. A fold of the events; see `evolve`. */
import type { Answers } from './command.ts';
import type { Scores, Timing } from './event.ts';

export type ParticipantStatus =
  | 'invited'
  | 'screened'
  | 'ineligible'
  | 'consented'
  | 'eligible'
  | 'randomised'
  | 'completed'
  | 'withdrawn';

export type HoldState = { readonly holdId: string; readonly rule: string; readonly participantMessage: string };

export type AdverseEventState = {
  readonly adverseEventId: string;
  readonly term: string;
  readonly onset: string;
  readonly grade: number;
  readonly serious: boolean;
  readonly ongoing: boolean;
};

export type SubmissionState = {
  readonly submissionId: string;
  readonly instrument: string;
  readonly instrumentVersion: string;
  readonly timing: Timing;
  /** Place in the participant's record: later submissions have a higher number. */
  readonly seq: number;
};

export type ParticipantState = {
  readonly studyId: string;
  readonly participantId: string;
  /** Number of events folded so far. */
  readonly seq: number;
  readonly status: ParticipantStatus;
  readonly siteId: string;
  readonly timeZone: string;
  readonly protocolVersion: string | null;
  readonly screening: { readonly result: 'eligible' | 'ineligible' | 'unknown'; readonly answers: Answers } | null;
  readonly consent: { readonly version: string; readonly choices: Readonly<Record<string, boolean>> } | null;
  readonly eligibilityConfirmed: boolean;
  readonly kit: string | null;
  readonly dispensed: boolean;
  readonly startDate: string | null;
  readonly dosingStopped: boolean;
  readonly futureUseRefused: boolean;
  /** By occurrence id. */
  readonly doses: Readonly<Record<string, 'taken' | 'missed'>>;
  readonly lastDoseAt: string | null;
  /** By occurrence id. */
  readonly submissions: Readonly<Record<string, SubmissionState>>;
  /** First and latest scores by instrument id. */
  readonly baseline: Readonly<Record<string, Scores>>;
  readonly latest: Readonly<Record<string, Scores>>;
  readonly adverseEvents: readonly AdverseEventState[];
  readonly holds: readonly HoldState[];
};
