/** Streams of acts that concern no single participant: one per study, one for the installation. */
import { type Actor, canonicalJson, genesisHead, type Head } from '@limen/ledger';
import { type Appended, appendEvents, type RememberedCommand } from '../data/append.ts';
import type { Database } from '../data/database.ts';
import { readStreamHead } from '../data/ledger.ts';
import { problemOf } from '../server/problem.ts';
import { chainEntry } from './chain.ts';
import { payloadOf } from './facts.ts';
import { recordIdFor } from './ids.ts';
import type { Deriver } from './keys.ts';
import { openQueue } from './queue.ts';

/** No study can have this id: theirs begin with a letter. */
export const installationId = '_installation';
export const installationStream = 'installation';
export const studyStream = 'study';

/** Degrees Celsius, and how long the storage range was left. */
export type Excursion = { lowestCelsius: number; highestCelsius: number; hours: number };

export type StreamEvent =
  | { type: 'installation.setUp'; accountId: string }
  | { type: 'account.created'; accountId: string; administrator: boolean; memberships: readonly object[] }
  | { type: 'draft.created' | 'draft.saved'; draftId: string; revision: number; contentHash: string }
  | { type: 'draft.deleted'; draftId: string; revision: number }
  | { type: 'draft.used'; draftId: string; revision: number; studyId: string }
  | { type: 'session.opened'; holder: string }
  | { type: 'session.refused'; accountId: string | null }
  | { type: 'session.steppedUp'; accountId: string }
  | { type: 'session.stepUpRefused'; accountId: string }
  | { type: 'session.closed'; holder: string }
  | { type: 'record.exported'; studyId: string; what: string }
  | {
      type: 'study.created';
      protocolId: string;
      protocolVersion: string;
      protocolHash: string;
      commitment: string;
      sites: readonly object[];
    }
  | {
      type: 'protocol.amended';
      protocolVersion: string;
      replaces: string;
      protocolHash: string;
      reconsent: boolean;
      reason: string;
    }
  | {
      type: 'shipment.received';
      shipmentId: string;
      siteId: string;
      missing: readonly string[];
      damaged: readonly string[];
      excursion: Excursion | null;
    }
  | ({ type: 'shipment.excursion'; shipmentId: string; siteId: string; reason: string } & Excursion)
  | { type: 'kits.destroyed'; siteId: string; kits: readonly string[]; method: string; witness: string }
  | {
      type: 'device.registered';
      deviceId: string;
      siteId: string;
      kind: 'dispenser' | 'scale';
      name: string;
      /** Ed25519, raw, base64url. */
      publicKey: string;
    }
  | { type: 'device.revoked'; deviceId: string; reason: string }
  | { type: 'code.drilled'; at: string }
  /** After the lock, when a participant's own stream takes nothing more. */
  | { type: 'code.broken'; participantId: string; kind: 'emergency' | 'planned'; at: string }
  | { type: 'closedReport.ordered'; dataHash: string; participants: number; reason: string }
  | { type: 'board.recommended'; recommendation: string; at: string }
  | { type: 'study.locked'; lockHash: string; checkpoint: number; reason: string }
  | { type: 'release.approved'; accountId: string; role: string; reason: string }
  | { type: 'study.released'; lockHash: string; commitment: string; seedHash: string; approvedBy: readonly string[] };

export type StreamAppend = {
  readonly studyId: string;
  readonly stream: string;
  readonly actor: Actor;
  readonly event: StreamEvent;
  /** Of the client, or made by the server where the act has no command of its own. */
  readonly cause: string;
  readonly at: string;
  readonly command?: RememberedCommand;
};

export type Streams = {
  append(append: StreamAppend): Promise<Appended>;
  /** In the installation's stream. */
  note(actor: Actor, event: StreamEvent, cause: string, at: string): Promise<void>;
};

const attempts = 20;

export function openStreams(database: Database, deriver: Deriver): Streams {
  // Another server's appends to the same stream are met by trying again.
  const queue = openQueue();

  const appendOnce = async (append: StreamAppend): Promise<Appended> => {
    const { studyId, stream, actor, event, cause, at } = append;
    const stored = await readStreamHead(database, studyId, stream);
    const head: Head = stored === null ? genesisHead(studyId, stream) : { studyId, stream, ...stored };
    const eventId = recordIdFor(deriver, 'event', studyId, `${stream}|${cause}|${event.type}|${head.seq + 1}`);
    const { entry } = chainEntry(head, {
      eventId,
      type: event.type,
      recordedAt: notBefore(at, head.recordedAt),
      actor: { id: actor.id, role: actor.role },
      cause,
      payload: payloadOf(event),
      salt: deriver.deriveSalt(studyId, eventId),
    });
    return appendEvents(database, {
      studyId,
      stream,
      expected: head.seq,
      needsOpen: false,
      actor,
      cause,
      recordedAt: entry.header.recordedAt,
      entries: [entry],
      payloads: [canonicalJson(entry.content?.payload)],
      command: append.command ?? null,
      participant: null,
      state: null,
      rows: null,
    });
  };

  const appendRetrying = async (append: StreamAppend): Promise<Appended> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const appended = await appendOnce(append);
      if (appended.result !== 'stale') return appended;
    }
    throw problemOf('busy');
  };

  const append = (request: StreamAppend): Promise<Appended> =>
    queue.run(`${request.studyId}|${request.stream}`, () => appendRetrying(request));

  return {
    append,
    async note(actor, event, cause, at) {
      await append({ studyId: installationId, stream: installationStream, actor, event, cause, at });
    },
  };
}

/** A clock that was set back does not run the record backwards. */
export function notBefore(at: string, last: string | null): string {
  return last !== null && at < last ? last : at;
}
