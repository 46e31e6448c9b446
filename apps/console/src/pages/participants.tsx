/** Everybody of my sites: where they stand, what is due, what needs a look. */
import { Button, Select, Table, TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty, Loaded, More, Page } from '../frame/page.tsx';
import { Scroll } from '../frame/scroll.tsx';
import { StatusTag, Tag } from '../frame/tag.tsx';
import { type ReplyOf, routes } from '../server/client.ts';
import { usePages } from '../server/queries.ts';
import { count, showInstant, showNumber } from '../words/dates.ts';
import { participantStatuses, statusOf } from '../words/labels.ts';
import { InviteDialog } from './invite.tsx';
import { useStudy } from './study-frame.tsx';

type Row = ReplyOf<typeof routes.participants>['participants'][number];

export function Participants() {
  const { studyId, study, may } = useStudy();
  const { status, id } = useSearch({ from: '/team/studies/$studyId/participants' });
  const navigate = useNavigate({ from: '/studies/$studyId/participants' });
  const [inviting, setInviting] = useState(false);
  const list = usePages(
    routes.participants,
    { params: { studyId }, query: { limit: 200, ...(status === undefined ? {} : { status }) } },
    may(routes.participants),
  );
  const change = (part: { status?: string | undefined; id?: string | undefined }) => {
    const next = { status, id, ...part };
    const search = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''));
    return navigate({ search, replace: true });
  };
  const invite = may(routes.inviteParticipant) && study.status === 'open';
  const inviteButton = invite ? <Button onClick={() => setInviting(true)}>Invite a participant</Button> : undefined;
  return (
    <Page title="Participants" over={study.shortTitle} actions={inviteButton}>
      <search className="filters" aria-label="Participants">
        <TextInput
          label="Id"
          placeholder="Part of an id"
          value={id ?? ''}
          onChange={(event) => void change({ id: event.currentTarget.value.toUpperCase() })}
          maxLength={10}
          spellCheck={false}
        />
        <Select
          label="Status"
          data={[
            { value: 'any', label: 'Any status' },
            ...participantStatuses.map((value) => ({ value, label: statusOf(value).label })),
          ]}
          value={status ?? 'any'}
          onChange={(value) => void change({ status: value === 'any' || value === null ? undefined : value })}
          allowDeselect={false}
        />
      </search>
      <Loaded of={list} height={420}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.participants);
          const shown = rows.filter((row) => row.participantId.includes(id ?? ''));
          if (shown.length > 0) return <ParticipantTable rows={shown} />;
          return rows.length === 0 && status === undefined ? (
            <Empty title="Nobody has been invited yet" action={inviteButton}>
              An invitation makes a personal code. With it a person joins from their own phone, answers the screening
              questions and reads the consent form.
            </Empty>
          ) : (
            <Empty
              title="Nobody fits these filters"
              action={
                <Button variant="default" size="xs" onClick={() => void change({ status: undefined, id: undefined })}>
                  Clear filters
                </Button>
              }
            >
              Try another status or another part of the id.
            </Empty>
          );
        }}
      </Loaded>
      <More of={list} />
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
    </Page>
  );
}

function ParticipantTable({ rows }: { rows: readonly Row[] }) {
  const { studyId } = useStudy();
  const sites = new Set(rows.map(({ siteId }) => siteId)).size;
  return (
    <div className="sheet">
      <Scroll label="Participants">
        <Table>
          <caption className="unseen">{count(rows.length, 'participant')}</caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Participant</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th className="number">Study day</Table.Th>
              <Table.Th className="number">Capsules</Table.Th>
              <Table.Th className="number">Answers</Table.Th>
              <Table.Th>Next due</Table.Th>
              <Table.Th>Signals</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.participantId}>
                <Table.Td>
                  <Link
                    to="/studies/$studyId/participants/$participantId"
                    params={{ studyId, participantId: row.participantId }}
                    className="id-link"
                  >
                    {row.participantId}
                  </Link>
                  {sites > 1 && <p className="note">site {row.siteId}</p>}
                </Table.Td>
                <Table.Td>
                  <StatusTag status={row.status} onHold={row.onHold} />
                </Table.Td>
                <Table.Td className="number">{row.studyDay === null ? '–' : showNumber(row.studyDay)}</Table.Td>
                <Table.Td className="number">
                  {row.dosesTaken} of {row.dosesDue}
                </Table.Td>
                <Table.Td className="number">
                  {row.answered} of {row.answersDue}
                </Table.Td>
                <Table.Td>
                  {row.nextDue === null ? (
                    <span className="note">nothing</span>
                  ) : (
                    <>
                      {row.nextDue.label}
                      <span className="note">
                        {' '}
                        {row.nextDue.at < new Date().toISOString() ? 'open since' : 'from'}{' '}
                        {showInstant(row.nextDue.at)}
                      </span>
                    </>
                  )}
                </Table.Td>
                <Table.Td>
                  {row.openSignals === 0 ? (
                    <span className="note">none</span>
                  ) : (
                    <Tag tone="alarm">{count(row.openSignals, 'open signal')}</Tag>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </div>
  );
}
