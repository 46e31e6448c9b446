/**
 * The register of a controlled substance at one place: every receipt, issue and destruction in the order of entry, with
 * the balance after each. A mistake stays as it is and is put right by a later row that names it (as in regulation 20 of
 * the Misuse of Drugs Regulations 2001: no cancellation, no overwriting). A register that does not add up is not printed.
 */
import { TypesetError } from '../errors.ts';
import { between } from '../limits.ts';
import { type PaperSize, type Printing, print } from '../press.ts';

export const REGISTER_WORDS = {
  heading: 'Register of a controlled substance',
  band: 'UNBLINDED: for unblinded staff and inspectors only. Keep locked away from the study team.',
  substance: 'Substance and form',
  place: 'Place',
  unit: 'Unit',
  period: 'Period',
  opening: 'Balance at the beginning',
  closing: 'Balance at the end',
  columns: ['No.', 'Date', 'Entry', 'Reference', 'In', 'Out', 'Balance', 'Entered by', 'Witness'],
  corrects: 'Corrects entry',
  correctedBy: 'corrected by entry',
  closingLine: 'Counted and found to agree with the last balance, or the difference and what was done:',
  signing: ['Counted by, date', 'Witness, date'],
};

export interface RegisterRow {
  readonly number: number;
  /** When it happened; with the day of entry too, where that is another. */
  readonly date: string;
  readonly what: string;
  /** Number of the form, shipment or kit. */
  readonly reference: string;
  /** Decimal numbers in the register's unit, as "12" or "0.250"; a row may have one or neither. */
  readonly received?: string;
  readonly issued?: string;
  readonly balance: string;
  readonly by: string;
  readonly witness?: string;
  /** The earlier row that this one puts right. */
  readonly corrects?: number;
}

export interface Register extends Printing {
  readonly paper: PaperSize;
  readonly substance: string;
  readonly place: string;
  readonly unit: string;
  readonly period: string;
  /** Balance before the first row. */
  readonly opening: string;
  readonly rows: readonly RegisterRow[];
  readonly words?: Partial<typeof REGISTER_WORDS>;
}

const MOST_ROWS = 2000;

export function printRegister(input: Register): Promise<Uint8Array> {
  const { language, printedAt, paper, substance, place, unit, period, opening } = input;
  between('rows', input.rows.length, 0, MOST_ROWS);
  assertBalanced(opening, input.rows);
  const words = { ...REGISTER_WORDS, ...input.words };
  const rows = input.rows.map((row) => ({
    ...row,
    received: row.received ?? '',
    issued: row.issued ?? '',
    witness: row.witness ?? '',
    corrects: row.corrects ?? null,
    correctedBy: input.rows.filter(({ corrects }) => corrects === row.number).map(({ number }) => number),
  }));
  const closing = input.rows.at(-1)?.balance ?? opening;
  const content = { paper, substance, place, unit, period, opening, closing, rows, words };
  return print('register', words.heading, { language, printedAt }, content);
}

function assertBalanced(opening: string, rows: readonly RegisterRow[]): void {
  let balance = exactly('The opening balance', opening);
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const name = `Row ${row.number}`;
    if (row.number <= last) throw new TypesetError('bad_input', `${name} stands after row ${last}.`);
    if (row.corrects !== undefined && !rows.some(({ number }) => number === row.corrects && number < row.number))
      throw new TypesetError('bad_input', `${name} corrects ${row.corrects}, which is no earlier row.`);
    balance += exactly(name, row.received ?? '0') - exactly(name, row.issued ?? '0');
    if (balance !== exactly(name, row.balance))
      throw new TypesetError('bad_input', `${name} gives the balance ${row.balance}, but the rows add up to another.`);
    last = row.number;
  }
}

const DECIMALS = 9;

/** A decimal number as a whole number of billionths, so that sums are exact. */
function exactly(name: string, decimal: string): bigint {
  const [, whole, part = ''] = /^(\d{1,15})(?:\.(\d{1,9}))?$/.exec(decimal) ?? [];
  if (whole === undefined) throw new TypesetError('bad_input', `${name} has "${decimal}", which is no amount.`);
  return BigInt(whole + part.padEnd(DECIMALS, '0'));
}
