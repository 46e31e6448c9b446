/** CSV after RFC 4180, safe to open in a spreadsheet: a text that would be read as a formula gets an apostrophe. */

export type Cell = string | number | boolean | null;

const risky = /^[=+\-@\t\r＝＋－＠]/;

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(writeCell).join(',')}\r\n`;
}

function writeCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = risky.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const rowsPerChunk = 500;

/** Lines joined into chunks, so that a large table is not a million small writes. */
export async function* csvText<Row>(
  columns: readonly string[],
  rows: AsyncIterable<Row>,
  linesOf: (row: Row) => readonly (readonly Cell[])[],
): AsyncGenerator<string, void, undefined> {
  let chunk = csvLine(columns);
  let held = 0;
  for await (const row of rows) {
    for (const line of linesOf(row)) chunk += csvLine(line);
    held += 1;
    if (held < rowsPerChunk) continue;
    yield chunk;
    chunk = '';
    held = 0;
  }
  if (chunk !== '') yield chunk;
}
