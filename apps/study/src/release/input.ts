/** What the analysis reads: the protocol, every participant's events in order, the released allocation. */

import { factsOf, walkLedger } from '../data/ledger.ts';
import { readRelease } from '../data/release.ts';
import { readStudy } from '../data/studies.ts';
import { eventOf } from '../record/facts.ts';
import { studyStream } from '../record/streams.ts';
import type { OpenStudy } from '../record/studies.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';
import type { AnalyseInput, DryInput, RecordedEvent } from './analyse.ts';
import type { Released } from './vault.ts';

type Participant = {
  -readonly [Key in keyof AnalyseInput['participants'][number]]: AnalyseInput['participants'][number][Key];
} & {
  events: RecordedEvent[];
};

export async function readAnalyseInput(house: House, study: OpenStudy): Promise<AnalyseInput> {
  const row = await readStudy(house.database, study.studyId);
  const release = await readRelease(house.database, study.studyId);
  if (row?.lock_hash == null || row.locked_at === null || row.released_at === null || release === null) {
    throw problemOf('not_released');
  }
  return {
    studyId: study.studyId,
    protocol: study.protocol,
    versions: study.versions,
    protocolHash: study.protocolHash,
    lockHash: row.lock_hash,
    lockedAt: row.locked_at,
    releasedAt: row.released_at,
    participants: await readParticipants(house, study.studyId),
    released: release.released as Released,
  };
}

/** What a dry run reads: the data so far. The vault is not asked, and a release that is there is not read. */
export async function readDryInput(house: House, study: OpenStudy): Promise<DryInput> {
  const { studyId, protocol, versions, protocolHash } = study;
  return {
    studyId,
    protocol,
    versions,
    protocolHash,
    at: house.now(),
    participants: await readParticipants(house, studyId),
  };
}

async function readParticipants(house: House, studyId: string): Promise<Participant[]> {
  const participants: Participant[] = [];
  for await (const entry of walkLedger(house.database, studyId)) {
    const facts = factsOf(entry);
    if (entry.stream === studyStream || facts === null) continue;
    let current = participants.at(-1);
    if (current?.participantId !== entry.stream) {
      current = { participantId: entry.stream, siteId: '', timeZone: 'UTC', startDate: null, events: [] };
      participants.push(current);
    }
    const { event_id: eventId, seq, recorded_at: recordedAt } = entry;
    const event = eventOf(entry.type, facts);
    if (event.type === 'participant.invited')
      Object.assign(current, { siteId: event.siteId, timeZone: event.timeZone });
    if (event.type === 'participant.randomised') current.startDate = event.startDate;
    current.events.push({ ...event, eventId, seq, recordedAt });
  }
  return participants;
}
