/** Beginning a protocol: from the template, from the library, or from a document. */
import { Button, Group, NativeSelect, Radio, Stack, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Fault, Loaded } from '../../frame/page.tsx';
import { newCommandId, routes } from '../../server/client.ts';
import { useAct, useAnswer } from '../../server/queries.ts';

type From = 'template' | 'library' | 'document';

export function NewDraft({ done }: { done: () => void }) {
  const navigate = useNavigate();
  const installation = useAnswer(routes.installationStatus, {});
  const [from, setFrom] = useState<From>('template');
  const [library, setLibrary] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [fileName, setFileName] = useState<string | null>(null);
  /** Kept while the same form is sent again. */
  const [commandId, setCommandId] = useState(newCommandId);
  const create = useAct(routes.createDraft);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const first = installation.data?.library[0]?.id ?? '';
    const source =
      from === 'template'
        ? ({ kind: 'template', template: 'two-arm' } as const)
        : from === 'library'
          ? ({ kind: 'library', library: library ?? first } as const)
          : ({ kind: 'document', text } as const);
    create.mutate(
      { body: { commandId, from: source } },
      {
        onSuccess: async ({ draftId }) => {
          done();
          await navigate({ to: '/drafts/$draftId', params: { draftId } });
        },
      },
    );
  };
  const changed = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value);
      setCommandId(newCommandId());
    };
  };
  const readFile = async (file: File | undefined) => {
    if (file === undefined) return;
    changed(setText)(await file.text());
    setFileName(file.name);
  };

  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group
          label="What it begins from"
          value={from}
          onChange={changed((value: string) => setFrom(value as From))}
        >
          <Stack gap="sm" mt="xs">
            <Radio
              value="template"
              label="A template with two arms"
              description="Active and placebo, a daily form, a guess, rules and consent; gaps where you decide"
              data-autofocus
            />
            <Radio
              value="library"
              label="A protocol of the library"
              description="A published design, as a copy you can change"
            />
            <Radio value="document" label="A document" description="A file or text; it may be unfinished or broken" />
          </Stack>
        </Radio.Group>
        {from === 'library' && (
          <Loaded of={installation} height={60}>
            {({ library: list }) => (
              <NativeSelect
                label="Protocol"
                data={list.map(({ id, shortTitle, version }) => ({
                  value: id,
                  label: `${shortTitle}, version ${version}`,
                }))}
                value={library ?? list[0]?.id ?? ''}
                onChange={({ currentTarget }) => changed(setLibrary)(currentTarget.value)}
              />
            )}
          </Loaded>
        )}
        {from === 'document' && (
          <>
            <label className="file-choice">
              <span>JSON file</span>
              <input
                type="file"
                accept=".json,application/json"
                onChange={({ currentTarget }) => void readFile(currentTarget.files?.[0])}
              />
            </label>
            <Textarea
              label={fileName === null ? 'Or its text' : `Text of ${fileName}`}
              value={text}
              onChange={({ currentTarget }) => changed(setText)(currentTarget.value)}
              minRows={6}
              maxRows={14}
              autosize
              spellCheck={false}
              required
              withAsterisk={false}
              classNames={{ input: 'code-input' }}
            />
          </>
        )}
        {create.error !== null && <Fault error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Begin
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
