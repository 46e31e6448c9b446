/** Keeps a study's pages fresh: server-sent events, and polling where they cannot be had. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { routes, urlOf } from './client.ts';
import { refreshStudy } from './queries.ts';

const gatherMs = 1_500;
const pollMs = 20_000;

export type LiveState = 'connecting' | 'live' | 'polling' | 'off';

/** Many changes at once lead to one refresh. */
export function useLive(studyId: string, enabled: boolean): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>(enabled ? 'connecting' : 'off');
  useEffect(() => {
    if (!enabled) {
      setState('off');
      return undefined;
    }
    let gathering: ReturnType<typeof setTimeout> | null = null;
    const refresh = () => {
      gathering ??= setTimeout(() => {
        gathering = null;
        void refreshStudy(client, studyId);
      }, gatherMs);
    };
    const source = new EventSource(urlOf(routes.studyLive, { studyId }));
    source.addEventListener('hello', () => setState('live'));
    source.addEventListener('change', refresh);
    source.onerror = () => setState('polling');
    const poll = setInterval(() => {
      if (source.readyState !== EventSource.OPEN) void refreshStudy(client, studyId);
    }, pollMs);
    return () => {
      source.close();
      clearInterval(poll);
      if (gathering !== null) clearTimeout(gathering);
    };
  }, [client, studyId, enabled]);
  return state;
}
