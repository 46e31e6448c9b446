/** Fitted values and residuals in the unit of the response. */
import type { ModelFrame } from '../model-frame/frame.ts';
import type { GroupEffects } from './random-part.ts';

export type Residuals = {
  /** Xβ + Zb of the rows used, in their order. */
  readonly fitted: Float64Array;
  /** y − Xβ − Zb. */
  readonly conditional: Float64Array;
  /** y − Xβ. */
  readonly marginal: Float64Array;
};

/** y − Xβ. */
export function marginalResiduals({ y, fixed }: ModelFrame, beta: Float64Array): Float64Array {
  const left = y.slice();
  fixed.forEach(({ values }, j) => {
    const own = beta[j] as number;
    for (let row = 0; row < y.length; row += 1) left[row] = (left[row] as number) - own * (values[row] as number);
  });
  return left;
}

export function residualsOf(frame: ModelFrame, beta: Float64Array, effects: readonly GroupEffects[]): Residuals {
  const { y, random } = frame;
  const marginal = marginalResiduals(frame, beta);
  const conditional = marginal.slice();
  const used = new Map<string, number>();
  for (const { group, of, columns } of random) {
    const levels = effects.filter((one) => one.group === group);
    const from = used.get(group) ?? 0;
    used.set(group, from + columns.length);
    columns.forEach(({ values }, k) => {
      for (let row = 0; row < y.length; row += 1) {
        const own = levels[of[row] as number]?.effects[from + k] ?? 0;
        conditional[row] = (conditional[row] as number) - own * (values[row] as number);
      }
    });
  }
  return { fitted: y.map((value, row) => value - (conditional[row] as number)), conditional, marginal };
}
