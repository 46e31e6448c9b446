/** Who is signed in, and what their roles allow. */
import type { Access } from '@limen/contract';
import { useQuery } from '@tanstack/react-query';
import { callPlainly, codeOf, type ReplyOf, routes } from './client.ts';
import { queryClient } from './queries.ts';

export type Session = ReplyOf<typeof routes.currentSession>;
export type TeamRole = Session['memberships'][number]['role'];

const sessionKey = ['session'] as const;

/** Null: nobody of the study team is signed in here. */
async function readSession(): Promise<Session | null> {
  try {
    const session = await callPlainly(routes.currentSession, {});
    // A phone of a participant may share this browser; that session is not ours.
    return session.participant === null ? session : null;
  } catch (error) {
    if (codeOf(error) === 'not_signed_in') return null;
    throw error;
  }
}

export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: 60_000 });
}

export function setSession(session: Session | null): void {
  if (session === null) queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  queryClient.setQueryData(sessionKey, session);
}

export function roleIn(session: Session | null | undefined, studyId: string): TeamRole | null {
  return session?.memberships.find((one) => one.studyId === studyId)?.role ?? null;
}

/** Whether somebody may call a route that asks for a role in any study. */
export function mayCallAnywhere(route: { readonly access: Access }, session: Session | null | undefined): boolean {
  if (session === null || session === undefined) return false;
  const roles = session.memberships.map(({ role }) => role);
  return (session.administrator ? [...roles, 'administrator' as const] : roles).some((role) => mayCall(route, role));
}

/** Whether a role is among those a route is declared for. The server decides; this only keeps doors off the page. */
export function mayCall(route: { readonly access: Access }, role: TeamRole | null): boolean {
  const { access } = route;
  if (access.kind === 'public' || access.kind === 'signedIn') return true;
  if (access.kind === 'installation') return role === 'administrator';
  if (access.kind === 'anyStudy') return role !== null && access.roles.includes(role);
  return role !== null && access.roles.includes(role);
}
