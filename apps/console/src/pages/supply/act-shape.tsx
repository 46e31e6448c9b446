/** The shape of the forms on the supply page: fields, what the server said, cancel and go. */
import type { CallInput, Route } from '@limen/contract';
import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { notify } from '../../frame/notices.tsx';
import { Fault } from '../../frame/page.tsx';
import { newCommandId } from '../../server/client.ts';
import { useAct } from '../../server/queries.ts';
import { useStudy } from '../study-frame.tsx';

type SupplyFormProps<R extends Route> = {
  readonly route: R;
  readonly params?: Record<string, string>;
  /** Without the command's id; null while something is missing. */
  readonly body: object | null;
  readonly label: string;
  readonly said: string;
  readonly done: () => void;
  readonly danger?: boolean;
  readonly children: ReactNode;
};

export function SupplyForm<R extends Route>(props: SupplyFormProps<R>) {
  const { route, params = {}, body, label, said, done, danger = false, children } = props;
  const { studyId } = useStudy();
  const [commandId] = useState(newCommandId);
  const act = useAct(route, () => {
    notify(said);
    done();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body === null) return;
    act.mutate({ params: { studyId, ...params }, body: { ...body, commandId } } as unknown as CallInput<R>);
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
          <Button type="submit" loading={act.isPending} disabled={body === null} {...(danger ? { color: 'clay' } : {})}>
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
