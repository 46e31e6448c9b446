/**
 * Where Newton's method begins: a few steps of Fisher scoring on the elements of D, with the expected second derivatives
 * −∂² log |V| less what runs through σ. Scoring comes near from afar, Newton's method arrives.
 */
import { cholesky, solveCholesky } from '../linear-algebra/cholesky.ts';
import { identity, type Matrix, zeros } from '../linear-algebra/matrix.ts';
import { lambdasOf, placesOf, relativeCovariance, thetaNear } from './blocks.ts';
import { derived, type Method, type Profile, profile, residualDf } from './deviance.ts';
import { pairIndex } from './information.ts';
import type { Reduction } from './reduction.ts';

const steps = 4;
/** A step that gains less than this in the deviance is the last. */
const littleGain = 0.1;
/** Least variance, relative to the residual, that a start may have: at zero the slope in θ is zero too. */
const floor = 1e-3;

/** θ to start from; Λ = I, random effects that vary as the residual does, where scoring finds nothing better. */
export function startingTheta(reduction: Reduction, method: Method): Float64Array {
  let theta = thetaNear(
    reduction.blocks.map(({ q }) => identity(q)),
    floor,
  );
  let here = profile(reduction, theta, method, 2);
  for (let step = 0; here && step < steps; step += 1) {
    const moved = scored(reduction, theta, here, method);
    const there = moved && profile(reduction, moved, method, 2);
    if (!there || !(there.deviance < here.deviance)) break;
    const gain = here.deviance - there.deviance;
    [theta, here] = [moved, there];
    if (gain < littleGain) break;
  }
  return theta;
}

/** One step of scoring, brought back to where variances are positive. */
function scored(reduction: Reduction, theta: Float64Array, here: Profile, method: Method): Float64Array | null {
  const { blocks } = reduction;
  const { first, second } = here.information.logDeterminant;
  const m = first.length;
  const { logSlope, residualSlope } = derived(here, method);
  const expected = zeros(m, m);
  const move = new Float64Array(m);
  for (let a = 0; a < m; a += 1) {
    move[a] = -(logSlope[a] as number) - (residualSlope[a] as number) / here.sigmaSquared;
    for (let b = 0; b < m; b += 1) {
      const throughSigma = ((first[a] as number) * (first[b] as number)) / residualDf(reduction, method);
      expected.values[a + b * m] = -(second[pairIndex(a, b)] as number) - throughSigma;
    }
  }
  const factor = cholesky(expected);
  if (!factor) return null;
  const by = solveCholesky(factor, { rows: m, columns: 1, values: move }).values;
  const ds = lambdasOf(theta, blocks).map(relativeCovariance);
  placesOf(blocks).forEach(({ block, row, column }, a) => {
    const { values, rows } = ds[block] as Matrix;
    values[row + column * rows] = (values[row + column * rows] as number) + (by[a] as number);
    if (row !== column) values[column + row * rows] = values[row + column * rows] as number;
  });
  return thetaNear(ds, floor);
}
