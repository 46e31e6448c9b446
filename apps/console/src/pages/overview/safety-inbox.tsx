/** Open signals by severity; each is acknowledged with what was done. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { notify } from '../../frame/notices.tsx';
import { Empty, Fault, Loaded, More, Panel } from '../../frame/page.tsx';
import { SeverityTag } from '../../frame/tag.tsx';
import { newCommandId, type ReplyOf, routes } from '../../server/client.ts';
import { useAct, usePages } from '../../server/queries.ts';
import { showInstant } from '../../words/dates.ts';
import { severities } from '../../words/labels.ts';
import { useStudy } from '../study-frame.tsx';

export type Signal = ReplyOf<typeof routes.signals>['signals'][number];
const order = ['urgent', 'prompt', 'routine'] as const;
/** The most pressing ones; the rest on request. */
const atFirst = 5;

export function SafetyInbox() {
  const { studyId, may } = useStudy();
  const inbox = usePages(routes.signals, { params: { studyId }, query: { open: 'true' } });
  const [chosen, setChosen] = useState<Signal | null>(null);
  const [all, setAll] = useState(false);
  return (
    <Panel title="Safety inbox" wide>
      <Loaded of={inbox} height={160}>
        {({ pages }) => {
          const signals = pages.flatMap((page) => page.signals);
          if (signals.length === 0) {
            return (
              <Empty title="No open signals">
                A new one appears here within a second of the answer that raised it.
              </Empty>
            );
          }
          const sorted = [...signals].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
          return (
            <>
              <ul className="inbox">
                {(all ? sorted : sorted.slice(0, atFirst)).map((signal) => (
                  <li key={signal.signalId}>
                    <SeverityTag severity={signal.severity} />
                    <div>
                      <p className="inbox-message">{signal.message}</p>
                      <p className="note">
                        Participant{' '}
                        <Link
                          to="/studies/$studyId/participants/$participantId"
                          params={{ studyId, participantId: signal.participantId }}
                        >
                          {signal.participantId}
                        </Link>
                        , {showInstant(signal.raisedAt)}; {severities[signal.severity].when}
                      </p>
                    </div>
                    {may(routes.acknowledgeSignal) && (
                      <Button
                        variant="default"
                        size="xs"
                        onClick={() => setChosen(signal)}
                        aria-label={`Acknowledge the signal of participant ${signal.participantId}`}
                      >
                        Acknowledge
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
              {!all && sorted.length > atFirst && (
                <Button variant="default" size="xs" onClick={() => setAll(true)}>
                  Show all {sorted.length}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
      {all && <More of={inbox} />}
      <Modal opened={chosen !== null} onClose={() => setChosen(null)} title="Acknowledge a signal">
        {chosen !== null && <Acknowledgement key={chosen.signalId} signal={chosen} done={() => setChosen(null)} />}
      </Modal>
    </Panel>
  );
}

export function Acknowledgement({
  signal,
  done,
}: {
  signal: Pick<Signal, 'signalId' | 'participantId' | 'message'>;
  done: () => void;
}) {
  const { studyId } = useStudy();
  const [disposition, setDisposition] = useState('');
  const [commandId] = useState(newCommandId);
  const acknowledge = useAct(routes.acknowledgeSignal, () => {
    notify('The signal was acknowledged.');
    done();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    acknowledge.mutate({ params: { studyId, signalId: signal.signalId }, body: { commandId, disposition } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          {signal.message} Participant {signal.participantId}.
        </Text>
        <ReasonField
          label="What was done"
          description="Whom you spoke with and what was agreed. It stands in the record under your name. A hold stays until an investigator lifts it."
          value={disposition}
          onChange={setDisposition}
        />
        {acknowledge.error !== null && <Fault error={acknowledge.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button type="submit" loading={acknowledge.isPending}>
            Acknowledge
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
