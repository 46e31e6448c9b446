/** Leaving with edits that are not saved: asks first. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';

export function LeaveGuard({ dirty, save }: { dirty: boolean; save: () => Promise<boolean> }) {
  const [fault, setFault] = useState(false);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  const saveAndLeave = async () => {
    const done = await save();
    setFault(!done);
    if (done) blocker.proceed?.();
  };
  const stay = () => {
    setFault(false);
    blocker.reset?.();
  };
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={stay}
      title="Not everything is saved"
      size="md"
      closeButtonProps={{ 'aria-label': 'Stay' }}
    >
      <Stack>
        <Text size="sm">
          The last edits are not on the server yet. If you leave, they stay in this browser and are offered to you when
          you come back.
        </Text>
        {fault && (
          <p className="wrong" role="alert">
            They could not be saved just now.
          </p>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={stay}>
            Stay
          </Button>
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
          <Button onClick={() => void saveAndLeave()} data-autofocus>
            Save and leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
