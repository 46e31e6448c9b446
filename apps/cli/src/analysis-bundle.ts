/** A released study's bundle: checked, run again, unpacked, and asked which entries stand behind a person's rows. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle } from '@limen/analysis';
import { Failure } from './failure.ts';
import { writeReportPdf } from './report-pdf.ts';
import type { Terminal } from './terminal/terminal.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

type Asked = {
  readonly file: string;
  readonly folder: string | undefined;
  readonly trace: string | undefined;
  readonly pdf: string | undefined;
};

/** @returns 0 where every file is that of the manifest and the analysis run again gives the same bytes */
export async function analyseBundle({ file, folder, trace, pdf }: Asked, terminal: Terminal): Promise<number> {
  const { AnalysisError, readBundle, readInput, verifyBundle } = await import('@limen/analysis');
  try {
    const given: unknown = JSON.parse(await readFile(file, 'utf8'));
    const bundle = readBundle(given);
    if (trace !== undefined) return printTrace(bundle, trace, terminal);
    terminal.remark('Running the analysis again…');
    const check = verifyBundle(bundle, digest);
    terminal.result(check);
    if (folder !== undefined) await unpack(bundle, folder);
    const printed = pdf !== undefined && check.ok;
    if (printed) await writeReportPdf(bundle.files['report.html'] ?? '', readInput(bundle).lock.at, pdf);
    if (!terminal.json) {
      for (const finding of check.findings) terminal.print(`  ${finding}`);
      terminal.print(
        check.ok
          ? `Verified: ${check.files} files; the analysis run again gives the same bytes.`
          : 'NOT verified: the bundle is not what its input gives.',
      );
      if (folder !== undefined) terminal.print(`Unpacked  ${path.resolve(folder)}`);
      if (printed) terminal.print(`Report    ${path.resolve(pdf)}`);
    }
    return check.ok ? 0 : 1;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure('bundle_malformed', `${file} is not JSON.`);
    if (!(error instanceof AnalysisError)) throw error;
    throw new Failure(error.code, error.message, 'Download the bundle again from the release page.');
  }
}

async function unpack(bundle: Bundle, folder: string): Promise<void> {
  for (const [name, text] of Object.entries(bundle.files)) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/** Every row of one participant in every endpoint, with the entries of the record it was derived from. */
function printTrace(bundle: Bundle, participant: string, terminal: Terminal): number {
  const rows = Object.entries(bundle.files).flatMap(([name, text]) => {
    const endpoint = /^data\/endpoint-(.+)\.csv$/.exec(name)?.[1];
    if (endpoint === undefined) return [];
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${participant},`))
      .map((line) => {
        const [, visit = '', value = ''] = line.split(',');
        return { endpoint, visit, value, events: line.slice(line.lastIndexOf(',') + 1).split(' ') };
      });
  });
  if (rows.length === 0) throw new Failure('participant_not_found', `No endpoint has a row of “${participant}”.`);
  terminal.result({ participant, rows });
  if (!terminal.json) {
    for (const { endpoint, visit, value, events } of rows) {
      terminal.print(`${endpoint.padEnd(24)} ${visit.padEnd(8)} ${value.padStart(10)}  from ${events.join(', ')}`);
    }
  }
  return 0;
}
