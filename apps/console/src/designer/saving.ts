/** Saving a draft: by hand, by itself some seconds after the last edit, and again once the server is back. */
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { call, newCommandId, Refused, routes, sentenceOf, Unreachable } from '../server/client.ts';
import { queryClient } from '../server/queries.ts';
import { forgetEdits, holdTab, keepEdits, type Place } from './keeping.ts';
import { type Newer, savedAfter } from './saved.ts';

const autosaveMs = 3_000;
const retryMs = 4_000;

export type Start = { readonly revision: number; readonly text: string; readonly savedAt: string };

/** `tab`: whose kept edits are gone on with. */
export function useSaving(place: Place, start: Start, text: string, tab?: string) {
  const { accountId, draftId } = place;
  const [saved, tell] = useReducer(savedAfter, {
    base: start.revision,
    text: start.text,
    at: start.savedAt,
    sending: false,
    failed: null,
    newer: null,
  });
  /** A save whose answer never came may have arrived all the same. */
  const unanswered = useRef<string | null>(null);
  const busy = useRef(false);

  const send = useCallback(
    async (base: number, wanted: string): Promise<boolean> => {
      if (busy.current) return false;
      busy.current = true;
      tell({ kind: 'sending' });
      try {
        const reply = await call(routes.saveDraft, { params: { draftId }, body: { base, text: wanted } });
        tell({ kind: 'saved', base: reply.revision, text: wanted, at: reply.savedAt });
        unanswered.current = null;
        // Lists that were loaded before name an older revision.
        queryClient.removeQueries({ queryKey: [routes.drafts.id] });
        return true;
      } catch (error) {
        const newer = error instanceof Refused ? error.problem.newer : undefined;
        if (newer !== undefined && newer.text === unanswered.current) {
          tell({ kind: 'saved', base: newer.revision, text: newer.text, at: newer.savedAt });
        } else if (newer !== undefined) tell({ kind: 'newer', newer });
        else {
          const away = error instanceof Unreachable || (error instanceof Refused && error.problem.status >= 500);
          if (away) unanswered.current = wanted;
          tell({ kind: 'failed', why: sentenceOf(error), text: wanted, away });
        }
        return false;
      } finally {
        busy.current = false;
      }
    },
    [draftId],
  );

  const dirty = text !== saved.text;
  const { base, sending, failed, newer } = saved;
  useEffect(() => {
    const hopeless = failed !== null && !failed.away && failed.text === text;
    if (!dirty || sending || newer !== null || hopeless) return undefined;
    const timer = setTimeout(() => void send(base, text), failed?.away === true ? retryMs : autosaveMs);
    return () => clearTimeout(timer);
  }, [base, dirty, failed, newer, send, sending, text]);

  useKeeping(
    useMemo(() => ({ accountId, draftId }), [accountId, draftId]),
    base,
    text,
    dirty,
    tab,
  );

  return {
    saved,
    dirty,
    save: () => (newer === null && dirty ? send(base, text) : Promise.resolve(!dirty)),
    /** Puts a text on top of what somebody else saved. */
    saveOver: (over: Newer, mine: string) => send(over.revision, mine),
    /** Goes on from what is on the server. */
    goOnFrom: ({ revision, text: theirs, savedAt }: Newer) =>
      tell({ kind: 'saved', base: revision, text: theirs, at: savedAt }),
  };
}

/** While something is not saved it is kept here, too. */
function useKeeping(place: Place, base: number, text: string, dirty: boolean, before?: string): void {
  const tab = useRef(before ?? '');
  if (tab.current === '') tab.current = newCommandId();
  useEffect(() => holdTab(tab.current), []);
  useEffect(() => {
    if (!dirty) {
      forgetEdits(place, tab.current);
      return;
    }
    keepEdits(place, { tab: tab.current, base, text, at: new Date().toISOString() });
  }, [place, base, text, dirty]);
}
