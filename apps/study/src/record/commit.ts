/** From decided events to ledger entries, rows and the receipt: everything one append needs, computed before it. */
import type { shapes } from '@limen/contract';
import { type Actor, canonicalJson, type Entry, type Head } from '@limen/ledger';
import type { z } from 'zod';
import type { Append } from '../data/append.ts';
import { chainEntry } from './chain.ts';
import { type ParticipantEvent, payloadOf } from './facts.ts';
import {
  changesOf,
  evolveMilestones,
  evolveState,
  groupRows,
  type Milestones,
  type ParticipantRecord,
  rowOf,
} from './fold.ts';
import { recordIdFor } from './ids.ts';
import type { Deriver } from './keys.ts';
import { notBefore } from './streams.ts';

export type Receipt = z.output<typeof shapes.receipt>;

export type Prepared = {
  readonly append: Omit<Append, 'command' | 'needsOpen'>;
  readonly record: ParticipantRecord;
  readonly receipt: Receipt;
};

export type Preparation = {
  readonly deriver: Deriver;
  readonly actor: Actor;
  readonly commandId: string;
  readonly now: string;
  readonly guessActivity: string | undefined;
  readonly events: readonly ParticipantEvent[];
  readonly head: Head;
  readonly state: ParticipantRecord['state'];
  readonly milestones: Milestones | null;
  /** The entry up to which the stored state goes; 0 for a new stream. */
  readonly stateSeq: number;
};

/** A state is written anew after this many entries; a long study would otherwise write it all with every answer. */
const entriesPerState = 24;

export function prepare(preparation: Preparation): Prepared {
  const { deriver, actor, commandId, events, guessActivity } = preparation;
  const { studyId, stream } = preparation.head;
  const recordedAt = notBefore(preparation.now, preparation.head.recordedAt);
  let { state, head } = preparation;
  let milestones = preparation.milestones ?? startOf(recordedAt);
  const entries: Entry[] = [];
  const payloads: string[] = [];
  const changes: Parameters<typeof groupRows>[0][number][] = [];
  for (const [index, event] of events.entries()) {
    const eventId = recordIdFor(deriver, 'event', studyId, `${stream}|${commandId}|${index}`);
    const payload = payloadOf(event);
    const draft = { eventId, type: event.type, recordedAt, actor, cause: commandId, payload };
    const appended = chainEntry(head, { ...draft, salt: deriver.deriveSalt(studyId, eventId) });
    head = appended.head;
    entries.push(appended.entry);
    payloads.push(canonicalPayload(appended.entry));
    state = evolveState(state, event);
    milestones = evolveMilestones(milestones, event, recordedAt);
    changes.push(...changesOf(state, event, { eventId, recordedAt, actorId: actor.id }, guessActivity));
  }
  const storesState = preparation.stateSeq === 0 || head.seq - preparation.stateSeq >= entriesPerState;
  const record = { state, milestones, head, stateSeq: storesState ? head.seq : preparation.stateSeq };
  return {
    append: {
      studyId,
      stream,
      expected: preparation.head.seq,
      actor,
      cause: commandId,
      recordedAt,
      entries,
      payloads,
      participant: rowOf(record),
      state: storesState ? JSON.stringify(state) : null,
      rows: groupRows(changes),
    },
    record,
    receipt: receiptOf(commandId, stream, head, recordedAt, events, entries),
  };
}

function startOf(invitedAt: string): Milestones {
  return { invitedAt, screenedAt: null, consentedAt: null, randomisedAt: null, endedAt: null };
}

function receiptOf(
  commandId: string,
  participantId: string,
  head: Head,
  recordedAt: string,
  events: readonly ParticipantEvent[],
  entries: readonly Entry[],
): Receipt {
  const named = events.map((event, index) => ({
    type: event.type,
    id: subjectOf(event) ?? entries[index]?.header.eventId ?? '',
  }));
  return { commandId, accepted: true, participantId, seq: head.seq, hash: head.hash, recordedAt, events: named };
}

/** The id that later acts refer to: of the submission, the adverse event, the hold, the signal. */
function subjectOf(event: ParticipantEvent): string | null {
  switch (event.type) {
    case 'answers.submitted':
      return event.submissionId;
    case 'adverseEvent.reported':
      return event.adverseEventId;
    case 'dosing.held':
      return event.holdId;
    case 'signal.raised':
      return event.signalId;
    default:
      return null;
  }
}

function canonicalPayload(entry: Entry): string {
  return canonicalJson(entry.content?.payload);
}
