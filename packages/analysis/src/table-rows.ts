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
 * once, one for each row.
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
    const row = readRow(map, (name) => at(name, index), placeOf(index));
    if (row === null) continue;
    if ('detail' in row) {
      faults.push(row);
      continue;
    }
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

class FaultyCell extends Error {
  readonly fault: Fault;

  constructor(code: Fault['code'], detail: string) {
    super(code);
    this.fault = { code, detail };
  }
}

/** Null: a row without an outcome value. The row's first fault where it has one. */
function readRow(map: TableMap, cell: (name: string) => TableCell, place: string): TableRow | Fault | null {
  try {
    return rowOf(map, cell, place);
  } catch (error) {
    if (error instanceof FaultyCell) return error.fault;
    throw error;
  }
}

function rowOf(map: TableMap, cell: (name: string) => TableCell, place: string): TableRow | null {
  const need = (name: string) => {
    const value = cell(name);
    if (value === null) throw new FaultyCell('value_missing', `${place}, column “${name}”`);
    return String(value).trim();
  };
  const numeric = (name: string) => numberOf(cell(name), name, place);
  const value = numeric(map.outcome.value);
  if (value === null) return null;
  const condition = need(map.condition.column);
  if (condition !== map.condition.active && condition !== map.condition.reference) {
    throw new FaultyCell('level_unknown', `${place}, column “${map.condition.column}”: “${condition}”`);
  }
  const optional = (name: string | null | undefined) => (typeof name === 'string' ? cell(name) : null);
  const instant = (name: string | null | undefined) => {
    const given = optional(name);
    const found = instantOf(given);
    if (given !== null && found === null) {
      throw new FaultyCell('time_unreadable', `${place}, column “${name}”: “${String(given).slice(0, 40)}”`);
    }
    return found;
  };
  const { guess: given } = map;
  const confidence = typeof given?.confidence === 'string' ? numeric(given.confidence) : null;
  if (confidence !== null && !(confidence >= 0 && confidence <= 100)) {
    throw new FaultyCell(
      'level_unknown',
      `${place}, column “${given?.confidence}”: ${confidence}, from 0 to 100 is expected`,
    );
  }
  const [guessedAt, answeredAt] = [instant(given?.answeredAt), instant(map.outcome.answeredAt)];
  const cue = optional(given?.cue);
  return {
    place,
    confidence,
    cue: cue === null ? null : String(cue).trim(),
    guessedBefore: guessedAt !== null && answeredAt !== null && guessedAt < answeredAt,
    outcome: need(map.outcome.name),
    participant: need(map.participant),
    timePoint: need(map.time.column),
    value,
    condition,
    role: condition === map.condition.active ? 'active' : 'placebo',
    guess: given === null ? null : guessOf(given, cell(given.column), place),
    covariates: Object.fromEntries([
      ...map.covariates.numbers.map((name) => [name, numeric(name)] as const),
      ...map.covariates.levels.map((name) => [name, cell(name) === null ? null : String(cell(name)).trim()] as const),
    ]),
  };
}

function numberOf(cell: TableCell, name: string, place: string): number | null {
  if (cell === null) return null;
  const value = typeof cell === 'number' ? cell : number.test(cell.trim()) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const comma = /^[+-]?\d+,\d+$/.test(String(cell).trim()) ? ' (a decimal comma; a point is expected)' : '';
  throw new FaultyCell('value_not_numeric', `${place}, column “${name}”: “${String(cell).slice(0, 40)}”${comma}`);
}

/** Numbers as they are, texts as dates; null of what is neither. */
function instantOf(cell: TableCell): number | null {
  if (cell === null) return null;
  const value = typeof cell === 'number' ? cell : number.test(cell.trim()) ? Number(cell) : Date.parse(cell);
  return Number.isFinite(value) ? value : null;
}

function guessOf(map: NonNullable<TableMap['guess']>, cell: TableCell, place: string): Cell | null {
  if (cell === null) return null;
  const { active, placebo, unsure, column } = map;
  const guess = String(cell).trim();
  if (guess === active) return 'active';
  if (guess === placebo) return 'placebo';
  if (guess === unsure) return 'unsure';
  throw new FaultyCell('level_unknown', `${place}, column “${column}”: “${guess}”`);
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
