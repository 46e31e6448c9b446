/** From a formula and columns to the numbers a model is fitted on. */
import { StatisticsError } from '../errors.ts';
import { type Coding, type DesignColumn, designColumns, factor, type Variable } from './design.ts';
import { type Formula, type ModelTerm, parseFormula } from './formula.ts';

export type Cell = string | number | null | undefined;
/** Columns of equal length; texts are factors, numbers are covariates, null is missing. */
export type Data = Readonly<Record<string, readonly Cell[]>>;

/** One random term of the formula: its grouping and its columns. */
export type RandomPart = {
  /** Columns joined by a colon where the grouping is an interaction. */
  readonly group: string;
  readonly levels: readonly string[];
  /** Level of each row. */
  readonly of: Int32Array;
  readonly columns: readonly DesignColumn[];
};

export type ModelFrame = {
  readonly formula: Formula;
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  /** Rows dropped for each column that lacks values; a row may lack several. */
  readonly missing: Readonly<Record<string, number>>;
  /** Row of the data, from 0, of every row used; null where all are. */
  readonly rows: Int32Array | null;
  /** Response, length n. */
  readonly y: Float64Array;
  /** Columns of the fixed design with their names; p columns of length n. */
  readonly fixed: readonly DesignColumn[];
  /** Covariates and factors of the fixed terms. */
  readonly variables: ReadonlyMap<string, Variable>;
  readonly random: readonly RandomPart[];
  /** Cells of a column of the model in the rows used. */
  cells(name: string): readonly (string | number)[];
};

/**
 * @param reference level by factor: the one others are compared with, or, under sum coding, the one the others imply
 * @param coding by factor; treatment coding where none is given
 * @param also further columns that every row must have, such as the visit
 * @throws StatisticsError when the data do not fit the formula
 */
export function modelFrame(
  formula: string | Formula,
  data: Data,
  reference: Readonly<Record<string, string>> = {},
  coding: Readonly<Record<string, Coding>> = {},
  also: readonly string[] = [],
): ModelFrame {
  const parsed = typeof formula === 'string' ? parseFormula(formula) : formula;
  const { response, random } = parsed;
  const ofRandom = random.flatMap(({ terms, group }) => [...terms.flat(), ...group]);
  const names = new Set([response, ...parsed.terms.flat(), ...ofRandom, ...also]);
  const columns = new Map([...names].map((name) => [name, columnOf(data, name)]));
  const total = columns.get(response)?.length ?? 0;
  const { rows, missing } = completeRows(columns, total);
  const rowsUsed = rows?.length ?? total;
  if (rowsUsed === 0) {
    const empty = Object.keys(missing).find((name) => missing[name] === total);
    throw new StatisticsError('no_rows', empty === undefined ? parsed.text : `${empty}: all missing`);
  }
  const take = (name: string) => taken(columns.get(name) ?? [], rows);
  const y = numbers(response, take(response), 'response_not_numeric');
  if (y.every((value) => value === y[0])) throw new StatisticsError('constant_response', response);
  const known = new Map<string, Variable>();
  const variable = (name: string): Variable => {
    const made = known.get(name) ?? variableOf(name, take(name), reference[name], coding[name]);
    known.set(name, made);
    return made;
  };
  const fixed = designColumns(parsed.intercept, parsed.terms, variable, rowsUsed);
  const variables = new Map(known);
  const groups = new Map<string, Pick<RandomPart, 'group' | 'levels' | 'of'>>();
  return {
    ...{ formula: parsed, rowsUsed, rowsDropped: total - rowsUsed, missing, rows, y, fixed, variables, cells: take },
    random: random.map(({ intercept, terms, group }) => {
      const name = group.join(':');
      const made = groups.get(name) ?? grouping(group, take);
      groups.set(name, made);
      return { ...made, columns: designColumns(intercept, terms, variable, rowsUsed) };
    }),
  };
}

function grouping(columns: ModelTerm, take: (name: string) => readonly (string | number)[]) {
  const group = columns.join(':');
  const [first = '', ...others] = columns;
  const cells = others.reduce<readonly (string | number)[]>((joined, name) => {
    const more = take(name);
    return joined.map((cell, row) => `${cell}:${more[row]}`);
  }, take(first));
  const { levels, codes } = factor(group, cells);
  if (levels.length < 2) throw new StatisticsError('one_group', group);
  return { group, levels, of: codes };
}

/** A name in either Unicode form finds its column. */
function columnOf(data: Data, name: string): readonly Cell[] {
  const key = Object.hasOwn(data, name) ? name : Object.keys(data).find((other) => other.normalize('NFC') === name);
  const column = key === undefined ? undefined : data[key];
  if (!column) throw new StatisticsError('unknown_column', name);
  return column;
}

/** Column by column, because rows are many and columns are few. */
function completeRows(columns: ReadonlyMap<string, readonly Cell[]>, total: number) {
  const lacking = new Uint8Array(total);
  const missing: Record<string, number> = {};
  for (const [name, column] of columns) {
    if (column.length !== total) throw new StatisticsError('column_lengths', name);
    let count = 0;
    for (let row = 0; row < total; row += 1) {
      const cell = column[row];
      if (cell === null || cell === undefined) {
        lacking[row] = 1;
        count += 1;
      } else if (typeof cell === 'number' && !Number.isFinite(cell)) {
        throw new StatisticsError('non_finite', `${name}, row ${row + 1}`);
      }
    }
    if (count > 0) missing[name] = count;
  }
  if (Object.keys(missing).length === 0) return { rows: null, missing };
  return { rows: Int32Array.from(lacking.keys()).filter((row) => lacking[row] === 0), missing };
}

function taken(column: readonly Cell[], rows: Int32Array | null): readonly (string | number)[] {
  return (rows ? Array.from(rows, (row) => column[row]) : column) as readonly (string | number)[];
}

function numbers(
  name: string,
  cells: readonly (string | number)[],
  otherwise: 'response_not_numeric' | 'mixed_column',
): Float64Array {
  const values = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row += 1) {
    const cell = cells[row];
    if (typeof cell !== 'number') throw new StatisticsError(otherwise, name);
    values[row] = cell;
  }
  return values;
}

function variableOf(
  name: string,
  cells: readonly (string | number)[],
  reference: string | undefined,
  coding: Coding | undefined,
): Variable {
  if (cells.some((cell) => typeof cell === 'string')) {
    if (cells.some((cell) => typeof cell !== 'string')) throw new StatisticsError('mixed_column', name);
    const made = factor(name, cells, reference, coding);
    if (made.levels.length < 2) throw new StatisticsError('one_level_factor', `${name}: only ${made.levels[0]}`);
    return made;
  }
  if (reference !== undefined) throw new StatisticsError('unknown_reference', `${name} is numeric`);
  if (coding !== undefined) throw new StatisticsError('unknown_reference', `${name} is numeric, so it has no coding`);
  return { kind: 'covariate', name, values: numbers(name, cells, 'mixed_column') };
}
