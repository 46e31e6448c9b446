/** Every saved state of a draft: compare any two, take one up again. */
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../frame/page.tsx';
import { call, type ReplyOf, routes } from '../server/client.ts';
import { showInstant } from '../words/dates.ts';
import { Difference } from './difference.tsx';
import { Row } from './fields.tsx';

type Revision = ReplyOf<typeof routes.draft>['revisions'][number];
type Props = {
  readonly draftId: string;
  /** The last one this page knows of. */
  readonly revision: number;
  readonly text: string;
  /** Makes a text the current one, as a new step. */
  readonly restore: (revision: number, text: string) => void;
};

const now = 'now';

export function Revisions(props: Props) {
  const { draftId, revision } = props;
  const whole = useQuery({
    queryKey: ['draft revisions', draftId, revision],
    queryFn: () => call(routes.draft, { params: { draftId } }),
    placeholderData: (before) => before,
  });
  return <Loaded of={whole}>{({ revisions }) => <Comparison {...props} revisions={revisions} />}</Loaded>;
}

function Comparison({ draftId, text, restore, revisions }: Props & { revisions: readonly Revision[] }) {
  const newest = revisions[0]?.revision ?? 1;
  const [before, setBefore] = useState(String(Math.max(1, newest - 1)));
  const [after, setAfter] = useState(now);
  const named = (value: string) => (value === now ? 'As it is on this page' : `Revision ${value}`);
  const choices = [
    { value: now, label: named(now) },
    ...revisions.map(({ revision, savedAt, savedBy }) => ({
      value: String(revision),
      label: `Revision ${revision}, ${showInstant(savedAt)}, ${savedBy}`,
    })),
  ];
  const old = useText(draftId, before, text);
  const young = useText(draftId, after, text);
  return (
    <>
      <Row>
        <NativeSelect
          label="From"
          data={choices}
          value={before}
          onChange={({ currentTarget }) => setBefore(currentTarget.value)}
        />
        <NativeSelect
          label="To"
          data={choices}
          value={after}
          onChange={({ currentTarget }) => setAfter(currentTarget.value)}
        />
      </Row>
      <Loaded of={old}>
        {(first) => (
          <Loaded of={young}>
            {(second) => (
              <>
                <Difference before={first} after={second} names={[named(before), named(after)]} />
                {before !== now && first !== text && (
                  <p>
                    <Button size="xs" variant="default" onClick={() => restore(Number(before), first)}>
                      Go back to revision {before}
                    </Button>{' '}
                    <span className="note">It becomes a new revision; none is lost.</span>
                  </p>
                )}
              </>
            )}
          </Loaded>
        )}
      </Loaded>
      <h3>All revisions</h3>
      <ol className="revisions">
        {revisions.map(({ revision, savedAt, savedBy }) => (
          <li key={revision}>
            <span>
              <strong>Revision {revision}</strong> {showInstant(savedAt)} <span className="quiet">{savedBy}</span>
            </span>
            <button
              type="button"
              className="link-button"
              onClick={() => {
                setBefore(String(revision));
                setAfter(now);
              }}
              aria-label={`Compare with the page: revision ${revision}`}
            >
              Compare with the page
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Revisions are never rewritten, so one is read once. */
function useText(draftId: string, which: string, current: string) {
  const query = useQuery({
    queryKey: ['draft revision', draftId, which],
    queryFn: async () => (await call(routes.draftAt, { params: { draftId, revision: Number(which) } })).text,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: which !== now,
  });
  return which === now ? { ...query, data: current, error: null } : query;
}
