/** Studies as the server works with them: the parsed protocol and the calendars compiled from it, remembered. */
import { type Calendar, compileCalendar, isDrawn, type ProtocolDocument, parseProtocol } from '@limen/protocol';
import type { Database } from '../data/database.ts';
import { readStudy, type StudyRow } from '../data/studies.ts';

export type OpenStudy = {
  readonly studyId: string;
  readonly protocol: ProtocolDocument;
  readonly protocolHash: string;
  /** As read last; a study that is locked never opens again. */
  readonly status: StudyRow['status'];
};

export type Studies = {
  get(studyId: string): Promise<OpenStudy | null>;
  /** Reads the study anew: its status has changed. */
  refresh(studyId: string): Promise<void>;
  calendar(study: OpenStudy, startDate: string, timeZone: string, participantId: string): Calendar;
};

const studiesRemembered = 200;
const calendarsRemembered = 4_000;

export function openStudies(database: Database): Studies {
  const studies = new Map<string, OpenStudy>();
  const calendars = new Map<string, Calendar>();

  const load = async (studyId: string): Promise<OpenStudy | null> => {
    const row = await readStudy(database, studyId);
    if (row === null) return null;
    const parsed = parseProtocol(row.protocol);
    if (!parsed.ok) throw new Error('A stored protocol does not parse any more.');
    const study = { studyId, protocol: parsed.protocol, protocolHash: row.protocol_hash, status: row.status };
    studies.set(studyId, study);
    forgetOldest(studies, studiesRemembered);
    return study;
  };

  return {
    get: async (studyId) => studies.get(studyId) ?? (await load(studyId)),
    refresh: async (studyId) => {
      await load(studyId);
    },
    calendar(study, startDate, timeZone, participantId) {
      const drawn = drawsDays(study.protocol);
      const key = `${study.studyId}|${study.protocolHash}|${startDate}|${timeZone}|${drawn ? participantId : ''}`;
      const known = calendars.get(key);
      if (known !== undefined) return known;
      const options = drawn ? { startDate, timeZone, drawSeed: participantId } : { startDate, timeZone };
      const calendar = compileCalendar(study.protocol, options);
      calendars.set(key, calendar);
      forgetOldest(calendars, calendarsRemembered);
      return calendar;
    },
  };
}

/** Oldest first: a Map keeps the order in which keys came. */
function forgetOldest(map: Map<string, unknown>, limit: number): void {
  const [oldest] = map.keys();
  if (map.size > limit && oldest !== undefined) map.delete(oldest);
}

function drawsDays({ dosing, activities }: ProtocolDocument): boolean {
  return isDrawn(dosing.regimen) || activities.some(({ on }) => on !== 'doseDays' && isDrawn(on));
}
