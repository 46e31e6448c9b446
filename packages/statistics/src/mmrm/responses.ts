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
  /** Visits at which the design reproduces every response. */
  readonly still: readonly string[];
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
  return crossProducts(prepared, y, ordinary, gamma);
}

/** Residuals of ordinary least squares, participant by participant, times the design and each other. */
function crossProducts(
  { rows, p, offsets, local, widest, patterns, frame, visits }: Prepared,
  y: ArrayLike<number>,
  ordinary: Float64Array,
  gamma: Float64Array,
): Responses {
  const s = new Float64Array(gamma.length);
  const r = new Float64Array(visits.length);
  const squaresAt = new Float64Array(visits.length);
  const rawAt = new Float64Array(visits.length);
  const xy: Float64Array[] = [];
  const yy: Float64Array[] = [];
  for (const { visits: seen, starts, stacked, rows: own } of patterns) {
    const k = seen.length;
    const size = stacked.length;
    const cross = new Float64Array(size * k);
    const square = new Float64Array(k * k);
    for (let from = 0; from < own.length; from += k) {
      for (let a = 0; a < k; a += 1) {
        const row = own[from + a] as number;
        const to = offsets[seen[a] as number] as number;
        const first = starts[a] as number;
        const width = (starts[a + 1] as number) - first;
        let value = y[row] as number;
        const visit = seen[a] as number;
        rawAt[visit] = (rawAt[visit] as number) + value * value;
        for (let c = 0; c < width; c += 1) {
          const one = local[row * widest + c] as number;
          s[first + c] = one;
          value -= one * (gamma[to + c] as number);
        }
        r[a] = value;
        squaresAt[visit] = (squaresAt[visit] as number) + value * value;
      }
      for (let b = 0; b < k; b += 1) {
        const value = r[b] as number;
        const to = b * size;
        for (let a = 0; a < k; a += 1) square[a + b * k] = (square[a + b * k] as number) + (r[a] as number) * value;
        for (let i = 0; i < size; i += 1) cross[to + i] = (cross[to + i] as number) + (s[i] as number) * value;
      }
    }
    xy.push(cross);
    yy.push(square);
  }
  const squares = squaresAt.reduce((sum, one) => sum + one, 0);
  const raw = rawAt.reduce((sum, one) => sum + one, 0);
  const still = visits.filter((_, visit) => !((squaresAt[visit] as number) > (rawAt[visit] as number) * 1e-24));
  if (!(squares > raw * 1e-24)) throw new StatisticsError('perfect_fit', frame.formula.response);
  const scale = Math.sqrt(squares / (rows - p));
  for (const one of xy) for (let i = 0; i < one.length; i += 1) one[i] = (one[i] as number) / scale;
  for (const one of yy) for (let i = 0; i < one.length; i += 1) one[i] = (one[i] as number) / (scale * scale);
  return { ordinary, scale, xy, yy, still };
}
