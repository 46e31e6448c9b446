/** Participants' records in memory, least recently used first to go. What is here may be stale: every append says so. */
import type { Database } from '../data/database.ts';
import { readTails } from '../data/ledger.ts';
import { readParticipants } from '../data/participants.ts';
import { problemOf } from '../server/problem.ts';
import { eventOf, type ParticipantEvent } from './facts.ts';
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
    const [record] = await readRecords(database, studyId, [participantId]);
    if (record === undefined) return null;
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

const readAttempts = 5;

/** Records in order of id. Row and entries are two reads: where an act came between them, they are read again. */
export async function readRecords(
  database: Database,
  studyId: string,
  participantIds: readonly string[],
): Promise<ParticipantRecord[]> {
  for (let attempt = 0; ; attempt += 1) {
    const rows = await readParticipants(database, studyId, participantIds);
    const behind = rows.filter((row) => row.seq > row.state_seq).map((row) => row.participant_id);
    const tails = new Map<string, ParticipantEvent[]>();
    for (const { stream, type, payload } of behind.length === 0 ? [] : await readTails(database, studyId, behind)) {
      const tail = tails.get(stream) ?? [];
      tail.push(payload === null ? { type: 'entry.erased' } : eventOf(type, JSON.parse(payload)));
      tails.set(stream, tail);
    }
    const records = rows.map((row) => recordOf(row, tails.get(row.participant_id) ?? []));
    if (records.every(({ state, head }) => state.seq === head.seq)) return records;
    if (attempt >= readAttempts) throw problemOf('busy');
  }
}
