/** From a formula and columns to the numbers a model is fitted on. */
import { StatisticsError } from '../errors.ts';
import { type DesignColumn, designColumns, factor, type Variable } from './design.ts';
import { type Formula, parseFormula } from './formula.ts';

export type Cell = string | number | null | undefined;
/** Columns of equal length; texts are factors, numbers are covariates, null is missing. */
export type Data = Readonly<Record<string, readonly Cell[]>>;

export type ModelFrame = {
  readonly formula: Formula;
  readonly rowsUsed: number;
  readonly rowsDropped: number;
  /** Response, length n. */
  readonly y: Float64Array;
  /** Columns of the fixed design with their names; p columns of length n. */
  readonly fixed: readonly DesignColumn[];
  readonly random: {
    readonly group: string;
    readonly levels: readonly string[];
    /** Level of each row. */
    readonly of: Int32Array;
    readonly columns: readonly DesignColumn[];
  } | null;
};

/** @throws StatisticsError when the data do not fit the formula */
export function modelFrame(
  formula: string | Formula,
  data: Data,
  reference: Readonly<Record<string, string>> = {},
): ModelFrame {
  const parsed = typeof formula === 'string' ? parseFormula(formula) : formula;
  const { response, random } = parsed;
  const names = [response, ...parsed.terms.flat(), ...(random ? [...random.terms.flat(), random.group] : [])];
  const columns = new Map([...new Set(names)].map((name) => [name, columnOf(data, name)]));
  const total = columns.get(response)?.length ?? 0;
  const rows = completeRows(columns, total);
  if (rows.length === 0) throw new StatisticsError('no_rows', parsed.text);
  const take = (name: string) => rows.map((row) => columns.get(name)?.[row] as string | number);
  const y = numbers(response, take(response), 'response_not_numeric');
  if (y.every((value) => value === y[0])) throw new StatisticsError('constant_response', response);
  const known = new Map<string, Variable>();
  const variable = (name: string): Variable => {
    const made = known.get(name) ?? variableOf(name, take(name), reference[name]);
    known.set(name, made);
    return made;
  };
  return {
    formula: parsed,
    rowsUsed: rows.length,
    rowsDropped: total - rows.length,
    y,
    fixed: designColumns(parsed.intercept, parsed.terms, variable, rows.length),
    random: random && {
      ...grouping(random.group, take(random.group)),
      columns: designColumns(random.intercept, random.terms, variable, rows.length),
    },
  };
}

function grouping(group: string, cells: readonly (string | number)[]) {
  const { levels, codes } = factor(group, cells.map(String));
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

function completeRows(columns: ReadonlyMap<string, readonly Cell[]>, total: number): number[] {
  for (const [name, column] of columns) {
    if (column.length !== total) throw new StatisticsError('column_lengths', name);
    const odd = column.findIndex((cell) => typeof cell === 'number' && !Number.isFinite(cell));
    if (odd >= 0) throw new StatisticsError('non_finite', `${name}, row ${odd + 1}`);
  }
  const all = [...columns.values()];
  const rows: number[] = [];
  for (let row = 0; row < total; row += 1) {
    if (all.every((column) => column[row] !== null && column[row] !== undefined)) rows.push(row);
  }
  return rows;
}

function numbers(
  name: string,
  cells: readonly (string | number)[],
  otherwise: 'response_not_numeric' | 'mixed_column',
): Float64Array {
  if (cells.some((cell) => typeof cell !== 'number')) throw new StatisticsError(otherwise, name);
  return new Float64Array(cells as readonly number[]);
}

function variableOf(name: string, cells: readonly (string | number)[], reference: string | undefined): Variable {
  if (cells.some((cell) => typeof cell === 'string')) {
    if (cells.some((cell) => typeof cell !== 'string')) throw new StatisticsError('mixed_column', name);
    const made = factor(name, cells as readonly string[], reference);
    if (made.levels.length < 2) throw new StatisticsError('one_level_factor', `${name}: only ${made.levels[0]}`);
    return made;
  }
  if (reference !== undefined) throw new StatisticsError('unknown_reference', `${name} is numeric`);
  return { kind: 'covariate', name, values: numbers(name, cells, 'mixed_column') };
}
