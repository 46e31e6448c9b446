/** Minimisation of a smooth function of a few variables: Nelder & Mead (1965) to get near, Newton steps to arrive. */
import { backSolve, cholesky, forwardSolve } from '../linear-algebra/cholesky.ts';
import { gradient, hessian } from './derivatives.ts';

export type Minimum = {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly iterations: number;
};

const simplexTolerance = 1e-9;
const newtonSteps = 12;

export function minimise(f: (x: Float64Array) => number, start: Float64Array, mostIterations = 2000): Minimum {
  const near = simplex(f, start, mostIterations);
  let { at, value } = near;
  let slope = gradient(f, at);
  for (let step = 0; step < newtonSteps; step += 1) {
    if (largest(slope) < 1e-9) break;
    const direction = newtonDirection(f, at, slope);
    if (!direction) break;
    const next = lineSearch(f, at, value, direction);
    if (!next) break;
    at = next.at;
    value = next.value;
    slope = gradient(f, at);
  }
  return { at, value, gradient: slope, iterations: near.iterations };
}

function newtonDirection(f: (x: Float64Array) => number, at: Float64Array, slope: Float64Array): Float64Array | null {
  const factor = hessian(f, at);
  if (cholesky(factor, at.length) >= 0) return null;
  const direction = slope.map((value) => -value);
  forwardSolve(factor, at.length, direction);
  backSolve(factor, at.length, direction);
  return direction;
}

function lineSearch(f: (x: Float64Array) => number, at: Float64Array, value: number, direction: Float64Array) {
  for (let length = 1; length > 1e-4; length /= 2) {
    const next = at.map((coordinate, index) => coordinate + length * (direction[index] as number));
    const reached = f(next);
    if (reached <= value) return { at: next, value: reached };
  }
  return null;
}

function simplex(f: (x: Float64Array) => number, start: Float64Array, most: number) {
  const n = start.length;
  let points = [
    start,
    ...Array.from({ length: n }, (_, i) => start.map((value, j) => (i === j ? value + 0.4 : value))),
  ].map((at) => ({ at, value: f(at) }));
  let iterations = 0;
  for (; iterations < most; iterations += 1) {
    points = points.sort((a, b) => a.value - b.value);
    const best = points[0] as (typeof points)[number];
    const worst = points[n] as (typeof points)[number];
    if (worst.value - best.value < simplexTolerance && spread(points) < 1e-5) break;
    const centre = Float64Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += points[i]?.at[j] as number;
      return sum / n;
    });
    const along = (factor: number) => {
      const at = centre.map((value, j) => value + factor * ((worst.at[j] as number) - value));
      return { at, value: f(at) };
    };
    const reflected = along(-1);
    const secondWorst = points[n - 1] as (typeof points)[number];
    if (reflected.value < best.value) {
      const expanded = along(-2);
      points[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < secondWorst.value) points[n] = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(worst.value, reflected.value)) points[n] = contracted;
      else
        points = points.map((point) => {
          if (point === best) return point;
          const at = point.at.map((value, j) => (value + (best.at[j] as number)) / 2);
          return { at, value: f(at) };
        });
    }
  }
  const best = points.reduce((a, b) => (b.value < a.value ? b : a));
  return { ...best, iterations };
}

function spread(points: readonly { at: Float64Array }[]): number {
  let widest = 0;
  for (const { at } of points)
    at.forEach((value, j) => {
      widest = Math.max(widest, Math.abs(value - (points[0]?.at[j] as number)));
    });
  return widest;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
