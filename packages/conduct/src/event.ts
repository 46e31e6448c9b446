/** What has happened. Events are facts in the past tense; the ledger keeps them for ever, in order, per participant. */
import type { Answers, CommandOf, DeviceTime } from './command.ts';
import type { EnvelopeFlag, PackingMode, PackingStep, WeighFinding } from './packing.ts';

export const roles = [
  'participant',
  'coordinator',
  'investigator',
  'pharmacist',
  'statistician',
  'monitor',
  'administrator',
] as const;
export type Role = (typeof roles)[number];

export type Actor = { readonly id: string; readonly role: Role | 'system' };

export type Timing = 'onTime' | 'late' | 'outOfWindow';
export type Scores = Readonly<Record<string, number | null>>;

/** `skewMs`: the server's clock less the device's at sending. `clockSuspect`: the device's clock cannot be right. */
export type When = { readonly device?: DeviceTime; readonly skewMs?: number; readonly clockSuspect?: true };

export type Event =
  | { type: 'participant.invited'; siteId: string; timeZone: string }
  | ({
      type: 'participant.screened';
      instrument: string;
      instrumentVersion: string;
      answers: Answers;
      medications: readonly string[];
      result: 'eligible' | 'ineligible' | 'unknown';
      decisions: readonly { criterion: string; verdict: 'met' | 'notMet' | 'unknown'; explanation: string }[];
    } & When)
  | ({
      type: 'participant.consented';
      version: string;
      choices: Readonly<Record<string, boolean>>;
      signature: string;
      /** Answers given to each question about the text until it was right; absent where the client did not count. */
      attempts?: Readonly<Record<string, number>>;
      /** The version of the protocol that the text belongs to; absent in records older than amendments. */
      protocolVersion?: string;
      /** The participant's local date from which that version counts; null: from the start. */
      effectiveFrom?: string | null;
    } & When)
  | { type: 'participant.eligibilityConfirmed'; reason: string }
  | { type: 'participant.randomised'; kit: string; startDate: string; protocolVersion: string }
  | { type: 'kit.dispensed'; kit: string }
  /** Which envelope is for which week; written before anybody is shown it. */
  | { type: 'packing.planned'; mode: PackingMode; weeks: readonly string[]; leftovers: readonly string[] }
  | ({
      type: 'packing.recorded';
      step: PackingStep;
      by: 'participant' | 'helper';
      /** Milligrams, from light to heavy. */
      weights?: readonly number[];
      resolutionMg?: number;
      findings?: readonly WeighFinding[];
      sealCode?: string;
    } & When)
  | { type: 'packing.packerDeclared'; accountId: string }
  | ({
      type: 'envelope.opened';
      envelope: string;
      week: number;
      /** null: it was to stay sealed. */
      plannedWeek: number | null;
      flags: readonly EnvelopeFlag[];
      /** UTC, corrected for the skew of the device. */
      openedAt: string;
    } & When)
  | ({ type: 'leftovers.checked'; sealCode: string; intact: boolean; matches: boolean } & When)
  | { type: 'kit.returned'; kit: string; units: number }
  | { type: 'kit.lost'; kit: string; cause: 'lost' | 'damaged'; note: string | null }
  | { type: 'kit.assigned'; kit: string; replaces: string }
  /** A device counted capsules: let out by a dispenser, or found in the kit by a scale. A count is not an intake. */
  | ({
      type: 'kit.unitsRecorded';
      deviceId: string;
      act: 'dispensed' | 'weighed';
      kit: string;
      units: number;
      /** UTC, corrected for the skew of the device. */
      at: string;
    } & When)
  /** Days of the person's own watch or phone; of a date said twice, the later counts. */
  | ({
      type: 'wearable.recorded';
      source: CommandOf<'recordWearableDays'>['source'];
      days: CommandOf<'recordWearableDays'>['days'];
    } & When)
  | ({
      type: 'dose.taken';
      occurrence: string;
      /** UTC, corrected for the skew of the device. */
      takenAt: string;
      timing: Timing;
    } & When)
  | ({ type: 'dose.missed'; occurrence: string; reason: string | null } & When)
  | ({
      type: 'answers.submitted';
      submissionId: string;
      occurrence: string;
      activity: string;
      instrument: string;
      instrumentVersion: string;
      answers: Answers;
      scores: Scores;
      flags: readonly string[];
      timing: Timing;
      /** A rating that was given after somebody had learned this participant's treatment. */
      afterUnblinding?: true;
      inputMode?: string;
    } & When)
  | ({
      type: 'adverseEvent.reported';
      adverseEventId: string;
      term: string;
      onset: string;
      ongoing: boolean;
      grade: number;
      serious: boolean;
      note?: string;
    } & When)
  | {
      type: 'adverseEvent.assessed';
      adverseEventId: string;
      grade: number;
      serious: boolean;
      relatedness: CommandOf<'assessAdverseEvent'>['relatedness'];
      outcome: CommandOf<'assessAdverseEvent'>['outcome'];
      reason: string;
    }
  | {
      type: 'dosing.held';
      holdId: string;
      /** A rule of the protocol, or `manual`. */
      rule: string;
      reason: string;
      participantMessage: string;
    }
  | { type: 'dosing.resumed'; holdId: string; reason: string }
  /** Somebody has been told this participant's treatment by the vault. What they were told is not known here. */
  | { type: 'code.broken'; kind: 'emergency' | 'planned'; at: string }
  | {
      type: 'unblinding.reported';
      channel: CommandOf<'reportUnblinding'>['channel'];
      why: string;
      whoKnows: string;
      impact: string;
    }
  /** A rule of the protocol has ended capsules for this person; the diary goes on. */
  | { type: 'dosing.stopped'; rule: string; reason: string; participantMessage: string }
  | {
      type: 'signal.raised';
      signalId: string;
      rule: string;
      severity: 'urgent' | 'prompt' | 'routine';
      /** The occurrence, adverse event or submission it is about. */
      about: string;
      message: string;
    }
  | ({ type: 'participant.withdrawn'; scope: CommandOf<'withdraw'>['scope']; reason: string | null } & When)
  | { type: 'participant.completed' }
  | {
      type: 'answer.corrected';
      submissionId: string;
      occurrence: string;
      item: string;
      from: Answers[string];
      to: Answers[string];
      /** The scores of the submission after the correction. */
      scores: Scores;
      reason: string;
    }
  /** A participant's entry that could not be accepted: kept whole and shown to the team. */
  | ({
      type: 'entry.kept';
      commandId: string;
      command: string;
      code: string;
      content: unknown;
    } & When);

export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
