/** How a page of the vault is declared: its path, who may open it, what it shows and what its form does. */
import type { House } from '../house.ts';
import type { VaultRole } from '../people/people.ts';
import type { Session } from '../people/sessions.ts';
import type { Page } from './page.ts';

export type Visit = {
  readonly house: House;
  readonly session: Session | null;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** What was filled in; empty for a page that is only opened. A refused form is shown again with it. */
  readonly form: URLSearchParams;
  /** Path and query as asked. */
  readonly url: string;
  /** Of the caller, for limits on attempts. */
  readonly ip: string;
  /** Whether the cookie may only travel encrypted. */
  readonly secure: boolean;
};

/** Somebody who has signed in. */
export type PersonVisit = Visit & { readonly session: Session };

export type Answer =
  | { readonly page: Page; readonly status?: number }
  | { readonly redirect: string; readonly cookie?: string }
  | { readonly file: Uint8Array; readonly name: string; readonly type: string };

/** Each has a `:studyId` in its path, in which the role counts. */
type RoleRoute = {
  readonly who: VaultRole;
  /** Pages of these roles are opened by them too. */
  readonly also?: readonly VaultRole[];
  readonly get?: (visit: PersonVisit) => Promise<Answer>;
  readonly post?: (visit: PersonVisit) => Promise<Answer>;
};
type PersonRoute = {
  readonly who: 'somebody' | 'keeper';
  /** Only for people with this role in one study at least; the page itself looks in which. */
  readonly anywhere?: VaultRole;
  readonly get?: (visit: PersonVisit) => Promise<Answer>;
  readonly post?: (visit: PersonVisit) => Promise<Answer>;
};
type OpenRoute = {
  readonly who: 'anyone';
  readonly get?: (visit: Visit) => Promise<Answer>;
  readonly post?: (visit: Visit) => Promise<Answer>;
};

export type PageRoute = (RoleRoute | PersonRoute | OpenRoute) & {
  /** Below `/room`. */
  readonly path: string;
  /** Whoever has to sign in first comes back to this page. */
  readonly returns?: true;
  /** Its name in the navigation; absent: reached from another page. */
  readonly place?: string;
  /** Whose navigation has it; absent: everybody's who may open it. */
  readonly shows?: (session: Session) => boolean;
  /**
   * The form has a field `password`, and nothing is done unless it is the person's own. `unlessFresh`: whoever gave it
   * minutes ago is not asked again.
   */
  readonly confirms?: true | 'unlessFresh';
};
