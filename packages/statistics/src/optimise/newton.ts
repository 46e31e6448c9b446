/**
 * Newton's method with exact second derivatives, for the few parameters of a covariance structure. Directions of
 * negative curvature are turned round (Nocedal & Wright 2006, section 3.4), steps are halved until the value falls.
 */
import { at, type Matrix, zeros } from '../linear-algebra/matrix.ts';
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.ts';

export type Derivatives = { readonly value: number; readonly gradient: Float64Array; readonly hessian: Matrix };

export type Minimum = {
  readonly at: Float64Array;
  readonly converged: boolean;
  readonly iterations: number;
  /** Newton decrement gᵀH⁻¹g: twice what one more step would gain. Free of the scale of the parameters. */
  readonly decrement: number;
  /** Least eigenvalue of the Hessian scaled to a unit diagonal; negative at a saddle. */
  readonly curvature: number;
};

export const mostIterations = 200;
/** A decrement below this is rounding: parameters are off by less than a millionth of their standard error. */
const solved = 1e-12;
/** Here the value no longer resolves a gain, so the step is trusted. */
const beyondTheValue = 1e-7;
const flattest = 1e-9;
const saddle = -1e-6;

export function minimiseByNewton(
  value: (x: Float64Array) => number,
  derivatives: (x: Float64Array) => Derivatives,
  start: Float64Array,
): Minimum {
  let x = start;
  let last = Number.POSITIVE_INFINITY;
  for (let iterations = 0; ; iterations += 1) {
    const here = derivatives(x);
    const { step, decrement, curvature, downhill } = newtonStep(here);
    const finished = (converged: boolean) => ({ at: x, converged, iterations, decrement, curvature });
    const bottom = decrement <= solved && curvature > saddle;
    if (bottom && (decrement < 1e-24 || decrement > last / 4)) return finished(true);
    if (iterations >= mostIterations || !Number.isFinite(decrement)) return finished(bottom);
    last = decrement;
    if (decrement <= solved && curvature <= saddle) {
      const left = leaveSaddle(value, x, here.value, downhill);
      if (!left) return finished(false);
      x = left;
      continue;
    }
    const next = decrement <= beyondTheValue ? moved(x, step, 1) : shortened(value, x, here.value, step, decrement);
    if (!next) return finished(bottom);
    x = next;
  }
}

function newtonStep({ gradient, hessian }: Derivatives) {
  const n = gradient.length;
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / (Math.sqrt(Math.abs(at(hessian, i, i))) || 1));
  const scaled = zeros(n, n);
  for (let j = 0; j < n; j += 1) {
    for (let i = 0; i < n; i += 1) {
      scaled.values[i + j * n] = at(hessian, i, j) * (scale[i] as number) * (scale[j] as number);
    }
  }
  const { values, vectors } = symmetricEigen(scaled);
  const step = new Float64Array(n);
  let decrement = 0;
  for (let k = 0; k < n; k += 1) {
    let along = 0;
    for (let i = 0; i < n; i += 1) along += at(vectors, i, k) * (gradient[i] as number) * (scale[i] as number);
    const bend = Math.max(Math.abs(values[k] as number), flattest);
    decrement += (along * along) / bend;
    for (let i = 0; i < n; i += 1) {
      step[i] = (step[i] as number) - (at(vectors, i, k) * (scale[i] as number) * along) / bend;
    }
  }
  const downhill = Float64Array.from(scale, (s, i) => s * at(vectors, i, 0));
  return { step, decrement, curvature: values[0] ?? 0, downhill };
}

/** The step, or half of it, or a quarter …, that lowers the value; null if none does. */
function shortened(
  value: (x: Float64Array) => number,
  x: Float64Array,
  from: number,
  step: Float64Array,
  decrement: number,
): Float64Array | null {
  const reach = x.reduce((most, one) => Math.max(most, Math.abs(one)), 1);
  const longest = step.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  let share = Math.min(1, (4 * reach) / longest);
  for (let halving = 0; halving < 50; halving += 1) {
    const tried = moved(x, step, share);
    if (value(tried) <= from - 1e-4 * share * decrement) return tried;
    share /= 2;
  }
  return null;
}

function leaveSaddle(
  value: (x: Float64Array) => number,
  x: Float64Array,
  from: number,
  along: Float64Array,
): Float64Array | null {
  for (let share = 4; share > 1e-4; share /= 2) {
    for (const side of [share, -share]) {
      const tried = moved(x, along, side);
      if (value(tried) < from) return tried;
    }
  }
  return null;
}

function moved(x: Float64Array, step: Float64Array, share: number): Float64Array {
  return x.map((one, i) => one + share * (step[i] as number));
}
