/** The dialog that asks for the password again before an act that needs it; the act then goes on by itself. */
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { callPlainly, codeOf, routes, sentenceOf, setDoorkeeper } from '../server/client.ts';
import { setSession } from '../server/session.tsx';

type Answer = (confirmed: boolean) => void;

export function ConfirmPerson() {
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  /** Several acts may wait for one answer. */
  const waiting = useRef<Answer[]>([]);

  useEffect(() => {
    setDoorkeeper({
      signedOut: () => setSession(null),
      confirmPerson: () =>
        new Promise<boolean>((resolve) => {
          waiting.current.push(resolve);
          setOpen(true);
        }),
    });
  }, []);

  const finish = (confirmed: boolean) => {
    for (const answer of waiting.current.splice(0)) answer(confirmed);
    setOpen(false);
    setPassword('');
    setFault(null);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSending(true);
    setFault(null);
    try {
      setSession(await callPlainly(routes.stepUp, { body: { password } }));
      finish(true);
    } catch (error) {
      if (codeOf(error) === 'not_signed_in') {
        finish(false);
        setSession(null);
      } else {
        setFault(codeOf(error) === 'sign_in_refused' ? 'This is not your password. Try again.' : sentenceOf(error));
      }
    } finally {
      setSending(false);
    }
  };

  return (
    <Modal opened={open} onClose={() => finish(false)} title="Confirm that it is you" size="md" zIndex={400}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            This act is signed with your name and stands in the record for good. Enter your password to go on.
          </Text>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={fault}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => finish(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={sending}>
              Confirm
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
