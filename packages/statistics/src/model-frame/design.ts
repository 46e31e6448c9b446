/**
 * From terms to the columns of a design. Numbers stand as they are; a factor is coded by treatment contrasts where the
 * term without it is in the model, and by one column per level where it is not, as R's model.matrix does.
 */
import { StatisticsError } from '../errors.ts';
import type { ModelTerm } from './formula.ts';

export type DesignColumn = { readonly name: string; readonly values: Float64Array };

/** A column of the data, complete: a covariate, or a factor with its levels, the reference first. */
export type Variable =
  | { readonly kind: 'covariate'; readonly name: string; readonly values: Float64Array }
  | { readonly kind: 'factor'; readonly name: string; readonly levels: readonly string[]; readonly codes: Int32Array };

/** Texts to a factor: the reference first, then by code unit, so that the order is the same on every machine. */
export function factor(name: string, cells: readonly string[], reference?: string): Variable & { kind: 'factor' } {
  const sorted = [...new Set(cells)].sort();
  if (reference !== undefined && !sorted.includes(reference)) {
    throw new StatisticsError('unknown_reference', `${name}: ${reference}`);
  }
  const levels = reference === undefined ? sorted : [reference, ...sorted.filter((level) => level !== reference)];
  const place = new Map(levels.map((level, index) => [level, index]));
  const codes = new Int32Array(cells.length);
  for (let row = 0; row < cells.length; row += 1) codes[row] = place.get(cells[row] as string) as number;
  return { kind: 'factor', name, levels, codes };
}

/** @param variable answers a column of the data by name */
export function designColumns(
  intercept: boolean,
  terms: readonly ModelTerm[],
  variable: (name: string) => Variable,
  rows: number,
): DesignColumn[] {
  const made: DesignColumn[] = [];
  if (intercept) made.push({ name: '(Intercept)', values: new Float64Array(rows).fill(1) });
  // Without an intercept the first factor met takes its place with a column for every level.
  let inPlaceOfIntercept = !intercept;
  for (const term of terms) {
    const parts = term.map((name) => {
      const found = variable(name);
      if (found.kind === 'covariate') return [{ name, values: found.values }];
      const rest = term.filter((other) => other !== name);
      const marginal = rest.length === 0 || terms.some((other) => sameColumns(other, rest));
      const full = inPlaceOfIntercept || !marginal;
      inPlaceOfIntercept = false;
      return indicators(found, full ? 0 : 1);
    });
    made.push(...parts.reduce(products));
  }
  return made;
}

function indicators({ name, levels, codes }: Variable & { kind: 'factor' }, from: number): DesignColumn[] {
  return levels.slice(from).map((level, index) => {
    const values = new Float64Array(codes.length);
    for (let row = 0; row < codes.length; row += 1) if (codes[row] === index + from) values[row] = 1;
    return { name: `${name}${level}`, values };
  });
}

/** Every column on the left with every one on the right, the left running fastest. */
function products(left: DesignColumn[], right: DesignColumn[]): DesignColumn[] {
  return right.flatMap((b) =>
    left.map((a) => ({
      name: `${a.name}:${b.name}`,
      values: a.values.map((value, row) => value * (b.values[row] as number)),
    })),
  );
}

function sameColumns(a: ModelTerm, b: ModelTerm): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
