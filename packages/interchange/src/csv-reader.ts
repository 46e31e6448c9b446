/**
 * Reading CSV as in RFC 4180, piece by piece: quotes, doubled quotes, line breaks inside quotes, CRLF, LF or CR,
 * a byte-order mark. What the standard leaves open is refused rather than guessed at.
 */
import { InterchangeError } from './errors.ts';

export type Delimiter = ',' | ';' | '\t';
export const delimiters: readonly Delimiter[] = [',', ';', '\t'];

export const csvLimits = { cellCharacters: 1_000_000, columns: 10_000 } as const;

export type CsvRecord = {
  /** Line of the file on which the record starts, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
};

export type CsvReader = {
  /** Takes the next piece of text and answers the records it completes. */
  push(chunk: string): CsvRecord[];
  /** Answers the last record, if the text does not end with a line break. */
  end(): CsvRecord[];
};

type Place = 'start' | 'plain' | 'quoted' | 'closed';

/**
 * A reader that can be fed from a stream. Empty lines are left out.
 * @throws InterchangeError `csv_quote_open`, `csv_quote_stray`, `csv_after_quote`, `csv_too_large`
 */
export function csvReader(options: { readonly delimiter: Delimiter }): CsvReader {
  let place: Place = 'start';
  let cell = '';
  let cells: string[] = [];
  let line = 1;
  let startLine = 1;
  let first = true;
  let afterReturn = false;

  const fail = (code: 'csv_quote_open' | 'csv_quote_stray' | 'csv_after_quote' | 'csv_too_large'): never => {
    throw new InterchangeError(code, undefined, { line: startLine, column: cells.length + 1 });
  };
  const closeCell = () => {
    cells.push(cell);
    if (cells.length > csvLimits.columns) fail('csv_too_large');
    cell = '';
    place = 'start';
  };
  const closeRecord = (out: CsvRecord[]) => {
    const blank = cells.length === 0 && cell === '' && place === 'start';
    if (!blank) {
      closeCell();
      out.push({ line: startLine, cells });
    }
    cells = [];
    line += 1;
    startLine = line;
  };
  const take = (character: string, out: CsvRecord[]) => {
    const lineFeedOfPair = afterReturn && character === '\n';
    afterReturn = character === '\r';
    if (place === 'quoted') {
      if (character === '"') place = 'closed';
      else {
        cell += character;
        if ((character === '\n' && !lineFeedOfPair) || character === '\r') line += 1;
      }
      return;
    }
    if (lineFeedOfPair) return;
    if (character === options.delimiter) closeCell();
    else if (character === '\n' || character === '\r') closeRecord(out);
    else if (character === '"') {
      if (place === 'plain') fail('csv_quote_stray');
      if (place === 'closed') cell += '"';
      place = 'quoted';
    } else {
      if (place === 'closed') fail('csv_after_quote');
      cell += character;
      place = 'plain';
    }
  };

  return {
    push(chunk) {
      const out: CsvRecord[] = [];
      for (let index = 0; index < chunk.length; index += 1) {
        const character = chunk.charAt(index);
        if (first) {
          first = false;
          if (character === '\uFEFF') continue;
        }
        take(character, out);
        if (cell.length > csvLimits.cellCharacters) fail('csv_too_large');
      }
      return out;
    },
    end() {
      if (place === 'quoted') fail('csv_quote_open');
      const out: CsvRecord[] = [];
      closeRecord(out);
      return out;
    },
  };
}

/** The delimiter that the first line holds most often outside quotes; a comma where there is none. */
export function detectDelimiter(text: string): Delimiter {
  const counts = new Map<string, number>();
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const most = (best: Delimiter, next: Delimiter) => ((counts.get(next) ?? 0) > (counts.get(best) ?? 0) ? next : best);
  return delimiters.reduce(most, ',');
}
