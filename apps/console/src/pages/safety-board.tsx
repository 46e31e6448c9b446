/** The safety board as the study's team may see it: meetings ordered, and one word of each. */
import { Button, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { ReasonField } from '../frame/fields.tsx';
import { Empty, Loaded, Page, Panel } from '../frame/page.tsx';
import { Tag } from '../frame/tag.tsx';
import { type ReplyOf, routes } from '../server/client.ts';
import { useAnswer } from '../server/queries.ts';
import { showInstant } from '../words/dates.ts';
import { roleLabels, type Tone } from '../words/labels.ts';
import { useStudy } from './study-frame.tsx';
import { SupplyForm } from './supply/act-shape.tsx';

type Board = ReplyOf<typeof routes.safetyBoard>;

const words: Readonly<Record<Board['recommendations'][number]['recommendation'], { label: string; tone: Tone }>> = {
  continue: { label: 'Continue as planned', tone: 'good' },
  continueWithChange: { label: 'Continue with a change', tone: 'watch' },
  pause: { label: 'Pause', tone: 'alarm' },
  stop: { label: 'Stop', tone: 'alarm' },
};

export function SafetyBoard() {
  const { studyId, study, may } = useStudy();
  const board = useAnswer(routes.safetyBoard, { params: { studyId } }, { enabled: may(routes.safetyBoard) });
  const [ordering, setOrdering] = useState(false);
  return (
    <Page
      title="Safety board"
      over={study.shortTitle}
      lead="The board reads a closed report that is made inside the vault and never leaves it. What comes out of a meeting is one of four words."
      actions={may(routes.orderClosedReport) && <Button onClick={() => setOrdering(true)}>Order a meeting</Button>}
    >
      <Loaded of={board} height={280}>
        {(data) => (
          <>
            <Recommendations board={data} />
            <Orders board={data} />
          </>
        )}
      </Loaded>
      <Modal opened={ordering} onClose={() => setOrdering(false)} title="Order a meeting">
        <OrderForm done={() => setOrdering(false)} />
      </Modal>
    </Page>
  );
}

function Recommendations({ board }: { board: Board }) {
  return (
    <Panel title="What the board recommended">
      {board.recommendations.length === 0 ? (
        <p className="note">Nothing yet.</p>
      ) : (
        <ul className="contacts">
          {board.recommendations.map(({ at, recommendation }) => (
            <li key={at}>
              <Tag tone={words[recommendation].tone}>{words[recommendation].label}</Tag>{' '}
              <span className="note">{showInstant(at)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Orders({ board }: { board: Board }) {
  if (board.orders.length === 0) {
    return (
      <Empty title="No meeting has been ordered">
        A monitor or statistician orders one when the charter says so. The overview’s pooled figures are the open
        report.
      </Empty>
    );
  }
  return (
    <Panel
      title="Meetings ordered"
      hint="The pooled figures of the overview and the stopping rules are the open report."
    >
      <ul className="contacts">
        {board.orders.map(({ at, role, reason, participants, dataHash }) => (
          <li key={`${at} ${dataHash}`}>
            {reason}
            <p className="note">
              {showInstant(at)}, {roleLabels[role] ?? role}; {participants} participants; data{' '}
              <code>{dataHash.slice(0, 12)}…</code>
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function OrderForm({ done }: { done: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <SupplyForm
      route={routes.orderClosedReport}
      body={reason.trim().length < 3 ? null : { reason }}
      label="Order"
      said="The data are in the vault. The board’s statistician finds the meeting there."
      done={done}
    >
      <Text size="sm">
        The blinded data as they are now go into the vault, with their hash in the record. Nobody here sees the report.
      </Text>
      <ReasonField label="Reason" description="Such as the charter’s paragraph" value={reason} onChange={setReason} />
    </SupplyForm>
  );
}
