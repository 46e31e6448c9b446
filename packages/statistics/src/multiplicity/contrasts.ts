/**
 * Linear contrasts of a fit's coefficients, as emmeans makes them: L b with covariance L V Lᵀ. Takes the reference grid as
 * rows of L, so any fit that has coefficients, covariance and degrees of freedom can be asked.
 */
import { tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { studentizedRangeUpper } from '../distributions/simultaneous.ts';
import { type Adjustment, adjustPValues } from './adjust.ts';

export type Fitted = {
  /** p coefficients. */
  readonly coefficients: readonly number[];
  /** p × p. */
  readonly covariance: readonly (readonly number[])[];
  /** Degrees of freedom of a contrast; Infinity asks the normal distribution. */
  readonly df: number | ((row: readonly number[]) => number);
};

/** A cell of the grid: its name and its row of the design, length p; `weight` for averages, such as the rows in it. */
export type Cell = { readonly name: string; readonly row: readonly number[]; readonly weight?: number };

export type Contrast = {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly t: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
};

/** Weighted average of cells, of equal weight where none is given: one marginal mean. @throws RangeError */
export function averageCell(name: string, cells: readonly Cell[]): Cell {
  const weights = cells.map(({ weight = 1 }) => weight);
  const all = weights.reduce((sum, one) => sum + one, 0);
  if (!(all > 0 && weights.every((one) => one >= 0)))
    throw new RangeError(`${name}: weights from 0, not all 0, are needed`);
  const first = cells[0]?.row ?? [];
  const row = first.map((_, j) =>
    cells.reduce((sum, cell, i) => sum + ((weights[i] as number) * at(cell, j)) / all, 0),
  );
  return { name, row, weight: all };
}

function at(cell: Cell, j: number): number {
  const value = cell.row[j];
  if (value === undefined || !Number.isFinite(value))
    throw new RangeError(`${cell.name}: no finite number in place ${j + 1}`);
  return value;
}

/** Every earlier cell less every later one. */
export function pairwise(cells: readonly Cell[]): Cell[] {
  return cells.flatMap((one, i) => cells.slice(i + 1).map((other) => difference(one, other)));
}

/** Every other cell less the control. @throws RangeError when no cell has the control's name */
export function againstControl(cells: readonly Cell[], control: string): Cell[] {
  const base = cells.find(({ name }) => name === control);
  if (!base) throw new RangeError(`No cell is named ${control}`);
  return cells.filter((cell) => cell !== base).map((cell) => difference(cell, base));
}

function difference(one: Cell, other: Cell): Cell {
  return { name: `${one.name} - ${other.name}`, row: one.row.map((value, j) => value - at(other, j)) };
}

/**
 * Estimates, intervals and p-values that the contrast is zero; intervals are not adjusted.
 * @throws RangeError where a row does not fit the coefficients, or its variance is not above zero
 */
export function contrasts(fit: Fitted, rows: readonly Cell[], level = 0.95): Contrast[] {
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const { coefficients, covariance } = fit;
  return rows.map((cell) => {
    const { name, row } = cell;
    if (row.length !== coefficients.length) {
      throw new RangeError(`${name}: ${row.length} numbers for ${coefficients.length} coefficients`);
    }
    const estimate = coefficients.reduce((sum, b, j) => sum + b * at(cell, j), 0);
    const variance = row.reduce(
      (sum, a, i) => sum + row.reduce((inner, b, j) => inner + a * b * (covariance[i]?.[j] ?? Number.NaN), 0),
      0,
    );
    if (!(variance > 0)) throw new RangeError(`${name}: its variance is not above zero`);
    const standardError = Math.sqrt(variance);
    const df = typeof fit.df === 'number' ? fit.df : fit.df(row);
    const t = estimate / standardError;
    const half = tQuantile((1 + level) / 2, df) * standardError;
    return {
      name,
      estimate,
      standardError,
      df,
      t,
      p: tTwoSided(t, df),
      lower: estimate - half,
      upper: estimate + half,
    };
  });
}

/** Replaces each p by its adjusted value; `tukey` is for all pairs of `means` cells. */
export function adjustContrasts(
  found: readonly Contrast[],
  adjustment: Adjustment | { readonly kind: 'tukey'; readonly means: number },
): Contrast[] {
  if (typeof adjustment === 'string') {
    const p = adjustPValues(
      found.map((one) => one.p),
      adjustment,
    );
    return found.map((one, i) => ({ ...one, p: p[i] as number }));
  }
  return found.map((one) => ({
    ...one,
    p: studentizedRangeUpper(Math.SQRT2 * Math.abs(one.t), adjustment.means, one.df),
  }));
}
