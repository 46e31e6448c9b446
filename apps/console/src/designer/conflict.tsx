/** Somebody saved this draft meanwhile: both versions side by side, and a person chooses. */
import { Button, Group } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Fault, Panel } from '../frame/page.tsx';
import { showInstant } from '../words/dates.ts';
import { Difference } from './difference.tsx';
import type { Newer } from './saved.ts';

type Props = {
  readonly newer: Newer;
  readonly mine: string;
  readonly keepMine: () => Promise<unknown>;
  readonly takeTheirs: () => void;
  readonly keepBoth: () => Promise<unknown>;
};

export function Conflict({ newer, mine, keepMine, takeTheirs, keepBoth }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  useEffect(() => heading.current?.focus(), []);
  const choose = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setFault(null);
    try {
      await act();
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel>
      <h2 ref={heading} tabIndex={-1} className="conflict-title">
        Two versions of this draft
      </h2>
      <p className="prose">
        {newer.savedBy} saved revision {newer.revision} on {showInstant(newer.savedAt)}, while you were writing in an
        older one. Nothing was overwritten: choose what to keep. Whatever you choose, both stay within reach.
      </p>
      <dl className="definition choices">
        <div>
          <dt>Keep mine</dt>
          <dd>Your version is saved on top; theirs stays in the list of revisions.</dd>
        </div>
        <div>
          <dt>Take theirs</dt>
          <dd>You go on from their version; undo brings yours back.</dd>
        </div>
        <div>
          <dt>Keep mine as a new draft</dt>
          <dd>Theirs stays here, yours becomes a draft of its own.</dd>
        </div>
      </dl>
      <Group gap="xs" my="md">
        <Button onClick={() => void choose(keepMine)} loading={busy}>
          Keep mine
        </Button>
        <Button variant="default" onClick={takeTheirs} disabled={busy}>
          Take theirs
        </Button>
        <Button variant="default" onClick={() => void choose(keepBoth)} disabled={busy}>
          Keep mine as a new draft
        </Button>
      </Group>
      {fault !== null && <Fault error={fault} />}
      <Difference before={newer.text} after={mine} names={['Theirs', 'Mine']} />
    </Panel>
  );
}
