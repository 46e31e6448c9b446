/** Sessions: opaque random tokens, stored hashed; read through a short memory so that a check costs nothing. */
import { hashToken, newToken } from '@limen/access';
import { deleteSession, readSession, touchSession, writeSession } from '../data/accounts.ts';
import type { Database } from '../data/database.ts';
import type { OpenSession } from './scope.ts';

export type SessionLimits = {
  /** Staff: without a request for this long, the session is over. */
  readonly idleMs: number;
  readonly staffMs: number;
  readonly participantMs: number;
  /** How long a confirmed password counts as fresh. */
  readonly stepUpMs: number;
};

const minute = 60_000;
const day = 24 * 60 * minute;

export const sessionLimits: SessionLimits = {
  idleMs: 30 * minute,
  staffMs: 12 * 60 * minute,
  participantMs: 180 * day,
  stepUpMs: 5 * minute,
};

/** A session read from the database is believed this long, by the machine's own clock. */
const memoryMs = 10_000;
const sessionsRemembered = 20_000;
/** `seen_at` is written at most this often. */
const touchMs = minute;

export type Holder = { accountId: string } | { studyId: string; participantId: string };

export type Sessions = {
  open(holder: Holder, now: string): Promise<string>;
  find(token: string, now: string): Promise<OpenSession | null>;
  stepUp(session: OpenSession, now: string): Promise<void>;
  close(session: OpenSession): Promise<void>;
  /** Believes no session of a participant any longer without reading it anew. */
  forget(holder: { studyId: string; participantId: string }): void;
  steppedUpUntil(session: OpenSession, now: string): string | null;
};

export function openSessions(database: Database, limits: SessionLimits): Sessions {
  const memory = new Map<string, { session: OpenSession; readAt: number }>();

  const remember = (session: OpenSession) => {
    memory.set(session.tokenHash, { session, readAt: performance.now() });
    const [oldest] = memory.keys();
    if (memory.size > sessionsRemembered && oldest !== undefined) memory.delete(oldest);
  };

  const load = async (tokenHash: string): Promise<OpenSession | null> => {
    const known = memory.get(tokenHash);
    if (known !== undefined && performance.now() - known.readAt < memoryMs) return known.session;
    memory.delete(tokenHash);
    const session = await readSession(database, tokenHash);
    if (session !== null) remember(session);
    return session;
  };

  return {
    async open(holder, now) {
      const token = newToken();
      const staff = 'accountId' in holder;
      const lifetime = staff ? limits.staffMs : limits.participantMs;
      await writeSession(database, {
        token_hash: Buffer.from(hashToken(token), 'hex'),
        account_id: staff ? holder.accountId : null,
        study_id: staff ? null : holder.studyId,
        participant_id: staff ? null : holder.participantId,
        opened_at: now,
        seen_at: now,
        expires_at: new Date(Date.parse(now) + lifetime).toISOString(),
        stepped_up_at: null,
      });
      return token;
    },

    async find(token, now) {
      const tokenHash = hashToken(token);
      const session = await load(tokenHash);
      if (session === null) return null;
      const nowMs = Date.parse(now);
      const idle = session.participant === null && nowMs - Date.parse(session.seenAt) > limits.idleMs;
      if (idle || nowMs >= Date.parse(session.expiresAt)) return null;
      if (nowMs - Date.parse(session.seenAt) < touchMs) return session;
      await touchSession(database, tokenHash, { seen_at: now });
      const touched = { ...session, seenAt: now };
      remember(touched);
      return touched;
    },

    async stepUp(session, now) {
      await touchSession(database, session.tokenHash, { stepped_up_at: now, seen_at: now });
      memory.delete(session.tokenHash);
    },

    async close(session) {
      await deleteSession(database, session.tokenHash);
      memory.delete(session.tokenHash);
    },

    forget({ studyId, participantId }) {
      for (const [tokenHash, { session }] of memory) {
        const { participant } = session;
        if (participant?.participantId === participantId && participant.studyId === studyId) memory.delete(tokenHash);
      }
    },

    steppedUpUntil(session, now) {
      if (session.steppedUpAt === null) return null;
      const until = Date.parse(session.steppedUpAt) + limits.stepUpMs;
      return until > Date.parse(now) ? new Date(until).toISOString() : null;
    },
  };
}
