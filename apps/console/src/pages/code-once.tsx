/** A personal code, shown this once: to be handed to the person and to nobody else. */
import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ReplyOf, routes } from '../server/client.ts';
import { showDate } from '../words/dates.ts';

type CodeOnceProps = {
  readonly given: ReplyOf<typeof routes.inviteParticipant>;
  readonly done: () => void;
  readonly children: ReactNode;
};

export function CodeOnce({ given, done, children }: CodeOnceProps) {
  const { code, expiresAt } = given;
  const link = `${window.location.origin}/app/#/join?code=${encodeURIComponent(code)}`;
  return (
    <Stack>
      <Text size="sm">
        {children} Hand this code to the person and to nobody else: it opens their part of the study. It is shown only
        now.
        {expiresAt !== null &&
          ` The invitation runs out on ${showDate(expiresAt.slice(0, 10))} if nobody has answered the screening by then.`}
      </Text>
      <dl className="code-once">
        <dt className="note">Personal code</dt>
        <dd className="code-once-code">{code}</dd>
        <dt className="note">Link to join</dt>
        <dd>
          <code>{link}</code>
        </dd>
      </dl>
      <Group justify="flex-end">
        <Copy value={code} label="Copy the code" />
        <Copy value={link} label="Copy the link" />
        <Button onClick={done}>I have handed it over</Button>
      </Group>
    </Stack>
  );
}

function Copy({ value, label }: { value: string; label: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button variant="default" onClick={copy}>
          {copied ? 'Copied' : label}
        </Button>
      )}
    </CopyButton>
  );
}
