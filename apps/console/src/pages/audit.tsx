/** The audit trail: every entry of the ledger, its hashes, and the signed checkpoints over all of it. */
import { Button, Drawer, Select, Table, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { notify } from '../frame/notices.tsx';
import { Empty, Fault, Loaded, More, Page, Panel } from '../frame/page.tsx';
import { Scroll } from '../frame/scroll.tsx';
import { Values } from '../frame/values.tsx';
import { call, type ReplyOf, routes } from '../server/client.ts';
import { download } from '../server/download.ts';
import { useAct, useAnswer, usePages } from '../server/queries.ts';
import { showInstant, showNumber } from '../words/dates.ts';
import { eventLabel, eventTypes, roleLabels } from '../words/labels.ts';
import { useStudy } from './study-frame.tsx';

type Entry = ReplyOf<typeof routes.ledgerEntries>['entries'][number];

export function Audit() {
  const { studyId, study, may } = useStudy();
  const { stream } = useSearch({ from: '/team/studies/$studyId/audit' });
  const navigate = useNavigate({ from: '/studies/$studyId/audit' });
  const [type, setType] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Entry | null>(null);
  const wanted = { ...(stream === undefined ? {} : { stream }), ...(type === null ? {} : { type }) };
  const list = usePages(routes.ledgerEntries, { params: { studyId }, query: wanted }, may(routes.ledgerEntries));
  return (
    <Page
      title="Audit"
      over={study.shortTitle}
      lead="The ledger keeps what happened, in order, for ever. Each entry is chained to the one before it; a signed checkpoint fixes all chains at once."
      actions={may(routes.archive) && <Archive />}
    >
      <Checkpoints />
      <search className="filters audit-filters" aria-label="Ledger entries">
        <TextInput
          label="Participant or stream"
          placeholder="Whole id"
          value={stream ?? ''}
          onChange={(event) => {
            const value = event.currentTarget.value.trim();
            void navigate({ search: value === '' ? {} : { stream: value }, replace: true });
          }}
          maxLength={64}
          spellCheck={false}
        />
        <Select
          label="Kind of entry"
          data={[
            { value: 'any', label: 'Any kind' },
            ...eventTypes.map((value) => ({ value, label: eventLabel(value) })),
          ]}
          value={type ?? 'any'}
          onChange={(value) => setType(value === 'any' ? null : value)}
          allowDeselect={false}
          searchable
        />
      </search>
      <Loaded of={list} height={420}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          return entries.length === 0 ? (
            <Empty title="No entries fit">The id has to be whole: the ten letters and digits of a participant.</Empty>
          ) : (
            <EntryTable entries={entries} open={setChosen} />
          );
        }}
      </Loaded>
      <More of={list} />
      <Drawer
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={chosen === null ? '' : eventLabel(chosen.type)}
        position="right"
        size="lg"
      >
        {chosen !== null && <EntryDetail entry={chosen} />}
      </Drawer>
    </Page>
  );
}

function EntryTable({ entries, open }: { entries: readonly Entry[]; open: (entry: Entry) => void }) {
  return (
    <div className="sheet">
      <Scroll label="Ledger entries">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Entry</Table.Th>
              <Table.Th>Stream</Table.Th>
              <Table.Th className="number">Position</Table.Th>
              <Table.Th>Recorded</Table.Th>
              <Table.Th>By</Table.Th>
              <Table.Th>Hash</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={`${entry.stream} ${entry.seq}`}>
                <Table.Td>
                  <button type="button" className="link-button" onClick={() => open(entry)}>
                    {eventLabel(entry.type)}
                  </button>
                </Table.Td>
                <Table.Td>
                  <span className="mono">{entry.stream}</span>
                </Table.Td>
                <Table.Td className="number">{showNumber(entry.seq)}</Table.Td>
                <Table.Td className="nowrap">{showInstant(entry.recordedAt)}</Table.Td>
                <Table.Td>{roleLabels[entry.actor.role] ?? entry.actor.role}</Table.Td>
                <Table.Td>
                  <code>{entry.hash.slice(0, 10)}…</code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </div>
  );
}

function EntryDetail({ entry }: { entry: Entry }) {
  const hashes: [string, string][] = [
    ['Commitment to the content', entry.commitment],
    ['Hash of the entry before', entry.previous],
    ['Hash of this entry', entry.hash],
  ];
  return (
    <>
      <dl className="rows">
        <div>
          <dt>Stream and position</dt>
          <dd>
            {entry.stream}, {showNumber(entry.seq)}
          </dd>
        </div>
        <div>
          <dt>Recorded</dt>
          <dd>{showInstant(entry.recordedAt)}</dd>
        </div>
        <div>
          <dt>By</dt>
          <dd>
            {roleLabels[entry.actor.role] ?? entry.actor.role} <code>{entry.actor.id}</code>
          </dd>
        </div>
      </dl>
      <h3 className="drawer-title">Content</h3>
      {entry.data === null ? (
        <p className="note">The content was erased; the chain still verifies.</p>
      ) : (
        <Values of={entry.data} />
      )}
      <h3 className="drawer-title">Chain</h3>
      <dl className="hashes">
        {hashes.map(([label, hash]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{hash}</code>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Checkpoints() {
  const { studyId, may } = useStudy();
  const list = useAnswer(routes.checkpoints, { params: { studyId } }, { enabled: may(routes.checkpoints) });
  const take = useAct(routes.takeCheckpoint, (checkpoint) => notify(`Checkpoint ${checkpoint.number} was signed.`));
  return (
    <Panel
      title="Checkpoints"
      hint="Whoever holds one of these and the stand-alone verifier can prove that nothing before it was changed. Keep copies outside this machine."
      aside={
        may(routes.takeCheckpoint) && (
          <Button
            size="xs"
            variant="default"
            loading={take.isPending}
            onClick={() => take.mutate({ params: { studyId } })}
          >
            Take a checkpoint
          </Button>
        )
      }
    >
      {take.error !== null && <Fault error={take.error} />}
      <Loaded of={list} height={80}>
        {({ checkpoints }) =>
          checkpoints.length === 0 ? (
            <Empty title="No checkpoint yet">One is signed every hour in which something was recorded.</Empty>
          ) : (
            <CheckpointList checkpoints={checkpoints} />
          )
        }
      </Loaded>
    </Panel>
  );
}

const atFirst = 3;

function CheckpointList({ checkpoints }: { checkpoints: ReplyOf<typeof routes.checkpoints>['checkpoints'] }) {
  const [all, setAll] = useState(false);
  const newest = [...checkpoints].sort((a, b) => b.number - a.number);
  return (
    <>
      <ul className="checkpoints">
        {(all ? newest : newest.slice(0, atFirst)).map((one) => (
          <li key={one.number}>
            <details>
              <summary>
                <span className="strong">Number {one.number}</span>
                <span className="note">
                  {showInstant(one.takenAt)}, {showNumber(one.entries)} entries in {showNumber(one.streams)} streams
                </span>
              </summary>
              <dl className="hashes">
                {(['root', 'previous', 'publicKey', 'signature'] as const).map((name) => (
                  <div key={name}>
                    <dt>{hashWords[name]}</dt>
                    <dd>
                      <code>{one[name]}</code>
                    </dd>
                  </div>
                ))}
              </dl>
              <Button
                size="xs"
                variant="default"
                onClick={() =>
                  download(`checkpoint-${one.number}.json`, 'application/json', JSON.stringify(one, null, 2))
                }
              >
                Download checkpoint {one.number}
              </Button>
            </details>
          </li>
        ))}
      </ul>
      {!all && newest.length > atFirst && (
        <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
          Show all {newest.length}
        </Button>
      )}
    </>
  );
}

const hashWords = {
  root: 'Root over all streams',
  previous: 'Hash of the checkpoint before',
  publicKey: 'Public key',
  signature: 'Signature',
} as const;

function Archive() {
  const { studyId } = useStudy();
  const fetchArchive = useMutation({
    mutationFn: () => call(routes.archive, { params: { studyId } }),
    onSuccess: (text) => download(`${studyId}-archive.ndjson`, 'application/x-ndjson', text),
  });
  return (
    <>
      <Button variant="default" loading={fetchArchive.isPending} onClick={() => fetchArchive.mutate()}>
        Download the archive
      </Button>
      {fetchArchive.error !== null && <Fault error={fetchArchive.error} />}
    </>
  );
}
