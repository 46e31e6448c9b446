import { writeFile } from 'node:fs/promises';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { readProtocolFile } from './protocol-file.ts';

export const protocolSynopsis: Command = {
  name: 'protocol synopsis',
  summary: 'Write the synopsis of a protocol with its SPIRIT table, as one page to read or print',
  usage: 'protocol synopsis FILE [--out FILE]',
  takes: 1,
  options: { out: { type: 'string', value: 'FILE', help: 'Where to write the page; by default to standard output' } },
  examples: [
    {
      line: 'protocol synopsis protocols/lsd-n-of-1.json --out synopsis.html',
      says: 'Open it in any browser and print it',
    },
  ],
  async run(given, terminal) {
    const [file] = given.positionals;
    if (file === undefined)
      throw new Failure('usage', 'Name the protocol file.', 'See: limen protocol synopsis --help');
    const protocol = await readProtocolFile(file);
    const { findings, hasErrors, synopsisHtml } = await import('@limen/protocol');
    if (hasErrors(findings(protocol))) {
      const advice = `See: limen protocol check ${file}`;
      throw new Failure('invalid_protocol', `${file} has errors and compiles to nothing.`, advice);
    }
    const page = synopsisHtml(protocol);
    const target = given.text('out');
    if (target !== undefined) await writeFile(target, page);
    terminal.result({ file: target ?? null, page: target === undefined ? page : null });
    if (!terminal.json && target === undefined) terminal.print(page);
    if (target !== undefined) terminal.remark(`Written to ${target}.`);
    return 0;
  },
};
