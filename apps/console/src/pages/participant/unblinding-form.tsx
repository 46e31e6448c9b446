/** What is written down after a code break, or when somebody came to know in another way. */
import { Select, Text } from '@mantine/core';
import { useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { routes } from '../../server/client.ts';
import { ActForm } from './act-form.tsx';
import type { Detail } from './detail.ts';

const channels = [
  { value: 'participantTold', label: 'The participant said it' },
  { value: 'sawRecord', label: 'A record or a message showed it' },
  { value: 'capsule', label: 'The capsules gave it away' },
  { value: 'effects', label: 'It was plain from the effects' },
  { value: 'other', label: 'In another way' },
];

export const openCodeBreaks = ({ codeBreaks }: Detail) => codeBreaks.filter(({ reported }) => !reported);

export function UnblindingForm({ detail, done }: { detail: Detail; done: () => void }) {
  const open = openCodeBreaks(detail).length > 0;
  const [channel, setChannel] = useState<string | null>(open ? 'codeBreak' : null);
  const [why, setWhy] = useState('');
  const [whoKnows, setWhoKnows] = useState('');
  const [impact, setImpact] = useState('');
  const filled = [why, whoKnows, impact].every((text) => text.trim().length >= 3);
  return (
    <ActForm
      route={routes.reportUnblinding}
      detail={detail}
      command={channel !== null && filled ? { type: 'reportUnblinding', channel, why, whoKnows, impact } : null}
      label="Sign"
      said="The report is recorded."
      done={done}
    >
      <Text size="sm">
        Write nothing of what the treatment is: this record is read by people who must not know. Who knows it already
        keeps away from this participant’s ratings.
      </Text>
      <Select
        label="How it came to be known"
        data={open ? [{ value: 'codeBreak', label: 'By the code break' }, ...channels] : channels}
        value={channel}
        onChange={setChannel}
        allowDeselect={false}
      />
      <ReasonField label="Why" value={why} onChange={setWhy} />
      <ReasonField label="Who knows now" value={whoKnows} onChange={setWhoKnows} />
      <ReasonField label="What it means for the data" value={impact} onChange={setImpact} />
    </ActForm>
  );
}
