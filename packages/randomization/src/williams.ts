/**
 * Orders of treatments for a crossover in which every treatment stands in every period equally often and follows every
 * other treatment equally often, so that a carry-over into the next period meets all alike (Williams 1949, Aust J Sci
 * Res A 2:149). The orders are the arms; which of them a person gets is drawn by a procedure with equal weights.
 */
import { RandomizationError } from './errors.ts';

const maxTreatments = 12;

/**
 * The rows of the square, each the treatments 0 … n − 1 by period: n rows for an even number of treatments; 2n for an
 * odd one, where no single square is balanced. Throws `RandomizationError` for fewer than 2 treatments or more than 12.
 */
export function williamsOrders(treatments: number): readonly (readonly number[])[] {
  if (!Number.isInteger(treatments) || treatments < 2 || treatments > maxTreatments) {
    throw new RandomizationError('williams.treatments', `${treatments}`);
  }
  const first = zigzag(treatments);
  const square = first.map((_, shift) => first.map((treatment) => (treatment + shift) % treatments));
  return treatments % 2 === 0 ? square : [...square, ...square.map((order) => order.toReversed())];
}

/** 0, n − 1, 1, n − 2, …: neighbours differ by every amount once, modulo n, when n is even. */
function zigzag(treatments: number): readonly number[] {
  return Array.from({ length: treatments }, (_, period) =>
    period % 2 === 0 ? period / 2 : treatments - (period + 1) / 2,
  );
}
