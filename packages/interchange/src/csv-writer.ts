/** Writing CSV: one canonical form, and no cell that a spreadsheet would run as a formula. */
import type { Delimiter } from './csv-reader.ts';
import { InterchangeError } from './errors.ts';

export type CsvValue = string | number | boolean | null;

export type CsvWriteOptions = {
  readonly delimiter?: Delimiter;
  /**
   * `quote` (default) puts an apostrophe before text that starts with = + - @, a tab or a line break, so that a
   * spreadsheet shows it as text; `asIs` leaves text untouched, for files that only programs read.
   */
  readonly formulas?: 'quote' | 'asIs';
};

const startsFormula = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * CSV text with a header line and CRLF line ends. Numbers are written as JSON writes them, null as an empty cell, and an
 * empty text as `""`, so that the two can be told apart by readers that look.
 * @throws InterchangeError `csv_value`, `csv_width`
 */
export function csvOf(
  names: readonly string[],
  rows: Iterable<readonly CsvValue[]>,
  options: CsvWriteOptions = {},
): string {
  const lines = [lineOf(names, options, { line: 1, names })];
  let line = 1;
  for (const row of rows) {
    line += 1;
    if (row.length !== names.length) {
      throw new InterchangeError('csv_width', `${row.length} instead of ${names.length}`, {
        line,
        column: row.length + 1,
      });
    }
    lines.push(lineOf(row, options, { line, names }));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function lineOf(
  cells: readonly CsvValue[],
  options: CsvWriteOptions,
  place: { readonly line: number; readonly names: readonly string[] },
): string {
  const delimiter = options.delimiter ?? ',';
  const texts = cells.map((value, index) => cellOf(value, options, { line: place.line, column: index + 1 }));
  // A line without any character would be read as no row at all.
  return texts.join(delimiter) || '""';
}

function cellOf(value: CsvValue, options: CsvWriteOptions, position: { line: number; column: number }): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new InterchangeError('csv_value', String(value), position);
    return Object.is(value, -0) ? '0' : String(value);
  }
  if (typeof value !== 'string') throw new InterchangeError('csv_value', typeof value, position);
  const text = (options.formulas ?? 'quote') === 'quote' && startsFormula.test(value) ? `'${value}` : value;
  return text === '' || /[",;\t\r\n\uFEFF]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
