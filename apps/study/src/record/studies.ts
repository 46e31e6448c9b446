/** Studies as the server works with them: the versions of the protocol and the calendars compiled from them, remembered. */
import {
  type AdoptedVersion,
  type Calendar,
  calendarOver,
  isDrawn,
  type ProtocolDocument,
  parseProtocol,
  type VersionConsent,
  type VersionPart,
  versionParts,
} from '@limen/protocol';
import type { Database } from '../data/database.ts';
import { listAmendments, readStudy, type StudyRow } from '../data/studies.ts';

export type StudyVersion = AdoptedVersion & { readonly hash: string };

export type OpenStudy = {
  readonly studyId: string;
  /** The newest version. */
  readonly protocol: ProtocolDocument;
  /** Of the first version: the randomisation was committed with it. */
  readonly protocolHash: string;
  /** Oldest first. */
  readonly versions: readonly [StudyVersion, ...StudyVersion[]];
  /** As read last; a study that is locked never opens again. */
  readonly status: StudyRow['status'];
};

/** On what a participant's calendar depends. */
export type CalendarKey = {
  readonly participantId: string;
  readonly startDate: string;
  readonly timeZone: string;
  readonly consents: readonly VersionConsent[];
};

export type Studies = {
  get(studyId: string): Promise<OpenStudy | null>;
  /** Reads the study anew: its status or its protocol has changed. */
  refresh(studyId: string): Promise<void>;
  calendar(study: OpenStudy, key: CalendarKey): Calendar;
};

const studiesRemembered = 200;
const calendarsRemembered = 4_000;

export function openStudies(database: Database): Studies {
  const studies = new Map<string, OpenStudy>();
  const calendars = new Map<string, Calendar>();

  const load = async (studyId: string): Promise<OpenStudy | null> => {
    const row = await readStudy(database, studyId);
    if (row === null) return null;
    const amendments = await listAmendments(database, studyId);
    const first = { protocol: row.protocol, protocol_hash: row.protocol_hash, adopted_at: row.created_at };
    const rest = amendments.map(versionOf);
    const versions = [versionOf({ ...first, reconsent: false }), ...rest] as const;
    const { protocol } = versions.at(-1) ?? versions[0];
    const study = { studyId, protocol, protocolHash: row.protocol_hash, versions, status: row.status };
    studies.set(studyId, study);
    forgetOldest(studies, studiesRemembered);
    return study;
  };

  return {
    get: async (studyId) => studies.get(studyId) ?? (await load(studyId)),
    refresh: async (studyId) => {
      await load(studyId);
    },
    calendar(study, { participantId, startDate, timeZone, consents }) {
      const parts = versionParts(study.versions, consents, timeZone);
      const drawn = parts.some(({ protocol }) => drawsDays(protocol));
      const path = parts.map(({ protocol, fromDate }) => `${protocol.version}@${fromDate ?? ''}`).join(';');
      const key = `${study.studyId}|${path}|${startDate}|${timeZone}|${drawn ? participantId : ''}`;
      const known = calendars.get(key);
      if (known !== undefined) return known;
      const options = drawn ? { startDate, timeZone, drawSeed: participantId } : { startDate, timeZone };
      const calendar = calendarOver(parts, options);
      calendars.set(key, calendar);
      forgetOldest(calendars, calendarsRemembered);
      return calendar;
    },
  };
}

/** The versions one participant has been on, in order. */
export function partsFor(
  { versions }: OpenStudy,
  person: Pick<CalendarKey, 'consents' | 'timeZone'>,
): readonly [VersionPart, ...VersionPart[]] {
  return versionParts(versions, person.consents, person.timeZone);
}

type StoredVersion = { protocol: string; protocol_hash: string; adopted_at: string; reconsent: boolean };

function versionOf({ protocol, protocol_hash: hash, adopted_at: adoptedAt, reconsent }: StoredVersion): StudyVersion {
  const parsed = parseProtocol(protocol);
  if (!parsed.ok) throw new Error('A stored protocol does not parse any more.');
  return { protocol: parsed.protocol, hash, adoptedAt, reconsent };
}

/** Oldest first: a Map keeps the order in which keys came. */
function forgetOldest(map: Map<string, unknown>, limit: number): void {
  const [oldest] = map.keys();
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}

function drawsDays({ dosing, activities }: ProtocolDocument): boolean {
  return isDrawn(dosing.regimen) || activities.some(({ on }) => on !== 'doseDays' && isDrawn(on));
}
