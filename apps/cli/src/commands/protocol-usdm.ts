import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { readProtocolFile } from './protocol-file.ts';

const out = { type: 'string', value: 'FILE', help: 'Where to write it; by default to standard output' } as const;

export const protocolExport: Command = {
  name: 'protocol export',
  summary: 'Write a protocol as CDISC USDM 4.0, and list what USDM has no class for',
  usage: 'protocol export FILE [--out FILE]',
  takes: 1,
  options: { out },
  examples: [
    { line: 'protocol export protocols/lsd-n-of-1.json --out usdm.json', says: 'For programs that read USDM' },
  ],
  async run(given, terminal) {
    const [file] = given.positionals;
    if (file === undefined) throw new Failure('usage', 'Name the protocol file.', 'See: limen protocol export --help');
    const protocol = await readProtocolFile(file);
    const { findings, hasErrors } = await import('@limen/protocol');
    if (hasErrors(findings(protocol))) {
      const advice = `See: limen protocol check ${file}`;
      throw new Failure('invalid_protocol', `${file} has errors and compiles to nothing.`, advice);
    }
    const { toUsdm } = await import('@limen/interchange');
    const { usdm, notHeld } = toUsdm(protocol);
    const target = given.text('out');
    const text = `${JSON.stringify(usdm, null, 2)}\n`;
    if (target !== undefined) await writeFile(target, text);
    terminal.result({ file: target ?? null, usdm: target === undefined ? usdm : null, notHeld });
    if (!terminal.json && target === undefined) terminal.print(text.trimEnd());
    for (const { path, reason } of notHeld) terminal.remark(`${path}: ${reason}`);
    terminal.remark('What is listed travels in extension attributes; limen protocol import reads them back.');
    return 0;
  },
};

export const protocolImport: Command = {
  name: 'protocol import',
  summary: 'Read a study definition of CDISC USDM 4.0 into a protocol document, and list what it lacks',
  usage: 'protocol import FILE [--out FILE]',
  takes: 1,
  options: { out },
  examples: [{ line: 'protocol import usdm.json --out my-trial.json', says: 'Then finish it in the designer' }],
  async run(given, terminal) {
    const [file] = given.positionals;
    if (file === undefined) throw new Failure('usage', 'Name the USDM file.', 'See: limen protocol import --help');
    const { fromUsdm } = await import('@limen/interchange');
    const { text, notCarried } = fromUsdm(await readFile(file, 'utf8'));
    const target = given.text('out');
    if (target !== undefined) await writeFile(target, text);
    terminal.result({ file: target ?? null, document: target === undefined ? JSON.parse(text) : null, notCarried });
    if (!terminal.json && target === undefined) terminal.print(text.trimEnd());
    for (const { path, message } of notCarried) terminal.remark(`${path || '(document)'}: ${message}`);
    terminal.remark(notCarried.length === 0 ? 'The document is whole.' : `${notCarried.length} things are missing.`);
    return notCarried.length === 0 ? 0 : 1;
  },
};
