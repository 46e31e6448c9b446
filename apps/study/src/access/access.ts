/**
 * The one place where it is decided who may call what: session, then membership, then role, then the participant, then
 * fresh re-authentication. Handlers receive the scope that comes out of it and nothing else to decide by.
 *
 * What a caller may not know about, does not exist for them: a study they are no member of and a participant of another
 * site get the same answer as one that never was.
 */
import type { Role } from '@limen/conduct';
import { type Route, shapes } from '@limen/contract';
import type { Database } from '../data/database.ts';
import { readParticipantSite } from '../data/participants.ts';
import { problemOf } from '../server/problem.ts';
import type { Membership, OpenSession, Scope } from './scope.ts';
import type { Sessions } from './session.ts';

export type AccessRequest = {
  readonly route: Route;
  readonly token: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly now: string;
};

export type AccessCheck = (request: AccessRequest) => Promise<Scope>;

const sitesRemembered = 50_000;

export function openAccess(
  database: Database,
  sessions: Sessions,
  studyExists: (studyId: string) => Promise<boolean>,
): AccessCheck {
  // A participant never changes site, so what was read once stays true.
  const sites = new Map<string, string>();

  const siteOf = async (studyId: string, participantId: string): Promise<string | null> => {
    const key = `${studyId}/${participantId}`;
    const known = sites.get(key);
    if (known !== undefined) return known;
    const found = await readParticipantSite(database, studyId, participantId);
    if (found !== null) sites.set(key, found);
    const [oldest] = sites.keys();
    if (sites.size > sitesRemembered && oldest !== undefined) sites.delete(oldest);
    return found;
  };

  const participantIn = async (
    session: OpenSession,
    member: Membership,
    given: unknown,
  ): Promise<{ participantId: string; siteId: string }> => {
    const parsed = shapes.participantId.safeParse(given);
    if (!parsed.success) throw problemOf('unknown_participant');
    const participantId = parsed.data;
    if (member.role === 'participant') {
      if (session.participant?.participantId !== participantId) throw problemOf('unknown_participant');
      return { participantId, siteId: session.participant.siteId };
    }
    const siteId = await siteOf(member.studyId, participantId);
    const visible = siteId !== null && (member.siteId === null || member.siteId === siteId);
    if (!visible) throw problemOf('unknown_participant');
    return { participantId, siteId };
  };

  return async ({ route, token, params, now }) => {
    const { access } = route;
    if (access.kind === 'public') return { kind: 'public' };
    const session = token === null ? null : await sessions.find(token, now);
    if (session === null) throw problemOf('not_signed_in');
    const assertFresh = () => {
      const asked = 'stepUp' in access && access.stepUp === true;
      if (asked && sessions.steppedUpUntil(session, now) === null) throw problemOf('step_up_required');
    };

    if (access.kind === 'signedIn' || access.kind === 'installation') {
      if (access.kind === 'installation' && !session.administrator) throw problemOf('forbidden');
      assertFresh();
      return { kind: 'session', session, actor: { id: session.accountId, role: roleOutsideStudies(session) } };
    }

    if (access.kind === 'anyStudy') {
      const role = access.roles.find((wanted) => holds(session, wanted));
      if (role === undefined) throw problemOf('forbidden');
      return { kind: 'session', session, actor: { id: session.accountId, role } };
    }

    const member = membershipIn(session, params.studyId);
    if (member === null) throw problemOf('unknown_study');
    if (member.role === 'administrator' && !(await studyExists(member.studyId))) throw problemOf('unknown_study');
    if (!access.roles.includes(member.role)) throw problemOf('forbidden');
    const actor = { id: session.accountId, role: member.role };
    const { studyId, role } = member;
    if (access.kind === 'study') {
      assertFresh();
      return { kind: 'study', studyId, role, siteId: member.siteId, actor };
    }
    const { participantId, siteId } = await participantIn(session, member, params.participantId);
    assertFresh();
    return { kind: 'participant', studyId, role, siteId, actor, participantId };
  };
}

/** One role per study: a membership, or for administrators without one the role administrator. */
export function membershipIn(session: OpenSession, studyId: unknown): Membership | null {
  if (typeof studyId !== 'string') return null;
  const member = session.memberships.find((membership) => membership.studyId === studyId);
  if (member !== undefined) return member;
  return session.administrator ? { studyId, role: 'administrator', siteId: null } : null;
}

function holds(session: OpenSession, role: Role): boolean {
  if (session.participant !== null) return false;
  if (role === 'administrator') return session.administrator;
  return session.memberships.some((member) => member.role === role);
}

function roleOutsideStudies(session: OpenSession): Role {
  if (session.participant !== null) return 'participant';
  return session.administrator ? 'administrator' : (session.memberships[0]?.role ?? 'coordinator');
}
