/** Answers of the server as React state: loaded once, shared, refreshed when something changes. */
import type { CallInput, Route } from '@limen/contract';
import {
  keepPreviousData,
  QueryClient,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { call, codeOf, type ReplyOf, Unreachable } from './client.ts';

const retries = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < retries && (error instanceof Unreachable || codeOf(error) === 'unavailable'),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});

type Loose = { params?: unknown; query?: unknown };
const keyOf = (route: Route, input: Loose) => [route.id, input.params ?? {}, input.query ?? {}] as const;

export type AnswerOptions = { readonly enabled?: boolean; readonly everyMs?: number };

export function useAnswer<R extends Route>(
  route: R,
  input: CallInput<R>,
  { enabled = true, everyMs }: AnswerOptions = {},
): UseQueryResult<ReplyOf<R>> {
  return useQuery<ReplyOf<R>>({
    queryKey: keyOf(route, input),
    queryFn: () => call(route, input),
    enabled,
    placeholderData: keepPreviousData as never,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}

type Page = { readonly next: string | null };

/** A list that comes in pages; `pages` hold what was loaded so far. */
export function usePages<R extends Route>(
  route: R,
  input: CallInput<R>,
  enabled = true,
): UseInfiniteQueryResult<{ pages: ReplyOf<R>[] }> {
  return useInfiniteQuery({
    queryKey: [...keyOf(route, input), 'pages'],
    queryFn: ({ pageParam }) => {
      const query = { ...(input.query as object | undefined), ...(pageParam === '' ? {} : { after: pageParam }) };
      return call(route, { ...input, query } as CallInput<R>);
    },
    initialPageParam: '',
    getNextPageParam: (last) => (last as Page).next,
    enabled,
  }) as UseInfiniteQueryResult<{ pages: ReplyOf<R>[] }>;
}

export function refreshStudy(client: QueryClient, studyId: string): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey }) => (queryKey[1] as { studyId?: string } | undefined)?.studyId === studyId,
  });
}

/** An act: sent once per press; what it may have changed is loaded again. */
export function useAct<R extends Route>(route: R, after?: (reply: ReplyOf<R>) => void) {
  const client = useQueryClient();
  return useMutation<ReplyOf<R>, Error, CallInput<R>>({
    mutationFn: (input) => call(route, input),
    onSuccess: async (reply, input) => {
      const { studyId } = (input.params ?? {}) as { studyId?: string };
      after?.(reply);
      await (studyId === undefined ? client.invalidateQueries() : refreshStudy(client, studyId));
    },
  });
}
