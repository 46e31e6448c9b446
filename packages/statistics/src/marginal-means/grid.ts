/**
 * Rows of L for estimated marginal means over a reference grid (Searle, Speed & Milliken 1980, Am. Stat. 34:216), as
 * emmeans makes them: every combination of the levels of the model's factors, covariates at their mean over the rows
 * used, and factors not asked for averaged over.
 */
import { StatisticsError } from '../errors.ts';
import { designColumns, type Factor, type Variable } from '../model-frame/design.ts';
import type { ModelFrame } from '../model-frame/frame.ts';

/** Weight of the levels averaged over: all alike, by the rows of their combination, or by the rows of each cell. */
export type Weights = 'equal' | 'proportional' | 'cells';

export type MeansRequest = {
  /** Factors of the model; every combination of their levels has a mean. */
  readonly of: readonly string[];
  /** Factors within whose combinations means are compared; first in the order of the means. */
  readonly by?: readonly string[];
  /** @defaultValue 'equal' */
  readonly weights?: Weights;
  /** Values of covariates other than their mean. */
  readonly at?: Readonly<Record<string, number>>;
};

export type MeanRow = {
  readonly levels: Readonly<Record<string, string>>;
  /** p numbers. */
  readonly row: Float64Array;
};

/**
 * One row for every combination of `by` and `of`, the first of `of` running fastest, `by` slowest.
 * @throws StatisticsError `unknown_column` for what is no factor or covariate of the fixed terms, `empty_condition` where
 *   no row weighs a mean
 */
export function meanRows(frame: ModelFrame, request: MeansRequest): MeanRow[] {
  const { of, by = [], weights = 'equal', at = {} } = request;
  const asked = [...of, ...by];
  const factors = factorsOf(frame, asked);
  for (const name of Object.keys(at)) {
    if (frame.variables.get(name)?.kind === 'covariate') continue;
    throw new StatisticsError('unknown_column', `${name} is no covariate of the model`);
  }
  const rest = [...factors.values()].filter(({ name }) => !asked.includes(name));
  const [wanted, averaged] = [crossed(asked.map((name) => factors.get(name) as Factor)), crossed(rest)];
  const names = [...asked, ...rest.map(({ name }) => name)];
  const cells = wanted.flatMap((one) => averaged.map((other) => [...one, ...other]));
  const columns = gridColumns(frame, names, cells, at);
  const counts = weights === 'equal' ? null : rowsByCell(frame, names, factors);
  return wanted.map((codes, index) => {
    const levels = Object.fromEntries(
      asked.map((name, i) => [name, factors.get(name)?.levels[codes[i] as number] ?? '']),
    );
    const weight = weightsOf(averaged, codes, wanted, counts, weights);
    const all = weight.reduce((sum, one) => sum + one, 0);
    if (!(all > 0)) throw new StatisticsError('empty_condition', Object.values(levels).join(', '));
    const from = index * averaged.length;
    const row = Float64Array.from(columns, ({ values }) =>
      weight.reduce((sum, one, k) => sum + (one * (values[from + k] as number)) / all, 0),
    );
    return { levels, row };
  });
}

function factorsOf({ variables }: ModelFrame, asked: readonly string[]): Map<string, Factor> {
  const factors = new Map(
    [...variables].flatMap(([name, one]) => (one.kind === 'factor' ? [[name, one] as const] : [])),
  );
  const missing = asked.find((name) => !factors.has(name));
  if (missing !== undefined) throw new StatisticsError('unknown_column', `${missing} is no factor of the model`);
  const twice = asked.find((name, index) => asked.indexOf(name) < index);
  if (twice !== undefined) throw new StatisticsError('unknown_column', `${twice} is asked for twice`);
  return factors;
}

/** Codes of every combination, the first factor running fastest. */
function crossed(factors: readonly Factor[]): number[][] {
  return factors.reduce<number[][]>(
    (grid, { levels }) => levels.flatMap((_, code) => grid.map((own) => [...own, code])),
    [[]],
  );
}

function gridColumns(
  { formula, variables }: ModelFrame,
  names: readonly string[],
  cells: readonly (readonly number[])[],
  at: Readonly<Record<string, number>>,
) {
  const variable = (name: string): Variable => {
    const found = variables.get(name) as Variable;
    if (found.kind === 'factor') {
      const place = names.indexOf(name);
      return { ...found, codes: Int32Array.from(cells, (cell) => cell[place] as number) };
    }
    const mean = found.values.reduce((sum, value) => sum + value, 0) / found.values.length;
    return { ...found, values: new Float64Array(cells.length).fill(at[name] ?? mean) };
  };
  return designColumns(formula.intercept, formula.terms, variable, cells.length);
}

function rowsByCell({ rowsUsed }: ModelFrame, names: readonly string[], factors: ReadonlyMap<string, Factor>) {
  const codes = names.map((name) => (factors.get(name) as Factor).codes);
  const counts = new Map<string, number>();
  for (let row = 0; row < rowsUsed; row += 1) {
    const key = codes.map((own) => own[row]).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function weightsOf(
  averaged: readonly (readonly number[])[],
  codes: readonly number[],
  wanted: readonly (readonly number[])[],
  counts: ReadonlyMap<string, number> | null,
  weights: Weights,
): number[] {
  if (!counts) return averaged.map(() => 1);
  const within = (one: readonly number[], other: readonly number[]) => counts.get([...one, ...other].join()) ?? 0;
  if (weights === 'cells') return averaged.map((other) => within(codes, other));
  return averaged.map((other) => wanted.reduce((sum, one) => sum + within(one, other), 0));
}
