/**
 * Columns about their means, so that a column far from zero (the number of a date) neither spoils the digits of the search nor makes
 * the intercept's error look like that of separated responses. The model is the same: Xβ = X_c β_c, β = T β_c.
 */
import { at, fromColumns, identity, type Matrix, multiply, transpose } from '../linear-algebra/matrix.ts';
import type { ModelFrame } from '../model-frame/frame.ts';

export type Centred = {
  /** Columns in the order of the frame, the intercept as it is. */
  readonly columns: readonly Float64Array[];
  /** What was taken off each; zeros in a model without intercept. */
  readonly means: readonly number[];
};

export function centred({ fixed, rowsUsed }: Pick<ModelFrame, 'fixed' | 'rowsUsed'>): Centred {
  const anchored = fixed.some(({ name }) => name === '(Intercept)');
  const means = fixed.map(({ name, values }) =>
    anchored && name !== '(Intercept)' ? values.reduce((sum, value) => sum + value, 0) / rowsUsed : 0,
  );
  return { means, columns: fixed.map(({ values }, j) => values.map((value) => value - (means[j] as number))) };
}

/**
 * T, p × p: coefficients about the means to those of the columns themselves. Coefficients named in `anchors` (the intercept, thresholds)
 * move by `sign` × Σ mean β; means of columns that are not there are zero.
 */
export function backFrom(means: readonly number[], anchors: readonly number[], sign: 1 | -1): Matrix {
  const made = identity(means.length);
  for (const anchor of anchors) {
    means.forEach((mean, j) => {
      if (j !== anchor) made.values[anchor + j * means.length] = sign * mean;
    });
  }
  return made;
}

/** T β, and T V Tᵀ of the same leading block; parameters after it, such as σ, stay. */
export function transformed(back: Matrix, estimate: Float64Array, covariance: Matrix) {
  const size = estimate.length;
  const whole = identity(size);
  for (let j = 0; j < back.columns; j += 1) {
    for (let i = 0; i < back.rows; i += 1) whole.values[i + j * size] = at(back, i, j);
  }
  return {
    estimate: multiply(whole, fromColumns([estimate])).values,
    covariance: multiply(multiply(whole, covariance), transpose(whole)),
  };
}
