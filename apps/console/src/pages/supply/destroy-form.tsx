/** Kits are destroyed by two people; each signs with the own password. */
import { PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ReasonField } from '../../frame/fields.tsx';
import { type ReplyOf, routes } from '../../server/client.ts';
import { SupplyForm } from './act-shape.tsx';

type Sites = ReplyOf<typeof routes.supply>['sites'];

export function DestroyForm({ sites, done }: { sites: Sites; done: () => void }) {
  const [siteId, setSiteId] = useState<string | null>(sites.length === 1 ? (sites[0]?.siteId ?? null) : null);
  const [labels, setLabels] = useState('');
  const [method, setMethod] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const kits = [
    ...new Set(
      labels
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter((label) => label !== ''),
    ),
  ];
  const ready = siteId !== null && kits.length > 0 && method.trim().length >= 3 && login !== '' && password !== '';
  return (
    <SupplyForm
      route={routes.destroyKits}
      body={ready ? { siteId, kits, method, witness: { login, password } } : null}
      label={kits.length > 1 ? `Record ${kits.length} kits as destroyed` : 'Record the kit as destroyed'}
      said="The destruction is recorded."
      done={done}
      danger
    >
      <Select
        label="Site"
        data={sites.map((site) => ({ value: site.siteId, label: site.name }))}
        value={siteId}
        onChange={setSiteId}
        allowDeselect={false}
      />
      <Textarea
        label="Labels"
        description="One on each line, or with spaces between. Kits that are in stock, kept back, expired, damaged or returned"
        value={labels}
        onChange={(event) => setLabels(event.currentTarget.value)}
        autosize
        minRows={2}
        spellCheck={false}
        required
        withAsterisk={false}
      />
      <ReasonField label="How they were destroyed" value={method} onChange={setMethod} />
      <TextInput
        label="Witness: sign-in name"
        description="Another person of this study’s team, who has seen it and signs now"
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="Witness: password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="off"
        required
        withAsterisk={false}
      />
    </SupplyForm>
  );
}
