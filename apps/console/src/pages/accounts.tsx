/** The study team’s accounts: who may do what in which study. */
import { Button, Group, Modal, PasswordInput, Select, Stack, Table, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { notify } from '../frame/notices.tsx';
import { Fault, Loaded, Page } from '../frame/page.tsx';
import { Scroll } from '../frame/scroll.tsx';
import { Tag } from '../frame/tag.tsx';
import { routes } from '../server/client.ts';
import { useAct, useAnswer } from '../server/queries.ts';
import { roleDuties, roleLabels } from '../words/labels.ts';

export function Accounts() {
  const accounts = useAnswer(routes.accounts, {});
  const [creating, setCreating] = useState(false);
  return (
    <Page
      title="Accounts"
      lead="One account per person, one role per study. Nobody shares an account: what is done stands in the record under its name."
      actions={<Button onClick={() => setCreating(true)}>Create an account</Button>}
    >
      <Loaded of={accounts}>
        {({ accounts: list }) => (
          <div className="sheet">
            <Scroll label="Accounts">
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Login</Table.Th>
                    <Table.Th>Roles</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.map(({ accountId, name, login, administrator, memberships }) => (
                    <Table.Tr key={accountId}>
                      <Table.Td className="strong">{name}</Table.Td>
                      <Table.Td>{login}</Table.Td>
                      <Table.Td>
                        <span className="tags">
                          {administrator && <Tag tone="watch">Administrator</Tag>}
                          {memberships.map(({ studyId, role, siteId }) => (
                            <Tag key={studyId}>
                              {roleLabels[role]} · {studyId}
                              {siteId !== null && `, site ${siteId} only`}
                            </Tag>
                          ))}
                        </span>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scroll>
          </div>
        )}
      </Loaded>
      <Modal opened={creating} onClose={() => setCreating(false)} title="Create an account">
        <AccountForm done={() => setCreating(false)} />
      </Modal>
    </Page>
  );
}

const roles = ['coordinator', 'investigator', 'pharmacist', 'statistician', 'monitor'] as const;
const allSites = 'all';

function AccountForm({ done }: { done: () => void }) {
  const studies = useAnswer(routes.studies, {});
  const [form, setForm] = useState({ name: '', login: '', password: '' });
  const [studyId, setStudyId] = useState<string | null>(null);
  const [role, setRole] = useState<(typeof roles)[number]>('coordinator');
  const [siteId, setSiteId] = useState(allSites);
  const study = studyId ?? studies.data?.studies[0]?.studyId ?? null;
  const sites = useAnswer(routes.sites, { params: { studyId: study ?? '' } }, { enabled: study !== null });
  const create = useAct(routes.createAccount, () => {
    notify(`The account of ${form.name} was created.`);
    done();
  });
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
    required: true,
    withAsterisk: false,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const memberships = study === null ? [] : [{ studyId: study, role, siteId: siteId === allSites ? null : siteId }];
    create.mutate({ body: { ...form, memberships } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label="Name" autoComplete="off" data-autofocus {...field('name')} />
        <TextInput label="Login" autoComplete="off" minLength={3} spellCheck={false} {...field('login')} />
        <PasswordInput
          label="First password"
          description="At least 10 characters; hand it over in person"
          autoComplete="new-password"
          minLength={10}
          {...field('password')}
        />
        <Select
          label="Study"
          data={(studies.data?.studies ?? []).map((one) => ({ value: one.studyId, label: one.shortTitle }))}
          value={study}
          onChange={(value) => {
            setStudyId(value);
            setSiteId(allSites);
          }}
          allowDeselect={false}
        />
        <Select
          label="Role"
          data={roles.map((one) => ({ value: one, label: `${roleLabels[one]}: ${roleDuties[one]}` }))}
          value={role}
          onChange={(value) => setRole(roles.find((one) => one === value) ?? role)}
          allowDeselect={false}
        />
        <Select
          label="Sites"
          data={[
            { value: allSites, label: 'All sites' },
            ...(sites.data?.sites ?? []).map((site) => ({ value: site.siteId, label: `Only ${site.name}` })),
          ]}
          value={siteId}
          onChange={(value) => setSiteId(value ?? allSites)}
          allowDeselect={false}
        />
        {create.error !== null && <Fault error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create the account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
