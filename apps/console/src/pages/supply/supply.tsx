/** Kits of my sites: what is there, what is on its way, what has to be done with it. Labels and totals only. */
import { Button, Group, Modal, Table, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { Empty, Loaded, Page, Panel } from '../../frame/page.tsx';
import { Scroll } from '../../frame/scroll.tsx';
import { Tag } from '../../frame/tag.tsx';
import { type ReplyOf, routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import { showDate, showInstant } from '../../words/dates.ts';
import { type KitStatus, kitStatuses, kitWords, shipmentWords } from '../../words/kits.ts';
import { eventLabel } from '../../words/labels.ts';
import { useStudy } from '../study-frame.tsx';
import { DestroyForm } from './destroy-form.tsx';
import { Devices } from './devices.tsx';
import { Kits } from './kits.tsx';
import { ExcursionForm, ReceiptForm } from './shipment-forms.tsx';

type View = ReplyOf<typeof routes.supply>;
type Shipment = View['shipments'][number];
type Counts = View['sites'][number]['kits'];
type Asked = { readonly act: 'receive' | 'excursion'; readonly shipment: Shipment } | { readonly act: 'destroy' };

export function Supply() {
  const { studyId, study, may } = useStudy();
  const view = useAnswer(routes.supply, { params: { studyId } }, { enabled: may(routes.supply), everyMs: 30_000 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <Page
      title="Supply"
      over={study.shortTitle}
      lead="Every kit is handled alike, whatever it holds: this page knows labels and totals, and nobody who reads it can learn more."
      actions={
        may(routes.destroyKits) && (
          <Button variant="default" onClick={() => setAsked({ act: 'destroy' })}>
            Record a destruction
          </Button>
        )
      }
    >
      <Loaded of={view} height={420}>
        {(data) => (
          <>
            <Standing view={data} />
            {data.kits === 'stock' && <Shipments view={data} ask={setAsked} />}
            <Kits />
            <Devices sites={data.sites} />
          </>
        )}
      </Loaded>
      <Modal opened={asked !== null} onClose={close} title={titleOf(asked)} size="lg">
        {asked?.act === 'receive' && <ReceiptForm shipment={asked.shipment} done={close} />}
        {asked?.act === 'excursion' && <ExcursionForm shipment={asked.shipment} done={close} />}
        {asked?.act === 'destroy' && <DestroyForm sites={view.data?.sites ?? []} done={close} />}
      </Modal>
    </Page>
  );
}

function titleOf(asked: Asked | null): string {
  if (asked === null) return '';
  if (asked.act === 'destroy') return 'Record a destruction';
  return asked.act === 'receive' ? `Receive shipment ${asked.shipment.shipmentId}` : 'The temperature was left';
}

function Standing({ view }: { view: View }) {
  const used = kitStatuses.filter((status) => view.sites.some(({ kits }) => (kits[status] ?? 0) > 0));
  return (
    <Panel
      title="Kits by site"
      hint={
        view.kits === 'stock'
          ? heardWords(view.heardAt)
          : 'Kits of this study are packed for each person, once the label is drawn. What is done with them here is told to the pharmacy.'
      }
    >
      {view.waiting > 0 && (
        <p className="note" role="status">
          {view.waiting === 1 ? 'One act waits' : `${view.waiting} acts wait`} to be told to the pharmacy; nothing is
          lost meanwhile.
        </p>
      )}
      {view.notAccepted.length > 0 && (
        <p className="note" role="alert">
          <Tag tone="watch">Not accepted by the pharmacy</Tag>{' '}
          {view.notAccepted.map(({ type, at }) => `${eventLabel(type)}, ${showInstant(at)}`).join('; ')}. Speak with the
          pharmacist.
        </p>
      )}
      {used.length === 0 ? (
        <Empty title="No kits yet">
          {view.kits === 'stock'
            ? 'Shipments appear here when the pharmacy sends them.'
            : 'A kit appears here when somebody is randomised.'}
        </Empty>
      ) : (
        <Scroll label="Kits by site">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Site</Table.Th>
                {used.map((status) => (
                  <Table.Th key={status} className="number">
                    {kitWords(status).label}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {view.sites.map(({ siteId, name, kits }) => (
                <Table.Tr key={siteId}>
                  <Table.Th scope="row">{name}</Table.Th>
                  {used.map((status) => (
                    <Table.Td key={status} className="number">
                      {kits[status] ?? 0}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
    </Panel>
  );
}

function heardWords(heardAt: string | null): string {
  if (heardAt === null) return 'The pharmacy has not been heard yet. Enrolment waits until it sends kits.';
  return `The pharmacy was last heard ${showInstant(heardAt)}. What it keeps back, no site hands out.`;
}

function Shipments({ view, ask }: { view: View; ask: (asked: Asked) => void }) {
  const { may } = useStudy();
  if (view.shipments.length === 0) return null;
  return (
    <Panel title="Shipments">
      <Scroll label="Shipments">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Shipment</Table.Th>
              <Table.Th>Site</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Lot</Table.Th>
              <Table.Th>Use before</Table.Th>
              <Table.Th>Kits</Table.Th>
              <Table.Th>
                <VisuallyHidden>What can be done</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {view.shipments.map((shipment) => (
              <Table.Tr key={shipment.shipmentId}>
                <Table.Th scope="row">
                  {shipment.shipmentId}
                  <span className="note"> sent {showInstant(shipment.sentAt)}</span>
                </Table.Th>
                <Table.Td>{shipment.siteId}</Table.Td>
                <Table.Td>
                  <ShipmentTag shipment={shipment} />
                </Table.Td>
                <Table.Td>{shipment.lot}</Table.Td>
                <Table.Td>{showDate(shipment.expires)}</Table.Td>
                <Table.Td>{countWords(shipment.kits)}</Table.Td>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap">
                    {shipment.receivedAt === null && may(routes.receiveShipment) && (
                      <Button size="xs" onClick={() => ask({ act: 'receive', shipment })}>
                        Receive
                      </Button>
                    )}
                    {shipment.receivedAt !== null && may(routes.recordExcursion) && (
                      <Button size="xs" variant="default" onClick={() => ask({ act: 'excursion', shipment })}>
                        Temperature left
                      </Button>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Panel>
  );
}

/** What the site has recorded counts at once, also before the pharmacy has confirmed it. */
function ShipmentTag({ shipment }: { shipment: Shipment }) {
  const status = shipment.status === 'sent' && shipment.receivedAt !== null ? 'received' : shipment.status;
  const { label, tone } = shipmentWords[status];
  return <Tag tone={tone}>{label}</Tag>;
}

function countWords(counts: Counts): string {
  return kitStatuses
    .flatMap((status: KitStatus) => {
      const count = counts[status] ?? 0;
      return count === 0 ? [] : [`${count} ${kitWords(status).label.toLowerCase()}`];
    })
    .join(', ');
}
