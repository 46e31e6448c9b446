/** Joining, opening, locking, leaving: who this phone belongs to at the moment. */

import { synchronise } from '../outbox/flush.ts';
import type { History, Today } from '../server/answers.ts';
import { call, Refused, setToken } from '../server/client.ts';
import { participantSignIn, signOut as signOutRoute } from '../server/routes.ts';
import { changeCode } from '../storage/change-code.ts';
import { eraseEverything } from '../storage/database.ts';
import { forgetHeldDocuments, readDocument, writeDocument } from '../storage/documents.ts';
import {
  createKey,
  forgetKey,
  hasKey,
  hasWrappedKey,
  lock,
  normaliseCode,
  readGuards,
  unlock,
} from '../storage/keys.ts';
import { forgetHeldEntries, listEntries } from '../storage/outbox.ts';
import { writeWhatIsOpen } from './before-lock.ts';
import { change, type KeptNote, type Preferences, readState, type Session } from './state.ts';

/** Reads what the phone holds and shows it; the network is asked afterwards. */
export async function openApp(): Promise<void> {
  const guards = await readGuards();
  change({ guards });
  if (!(await hasKey())) {
    change({ phase: (await hasWrappedKey()) ? 'locked' : 'closed' });
    return;
  }
  const [session, today, history, kept, preferences, entries] = await Promise.all([
    readDocument('session'),
    readDocument('today'),
    readDocument('history'),
    readDocument('kept'),
    readDocument('preferences'),
    listEntries(),
  ]);
  if (session === null) {
    change({ phase: 'closed' });
    return;
  }
  const known = today as { today: Today; clockLeadMs: number } | null;
  setToken((session as Session).token);
  change({
    phase: 'open',
    session: session as Session,
    today: known?.today ?? null,
    clockLeadMs: known?.clockLeadMs ?? 0,
    history: history as History | null,
    kept: (kept as KeptNote[] | null) ?? [],
    preferences: (preferences as Preferences | null) ?? { country: null },
    entries,
  });
  void synchronise();
}

export type JoinFault =
  | 'tooShort'
  | 'wrong'
  | 'expired'
  | 'replaced'
  | 'unreachable'
  | 'someoneElse'
  | 'tooMany'
  | 'failed';

const faultOfCode: Readonly<Record<string, JoinFault>> = {
  code_replaced: 'replaced',
  invitation_expired: 'expired',
  sign_in_refused: 'wrong',
  invalid_input: 'wrong',
  too_many_requests: 'tooMany',
};

const codeLength = { least: 16, most: 64 } as const;

/** Null where it worked. */
export async function join(typed: string): Promise<JoinFault | null> {
  const code = typed.trim();
  if (normaliseCode(code).length < codeLength.least || code.length > codeLength.most) return 'tooShort';
  if (readState().phase === 'locked') {
    if (!(await unlock(code))) return 'someoneElse';
    await openApp();
    if (readState().session?.token != null) return null;
  }
  try {
    const { token, participant } = await call(participantSignIn, { body: { code } });
    if (participant === null) return 'failed';
    return await take({ token, ...participant }, code);
  } catch (error) {
    if (!(error instanceof Refused)) return 'unreachable';
    return faultOfCode[error.problem.code] ?? 'failed';
  }
}

async function take(session: Session, code: string): Promise<JoinFault | null> {
  const before = readState().session;
  if (before !== null && before.participantId !== session.participantId) return 'someoneElse';
  if (before === null) await createKey(code);
  else if (await changeCode(code)) change({ guards: { pin: false, passkey: false } });
  await writeDocument('session', session);
  setToken(session.token);
  if (before === null) await openApp();
  else change({ session });
  await synchronise();
  return null;
}

/**
 * Puts the key away: nothing can be read until the person opens the app again. Typed answers are written first. Where
 * the personal code alone opens it, the server's session is given up too.
 */
export async function lockNow(): Promise<void> {
  await writeWhatIsOpen();
  const { session, guards } = readState();
  const codeOnly = !guards.pin && !guards.passkey;
  if (session !== null && codeOnly) await writeDocument('session', { ...session, token: null });
  const leaving = codeOnly ? closeSession() : null;
  await lock();
  if (!codeOnly) setToken(null);
  emptyState();
  change({ phase: 'locked' });
  await leaving;
}

/** Leaves nothing on this phone. */
export async function signOutAndErase(): Promise<void> {
  await closeSession();
  await eraseEverything();
  forgetHeldDocuments();
  forgetHeldEntries();
  forgetKey();
  emptyState();
  change({ phase: 'closed', guards: { pin: false, passkey: false } });
}

async function closeSession(): Promise<void> {
  // Without the network the session ends by itself later on.
  if (readState().session?.token != null) await call(signOutRoute, {}).catch(() => null);
  setToken(null);
}

function emptyState(): void {
  change({ session: null, today: null, history: null, entries: [], sent: [], kept: [], clockLeadMs: 0, notice: '' });
}

export async function prefer(preferences: Preferences): Promise<void> {
  change({ preferences });
  if (readState().phase === 'open') await writeDocument('preferences', preferences);
}
