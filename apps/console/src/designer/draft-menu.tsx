/** What else can be done with a draft: files in and out. */
import { type ProtocolDocument, synopsisHtml } from '@limen/protocol';
import { Button, Menu } from '@mantine/core';
import { useRef } from 'react';
import { notify } from '../frame/notices.tsx';
import { download } from '../server/download.ts';
import { count } from '../words/dates.ts';
import { plainOf } from './check.ts';
import { valueAt } from './value.ts';

type Props = {
  readonly name: string;
  readonly text: string;
  readonly write: (text: string) => void;
  /** Where the document can be compiled. */
  readonly protocol: ProtocolDocument | undefined;
};

export function DraftMenu({ name, text, write, protocol }: Props) {
  const file = useRef<HTMLInputElement>(null);
  const read = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    const [given, { fromUsdm }] = await Promise.all([chosen.text(), import('@limen/interchange')]);
    const usdm = isUsdm(given) ? fromUsdm(given) : null;
    write(usdm?.text ?? given);
    const lacks =
      usdm === null || usdm.notCarried.length === 0
        ? ''
        : ` ${count(usdm.notCarried.length, 'thing')} USDM does not hold are missing; the findings list them.`;
    notify(`The draft holds what stands in ${chosen.name}.${lacks} Undo brings back what was here.`);
  };
  const exportUsdm = async () => {
    if (protocol === undefined) return;
    const { toUsdm } = await import('@limen/interchange');
    const { usdm, notHeld } = toUsdm(protocol);
    download(fileNameOf(name).replace('.json', '.usdm.json'), 'application/json', `${JSON.stringify(usdm, null, 2)}\n`);
    notify(`USDM has no class for ${notHeld.map(({ path }) => path).join(', ')}; they travel as extension attributes.`);
  };
  const openSynopsis = () => {
    if (protocol === undefined) return;
    download(fileNameOf(name).replace('.json', '-synopsis.html'), 'text/html', synopsisHtml(protocol));
    notify('The synopsis is one page; open it in any browser to read or print it.');
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
          <Menu.Item onClick={() => file.current?.click()}>Import JSON or USDM…</Menu.Item>
          <Menu.Item disabled={protocol === undefined} onClick={exportUsdm}>
            Export as USDM 4
          </Menu.Item>
          <Menu.Item disabled={protocol === undefined} onClick={openSynopsis}>
            Synopsis to read or print
          </Menu.Item>
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

/** A study definition of USDM names its version. */
const isUsdm = (text: string): boolean => valueAt(plainOf(text), ['usdmVersion']) !== undefined;
