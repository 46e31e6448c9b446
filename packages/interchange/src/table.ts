/** A CSV file as a table: named columns, rows that know their line. */
import { type CsvRecord, csvReader, type Delimiter, detectDelimiter } from './csv-reader.ts';
import { InterchangeError } from './errors.ts';

export type CsvTable = {
  readonly delimiter: Delimiter;
  /** Names from the first line, in order. */
  readonly names: readonly string[];
  /** Cells by column name; every column is as long as `lines`. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Line of the file on which each row starts, from 1; the header is line 1. */
  readonly lines: readonly number[];
};

/**
 * Reads a whole CSV text. The delimiter is detected in the first line unless given.
 *
 *     tableOf('id;score\r\n1;4,5\r\n').columns.score; // ['4,5']
 *
 * @throws InterchangeError with line and cell for anything that is not a table
 */
export function tableOf(text: string, options: { readonly delimiter?: Delimiter } = {}): CsvTable {
  const delimiter = options.delimiter ?? detectDelimiter(text);
  const reader = csvReader({ delimiter });
  const [header, ...rows] = [...reader.push(text), ...reader.end()];
  if (header === undefined) throw new InterchangeError('csv_empty');
  const names = header.cells.map((name) => name.trim());
  assertNames(names, header.line);
  const columns: Record<string, string[]> = Object.create(null);
  for (const name of names) columns[name] = [];
  for (const row of rows) addRow(columns, names, row);
  return { delimiter, names, columns, lines: rows.map((row) => row.line) };
}

/** The rows of a table, each as an object by column name. */
export function rowsOf(table: CsvTable): Record<string, string>[] {
  return table.lines.map((_, index) => {
    const row: Record<string, string> = Object.create(null);
    for (const name of table.names) row[name] = table.columns[name]?.[index] ?? '';
    return row;
  });
}

function assertNames(names: readonly string[], line: number): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    const position = { line, column: index + 1 };
    if (name === '') throw new InterchangeError('csv_header_empty', undefined, position);
    if (seen.has(name)) throw new InterchangeError('csv_header_repeated', name, position);
    seen.add(name);
  }
}

function addRow(columns: Record<string, string[]>, names: readonly string[], row: CsvRecord): void {
  if (row.cells.length !== names.length) {
    const column = Math.min(row.cells.length, names.length) + 1;
    throw new InterchangeError('csv_width', `${row.cells.length} instead of ${names.length}`, {
      line: row.line,
      column,
    });
  }
  for (const [index, name] of names.entries()) columns[name]?.push(row.cells[index] ?? '');
}
