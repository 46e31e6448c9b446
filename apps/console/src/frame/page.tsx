/** The parts every page is made of: one title, panels, and what stands there while nothing does. */
import { Alert, Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { Refused, sentenceOf } from '../server/client.ts';

/** The page that comes first is read from its top; later ones are announced by moving to their title. */
let pagesShown = 0;

export function Page(props: {
  title: string;
  over?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { title, over, lead, actions, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Limen`;
  }, [title]);
  useEffect(() => {
    pagesShown += 1;
    if (pagesShown > 1) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          {over !== undefined && <p className="over">{over}</p>}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Panel(props: {
  title?: string;
  hint?: ReactNode;
  aside?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const { title, hint, aside, wide = false, children } = props;
  return (
    <section className={wide ? 'panel panel-wide' : 'panel'}>
      {title !== undefined && (
        <div className="panel-head">
          <h2>{title}</h2>
          {aside !== undefined && <div className="panel-aside">{aside}</div>}
        </div>
      )}
      {hint !== undefined && <p className="hint">{hint}</p>}
      {children}
    </section>
  );
}

export function Fault({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Alert color="clay" variant="light" role="alert" title="This did not work" className="fault">
      <p>{sentenceOf(error)}</p>
      {retry !== undefined && !(error instanceof Refused && error.problem.status === 403) && (
        <Button variant="default" size="xs" mt="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      <p>{children}</p>
      {action}
    </div>
  );
}

type Loading<T> = Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;

/** What was asked for, its place while it comes, or why it does not. */
export function Loaded<T>({
  of,
  height = 240,
  children,
}: {
  of: Loading<T>;
  height?: number;
  children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error !== null) return <Fault error={of.error} retry={() => void of.refetch()} />;
  return <Waiting height={height} />;
}

export function Waiting({ height }: { height: number }) {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton height={height} radius="md" />
    </div>
  );
}

export function More({
  of,
}: {
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  if (!of.hasNextPage) return null;
  return (
    <div className="more">
      <Button variant="default" loading={of.isFetchingNextPage} onClick={() => of.fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}
