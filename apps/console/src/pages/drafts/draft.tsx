/** One draft: loaded fresh, edits that were kept here offered first, then the designer. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Designer } from '../../designer/designer.tsx';
import '../../designer/designer.css';
import { Difference } from '../../designer/difference.tsx';
import { findEdits, forgetEdits, type Kept } from '../../designer/keeping.ts';
import { Fault, Page, Panel, Waiting } from '../../frame/page.tsx';
import { call, type ReplyOf, routes } from '../../server/client.ts';
import { useSession } from '../../server/session.tsx';
import { showInstant } from '../../words/dates.ts';

export function Draft() {
  const { draftId } = useParams({ from: '/team/drafts/$draftId' });
  const { data: session } = useSession();
  const accountId = session?.accountId ?? '';
  const opened = useQuery({
    // An older answer would be an older revision: every visit asks anew, and none is changed under the pen.
    queryKey: ['opened draft', draftId, accountId],
    queryFn: async () => ({
      draft: await call(routes.draft, { params: { draftId } }),
      kept: await findEdits({ accountId, draftId }),
    }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (opened.data !== undefined) {
    return <Opened key={draftId} {...opened.data} accountId={accountId} />;
  }
  return (
    <Page title="Draft">
      {opened.error !== null ? (
        <Fault error={opened.error} retry={() => void opened.refetch()} />
      ) : (
        <Waiting height={560} />
      )}
    </Page>
  );
}

type Opening = { draft: ReplyOf<typeof routes.draft>; kept: readonly Kept[]; accountId: string };

function Opened(props: Opening) {
  const navigate = useNavigate();
  const { part = 'identity' } = useSearch({ from: '/team/drafts/$draftId' });
  const [{ draft, kept, accountId }] = useState(props);
  const [offers, setOffers] = useState(() => kept.filter(({ text }) => text !== draft.text));
  const [taken, setTaken] = useState<Kept | null>(null);
  const [offer] = offers;
  const place = { accountId, draftId: draft.draftId };
  if (offer !== undefined && taken === null) {
    const discard = () => {
      forgetEdits(place, offer.tab);
      setOffers(offers.slice(1));
    };
    return <Offer draft={draft} offer={offer} take={() => setTaken(offer)} discard={discard} />;
  }
  const go = (next: string) =>
    void navigate({
      to: '/drafts/$draftId',
      params: { draftId: draft.draftId },
      search: { part: next },
      resetScroll: false,
    });
  return <Designer draft={draft} accountId={accountId} kept={taken} part={part} go={go} />;
}

function Offer(props: { draft: Opening['draft']; offer: Kept; take: () => void; discard: () => void }) {
  const { draft, offer, take, discard } = props;
  return (
    <Page title={draft.name} over="Draft">
      <Panel
        title="Edits that were not saved"
        hint={`They were made on ${showInstant(offer.at)} to revision ${offer.base} and kept in this browser. The server has revision ${draft.revision}.`}
      >
        <Group gap="xs" mb="md">
          <Button onClick={take}>Go on with these edits</Button>
          <Button variant="default" onClick={discard}>
            Discard them
          </Button>
        </Group>
        <Difference before={draft.text} after={offer.text} names={[`Revision ${draft.revision}`, 'Kept edits']} />
      </Panel>
    </Page>
  );
}
