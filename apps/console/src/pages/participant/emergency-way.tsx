/** In an emergency: the card number, the last capsule, the vault's page with both filled in, or the telephone. */
import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Fault, Loaded, Panel } from '../../frame/page.tsx';
import { Tag } from '../../frame/tag.tsx';
import { call, routes } from '../../server/client.ts';
import { download } from '../../server/download.ts';
import { useAnswer } from '../../server/queries.ts';
import { showInstantIn } from '../../words/dates.ts';
import { Contacts } from '../emergency.tsx';
import { useStudy } from '../study-frame.tsx';
import type { Detail } from './detail.ts';

export function EmergencyWay({ detail }: { detail: Detail }) {
  const { studyId, may } = useStudy();
  const way = useAnswer(routes.emergency, { params: { studyId } });
  const { cardNumber, lastDoseAt, timeZone } = detail;
  return (
    <Panel
      title="Emergency"
      hint="When treatment depends on what was taken. Nobody has to agree; the study team does not learn what was found."
      aside={way.data?.open === false && <Tag tone="alarm">The vault cannot be reached</Tag>}
    >
      <Loaded of={way} height={80}>
        {(data) => (
          <>
            {!data.open && (
              <>
                <p>Telephone now:</p>
                <Contacts way={data} />
              </>
            )}
            <p>
              Card <strong>{cardNumber}</strong>. Last capsule:{' '}
              {lastDoseAt === null ? 'none entered' : showInstantIn(lastDoseAt, timeZone)}.
            </p>
            <Group>
              {data.open && data.vaultPages !== null && (
                <Button
                  component="a"
                  href={addressOf(data.vaultPages, detail)}
                  target="_blank"
                  rel="noreferrer"
                  color="clay"
                >
                  Break this participant’s code
                </Button>
              )}
              {may(routes.walletCard) && <PrintCard detail={detail} />}
            </Group>
            {data.open && <Contacts way={data} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

/** The vault knows no times: the last capsule goes with the link, and it says which of them that was. */
function addressOf(vaultPages: string, { cardNumber, lastDoseAt, schedule }: Detail): string {
  const doses = schedule.filter(({ kind }) => kind === 'dose');
  const last = doses.findLastIndex(({ status }) => status === 'done') + 1;
  const query = new URLSearchParams({ number: cardNumber ?? '' });
  if (lastDoseAt !== null) query.set('taken', new Date(lastDoseAt).toISOString());
  if (last > 0) query.set('dose', String(last));
  return `${vaultPages}/emergency?${query.toString()}`;
}

function PrintCard({ detail }: { detail: Detail }) {
  const { studyId } = useStudy();
  const { participantId } = detail.row;
  const fetchPdf = useMutation({
    mutationFn: () => call(routes.walletCard, { params: { studyId, participantId } }),
    onSuccess: (pdf) => download(`card-${detail.cardNumber}.pdf`, 'application/pdf', pdf),
  });
  return (
    <>
      {fetchPdf.error !== null && <Fault error={fetchPdf.error} />}
      <Button variant="default" loading={fetchPdf.isPending} onClick={() => fetchPdf.mutate()}>
        Card for the wallet, PDF
      </Button>
    </>
  );
}
