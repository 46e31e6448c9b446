/**
 * Between-within degrees of freedom (Schluchter & Elashoff 1990, J. Stat. Comput. Simul. 37:69): a column constant within
 * every participant, and the intercept, has participants less such columns; any other has rows less participants less
 * the other columns.
 */
import { at, type Matrix } from '../linear-algebra/matrix.ts';
import type { DesignColumn } from '../model-frame/design.ts';
import type { Inference } from './degrees-of-freedom.ts';

/**
 * @param subjectOf participant of each row
 * @param covariance of δ, where β = back δ
 */
export function betweenWithinInference(
  fixed: readonly DesignColumn[],
  subjectOf: Int32Array,
  subjects: number,
  back: Matrix,
  covariance: Matrix,
): Inference {
  const own = betweenWithin(fixed, subjectOf, subjects);
  return { covariance, test: (l) => ({ df: leastOfRows(l, back, own), scale: 1 }) };
}

/** By coefficient of the formula. */
function betweenWithin(fixed: readonly DesignColumn[], subjectOf: Int32Array, subjects: number): Float64Array {
  const p = fixed.length;
  const rows = subjectOf.length;
  const constant = fixed.map(({ values }) => {
    const first = new Float64Array(subjects).fill(Number.NaN);
    return values.every((value, row) => {
      const subject = subjectOf[row] as number;
      if (Number.isNaN(first[subject])) first[subject] = value;
      return first[subject] === value;
    });
  });
  const between = constant.filter(Boolean).length;
  return Float64Array.from(constant, (one) =>
    one ? Math.max(1, subjects - between) : Math.max(1, rows - subjects - (p - between)),
  );
}

/** The least of the coefficients that the rows of a contrast, in δ, take part in. */
function leastOfRows(l: Matrix, back: Matrix, df: Float64Array): number {
  const p = back.rows;
  // L back⁻¹ is the contrast in β; back is solved rather than inverted by Gauss and Jordan on its transpose.
  const width = p + l.rows;
  const work = new Float64Array(p * width);
  for (let j = 0; j < p; j += 1) {
    for (let i = 0; i < p; i += 1) work[i + j * p] = at(back, j, i);
    for (let i = 0; i < l.rows; i += 1) work[j + (p + i) * p] = at(l, i, j);
  }
  for (let k = 0; k < p; k += 1) {
    let best = k;
    for (let i = k; i < p; i += 1) {
      if (Math.abs(work[i + k * p] as number) > Math.abs(work[best + k * p] as number)) best = i;
    }
    const pivot = work[best + k * p] as number;
    for (let j = k; j < width; j += 1) {
      const kept = work[best + j * p] as number;
      work[best + j * p] = work[k + j * p] as number;
      work[k + j * p] = kept / pivot;
    }
    for (let i = 0; i < p; i += 1) {
      const factor = work[i + k * p] as number;
      if (i === k || factor === 0) continue;
      for (let j = k; j < width; j += 1)
        work[i + j * p] = (work[i + j * p] as number) - factor * (work[k + j * p] as number);
    }
  }
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < l.rows; i += 1) {
    let largest = 0;
    for (let j = 0; j < p; j += 1) largest = Math.max(largest, Math.abs(work[j + (p + i) * p] as number));
    for (let j = 0; j < p; j += 1) {
      if (Math.abs(work[j + (p + i) * p] as number) > 1e-9 * largest) least = Math.min(least, df[j] as number);
    }
  }
  return least;
}
