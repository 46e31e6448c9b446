/** What a route is: declared once here; the server binds it, the client calls it, the tests walk the list. */
import type { Role } from '@limen/conduct';
import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'DELETE';

/** Who may call a route. Enforced in one place, below every handler. */
export type Access =
  | { readonly kind: 'public' }
  /** Anyone with a session, whatever the role. */
  | { readonly kind: 'signedIn' }
  /** The installation's administrators. */
  | { readonly kind: 'installation'; readonly stepUp?: true }
  /** Holders of one of these roles in any study; an administrator of the installation holds that role everywhere. */
  | { readonly kind: 'anyStudy'; readonly roles: readonly Role[] }
  /** Members of the study in one of these roles; the rows they see are those of their sites. */
  | { readonly kind: 'study'; readonly roles: readonly Role[]; readonly stepUp?: true }
  /** As `study`, for one participant of the member's sites; the role participant means: that person alone. */
  | { readonly kind: 'participant'; readonly roles: readonly Role[]; readonly stepUp?: true };

export type Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> = {
  readonly id: string;
  readonly method: Method;
  /** Path with `:name` parameters. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly reply: Reply;
  /** What comes back: JSON, or a stream of another type. */
  readonly media: 'json' | 'html' | 'csv' | 'ndjson' | 'events' | 'text' | 'pdf' | 'calendar';
  /** Whether the call may change anything. */
  readonly writes: boolean;
};

type Declared<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = Pick<
  Route<P, Q, B, R>,
  'id' | 'method' | 'path' | 'summary' | 'tag' | 'access' | 'reply'
> & { params: P; query: Q; body: B; media?: Route['media'] };

export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  declared: Declared<P, Q, B, R>,
): Route<P, Q, B, R> {
  return { media: 'json', writes: declared.method !== 'GET', ...declared };
}
