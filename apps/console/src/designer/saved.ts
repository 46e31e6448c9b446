/** Where a draft stands with the server. */
import type { Problem } from '@limen/contract';

export type Newer = NonNullable<Problem['newer']>;

export type Saved = {
  readonly base: number;
  readonly text: string;
  readonly at: string;
  readonly sending: boolean;
  /** Why the last try failed, and whether trying again by itself can help. */
  readonly failed: { readonly why: string; readonly text: string; readonly away: boolean } | null;
  /** What somebody else saved meanwhile; nothing is sent until a person has chosen. */
  readonly newer: Newer | null;
};

type Event =
  | { readonly kind: 'sending' }
  | { readonly kind: 'saved'; readonly base: number; readonly text: string; readonly at: string }
  | { readonly kind: 'failed'; readonly why: string; readonly text: string; readonly away: boolean }
  | { readonly kind: 'newer'; readonly newer: Newer };

export function savedAfter(state: Saved, event: Event): Saved {
  switch (event.kind) {
    case 'sending':
      return { ...state, sending: true };
    case 'saved': {
      const { base, text, at } = event;
      return { base, text, at, sending: false, failed: null, newer: null };
    }
    case 'failed': {
      const { why, text, away } = event;
      return { ...state, sending: false, failed: { why, text, away } };
    }
    case 'newer':
      return { ...state, sending: false, failed: null, newer: event.newer };
    default:
      return event satisfies never;
  }
}
