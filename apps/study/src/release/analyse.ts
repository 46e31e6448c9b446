/** What the analysis gets and gives. It runs once, after lock and release; no blinded person has asked for it before. */
import type { AdoptedVersion, ProtocolDocument } from '@limen/protocol';
import type { ParticipantEvent } from '../record/facts.ts';
import type { Released } from './vault.ts';

export type RecordedEvent = ParticipantEvent & {
  readonly eventId: string;
  readonly seq: number;
  readonly recordedAt: string;
};

export type AnalyseInput = {
  readonly studyId: string;
  /** The newest version: its analysis plan is carried out. */
  readonly protocol: ProtocolDocument;
  /** Oldest first. */
  readonly versions: readonly [AdoptedVersion, ...AdoptedVersion[]];
  readonly protocolHash: string;
  readonly lockHash: string;
  readonly lockedAt: string;
  readonly releasedAt: string;
  /** In order of participant id. */
  readonly participants: readonly {
    readonly participantId: string;
    readonly siteId: string;
    readonly timeZone: string;
    readonly startDate: string | null;
    readonly events: readonly RecordedEvent[];
  }[];
  readonly released: Released;
};

/** For a dry run: the data so far, and nothing of lock or release. */
export type DryInput = Pick<AnalyseInput, 'studyId' | 'protocol' | 'versions' | 'protocolHash' | 'participants'> & {
  /** When it is made. */
  readonly at: string;
};

/** What is asked of the thread in which analyses run. */
export type AnalyseRequest =
  | { readonly kind: 'report'; readonly input: AnalyseInput }
  | { readonly kind: 'bundle'; readonly input: AnalyseInput }
  | { readonly kind: 'dryRun'; readonly input: DryInput };

export type FileBundle = { readonly format: 'limen-bundle/1'; readonly files: Readonly<Record<string, string>> };

export type Analysis = { readonly html: string; readonly results: unknown };
export type Analyse = (input: AnalyseInput) => Promise<Analysis> | Analysis;
