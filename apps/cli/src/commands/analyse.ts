import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Analysis } from '@limen/analysis';
import { analyseBundle } from '../analysis-bundle.ts';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { mapsFolder } from '../places.ts';
import { writeReportPdf } from '../report-pdf.ts';

const largestFile = 500_000_000;

export const analyse: Command = {
  name: 'analyse',
  summary: 'Analyse the table of a finished trial: estimates with and without the guess, blinding, one report',
  usage:
    'analyse TABLE.csv --map MAP.json [--out REPORT.html] [--pdf REPORT.pdf] [--json] | analyse --bundle BUNDLE.json',
  takes: 1,
  options: {
    map: { type: 'string', value: 'FILE', help: 'Which column is what; or the name of a map of the library' },
    out: { type: 'string', value: 'FILE', default: 'report.html', help: 'Where the report is written' },
    pdf: { type: 'string', value: 'FILE', help: 'Where the report is written as PDF for A4 paper, too' },
    bundle: { type: 'string', value: 'FILE', help: 'A released study’s bundle: checked, and its analysis run again' },
    unpack: {
      type: 'string',
      value: 'FOLDER',
      help: 'With --bundle: write its files, with the R script, into a folder',
    },
    trace: { type: 'string', value: 'PARTICIPANT', help: 'With --bundle: the entries of the record behind each row' },
    seed: { type: 'string', value: 'TEXT', default: 'limen', help: 'Seed of the resampled bands' },
  },
  examples: [
    {
      line: 'analyse pacutes.csv --map self-blinding-2021',
      says: 'The published self-blinding trial, with the library’s map',
    },
    { line: 'analyse trial.csv --map map.json --json > results.json', says: 'Every estimate as data' },
    { line: 'analyse --bundle bundle.json', says: 'Whether a released study’s analysis gives the same bytes again' },
  ],
  async run(given, terminal) {
    const bundle = given.text('bundle');
    const pdf = given.text('pdf');
    if (bundle) {
      return analyseBundle({ file: bundle, folder: given.text('unpack'), trace: given.text('trace'), pdf }, terminal);
    }
    const file = given.positionals[0];
    const map = given.text('map');
    if (!file || !map)
      throw new Failure('usage', 'Name the table and, with --map, its map.', 'See: limen analyse --help');
    if (!/\.(csv|tsv|txt)$/i.test(file)) {
      throw new Failure(
        'wrong_file_type',
        `${file} is not a CSV file.`,
        'Save the table as CSV, one row per person, outcome and time point.',
      );
    }
    const bytes = await readFile(file);
    if (bytes.length > largestFile) throw new Failure('file_too_large', `${file} is larger than 500 MB.`);
    const { tableOf, textOf } = await import('@limen/interchange');
    const text = textOf(bytes);
    const wanted = await readMapFile(map);
    const out = given.text('out') ?? 'report.html';
    // Asked before the fitting, which takes its time.
    for (const target of [out, ...(pdf === undefined ? [] : [pdf])]) await stat(path.dirname(path.resolve(target)));
    // Loaded when it runs, so that help and faults of use are answered at once.
    const { analyseTable } = await import('@limen/analysis');
    const table = tableOf(text);
    terminal.remark(`${table.lines.length} rows of ${path.basename(file)} read; fitting…`);
    const seed = given.text('seed') ?? 'limen';
    const analysis = await advised(table.columns, () =>
      analyseTable({ columns: table.columns, lines: table.lines, map: wanted, seed }),
    );
    await writeFile(out, analysis.html);
    if (pdf !== undefined) await writeReportPdf(analysis.html, null, pdf);
    terminal.result(analysis.results);
    if (!terminal.json) {
      await print(analysis, terminal.print);
      terminal.print();
      for (const file of [out, ...(pdf === undefined ? [] : [pdf])]) terminal.print(`Report  ${path.resolve(file)}`);
    }
    return 0;
  },
};

/** A file, or a map of the library by its name. */
async function readMapFile(name: string): Promise<unknown> {
  const ofLibrary = !/[./\\]/.test(name);
  const file = ofLibrary ? path.join(mapsFolder, `${name}.json`) : name;
  const text = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (!ofLibrary || error.code !== 'ENOENT') throw error;
    const known = (await readdir(mapsFolder)).map((entry) => path.basename(entry, '.json'));
    throw new Failure(
      'map_not_found',
      `The library has no map “${name}”.`,
      `It has: ${known.join(', ')}. A map of your own is named with its path, such as ./map.json.`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(
      'map_invalid',
      `${file} is not JSON: ${(error as Error).message}`,
      'Mend the file; protocols/maps has an example.',
    );
  }
}

async function print(analysis: Analysis, say: (line?: string) => void): Promise<void> {
  const { summary } = await import('@limen/analysis');
  const number = (value: number | undefined, digits = 4) =>
    (value === undefined ? '' : value.toFixed(digits)).padStart(10);
  say();
  say(
    `${'outcome'.padEnd(20)}${'rows'.padStart(6)}${'estimate'.padStart(10)}${'SE'.padStart(10)}${'df'.padStart(10)}${'p'.padStart(12)}${'with guess'.padStart(12)}${'SE'.padStart(10)}`,
  );
  for (const outcome of analysis.results.outcomes) {
    const contrast = outcome.contrasts[0];
    const plain = contrast?.unadjusted;
    const guessed = contrast?.withGuess;
    if (!plain) {
      say(
        `${outcome.id.padEnd(20)}${outcome.unadjusted.status === 'failed' ? outcome.unadjusted.message : 'not fitted'}`,
      );
      continue;
    }
    say(
      `${outcome.id.padEnd(20)}${String(outcome.unadjusted.rows).padStart(6)}${number(plain.estimate)}${number(plain.standardError)}${number(plain.df, 1)}${plain.p.toPrecision(4).padStart(12)}${number(guessed?.estimate).padStart(12)}${number(guessed?.standardError)}`,
    );
  }
  say();
  if (analysis.results.partial) say('PARTIAL RESULT: not all that was planned could be fitted.');
  for (const { message, rows } of analysis.results.findings) {
    say(`Finding: ${message}${rows.length > 0 ? ` (${rows.join(', ')})` : ''}`);
  }
  for (const line of summary(analysis.results)) say(line);
}

async function advised<T>(columns: Readonly<Record<string, unknown>>, work: () => T): Promise<T> {
  const { AnalysisError, analysisAdvice } = await import('@limen/analysis');
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AnalysisError)) throw error;
    const names = `The table has: ${Object.keys(columns).join(', ')}.`;
    throw new Failure(
      error.code,
      error.message,
      error.code === 'column_missing' ? names : (analysisAdvice[error.code] ?? null),
    );
  }
}
