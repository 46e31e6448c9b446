/** Drafts of protocols: what is being written, and the ways to begin. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { notify } from '../../frame/notices.tsx';
import { Empty, Fault, Loaded, Page } from '../../frame/page.tsx';
import { type ReplyOf, routes } from '../../server/client.ts';
import { useAct, useAnswer } from '../../server/queries.ts';
import { showInstant } from '../../words/dates.ts';
import { NewDraft } from './new-draft.tsx';

type Draft = ReplyOf<typeof routes.drafts>['drafts'][number];

export function Drafts() {
  const drafts = useAnswer(routes.drafts, {});
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Draft | null>(null);
  const begin = <Button onClick={() => setMaking(true)}>New protocol</Button>;
  return (
    <Page
      title="Drafts"
      lead="Protocols that are still being written. A study is created from one when nothing in it is wrong any more."
      actions={begin}
    >
      <Loaded of={drafts}>
        {({ drafts: list }) =>
          list.length === 0 ? (
            <Empty title="No drafts yet">
              Begin a protocol from a template, from one of the library, or from a document you have.
            </Empty>
          ) : (
            <DraftList drafts={list} remove={setLeaving} />
          )
        }
      </Loaded>
      <Modal
        opened={making}
        onClose={() => setMaking(false)}
        title="New protocol"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <NewDraft done={() => setMaking(false)} />
      </Modal>
      <Modal
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title="Delete this draft?"
        size="md"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {leaving !== null && <DeleteDraft draft={leaving} done={() => setLeaving(null)} />}
      </Modal>
    </Page>
  );
}

function DraftList({ drafts, remove }: { drafts: readonly Draft[]; remove: (draft: Draft) => void }) {
  return (
    <ul className="draft-list">
      {drafts.map((draft) => (
        <li key={draft.draftId}>
          <h2>
            <Link to="/drafts/$draftId" params={{ draftId: draft.draftId }}>
              {draft.name}
            </Link>
          </h2>
          <dl className="facts">
            <div>
              <dt>Owner</dt>
              <dd>{draft.mine ? `${draft.owner} (me)` : draft.owner}</dd>
            </div>
            <div>
              <dt>Last saved</dt>
              <dd>{showInstant(draft.savedAt)}</dd>
            </div>
            <div>
              <dt>Revision</dt>
              <dd>{draft.revision}</dd>
            </div>
          </dl>
          <Button
            size="compact-sm"
            variant="subtle"
            color="clay"
            onClick={() => remove(draft)}
            aria-label={`Delete ${draft.name}`}
          >
            Delete
          </Button>
        </li>
      ))}
    </ul>
  );
}

function DeleteDraft({ draft: { draftId, name, revision }, done }: { draft: Draft; done: () => void }) {
  const remove = useAct(routes.deleteDraft, () => {
    notify(`${name} was deleted.`);
    done();
  });
  return (
    <Stack>
      <Text size="sm">
        {name} and all of its {revision === 1 ? 'one revision' : `${revision} revisions`} go for good. Studies that were
        created from it keep their protocol.
      </Text>
      {remove.error !== null && <Fault error={remove.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={done} data-autofocus>
          Keep it
        </Button>
        <Button
          color="clay"
          loading={remove.isPending}
          onClick={() => remove.mutate({ params: { draftId }, query: { revision } })}
        >
          Delete the draft
        </Button>
      </Group>
    </Stack>
  );
}
