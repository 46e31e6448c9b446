/** Predicted group effects b = ΛL⁻ᵀL⁻¹Λᵀ Zᵀ(y − Xβ), on the scale of the response. */
import { backSolve, cholesky, forwardSolve } from '../linear-algebra/cholesky.ts';
import type { ModelFrame } from '../model-frame/frame.ts';
import type { CrossProducts } from './cross-products.ts';
import { lambdaOf } from './deviance.ts';

export function groupEffects(
  frame: ModelFrame,
  cross: CrossProducts,
  theta: Float64Array,
  beta: Float64Array,
): { level: string; effects: number[] }[] {
  if (!frame.random) return [];
  const { p, q, zz, zxy, scale } = cross;
  const width = p + 1;
  const lambda = lambdaOf(theta, q);
  return frame.random.levels.map((level, group) => {
    const residual = Float64Array.from({ length: q }, (_, a) => {
      const base = (group * q + a) * width;
      let value = zxy[base + p] as number;
      for (let j = 0; j < p; j += 1) value -= (zxy[base + j] as number) * (beta[j] as number);
      return value;
    });
    const inner = new Float64Array(q * q);
    const u = new Float64Array(q);
    for (let i = 0; i < q; i += 1) {
      for (let j = 0; j < q; j += 1) {
        let sum = i === j ? 1 : 0;
        for (let k = 0; k < q; k += 1) {
          for (let l = 0; l < q; l += 1) {
            sum +=
              (lambda[k * q + i] as number) * (zz[(group * q + k) * q + l] as number) * (lambda[l * q + j] as number);
          }
        }
        inner[i * q + j] = sum;
      }
      for (let k = 0; k < q; k += 1) u[i] = (u[i] as number) + (lambda[k * q + i] as number) * (residual[k] as number);
    }
    cholesky(inner, q, 0);
    forwardSolve(inner, q, u);
    backSolve(inner, q, u);
    const effects = Array.from({ length: q }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < q; k += 1) sum += (lambda[i * q + k] as number) * (u[k] as number);
      return sum * scale.y;
    });
    return { level, effects };
  });
}
