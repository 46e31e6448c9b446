/** From a formula and columns to the numbers a model is fitted on. */
import { StatisticsError } from '../errors.ts';
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
  readonly fixed: readonly { readonly name: string; readonly values: Float64Array }[];
  readonly random: {
    readonly group: string;
    readonly levels: readonly string[];
    /** Level of each row. */
    readonly of: Int32Array;
    readonly columns: readonly { readonly name: string; readonly values: Float64Array }[];
  } | null;
};

type Column = { readonly name: string; readonly values: Float64Array };

/** @throws StatisticsError when the data do not fit the formula */
export function modelFrame(
  formula: string | Formula,
  data: Data,
  reference: Readonly<Record<string, string>> = {},
): ModelFrame {
  const parsed = typeof formula === 'string' ? parseFormula(formula) : formula;
  const names = [
    parsed.response,
    ...parsed.terms.flat(),
    ...(parsed.random ? [...parsed.random.slopes, parsed.random.group] : []),
  ];
  const rows = completeRows(data, [...new Set(names)]);
  const total = data[parsed.response]?.length ?? 0;
  if (rows.length === 0) throw new StatisticsError('no_rows', parsed.text);
  const take = (name: string) => rows.map((row) => data[name]?.[row] as string | number);
  const y = numeric(parsed.response, take(parsed.response), 'response_not_numeric');
  if (y.every((value) => value === y[0])) throw new StatisticsError('constant_response', parsed.response);
  const coded = new Map<string, Column[]>();
  const columnsOf = (name: string) => {
    const known = coded.get(name);
    if (known) return known;
    const made = code(name, take(name), reference[name]);
    coded.set(name, made);
    return made;
  };
  const fixed: Column[] = parsed.intercept ? [constant('(Intercept)', rows.length)] : [];
  for (const term of parsed.terms) fixed.push(...product(term.map(columnsOf)));
  return {
    formula: parsed,
    rowsUsed: rows.length,
    rowsDropped: total - rows.length,
    y,
    fixed,
    random: parsed.random && randomPart(parsed.random, take, columnsOf, rows.length),
  };
}

function randomPart(
  term: NonNullable<Formula['random']>,
  take: (name: string) => (string | number)[],
  columnsOf: (name: string) => Column[],
  n: number,
): ModelFrame['random'] {
  const texts = take(term.group).map(String);
  const levels = [...new Set(texts)].sort(naturalOrder);
  if (levels.length < 2) throw new StatisticsError('one_group', term.group);
  const place = new Map(levels.map((level, index) => [level, index]));
  const columns = term.intercept ? [constant('(Intercept)', n)] : [];
  for (const slope of term.slopes) columns.push(...columnsOf(slope));
  return { group: term.group, levels, of: Int32Array.from(texts, (text) => place.get(text) ?? 0), columns };
}

function completeRows(data: Data, names: readonly string[]): number[] {
  const columns = names.map((name) => {
    const column = Object.hasOwn(data, name) ? data[name] : undefined;
    if (!column) throw new StatisticsError('unknown_column', name);
    return { name, column };
  });
  const length = columns[0]?.column.length ?? 0;
  for (const { name, column } of columns) {
    if (column.length !== length) throw new StatisticsError('column_lengths', name);
    const odd = column.findIndex((cell) => typeof cell === 'number' && !Number.isFinite(cell));
    if (odd >= 0) throw new StatisticsError('non_finite', `${name}, row ${odd + 1}`);
  }
  const rows: number[] = [];
  for (let row = 0; row < length; row += 1) {
    if (columns.every(({ column }) => column[row] !== null && column[row] !== undefined)) rows.push(row);
  }
  return rows;
}

function numeric(
  name: string,
  cells: readonly (string | number)[],
  otherwise: 'response_not_numeric' | 'mixed_column',
) {
  if (cells.some((cell) => typeof cell !== 'number')) throw new StatisticsError(otherwise, name);
  return Float64Array.from(cells as readonly number[]);
}

/** Numbers as they are; texts by treatment coding against the reference level, which is the first one if none is given. */
function code(name: string, cells: readonly (string | number)[], reference: string | undefined): Column[] {
  if (cells.every((cell) => typeof cell === 'number')) return [{ name, values: numeric(name, cells, 'mixed_column') }];
  if (cells.some((cell) => typeof cell === 'number')) throw new StatisticsError('mixed_column', name);
  const levels = [...new Set(cells as readonly string[])].sort(naturalOrder);
  if (levels.length < 2) throw new StatisticsError('one_level_factor', name);
  if (reference !== undefined && !levels.includes(reference))
    throw new StatisticsError('unknown_reference', `${name}: ${reference}`);
  const base = reference ?? levels[0];
  return levels
    .filter((level) => level !== base)
    .map((level) => ({
      name: `${name}${level}`,
      values: Float64Array.from(cells, (cell) => (cell === level ? 1 : 0)),
    }));
}

function product(factors: readonly (readonly Column[])[]): Column[] {
  return factors.reduce<Column[]>(
    (made, columns) =>
      made.length === 0
        ? [...columns]
        : made.flatMap((left) =>
            columns.map((right) => ({
              name: `${left.name}:${right.name}`,
              values: left.values.map((value, row) => value * (right.values[row] as number)),
            })),
          ),
    [],
  );
}

function constant(name: string, n: number): Column {
  return { name, values: new Float64Array(n).fill(1) };
}

/** By code unit, so that the order is the same on every machine. */
function naturalOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
