/**
 * From terms to the columns of a design. Numbers stand as they are; a factor is coded by treatment contrasts where the
 * term without it is in the model, and by one column per level where it is not, as R's model.matrix does. With sum coding
 * the columns are deviations from the mean of the levels, the last level being minus the sum of the others (contr.sum).
 */
import { StatisticsError } from '../errors.ts';
import type { ModelTerm } from './formula.ts';

export type DesignColumn = { readonly name: string; readonly values: Float64Array };

/** Differences from the reference level, or deviations from the mean of the levels. */
export type Coding = 'treatment' | 'sum';

export type Factor = {
  readonly kind: 'factor';
  readonly name: string;
  /** The reference first under treatment coding; last, where its column is implied by the others, under sum coding. */
  readonly levels: readonly string[];
  readonly codes: Int32Array;
  readonly coding: Coding;
};

/** A column of the data, complete: a covariate, or a factor. */
export type Variable = { readonly kind: 'covariate'; readonly name: string; readonly values: Float64Array } | Factor;

/** Texts to a factor: the levels by code unit, so that the order is the same on every machine, but for the reference. */
export function factor(
  name: string,
  cells: readonly (string | number)[],
  reference?: string,
  coding: Coding = 'treatment',
): Factor {
  const { levels: seen, codes } = levelsOf(cells);
  if (reference !== undefined && !seen.includes(reference)) {
    throw new StatisticsError('unknown_reference', `${name}: ${reference}`);
  }
  const others = seen.filter((level) => level !== reference).sort();
  const levels = reference === undefined ? others : coding === 'sum' ? [...others, reference] : [reference, ...others];
  const place = new Map(levels.map((level, index) => [level, index]));
  const moved = Int32Array.from(seen, (level) => place.get(level) as number);
  for (let row = 0; row < codes.length; row += 1) codes[row] = moved[codes[row] as number] as number;
  return { kind: 'factor', name, levels, codes, coding };
}

/** Levels in order of appearance; a cell is looked up only where it differs from the one above it. */
function levelsOf(cells: readonly (string | number)[]): { levels: string[]; codes: Int32Array } {
  const place = new Map<string, number>();
  const codes = new Int32Array(cells.length);
  let last: string | number | undefined;
  let code = -1;
  for (let row = 0; row < cells.length; row += 1) {
    const cell = cells[row] as string | number;
    if (cell !== last) {
      last = cell;
      const level = String(cell);
      code = place.get(level) ?? place.size;
      place.set(level, code);
    }
    codes[row] = code;
  }
  return { levels: [...place.keys()], codes };
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
      return full ? indicators(found, 0) : coded(found);
    });
    made.push(...parts.reduce(products));
  }
  return made;
}

function coded(found: Factor): DesignColumn[] {
  return found.coding === 'sum' ? deviations(found) : indicators(found, 1);
}

function deviations({ name, levels, codes }: Factor): DesignColumn[] {
  const last = levels.length - 1;
  return levels.slice(0, last).map((level, index) => ({
    name: `${name}[${level}]`,
    values: Float64Array.from(codes, (code) => (code === last ? -1 : code === index ? 1 : 0)),
  }));
}

function indicators({ name, levels, codes }: Factor, from: number): DesignColumn[] {
  return levels.slice(from).map((level, index) => {
    const values = new Float64Array(codes.length);
    for (let row = 0; row < codes.length; row += 1) if (codes[row] === index + from) values[row] = 1;
    return { name: `${name}${level}`, values };
  });
}

/** Every column on the left with every one on the right, the left running fastest. */
function products(left: DesignColumn[], right: DesignColumn[]): DesignColumn[] {
  return right.flatMap((b) =>
    left.map((a) => {
      const values = a.values.slice();
      for (let row = 0; row < values.length; row += 1) {
        values[row] = (values[row] as number) * (b.values[row] as number);
      }
      return { name: `${a.name}:${b.name}`, values };
    }),
  );
}

function sameColumns(a: ModelTerm, b: ModelTerm): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
