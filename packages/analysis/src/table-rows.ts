/** Reads a table by its map. Whatever does not fit is refused with the row and the column it stands in. */
import { AnalysisError, type Fault, refuseFaults } from './errors.ts';
import type { AnalysisRow } from './outcome-spec.ts';
import type { Cell } from './results.ts';
import type { TableMap } from './table-map.ts';

export type TableCell = string | number | null;
/** Columns by name, or rows as objects. */
export type TableData =
  | { readonly columns: Readonly<Record<string, readonly TableCell[]>>; readonly lines?: readonly number[] }
  | { readonly rows: readonly Readonly<Record<string, TableCell>>[]; readonly lines?: readonly number[] };

export type TableRow = AnalysisRow & {
  readonly outcome: string;
  /** Where it stands in the file, in words. */
  readonly place: string;
  readonly confidence: number | null;
  readonly cue: string | null;
  /** Whether the guess was given before the outcome; false where the table does not tell. */
  readonly guessedBefore: boolean;
};

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Rows without an outcome value are left out; a row without participant, time point or condition is refused. Rows are
 * named by `lines` where given (lines of the file), else counted from 1. All faulty cells and repeated rows are told at
 * once.
 * @throws AnalysisError `table_empty`, `column_missing`, `column_length`, `value_missing`, `value_not_numeric`,
 * `level_unknown`, `time_unreadable`, `measured_twice`, `condition_changes`
 */
export function readTable(data: TableData, map: TableMap): TableRow[] {
  const columns = columnsOf(data);
  const needed = [
    map.participant,
    map.time.column,
    map.outcome.name,
    map.outcome.value,
    map.condition.column,
    ...(map.guess === null ? [] : [map.guess.column]),
    ...[map.guess?.confidence, map.guess?.cue, map.guess?.answeredAt, map.outcome.answeredAt].filter(
      (name) => typeof name === 'string',
    ),
    ...map.covariates.numbers,
    ...map.covariates.levels,
  ];
  const absent = [...new Set(needed)].filter((name) => !columns.has(name)).map((name) => `“${name}”`);
  if (absent.length > 0) throw new AnalysisError('column_missing', absent.join(', '));
  const length = columns.get(map.participant)?.length ?? 0;
  if (length === 0) throw new AnalysisError('table_empty');
  for (const name of needed) {
    const own = columns.get(name)?.length ?? 0;
    if (own !== length) throw new AnalysisError('column_length', `“${name}” has ${own} rows instead of ${length}`);
  }
  const missing = new Set(map.missing);
  const at = (name: string, index: number): TableCell => {
    const cell = columns.get(name)?.[index] ?? null;
    return typeof cell === 'string' && missing.has(cell.trim()) ? null : cell;
  };
  const placeOf = (index: number) => `row ${data.lines?.[index] ?? index + 1}`;
  const rows: TableRow[] = [];
  const places: string[] = [];
  const faults: Fault[] = [];
  for (let index = 0; index < length; index += 1) {
    const row = readRow(map, (name) => at(name, index), placeOf(index), faults);
    if (row === null) continue;
    rows.push(row);
    places.push(placeOf(index));
  }
  refuseFaults([...faults, ...designFaults(map, rows, places)]);
  return rows;
}

function columnsOf(data: TableData): ReadonlyMap<string, readonly TableCell[]> {
  if ('columns' in data) return new Map(Object.entries(data.columns));
  const names = new Set(data.rows.flatMap((row) => Object.keys(row)));
  return new Map([...names].map((name) => [name, data.rows.map((row) => row[name] ?? null)]));
}

type Refuse = (code: Fault['code'], column: string, said?: string) => void;

/** Null: a row without an outcome value, or one with a cell that was refused. */
function readRow(map: TableMap, cell: (name: string) => TableCell, place: string, faults: Fault[]): TableRow | null {
  const before = faults.length;
  const refuse: Refuse = (code, column, said) => {
    const where = `${place}, column “${column}”`;
    faults.push({ code, detail: said === undefined ? where : `${where}: ${said}` });
  };
  const need = (name: string) => {
    const value = cell(name);
    if (value === null) refuse('value_missing', name);
    return String(value).trim();
  };
  const numeric = (name: string) => numberOf(cell(name), name, refuse);
  const value = numeric(map.outcome.value);
  if (value === null && faults.length === before) return null;
  const condition = need(map.condition.column);
  const { active, reference, column } = map.condition;
  if (cell(column) !== null && condition !== active && condition !== reference) {
    refuse('level_unknown', column, `“${condition}”`);
  }
  const { guess: given } = map;
  const cue = typeof given?.cue === 'string' ? cell(given.cue) : null;
  const instant = (name: string | null | undefined) =>
    typeof name === 'string' ? instantOf(cell(name), name, refuse) : null;
  const [guessedAt, answeredAt] = [instant(given?.answeredAt), instant(map.outcome.answeredAt)];
  const row = {
    place,
    confidence:
      typeof given?.confidence === 'string' ? confidenceOf(numeric(given.confidence), given.confidence, refuse) : null,
    cue: cue === null ? null : String(cue).trim(),
    guessedBefore: guessedAt !== null && answeredAt !== null && guessedAt < answeredAt,
    outcome: need(map.outcome.name),
    participant: need(map.participant),
    timePoint: need(map.time.column),
    condition,
    role: condition === active ? ('active' as const) : ('placebo' as const),
    guess: given === null ? null : guessOf(given, cell(given.column), refuse),
    covariates: Object.fromEntries([
      ...map.covariates.numbers.map((name) => [name, numeric(name)] as const),
      ...map.covariates.levels.map((name) => [name, cell(name) === null ? null : String(cell(name)).trim()] as const),
    ]),
  };
  return value === null || faults.length > before ? null : { ...row, value };
}

/** Null also where the cell was refused. */
function numberOf(cell: TableCell, name: string, refuse: Refuse): number | null {
  if (cell === null) return null;
  const value = typeof cell === 'number' ? cell : number.test(cell.trim()) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const comma = /^[+-]?\d+,\d+$/.test(String(cell).trim()) ? ' (a decimal comma; a point is expected)' : '';
  refuse('value_not_numeric', name, `“${String(cell).slice(0, 40)}”${comma}`);
  return null;
}

function confidenceOf(confidence: number | null, name: string, refuse: Refuse): number | null {
  if (confidence !== null && !(confidence >= 0 && confidence <= 100)) {
    refuse('level_unknown', name, `${confidence}, from 0 to 100 is expected`);
  }
  return confidence;
}

/** Numbers as they are, texts as dates. */
function instantOf(cell: TableCell, name: string, refuse: Refuse): number | null {
  if (cell === null) return null;
  const value = typeof cell === 'number' ? cell : number.test(cell.trim()) ? Number(cell) : Date.parse(cell);
  if (Number.isFinite(value)) return value;
  refuse('time_unreadable', name, `“${String(cell).slice(0, 40)}”`);
  return null;
}

function guessOf(map: NonNullable<TableMap['guess']>, cell: TableCell, refuse: Refuse): Cell | null {
  if (cell === null) return null;
  const { active, placebo, unsure, column } = map;
  const guess = String(cell).trim();
  if (guess === active) return 'active';
  if (guess === placebo) return 'placebo';
  if (guess === unsure) return 'unsure';
  refuse('level_unknown', column, `“${guess}”`);
  return null;
}

/** Each outcome once per participant and time point; one condition per participant where the map says so. */
function designFaults(map: TableMap, rows: readonly TableRow[], places: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  const conditions = new Map<string, string>();
  for (const [index, row] of rows.entries()) {
    const place = places[index] ?? '';
    const key = JSON.stringify([row.participant, row.outcome, row.timePoint]);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const detail = `${place} and ${earlier}: participant ${row.participant}, ${row.outcome}, ${row.timePoint}`;
      faults.push({ code: 'measured_twice', detail });
    } else seen.set(key, place);
    if (map.condition.changes) continue;
    const known = conditions.get(row.participant);
    if (known !== undefined && known !== row.condition) {
      const detail = `${place}, column “${map.condition.column}”: participant ${row.participant}`;
      faults.push({ code: 'condition_changes', detail });
    } else conditions.set(row.participant, row.condition);
  }
  return faults;
}
