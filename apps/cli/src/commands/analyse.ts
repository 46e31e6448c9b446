import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Analysis } from '@limen/analysis';
import { analyseBundle } from '../analysis-bundle.ts';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { mapsFolder } from '../places.ts';

const largestFile = 500_000_000;

export const analyse: Command = {
  name: 'analyse',
  summary: 'Analyse the table of a finished trial: estimates with and without the guess, blinding, one report',
  usage: 'analyse TABLE.csv --map MAP.json [--out REPORT.html] [--json] | analyse --bundle BUNDLE.json',
  takes: 1,
  options: {
    map: { type: 'string', value: 'FILE', help: 'Which column is what; or the name of a map of the library' },
    out: { type: 'string', value: 'FILE', default: 'report.html', help: 'Where the report is written' },
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
    if (bundle) {
      return analyseBundle({ file: bundle, folder: given.text('unpack'), trace: given.text('trace') }, terminal);
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
    const text = textOf(bytes, file);
    const wanted = await readMapFile(map);
    const out = given.text('out') ?? 'report.html';
    // Asked before the fitting, which takes its time.
    await stat(path.dirname(path.resolve(out)));
    // Loaded when it runs, so that help and faults of use are answered at once.
    const { analyseTable } = await import('@limen/analysis');
    const { tableOf } = await import('@limen/interchange');
    const table = tableOf(text);
    terminal.remark(`${table.lines.length} rows of ${path.basename(file)} read; fitting…`);
    const seed = given.text('seed') ?? 'limen';
    const analysis = await advised(table.columns, () =>
      analyseTable({ columns: table.columns, lines: table.lines, map: wanted, seed }),
    );
    await writeFile(out, analysis.html);
    terminal.result(analysis.results);
    if (!terminal.json) {
      await print(analysis, terminal.print);
      terminal.print();
      terminal.print(`Report  ${path.resolve(out)}`);
    }
    return 0;
  },
};

/** UTF-8, or UTF-16 that says so; anything else would be read as other letters than were written. */
function textOf(bytes: Uint8Array, file: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  if (encoding === 'utf-8' && bytes.includes(0))
    throw new Failure('wrong_file_type', `${file} is not a text file.`, 'Save the table as CSV.');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const line = lineOfFault(bytes);
    throw new Failure(
      'wrong_encoding',
      `${file} is not UTF-8${line === null ? '' : `: line ${line} holds a letter of another encoding`}.`,
      'Save the table as “CSV UTF-8”.',
    );
  }
}

function lineOfFault(bytes: Uint8Array): number | null {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('\uFFFD'));
  return at < 0 ? null : at + 1;
}

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

/** What to do about a fault of the table or the map, by its code. */
const advice: Readonly<Record<string, string>> = {
  map_malformed: 'protocols/maps has an example; docs/analysis.md says what each field means.',
  value_not_numeric:
    'Correct the cells (a decimal comma is written as a point), or name them in “missing” of the map if they stand for no value.',
  value_missing: 'Fill the cell, or take the row out.',
  level_unknown: 'Correct the cell, or the levels in the map.',
  measured_twice: 'Keep one row for each person, outcome and time point.',
  condition_changes: 'Correct the table, or set “changes” of the condition to true.',
};

async function advised<T>(columns: Readonly<Record<string, unknown>>, work: () => T): Promise<T> {
  const { AnalysisError } = await import('@limen/analysis');
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AnalysisError)) throw error;
    const names = `The table has: ${Object.keys(columns).join(', ')}.`;
    throw new Failure(
      error.code,
      error.message,
      error.code === 'column_missing' ? names : (advice[error.code] ?? null),
    );
  }
}
