/** Every refusal of this package: a stable code and a sentence a person can act on. */
export const interchangeErrors = {
  csv_empty: 'The file is empty; its first line must name the columns.',
  csv_not_text: 'The file is not a text file; save the table as CSV.',
  csv_encoding: 'The file is not UTF-8; save the table as “CSV UTF-8”.',
  csv_quote_open: 'A quoted cell is never closed; look for a missing double quote.',
  csv_quote_stray: 'A double quote stands inside a cell that does not start with one; quote the whole cell.',
  csv_after_quote: 'Something follows the closing quote of a cell; only the delimiter or the end of the line may.',
  csv_width: 'The row has another number of cells than the first line.',
  csv_header_empty: 'A column has no name; name every column in the first line.',
  csv_header_repeated: 'Two columns have the same name; rename one.',
  csv_too_large: 'The file is larger than this reader accepts.',
  csv_value: 'A cell can hold only text, finite numbers, true or false; leave it null for no value.',
  dataset_name: 'A dataset or column name starts with a letter and holds letters, digits and underscores.',
  dataset_column: 'A dataset needs columns with names and item ids of their own.',
  dataset_value: 'A value does not fit the data type of its column.',
  usdm_malformed: 'The file is not a study definition of USDM 4.',
  dataset_time: 'A time must be ISO 8601, such as 2026-03-01T09:30:00Z.',
} as const;

export type InterchangeErrorCode = keyof typeof interchangeErrors;

/** Where in the file: counted from 1, the header being line 1. */
export type CsvPosition = { readonly line: number; readonly column: number };

export class InterchangeError extends Error {
  override readonly name = 'InterchangeError';
  readonly code: InterchangeErrorCode;
  readonly position: CsvPosition | undefined;

  constructor(code: InterchangeErrorCode, detail?: string, position?: CsvPosition) {
    const where = position === undefined ? '' : ` Line ${position.line}, cell ${position.column}.`;
    super(`${interchangeErrors[code]}${where}${detail === undefined ? '' : ` (${detail})`}`);
    this.code = code;
    this.position = position;
  }
}
