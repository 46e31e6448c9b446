/**
 * Where Newton's method begins: a few steps of Fisher scoring on D = ΛΛᵀ itself, with the expected second derivatives
 * Σ tr(S E_a S E_b) less what runs through σ. Scoring comes near from afar, Newton's method arrives.
 */
import { cholesky, solveCholesky } from '../linear-algebra/cholesky.ts';
import { at, identity, type Matrix, multiply, traceOfProduct, transpose, zeros } from '../linear-algebra/matrix.ts';
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.ts';
import type { CrossProducts } from './cross-products.ts';
import { expectedCurvature, sumsOverGroups } from './curvature.ts';
import { type Method, profile, residualDf } from './profile.ts';

const steps = 4;
/** A step that gains less than this in the deviance is the last. */
const littleGain = 0.1;
/** Least variance, relative to the residual, that a start may have: at zero the slope in θ is zero too. */
const floor = 1e-3;

/** θ to start from; Λ = I, random effects that vary as the residual does, where scoring finds nothing better. */
export function startingTheta(cross: CrossProducts, method: Method): Float64Array {
  let d = identity(cross.q);
  let here = profile(cross, thetaOf(d), method);
  for (let step = 0; here && step < steps; step += 1) {
    const moved = scored(cross, d, method);
    const there = moved && profile(cross, thetaOf(moved), method);
    if (!there || !(there.deviance < here.deviance)) break;
    const gain = here.deviance - there.deviance;
    [d, here] = [moved, there];
    if (gain < littleGain) break;
  }
  return thetaOf(d);
}

/** One step of scoring from D, brought back to where variances are positive. */
function scored(cross: CrossProducts, d: Matrix, method: Method): Matrix | null {
  const here = profile(cross, thetaOf(d), method);
  if (!here) return null;
  const { q } = cross;
  const units = symmetricUnits(q);
  const sums = sumsOverGroups(cross, here, method);
  const traces = units.map((unit) => traceOfProduct(sums.s, unit));
  const information = zeros(units.length, units.length);
  units.forEach((a, i) => {
    units.forEach((b, j) => {
      const throughSigma = ((traces[i] as number) * (traces[j] as number)) / residualDf(cross, method);
      information.values[i + j * units.length] = expectedCurvature(sums, a, b, q) - throughSigma;
    });
  });
  const factor = cholesky(information);
  if (!factor) return null;
  const slopes = Float64Array.from(units, (unit) => -traceOfProduct(sums.slopeInD, unit));
  const move = solveCholesky(factor, { rows: units.length, columns: 1, values: slopes }).values;
  const moved = { ...d, values: d.values.slice() };
  units.forEach((unit, k) => {
    unit.values.forEach((value, place) => {
      moved.values[place] = (moved.values[place] as number) + value * (move[k] as number);
    });
  });
  return raised(moved);
}

/** The directions of a symmetric matrix: one element of the diagonal, or two that mirror each other. */
function symmetricUnits(q: number): Matrix[] {
  const units: Matrix[] = [];
  for (let j = 0; j < q; j += 1) {
    for (let i = j; i < q; i += 1) {
      const unit = zeros(q, q);
      unit.values[i + j * q] = 1;
      unit.values[j + i * q] = 1;
      units.push(unit);
    }
  }
  return units;
}

/** The nearest matrix without an eigenvalue below the floor. */
function raised(d: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(d);
  const scaled = { ...vectors, values: vectors.values.slice() };
  for (let k = 0; k < d.columns; k += 1) {
    const value = Math.max(values[k] as number, floor);
    for (let i = 0; i < d.rows; i += 1) scaled.values[i + k * d.rows] = at(vectors, i, k) * value;
  }
  return multiply(scaled, transpose(vectors));
}

function thetaOf(d: Matrix): Float64Array {
  const lambda = cholesky(d) ?? identity(d.rows);
  const theta: number[] = [];
  for (let j = 0; j < d.columns; j += 1) for (let i = j; i < d.rows; i += 1) theta.push(at(lambda, i, j));
  return Float64Array.from(theta);
}
