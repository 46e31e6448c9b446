/** What a caller may touch. The access check makes it; every query of the data layer takes it. */
import type { Actor, Role } from '@limen/conduct';

export type StudyScope = {
  readonly kind: 'study';
  readonly studyId: string;
  readonly role: Role;
  /** Rows of this site alone; null: of all sites. */
  readonly siteId: string | null;
  readonly actor: Actor;
};

export type ParticipantScope = Omit<StudyScope, 'kind'> & {
  readonly kind: 'participant';
  readonly participantId: string;
};

export type SessionScope = { readonly kind: 'session'; readonly session: OpenSession; readonly actor: Actor };
export type PublicScope = { readonly kind: 'public' };
export type Scope = PublicScope | SessionScope | StudyScope | ParticipantScope;

export type Membership = { readonly studyId: string; readonly role: Role; readonly siteId: string | null };

/** A session as it is now: read with its account and memberships, so that a change of either acts at once. */
export type OpenSession = {
  readonly tokenHash: string;
  readonly accountId: string;
  readonly name: string;
  readonly administrator: boolean;
  readonly memberships: readonly Membership[];
  readonly participant: { readonly studyId: string; readonly participantId: string; readonly siteId: string } | null;
  readonly openedAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
  readonly steppedUpAt: string | null;
};
