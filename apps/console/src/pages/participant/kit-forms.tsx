/** What happens to a participant's kits after the first was drawn. Labels are read off the kit, never guessed. */
import { NumberInput, Radio, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { routes } from '../../server/client.ts';
import { ActForm } from './act-form.tsx';
import type { Detail } from './detail.ts';

type Props = { readonly detail: Detail; readonly done: () => void };

/** The kit to be handed over now; null where none waits. */
export const awaitedKit = ({ kits }: Detail): string | null =>
  kits.find(({ status }) => status === 'assigned')?.kit ?? null;

export const returnable = ({ kits }: Detail) =>
  kits.filter(({ status }) => status === 'dispensed' || status === 'damaged' || status === 'lost');

export const losable = ({ kits }: Detail) =>
  kits.filter(({ status }) => status === 'dispensed' || status === 'assigned');

/** Whether the last kit is lost or damaged and none waits in its place. */
export function isMissing({ kits }: Detail): boolean {
  const last = kits.at(-1)?.status;
  return last === 'lost' || last === 'damaged';
}

export function DispenseForm({ detail, done }: Props) {
  const [kit, setKit] = useState('');
  return (
    <ActForm
      route={routes.dispense}
      detail={detail}
      command={kit === '' ? null : { type: 'dispense', kit: kit.trim() }}
      label="Record the dispensing"
      said="The kit is dispensed."
      done={done}
    >
      <Text size="sm">Read the label off the kit you hand over. It has to be kit {awaitedKit(detail)}.</Text>
      <TextInput
        label="Label on the kit"
        value={kit}
        onChange={(event) => setKit(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
        data-autofocus
      />
    </ActForm>
  );
}

export function ReturnForm({ detail, done }: Props) {
  const kits = returnable(detail).map(({ kit }) => kit);
  const [kit, setKit] = useState(kits.length === 1 ? (kits[0] ?? null) : null);
  const [units, setUnits] = useState<number | ''>('');
  return (
    <ActForm
      route={routes.returnKit}
      detail={detail}
      command={kit === null || units === '' ? null : { type: 'returnKit', kit, units }}
      label="Record the return"
      said="The return is recorded."
      done={done}
    >
      <Text size="sm">Count what came back, also where it is nothing. Every kit comes back, empty ones too.</Text>
      <Select label="Kit" data={kits} value={kit} onChange={setKit} allowDeselect={false} />
      <NumberInput
        label="Capsules counted"
        value={units}
        onChange={(value) => setUnits(typeof value === 'number' ? value : '')}
        min={0}
        allowDecimal={false}
        allowNegative={false}
        data-autofocus
      />
    </ActForm>
  );
}

export function LossForm({ detail, done }: Props) {
  const kits = losable(detail).map(({ kit }) => kit);
  const [kit, setKit] = useState(kits.length === 1 ? (kits[0] ?? null) : null);
  const [cause, setCause] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const said = note.trim() === '' ? {} : { note: note.trim() };
  return (
    <ActForm
      route={routes.reportKitLost}
      detail={detail}
      command={kit === null || cause === null ? null : { type: 'reportKitLost', kit, cause, ...said }}
      label="Report"
      said="The report is recorded."
      done={done}
      danger
    >
      <Select label="Kit" data={kits} value={kit} onChange={setKit} allowDeselect={false} />
      <Radio.Group label="What happened" value={cause ?? ''} onChange={setCause}>
        <Stack gap="xs" mt="xs">
          <Radio
            value="lost"
            label="Lost or stolen: the team is told at once, and it is reported within one business day"
          />
          <Radio value="damaged" label="Damaged: it still has to come back and be counted" />
        </Stack>
      </Radio.Group>
      <Textarea
        label="What is known"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        autosize
        minRows={2}
        maxLength={4000}
      />
    </ActForm>
  );
}

export function ReplaceForm({ detail, done }: Props) {
  return (
    <ActForm
      route={routes.replaceKit}
      detail={detail}
      command={{ type: 'replaceKit' }}
      label="Draw a label"
      said="Another kit is named. It is on the page."
      done={done}
    >
      <Text size="sm">
        The vault names another kit in place of {detail.kits.at(-1)?.kit}. It holds what the first one held, and the
        answer says nothing of that.
      </Text>
    </ActForm>
  );
}
