/** The shape all acts share: fields, what the server said, cancel and go. */
import type { CallInput, Route } from '@limen/contract';
import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { notify } from '../../frame/notices.tsx';
import { Fault } from '../../frame/page.tsx';
import { newCommandId } from '../../server/client.ts';
import { useAct } from '../../server/queries.ts';
import { useStudy } from '../study-frame.tsx';
import type { Detail } from './detail.ts';

type ActFormProps<R extends Route> = {
  readonly route: R;
  readonly detail: Detail;
  /** The command without its id, or null while something is missing. */
  readonly command: Record<string, unknown> | null;
  readonly label: string;
  readonly said: string;
  readonly done: () => void;
  readonly danger?: boolean;
  readonly children: ReactNode;
};

export function ActForm<R extends Route>(props: ActFormProps<R>) {
  const { route, detail, command, label, said, done, danger = false, children } = props;
  const { studyId } = useStudy();
  const [commandId] = useState(newCommandId);
  const act = useAct(route, () => {
    notify(said);
    done();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (command === null) return;
    const params = { studyId, participantId: detail.row.participantId };
    act.mutate({ params, body: { ...command, commandId } } as unknown as CallInput<R>);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        {act.error !== null && <Fault error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={act.isPending}
            disabled={command === null}
            {...(danger ? { color: 'clay' } : {})}
          >
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
