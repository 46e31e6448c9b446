/**
 * Rows of L for estimated marginal means over a reference grid (Searle, Speed & Milliken 1980, Am. Stat. 34:216):
 * covariates at their mean over the rows used, factors not asked for averaged with equal weight over their levels.
 */
import { StatisticsError } from '../errors.ts';
import { designColumns, type Variable } from '../model-frame/design.ts';
import type { Formula } from '../model-frame/formula.ts';

export type MeanRow = { readonly levels: Readonly<Record<string, string>>; readonly row: Float64Array };

/** @param by factors of the formula, such as arm and visit; one row for every combination, the first running fastest */
export function meanRows(formula: Formula, variables: ReadonlyMap<string, Variable>, by: readonly string[]): MeanRow[] {
  const missing = by.find((name) => variables.get(name)?.kind !== 'factor');
  if (missing !== undefined) throw new StatisticsError('unknown_column', `${missing} is no factor of the model`);
  const rest = [...variables.values()].flatMap(({ kind, name }) =>
    kind === 'factor' && !by.includes(name) ? name : [],
  );
  const levelsOf = (name: string) => {
    const found = variables.get(name);
    return found?.kind === 'factor' ? found.levels : [];
  };
  const crossed = (names: readonly string[]) =>
    names.reduce<number[][]>(
      (grid, name) => levelsOf(name).flatMap((_, code) => grid.map((own) => [...own, code])),
      [[]],
    );
  const [asked, averaged] = [crossed(by), crossed(rest)];
  const cells = asked.flatMap((one) => averaged.map((other) => [...one, ...other]));
  const names = [...by, ...rest];
  const variable = (name: string): Variable => {
    const found = variables.get(name);
    if (!found) throw new StatisticsError('unknown_column', name);
    if (found.kind === 'factor') {
      return { ...found, codes: Int32Array.from(cells, (cell) => cell[names.indexOf(name)] as number) };
    }
    const mean = found.values.reduce((sum, value) => sum + value, 0) / found.values.length;
    return { ...found, values: new Float64Array(cells.length).fill(mean) };
  };
  const columns = designColumns(formula.intercept, formula.terms, variable, cells.length);
  return asked.map((codes, index) => {
    const row = Float64Array.from(columns, ({ values }) => {
      const from = index * averaged.length;
      return values.subarray(from, from + averaged.length).reduce((sum, value) => sum + value, 0) / averaged.length;
    });
    const levels = Object.fromEntries(by.map((name, i) => [name, levelsOf(name)[codes[i] as number] as string]));
    return { levels, row };
  });
}
