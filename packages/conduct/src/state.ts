/** A participant's state: plain JSON, and only what the next decision needs. A fold of the events; see `evolve`. */
import type { VersionConsent } from '@limen/protocol';
import type { Answers } from './command.ts';
import type { Scores, Timing } from './event.ts';
import type { PackingState } from './packing.ts';

export type ParticipantStatus =
  | 'invited'
  | 'screened'
  | 'ineligible'
  | 'consented'
  | 'eligible'
  | 'randomised'
  | 'completed'
  | 'withdrawn';

export type KitStatus = 'assigned' | 'dispensed' | 'returned' | 'lost' | 'damaged';

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
  /** Versions of the protocol consented to, in order; absent before consent and in records older than amendments. */
  readonly versions?: readonly VersionConsent[];
  readonly eligibilityConfirmed: boolean;
  readonly kit: string | null;
  readonly dispensed: boolean;
  /** Every kit so far; absent while there is one and it has only been handed over. See `kitsOf`. */
  readonly kits?: Readonly<Record<string, KitStatus>>;
  readonly startDate: string | null;
  /** Of somebody who packs the own capsules; absent before the plan. */
  readonly packing?: PackingState;
  readonly dosingStopped: boolean;
  /** What the participant is told where a rule has ended capsules. */
  readonly stopMessage?: string;
  readonly futureUseRefused: boolean;
  /** By occurrence id. */
  readonly doses: Readonly<Record<string, 'taken' | 'missed'>>;
  /** When each capsule was taken, UTC, by occurrence id: entries may arrive in another order than they were made. */
  readonly doseTimes: Readonly<Record<string, string>>;
  /** The latest of `doseTimes`. */
  readonly lastDoseAt: string | null;
  /** By occurrence id. */
  readonly submissions: Readonly<Record<string, SubmissionState>>;
  /** First and latest scores by instrument id, in the order of study days, whatever the order of arrival. */
  readonly baseline: Readonly<Record<string, Scores>>;
  readonly latest: Readonly<Record<string, Scores>>;
  /** The occurrences those scores come from, by instrument id. */
  readonly scoredBy: Readonly<Record<string, { readonly first: string; readonly latest: string }>>;
  readonly adverseEvents: readonly AdverseEventState[];
  readonly holds: readonly HoldState[];
  /** Somebody has come to know this participant's treatment; absent until then. */
  readonly unblinded?: true;
  /** Absent while there is none. */
  readonly codeBreaks?: readonly { readonly at: string; readonly kind: string; readonly reported: boolean }[];
  /** Whether a device with an impossible clock has been reported to the team already. */
  readonly clockSuspect: boolean;
};
