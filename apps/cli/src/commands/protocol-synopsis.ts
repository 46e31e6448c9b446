import { writeFile } from 'node:fs/promises';
import type { ProtocolDocument } from '@limen/protocol';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { readProtocolFile } from './protocol-file.ts';

export const protocolSynopsis: Command = {
  name: 'protocol synopsis',
  summary: 'Write the synopsis of a protocol with its SPIRIT table, as one page to read, or as PDF',
  usage: 'protocol synopsis FILE [--out FILE] [--pdf FILE]',
  takes: 1,
  options: {
    out: { type: 'string', value: 'FILE', help: 'Where to write the page; by default to standard output' },
    pdf: { type: 'string', value: 'FILE', help: 'Where to write it as PDF for A4 paper, instead of the page' },
  },
  examples: [
    {
      line: 'protocol synopsis protocols/lsd-n-of-1.json --out synopsis.html',
      says: 'Open it in any browser',
    },
    {
      line: 'protocol synopsis protocols/lsd-n-of-1.json --pdf synopsis.pdf',
      says: 'For paper, tagged for screen readers',
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
    const [page, paper] = [given.text('out'), given.text('pdf')];
    const html = synopsisHtml(protocol);
    if (page !== undefined) await writeFile(page, html);
    if (paper !== undefined) await writePdf(protocol, paper);
    const shown = page === undefined && paper === undefined ? html : null;
    terminal.result({ file: page ?? null, pdf: paper ?? null, page: shown });
    if (!terminal.json && shown !== null) terminal.print(shown);
    for (const written of [page, paper]) if (written !== undefined) terminal.remark(`Written to ${written}.`);
    return 0;
  },
};

async function writePdf(protocol: ProtocolDocument, target: string): Promise<void> {
  const [{ synopsisOf }, { printSynopsis, TypesetError }] = await Promise.all([
    import('@limen/protocol'),
    import('@limen/typeset'),
  ]);
  const printing = { ...synopsisOf(protocol), paper: 'a4', printedAt: new Date().toISOString() } as const;
  const pdf = await printSynopsis(printing).catch((error: unknown) => {
    if (error instanceof TypesetError)
      throw new Failure('cannot_be_printed', error.message, 'Write the page with --out.');
    throw error;
  });
  await writeFile(target, pdf);
}
