/** Participants' records in memory, least recently used first to go. What is here may be stale: every append says so. */
import type { Database } from '../data/database.ts';
import { readParticipant } from '../data/participants.ts';
import { type ParticipantRecord, recordOf } from './fold.ts';

const recordsRemembered = 10_000;

export type ParticipantRecords = {
  /** From memory, or read. */
  get(studyId: string, participantId: string): Promise<{ record: ParticipantRecord; fresh: boolean } | null>;
  /** Read now. */
  load(studyId: string, participantId: string): Promise<ParticipantRecord | null>;
  put(record: ParticipantRecord): void;
  forget(studyId: string, participantId: string): void;
};

export function openParticipantRecords(database: Database): ParticipantRecords {
  const memory = new Map<string, ParticipantRecord>();
  const keyOf = (studyId: string, participantId: string) => `${studyId}/${participantId}`;

  const put = (record: ParticipantRecord) => {
    const key = keyOf(record.state.studyId, record.state.participantId);
    memory.delete(key);
    memory.set(key, record);
    const [oldest] = memory.keys();
    if (memory.size > recordsRemembered && oldest !== undefined) memory.delete(oldest);
  };

  const load = async (studyId: string, participantId: string): Promise<ParticipantRecord | null> => {
    const row = await readParticipant(database, studyId, participantId);
    if (row === null) return null;
    const record = recordOf(row);
    put(record);
    return record;
  };

  return {
    load,
    put,
    async get(studyId, participantId) {
      const known = memory.get(keyOf(studyId, participantId));
      if (known !== undefined) return { record: known, fresh: false };
      const record = await load(studyId, participantId);
      return record === null ? null : { record, fresh: true };
    },
    forget(studyId, participantId) {
      memory.delete(keyOf(studyId, participantId));
    },
  };
}
