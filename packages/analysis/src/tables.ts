/** The derived tables: one row shape per table. Every row says which entries of the record it comes from. */
import type { Source } from './study-events.ts';

export type Timing = 'onTime' | 'late' | 'outOfWindow';
export type Answer = number | string | readonly string[] | null;

export type SubjectRow = {
  readonly participantId: string;
  readonly siteId: string;
  readonly age: number | null;
  readonly sex: string | null;
  readonly screened: boolean;
  readonly screening: 'eligible' | 'ineligible' | 'unknown' | null;
  /** Labels of the criteria that were not met. */
  readonly reasonsExcluded: readonly string[];
  readonly consented: boolean;
  readonly randomisedAt: string | null;
  readonly startDate: string | null;
  readonly expectation: number | null;
  readonly dosesDue: number;
  readonly dosesTaken: number;
  readonly dosesMissed: number;
  readonly withdrawal: { readonly scope: string; readonly reason: string | null; readonly at: string } | null;
  readonly objectsToFutureUse: boolean;
  readonly completed: boolean;
  readonly holds: number;
  readonly sets: {
    readonly randomised: boolean;
    readonly safety: boolean;
    readonly perProtocol: boolean;
    readonly completer: boolean;
  };
  /** Why the participant is in no per-protocol set; empty when in it. */
  readonly perProtocolReasons: readonly string[];
  readonly source: Source;
};

export type DoseRow = {
  readonly participantId: string;
  readonly occurrence: string;
  readonly studyDay: number;
  readonly week: number;
  readonly doseNumber: number;
  readonly status: 'taken' | 'missed' | 'notRecorded' | 'notDue';
  readonly takenAt: string | null;
  readonly timing: Timing | null;
  readonly reason: string | null;
  readonly source: Source;
};

export type OutcomeRow = {
  readonly participantId: string;
  readonly submissionId: string;
  readonly activity: string;
  readonly instrument: string;
  readonly score: string;
  readonly studyDay: number;
  readonly week: number;
  readonly value: number;
  readonly timing: Timing;
  readonly corrected: boolean;
  /** Why the row is left out of every analysis; null when it is in. */
  readonly leftOut: string | null;
  readonly source: Source;
};

export type GuessRow = {
  readonly participantId: string;
  readonly activity: string;
  /** Whether one capsule or a period was guessed. */
  readonly about: 'capsule' | 'period';
  readonly studyDay: number;
  readonly week: number;
  readonly guess: 'active' | 'placebo' | 'unsure';
  readonly confidence: number | null;
  readonly cues: readonly string[];
  readonly timing: Timing;
  readonly leftOut: string | null;
  readonly source: Source;
};

export type AdverseEventRow = {
  readonly participantId: string;
  readonly adverseEventId: string;
  readonly term: string;
  readonly onset: string;
  /** Study day of the onset; null before the first study day is known. */
  readonly studyDay: number | null;
  readonly grade: number;
  readonly serious: boolean;
  /** Null until assessed. */
  readonly relatedness: string | null;
  readonly outcome: string | null;
  readonly source: Source;
};

/** An envelope that was opened; `flags` empty: it was the one of that dose week. */
export type EnvelopeRow = {
  readonly participantId: string;
  /** Dose week, from 1. */
  readonly week: number;
  readonly envelope: string;
  readonly openedAt: string;
  readonly flags: readonly string[];
  readonly source: Source;
};

/** One row per person who packed the own capsules. */
export type PackingRow = {
  readonly participantId: string;
  readonly sealChecked: boolean;
  readonly sealBroken: boolean;
};

export type KeptRow = {
  readonly participantId: string;
  readonly command: string;
  readonly code: string;
  readonly recordedAt: string;
  readonly source: Source;
};

/** How many entries of each timing; corrections counted apart. */
export type EntryRow = {
  readonly participantId: string;
  readonly submissionId: string;
  readonly activity: string;
  readonly studyDay: number;
  readonly timing: Timing;
  readonly corrections: number;
  readonly source: Source;
};

/** One measure of one day of a person's own watch or phone. */
export type WearableRow = {
  readonly participantId: string;
  readonly date: string;
  /** From 1; null: before randomisation. */
  readonly studyDay: number | null;
  readonly measure: string;
  readonly value: number;
  readonly device: string;
  readonly source: Source;
};

export type DerivedTables = {
  readonly subjects: readonly SubjectRow[];
  readonly doses: readonly DoseRow[];
  readonly outcomes: readonly OutcomeRow[];
  readonly guesses: readonly GuessRow[];
  readonly adverseEvents: readonly AdverseEventRow[];
  readonly entries: readonly EntryRow[];
  readonly kept: readonly KeptRow[];
  readonly envelopes: readonly EnvelopeRow[];
  readonly packing: readonly PackingRow[];
  readonly wearables: readonly WearableRow[];
  /** Occurrences of activities that were due, and those answered. */
  readonly due: { readonly activities: number; readonly answered: number };
};
