/** What the responses add to a prepared design: cross-products with the design, after ordinary least squares. */
import { StatisticsError } from '../errors.ts';
import type { Prepared } from './prepare.ts';

export type Responses = {
  /** δ of ordinary least squares, taken out of the response before anything is multiplied. */
  readonly ordinary: Float64Array;
  /** Standard deviation of what is left; responses are in this unit. */
  readonly scale: number;
  /** By pattern Σ s yᵀ, Q × k, and Σ y yᵀ, k × k. */
  readonly xy: readonly Float64Array[];
  readonly yy: readonly Float64Array[];
};

/** @param y one response per row used, in their order */
export function reduceResponses(prepared: Prepared, y: ArrayLike<number>): Responses {
  const { rows, p, q, visitOf, offsets, local, widest, basis } = prepared;
  if (y.length !== rows) throw new StatisticsError('column_lengths', `${y.length} responses, ${rows} rows`);
  const stacked = new Float64Array(q);
  for (let row = 0; row < rows; row += 1) {
    const value = y[row] as number;
    if (!Number.isFinite(value)) throw new StatisticsError('non_finite', `response, row ${row + 1}`);
    const visit = visitOf[row] as number;
    const from = offsets[visit] as number;
    const width = (offsets[visit + 1] as number) - from;
    for (let c = 0; c < width; c += 1) {
      stacked[from + c] = (stacked[from + c] as number) + (local[row * widest + c] as number) * value;
    }
  }
  const ordinary = basis ? new Float64Array(p) : stacked;
  const gamma = basis ? new Float64Array(q) : stacked;
  if (basis) {
    for (let j = 0; j < p; j += 1) {
      let sum = 0;
      for (let i = 0; i < q; i += 1) sum += (basis[i + j * q] as number) * (stacked[i] as number);
      ordinary[j] = sum;
      for (let i = 0; i < q; i += 1) gamma[i] = (gamma[i] as number) + (basis[i + j * q] as number) * sum;
    }
  }
  const left = new Float64Array(rows);
  let squares = 0;
  let raw = 0;
  for (let row = 0; row < rows; row += 1) {
    const visit = visitOf[row] as number;
    const from = offsets[visit] as number;
    const width = (offsets[visit + 1] as number) - from;
    let value = y[row] as number;
    raw += value * value;
    for (let c = 0; c < width; c += 1) value -= (local[row * widest + c] as number) * (gamma[from + c] as number);
    left[row] = value;
    squares += value * value;
  }
  if (!(squares > raw * 1e-24)) throw new StatisticsError('perfect_fit', prepared.frame.formula.response);
  const scale = Math.sqrt(squares / (rows - p));
  const xy: Float64Array[] = [];
  const yy: Float64Array[] = [];
  for (const { visits, stacked: columns, position, rows: own } of prepared.patterns) {
    const k = visits.length;
    const size = columns.length;
    const cross = new Float64Array(size * k);
    const square = new Float64Array(k * k);
    for (let from = 0; from < own.length; from += k) {
      for (let b = 0; b < k; b += 1) {
        const value = (left[own[from + b] as number] as number) / scale;
        for (let a = 0; a < k; a += 1) {
          square[a + b * k] =
            (square[a + b * k] as number) + ((left[own[from + a] as number] as number) / scale) * value;
        }
        for (let i = 0; i < size; i += 1) {
          const at = position[i] as number;
          const within = (columns[i] as number) - (offsets[visits[at] as number] as number);
          const s = local[(own[from + at] as number) * widest + within] as number;
          cross[i + b * size] = (cross[i + b * size] as number) + s * value;
        }
      }
    }
    xy.push(cross);
    yy.push(square);
  }
  return { ordinary, scale, xy, yy };
}
