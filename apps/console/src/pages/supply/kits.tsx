/** Kits by label. Labels are random, so their order says nothing. */
import { Select, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Loaded, More, Panel } from '../../frame/page.tsx';
import { Scroll } from '../../frame/scroll.tsx';
import { Tag } from '../../frame/tag.tsx';
import { type ReplyOf, routes } from '../../server/client.ts';
import { usePages } from '../../server/queries.ts';
import { showInstant } from '../../words/dates.ts';
import { type KitStatus, kitStatuses, kitWords } from '../../words/kits.ts';
import { useStudy } from '../study-frame.tsx';

export type Kit = ReplyOf<typeof routes.supplyKits>['kits'][number];

export function Kits() {
  const { studyId, may } = useStudy();
  const [status, setStatus] = useState<KitStatus | null>(null);
  const query = status === null ? {} : { status };
  const list = usePages(routes.supplyKits, { params: { studyId }, query }, may(routes.supplyKits));
  return (
    <Panel title="Kits by label">
      <Select
        label="Show"
        data={[
          { value: '', label: 'All kits' },
          ...kitStatuses.map((one) => ({ value: one, label: kitWords(one).label })),
        ]}
        value={status ?? ''}
        onChange={(value) => setStatus(value === null || value === '' ? null : (value as KitStatus))}
        allowDeselect={false}
        maw={280}
      />
      <Loaded of={list} height={200}>
        {({ pages }) => {
          const kits = pages.flatMap((page) => page.kits);
          return kits.length === 0 ? <p className="note">There is no such kit.</p> : <KitTable kits={kits} />;
        }}
      </Loaded>
      <More of={list} />
    </Panel>
  );
}

function KitTable({ kits }: { kits: readonly Kit[] }) {
  const { studyId } = useStudy();
  return (
    <Scroll label="Kits by label">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Label</Table.Th>
            <Table.Th>Site</Table.Th>
            <Table.Th>Where it is</Table.Th>
            <Table.Th>Participant</Table.Th>
            <Table.Th className="number">Counted on return</Table.Th>
            <Table.Th>Since</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kits.map((kit) => (
            <Table.Tr key={kit.kit}>
              <Table.Th scope="row">
                <code>{kit.kit}</code>
              </Table.Th>
              <Table.Td>{kit.siteId}</Table.Td>
              <Table.Td>
                <Tag tone={kitWords(kit.status).tone}>{kitWords(kit.status).label}</Tag>
              </Table.Td>
              <Table.Td>
                {kit.participantId !== null && (
                  <Link
                    to="/studies/$studyId/participants/$participantId"
                    params={{ studyId, participantId: kit.participantId }}
                    className="id-link"
                  >
                    {kit.participantId}
                  </Link>
                )}
              </Table.Td>
              <Table.Td className="number">{kit.unitsReturned ?? ''}</Table.Td>
              <Table.Td>{kit.changedAt === null ? '' : showInstant(kit.changedAt)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
