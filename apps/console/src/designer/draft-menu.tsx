/** What else can be done with a draft: files in and out. */
import { Button, Menu } from '@mantine/core';
import { useRef } from 'react';
import { notify } from '../frame/notices.tsx';
import { download } from '../server/download.ts';

type Props = {
  readonly name: string;
  readonly text: string;
  readonly write: (text: string) => void;
};

export function DraftMenu({ name, text, write }: Props) {
  const file = useRef<HTMLInputElement>(null);
  const read = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    write(await chosen.text());
    notify(`The draft holds what stands in ${chosen.name}. Undo brings back what was here.`);
  };
  return (
    <>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button size="xs" variant="default">
            File
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => download(fileNameOf(name), 'application/json', text)}>Export as JSON</Menu.Item>
          <Menu.Item onClick={() => file.current?.click()}>Import JSON…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        aria-label="A JSON file to import"
        className="unseen"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          void read(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
    </>
  );
}

export function fileNameOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${plain === '' ? 'protocol' : plain}.json`;
}
