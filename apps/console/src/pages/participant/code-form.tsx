/** A new personal code for somebody who lost theirs, whose invitation ran out, or whose code others have seen. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { Fault } from '../../frame/page.tsx';
import { newCommandId, routes } from '../../server/client.ts';
import { useAct } from '../../server/queries.ts';
import { CodeOnce } from '../code-once.tsx';
import { useStudy } from '../study-frame.tsx';
import type { Detail } from './detail.ts';

export function CodeForm({ detail, done }: { detail: Detail; done: () => void }) {
  const { studyId } = useStudy();
  const { participantId } = detail.row;
  const [commandId] = useState(newCommandId);
  const [reason, setReason] = useState('');
  const renew = useAct(routes.renewPersonalCode);

  if (renew.data !== undefined) {
    return (
      <CodeOnce given={renew.data} done={done}>
        The code before opens nothing any more, and every phone that was in asks for the new one.
      </CodeOnce>
    );
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    renew.mutate({ params: { studyId, participantId }, body: { commandId, reason } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Make sure that you speak with the person themselves: the code opens their diary. What they entered and have
          not sent yet stays on their phone. A phone that is locked with the code before is opened with that code only.
        </Text>
        <ReasonField label="Why" value={reason} onChange={setReason} />
        {renew.error !== null && <Fault error={renew.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button type="submit" loading={renew.isPending} disabled={reason.trim().length < 3}>
            Make a new code
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
