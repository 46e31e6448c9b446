/** Invites a person; the personal code is shown once and never again. */
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ZoneSelect } from '../frame/fields.tsx';
import { Fault } from '../frame/page.tsx';
import { newCommandId, type ReplyOf, routes } from '../server/client.ts';
import { useAct, useAnswer } from '../server/queries.ts';
import { readerZone } from '../words/dates.ts';
import { CodeOnce } from './code-once.tsx';
import { useStudy } from './study-frame.tsx';

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite a participant" closeOnClickOutside={false}>
      <InviteForm done={onClose} />
    </Modal>
  );
}

function InviteForm({ done }: { done: () => void }) {
  const { studyId } = useStudy();
  const sites = useAnswer(routes.sites, { params: { studyId } });
  const [commandId] = useState(newCommandId);
  const [chosenSite, setChosenSite] = useState<string | null>(null);
  const [chosenZone, setChosenZone] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const invite = useAct(routes.inviteParticipant);
  const list = sites.data?.sites ?? [];
  const site = list.find(({ siteId }) => siteId === chosenSite) ?? list[0];
  const timeZone = chosenZone ?? site?.timeZone ?? readerZone;

  if (invite.data !== undefined) return <Invited invitation={invite.data} done={done} />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (site === undefined) return;
    const contact = { ...(name === '' ? {} : { name }), ...(email === '' ? {} : { email }) };
    const known = Object.keys(contact).length > 0 ? { contact } : {};
    invite.mutate({ params: { studyId }, body: { commandId, siteId: site.siteId, timeZone, ...known } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {sites.error !== null && <Fault error={sites.error} retry={() => void sites.refetch()} />}
        <Select
          label="Site"
          data={list.map(({ siteId, name: label }) => ({ value: siteId, label }))}
          value={site?.siteId ?? null}
          onChange={setChosenSite}
          allowDeselect={false}
        />
        <ZoneSelect
          label="Time zone of the person"
          description="Study days and reminders follow the calendar of this zone"
          value={timeZone}
          onChange={setChosenZone}
        />
        <TextInput
          label="Name (optional)"
          description="Name and email are kept apart from the study data, under a key of their own"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={200}
          autoComplete="off"
        />
        <TextInput
          label="Email (optional)"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          maxLength={200}
          autoComplete="off"
        />
        {invite.error !== null && <Fault error={invite.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending} disabled={site === undefined}>
            Make the invitation
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Invited({ invitation, done }: { invitation: ReplyOf<typeof routes.inviteParticipant>; done: () => void }) {
  const { studyId } = useStudy();
  const { participantId } = invitation;
  return (
    <CodeOnce given={invitation} done={done}>
      Participant{' '}
      <Link to="/studies/$studyId/participants/$participantId" params={{ studyId, participantId }}>
        {participantId}
      </Link>{' '}
      is invited.
    </CodeOnce>
  );
}
