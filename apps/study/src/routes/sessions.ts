/** Coming in, proving it is still you, going out. Every one of these is an entry of the installation's stream. */
import { createHash } from 'node:crypto';
import { cookieFor, hashToken, verifyPassword } from '@limen/access';
import { routes } from '@limen/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { faultOf, tellTeam } from '../access/personal-code.ts';
import type { OpenSession } from '../access/scope.ts';
import { readAccount, readAccountByLogin, readPersonalCode } from '../data/accounts.ts';
import { listStudyIds } from '../data/studies.ts';
import { normaliseCode } from '../record/ids.ts';
import { forAnyone, forSession } from '../server/call.ts';
import type { House } from '../server/house.ts';
import { problemOf } from '../server/problem.ts';

const system = { id: 'system', role: 'system' } as const;

export function loginKeyOf(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase();
}

export function codeHashOf(code: string): Buffer {
  return createHash('sha256')
    .update(`limen/code|${normaliseCode(code)}`)
    .digest();
}

export async function describeSession(house: House, session: OpenSession) {
  const { accountId, name, administrator, participant, expiresAt } = session;
  const memberOf = new Set(session.memberships.map(({ studyId }) => studyId));
  const others = administrator ? (await listStudyIds(house.database)).filter((id) => !memberOf.has(id)) : [];
  const administered = others.map((studyId) => ({ studyId, role: 'administrator' as const, siteId: null }));
  return {
    accountId,
    name,
    administrator,
    memberships: [...session.memberships, ...administered],
    participant:
      participant === null ? null : { studyId: participant.studyId, participantId: participant.participantId },
    steppedUpUntil: house.sessions.steppedUpUntil(session, house.now()),
    expiresAt,
  };
}

type Http = { house: House; request: FastifyRequest; reply: FastifyReply };

async function welcome({ house, request, reply }: Http, token: string) {
  const session = await house.sessions.find(token, house.now());
  if (session === null) throw problemOf('unavailable');
  const seconds = Math.max(0, Math.floor((Date.parse(session.expiresAt) - Date.parse(house.now())) / 1000));
  reply.header('set-cookie', cookieFor(token, seconds, request.protocol === 'https'));
  return { ...(await describeSession(house, session)), token };
}

const signIn = forAnyone(routes.signIn, async ({ body, house, request, reply }) => {
  const loginKey = loginKeyOf(body.login);
  if (house.signInsByLogin.blocked(loginKey) || house.signInsByAddress.blocked(request.ip)) {
    throw problemOf('too_many_requests');
  }
  const account = await readAccountByLogin(house.database, loginKey);
  const right = await verifyPassword(body.password, account?.password_hash ?? null);
  if (account === null || !right) {
    house.signInsByLogin.fail(loginKey);
    house.signInsByAddress.fail(request.ip);
    const refused = { type: 'session.refused', accountId: account?.account_id ?? null } as const;
    await house.streams.note(system, refused, request.id, house.now());
    throw problemOf('sign_in_refused');
  }
  house.signInsByLogin.clear(loginKey);
  const now = house.now();
  const token = await house.sessions.open({ accountId: account.account_id }, now);
  await house.streams.note(system, { type: 'session.opened', holder: account.account_id }, hashToken(token), now);
  return welcome({ house, request, reply }, token);
});

const participantSignIn = forAnyone(routes.participantSignIn, async ({ body, house, request, reply }) => {
  if (house.signInsByAddress.blocked(request.ip)) throw problemOf('too_many_requests');
  const now = house.now();
  const code = await readPersonalCode(house.database, codeHashOf(body.code));
  const fault = code === null ? null : faultOf(code, now);
  if (code === null || fault !== null) {
    // Nobody guesses a code that once was right.
    if (code === null) house.signInsByAddress.fail(request.ip);
    await house.streams.note(system, { type: 'session.refused', accountId: null }, request.id, now);
    if (code !== null && fault !== null) await tellTeam(house, code, fault);
    throw problemOf(fault ?? 'sign_in_refused');
  }
  const { studyId, participantId } = code;
  const token = await house.sessions.open({ studyId, participantId }, now);
  const opened = { type: 'session.opened', holder: participantId } as const;
  await house.streams.note(system, opened, hashToken(token), now);
  return welcome({ house, request, reply }, token);
});

const currentSession = forSession(routes.currentSession, ({ scope, house }) => describeSession(house, scope.session));

const stepUp = forSession(routes.stepUp, async ({ scope, body, house, request }) => {
  const { session, actor } = scope;
  const { accountId } = session;
  // A participant has no password; nothing they do asks for one.
  if (session.participant !== null) throw problemOf('forbidden');
  if (house.signInsByLogin.blocked(accountId)) throw problemOf('too_many_requests');
  const account = await readAccount(house.database, accountId);
  const now = house.now();
  if (!(await verifyPassword(body.password, account?.password_hash ?? null))) {
    house.signInsByLogin.fail(accountId);
    await house.streams.note(actor, { type: 'session.stepUpRefused', accountId }, request.id, now);
    throw problemOf('sign_in_refused');
  }
  house.signInsByLogin.clear(accountId);
  await house.sessions.stepUp(session, now);
  await house.streams.note(actor, { type: 'session.steppedUp', accountId }, request.id, now);
  return describeSession(house, { ...session, steppedUpAt: now });
});

const signOut = forSession(routes.signOut, async ({ scope, house, request, reply }) => {
  await house.sessions.close(scope.session);
  const { accountId } = scope.session;
  await house.streams.note(scope.actor, { type: 'session.closed', holder: accountId }, request.id, house.now());
  reply.header('set-cookie', cookieFor('', 0, request.protocol === 'https'));
  reply.header('clear-site-data', '"cookies"');
  return { signedOut: true as const };
});

export const sessionHandlers = { signIn, participantSignIn, currentSession, stepUp, signOut };
