/** Adverse events of my sites; details and assessment at the side. */
import type { CallInput } from '@limen/contract';
import { Button, Checkbox, Drawer, Group, Select, Stack, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ReasonField } from '../frame/fields.tsx';
import { notify } from '../frame/notices.tsx';
import { Empty, Fault, Loaded, More, Page } from '../frame/page.tsx';
import { Scroll } from '../frame/scroll.tsx';
import { Tag } from '../frame/tag.tsx';
import { newCommandId, type ReplyOf, routes } from '../server/client.ts';
import { useAct, usePages } from '../server/queries.ts';
import { showDate, showInstant } from '../words/dates.ts';
import { gradeLabel, outcomeLabels, relatednessLabels } from '../words/labels.ts';
import { useStudy } from './study-frame.tsx';

type AdverseEvent = ReplyOf<typeof routes.adverseEvents>['adverseEvents'][number];

export function AdverseEvents() {
  const { studyId, study, may } = useStudy();
  const list = usePages(routes.adverseEvents, { params: { studyId } }, may(routes.adverseEvents));
  const [chosen, setChosen] = useState<string | null>(null);
  const all = list.data?.pages.flatMap((page) => page.adverseEvents) ?? [];
  const open = all.find(({ adverseEventId }) => adverseEventId === chosen) ?? null;
  return (
    <Page
      title="Adverse events"
      over={study.shortTitle}
      lead="Every untoward medical occurrence, whatever its cause. Nobody here knows what a participant took; relatedness is judged without it."
    >
      <Loaded of={list} height={360}>
        {() =>
          all.length === 0 ? (
            <Empty title="No adverse events have been reported">
              Participants report them in their app; the team reports them on the page of a participant.
            </Empty>
          ) : (
            <EventTable rows={all} open={setChosen} />
          )
        }
      </Loaded>
      <More of={list} />
      <Drawer
        opened={open !== null}
        onClose={() => setChosen(null)}
        title={open?.term ?? ''}
        position="right"
        size="lg"
      >
        {open !== null && <Detail key={open.adverseEventId} event={open} />}
      </Drawer>
    </Page>
  );
}

function EventTable({ rows, open }: { rows: readonly AdverseEvent[]; open: (id: string) => void }) {
  const { studyId } = useStudy();
  return (
    <div className="sheet">
      <Scroll label="Adverse events">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Event</Table.Th>
              <Table.Th>Participant</Table.Th>
              <Table.Th>Grade</Table.Th>
              <Table.Th>Onset</Table.Th>
              <Table.Th>Relatedness</Table.Th>
              <Table.Th>Outcome</Table.Th>
              <Table.Th>Reported</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.adverseEventId}>
                <Table.Td>
                  <button type="button" className="link-button" onClick={() => open(row.adverseEventId)}>
                    {row.term}
                  </button>
                  {row.serious && (
                    <p>
                      <Tag tone="alarm">Serious</Tag>
                    </p>
                  )}
                </Table.Td>
                <Table.Td>
                  <Link
                    to="/studies/$studyId/participants/$participantId"
                    params={{ studyId, participantId: row.participantId }}
                    className="id-link"
                  >
                    {row.participantId}
                  </Link>
                </Table.Td>
                <Table.Td>{gradeLabel(row.grade)}</Table.Td>
                <Table.Td className="nowrap">{showDate(row.onset)}</Table.Td>
                <Table.Td>
                  {row.relatedness === null ? <Tag tone="watch">Not assessed</Tag> : relatednessLabels[row.relatedness]}
                </Table.Td>
                <Table.Td>
                  {row.outcome === null ? (row.ongoing ? 'Ongoing' : 'Over') : outcomeLabels[row.outcome]}
                </Table.Td>
                <Table.Td className="nowrap">{showInstant(row.reportedAt)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </div>
  );
}

function Detail({ event }: { event: AdverseEvent }) {
  const { may } = useStudy();
  return (
    <Stack>
      <dl className="rows">
        <div>
          <dt>Event number</dt>
          <dd>{event.adverseEventId}</dd>
        </div>
        <div>
          <dt>Participant</dt>
          <dd>{event.participantId}</dd>
        </div>
        <div>
          <dt>Onset</dt>
          <dd>{showDate(event.onset)}</dd>
        </div>
        <div>
          <dt>Grade</dt>
          <dd>{gradeLabel(event.grade)}</dd>
        </div>
        <div>
          <dt>Serious</dt>
          <dd>{event.serious ? 'Yes' : 'No'}</dd>
        </div>
        <div>
          <dt>Relatedness</dt>
          <dd>{event.relatedness === null ? 'Not assessed' : relatednessLabels[event.relatedness]}</dd>
        </div>
        <div>
          <dt>Outcome</dt>
          <dd>
            {event.outcome === null ? (event.ongoing ? 'Ongoing' : 'Over, not assessed') : outcomeLabels[event.outcome]}
          </dd>
        </div>
        <div>
          <dt>Reported</dt>
          <dd>{showInstant(event.reportedAt)}</dd>
        </div>
      </dl>
      {event.serious && (
        <p className="note">
          With the safety officer, as every serious event is. Whether it is reported to an authority is decided in the
          vault, by the event number, and never shown here.
        </p>
      )}
      {event.note !== null && <blockquote className="quote">{event.note}</blockquote>}
      {may(routes.assessAdverseEvent) ? (
        <AssessmentForm event={event} />
      ) : (
        <p className="hint">An investigator assesses adverse events.</p>
      )}
    </Stack>
  );
}

type Body = NonNullable<CallInput<typeof routes.assessAdverseEvent>['body']>;
const gradeNumbers = [1, 2, 3, 4, 5];

function AssessmentForm({ event }: { event: AdverseEvent }) {
  const { studyId } = useStudy();
  const [commandId, setCommandId] = useState(newCommandId);
  const [grade, setGrade] = useState(String(event.grade));
  const [serious, setSerious] = useState(event.serious);
  const [relatedness, setRelatedness] = useState<string | null>(event.relatedness);
  const [outcome, setOutcome] = useState<string | null>(event.outcome);
  const [reason, setReason] = useState('');
  const assess = useAct(routes.assessAdverseEvent, () => {
    notify('The assessment was recorded.');
    setReason('');
    setCommandId(newCommandId());
  });
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    if (relatedness === null || outcome === null) return;
    assess.mutate({
      params: { studyId, participantId: event.participantId },
      body: {
        type: 'assessAdverseEvent',
        commandId,
        adverseEventId: event.adverseEventId,
        grade: Number(grade),
        serious,
        relatedness: relatedness as Body['relatedness'],
        outcome: outcome as Body['outcome'],
        reason,
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <h3>Assessment</h3>
        <p className="hint">Signed with your name; earlier assessments stay in the record.</p>
        <Select
          label="Grade"
          data={gradeNumbers.map((one) => ({ value: String(one), label: gradeLabel(one) }))}
          value={grade}
          onChange={(value) => setGrade(value ?? grade)}
          allowDeselect={false}
        />
        <Checkbox
          label="Serious"
          description="Death, danger to life, hospital, lasting disability, a birth defect, or medically important"
          checked={serious}
          onChange={(changed) => setSerious(changed.currentTarget.checked)}
        />
        <Select
          label="Relatedness to the study capsule"
          placeholder="Choose"
          data={Object.entries(relatednessLabels).map(([value, label]) => ({ value, label }))}
          value={relatedness}
          onChange={setRelatedness}
          required
          withAsterisk={false}
        />
        <Select
          label="Outcome"
          placeholder="Choose"
          data={Object.entries(outcomeLabels).map(([value, label]) => ({ value, label }))}
          value={outcome}
          onChange={setOutcome}
          required
          withAsterisk={false}
        />
        <ReasonField label="Reason" value={reason} onChange={setReason} />
        {assess.error !== null && <Fault error={assess.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={assess.isPending} disabled={relatedness === null || outcome === null}>
            Record the assessment
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
