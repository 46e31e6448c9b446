/** Newton steps on the likelihood, cheap ones first, Fisher's where curvature is not positive, halved until it rises. */
import { StatisticsError } from '../errors.ts';
import { cholesky, solveCholesky } from '../linear-algebra/cholesky.ts';
import { type Matrix, zeros } from '../linear-algebra/matrix.ts';
import { emptyPoint, evaluate, type Model, type Point } from './likelihood.ts';
import { fisherOf, slopes } from './slopes.ts';

export type Optimum = {
  readonly theta: Float64Array;
  readonly here: Point;
  readonly iterations: number;
  /** gᵀH⁻¹g at the last iterate but one: twice what its step could gain. */
  readonly decrement: number;
};

export const mostIterations = 100;
/** What is left after the step, by the rate of the last two: far below what a standard error can show. */
const solved = 1e-12;
/** After so many cheap steps the exact curvature is worth its price. */
const cheapSteps = 8;

/** @throws StatisticsError not_converged */
export function maximise(model: Model, start?: Float64Array): Optimum {
  let theta = start ?? startOf(model);
  let spare = emptyPoint(model.prepared);
  let here = evaluate(model, theta);
  if (!here) {
    theta = independentStart(model);
    here = evaluate(model, theta);
  }
  if (!here) throw new StatisticsError('not_converged', 'no starting value');
  let decrement = Number.POSITIVE_INFINITY;
  for (let iterations = 1; iterations <= mostIterations; iterations += 1) {
    const { gradient, hessian } = slopes(model, theta, here, iterations > cheapSteps);
    const step = stepOf(hessian, gradient) ?? stepOf(fisherOf(model, theta, here), gradient);
    if (!step) throw new StatisticsError('not_converged', why(model, here, iterations, decrement));
    const last = decrement;
    decrement = 0;
    for (let i = 0; i < step.length; i += 1) decrement += (step[i] as number) * (gradient[i] as number);
    let share = 1;
    let next: { theta: Float64Array; here: Point } | null = null;
    for (let halving = 0; halving < 40 && !next; halving += 1) {
      const tried = theta.map((one, i) => one - share * (step[i] as number));
      const there = evaluate(model, tried, spare);
      const resolved = decrement < 1e-9 ? 1e-9 : -1e-4 * share * decrement;
      if (there && there.deviance <= here.deviance + resolved) next = { theta: tried, here: there };
      share /= 2;
    }
    if (!next) break;
    spare = here;
    ({ theta, here } = next);
    if (decrement * (Number.isFinite(last) ? Math.min(1, decrement / last) : 1) < solved)
      return { theta, here, iterations, decrement };
  }
  throw new StatisticsError('not_converged', why(model, here, mostIterations, decrement));
}

/** A covariance that is closer to its boundary than this where the steps end is on its way there. */
const almost = 1e-2;

/** Boundary first, because it explains the rest: a visit without variance, or two that move as one. */
function why({ prepared, structure }: Model, here: Point, iterations: number, decrement: number): string {
  const { visits, groups, frame } = prepared;
  const size = structure.size;
  const found = here.sigmas.flatMap((sigma, g) => {
    const within = groups.length > 1 ? ` in ${groups[g]}` : '';
    const variance = visits.map((_, i) => sigma[i + i * size] as number);
    const most = Math.max(...variance);
    const flat = visits.filter((_, i) => (variance[i] as number) < almost * most);
    const pairs = visits.flatMap((one, i) =>
      visits.slice(0, i).flatMap((other, j) => {
        const r = (sigma[i + j * size] as number) / Math.sqrt((variance[i] as number) * (variance[j] as number));
        return 1 - Math.abs(r) < almost ? [`${other} and ${one} move as one`] : [];
      }),
    );
    return [...flat.map((visit) => `${visit} does not vary`), ...pairs].map((what) => `${what}${within}`);
  });
  const boundary =
    found.length > 0
      ? `towards the boundary: ${found.slice(0, 3).join('; ')}`
      : 'the curvature is not that of a maximum';
  return `${frame.formula.text}; ${boundary}; ${iterations} iterations, a step could gain ${decrement.toPrecision(3)}`;
}

function stepOf(hessian: Matrix, gradient: Float64Array): Float64Array | null {
  const factor = cholesky(hessian, 1e-10);
  return factor && solveCholesky(factor, { rows: gradient.length, columns: 1, values: gradient }).values;
}

/** From the residuals of ordinary least squares: pairs of visits seen together. */
function startOf({ prepared, responses, structure }: Model): Float64Array {
  const size = structure.size;
  const theta = new Float64Array(structure.parameters * prepared.groups.length);
  prepared.groups.forEach((_, group) => {
    const sum = zeros(size, size);
    const count = new Float64Array(size * size);
    prepared.patterns.forEach((pattern, index) => {
      if (pattern.group !== group) return;
      const k = pattern.visits.length;
      const yy = responses.yy[index] as Float64Array;
      for (let b = 0; b < k; b += 1) {
        for (let a = 0; a < k; a += 1) {
          const cell = (pattern.visits[a] as number) + (pattern.visits[b] as number) * size;
          sum.values[cell] = (sum.values[cell] as number) + (yy[a + b * k] as number);
          count[cell] = (count[cell] as number) + pattern.subjects;
        }
      }
    });
    const empirical = sum.values.map((value, cell) => (count[cell] ? value / (count[cell] as number) : 0));
    const missing = empirical.findIndex((value, cell) => cell % (size + 1) === 0 && !(value > 0));
    if (missing >= 0) empirical[missing] = 1;
    const safe = cholesky({ rows: size, columns: size, values: empirical }, 1e-6) !== null;
    if (!safe) for (let cell = 0; cell < size * size; cell += 1) if (cell % (size + 1) !== 0) empirical[cell] = 0;
    theta.set(structure.start(empirical), group * structure.parameters);
  });
  return theta;
}

function independentStart({ prepared, structure }: Model): Float64Array {
  const size = structure.size;
  const unit = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) unit[i + i * size] = 1;
  const theta = new Float64Array(structure.parameters * prepared.groups.length);
  prepared.groups.forEach((_, group) => {
    theta.set(structure.start(unit), group * structure.parameters);
  });
  return theta;
}
