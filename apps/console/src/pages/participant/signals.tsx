/** The open signals of one participant, where they can be acknowledged. */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { Loaded, Panel } from '../../frame/page.tsx';
import { SeverityTag } from '../../frame/tag.tsx';
import { routes } from '../../server/client.ts';
import { useAnswer } from '../../server/queries.ts';
import { showInstant } from '../../words/dates.ts';
import { Acknowledgement, type Signal } from '../overview/safety-inbox.tsx';
import { useStudy } from '../study-frame.tsx';

const most = 500;

export function OpenSignals({ participantId }: { participantId: string }) {
  const { studyId, may } = useStudy();
  const inbox = useAnswer(routes.signals, { params: { studyId }, query: { open: 'true', limit: most } });
  const [chosen, setChosen] = useState<Signal | null>(null);
  return (
    <Panel title="Open signals">
      <Loaded of={inbox} height={60}>
        {({ signals }) => (
          <ul className="inbox">
            {signals
              .filter((signal) => signal.participantId === participantId)
              .map((signal) => (
                <li key={signal.signalId}>
                  <SeverityTag severity={signal.severity} />
                  <div>
                    <p className="inbox-message">{signal.message}</p>
                    <p className="note">{showInstant(signal.raisedAt)}</p>
                  </div>
                  {may(routes.acknowledgeSignal) && (
                    <Button
                      variant="default"
                      size="xs"
                      onClick={() => setChosen(signal)}
                      aria-label={`Acknowledge: ${signal.message}`}
                    >
                      Acknowledge
                    </Button>
                  )}
                </li>
              ))}
          </ul>
        )}
      </Loaded>
      <Modal opened={chosen !== null} onClose={() => setChosen(null)} title="Acknowledge a signal">
        {chosen !== null && <Acknowledgement key={chosen.signalId} signal={chosen} done={() => setChosen(null)} />}
      </Modal>
    </Panel>
  );
}
