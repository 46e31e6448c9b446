/**
 * Satterthwaite's degrees of freedom of a contrast lᵀβ, ν = 2 v² / (gᵀAg): v = Var(lᵀβ), g its gradient in (θ, σ), A the
 * asymptotic covariance of (θ, σ), twice the inverse Hessian of the deviance (Kuznetsova, Brockhoff & Christensen 2017,
 * J. Stat. Softw. 82(13), section 3). Directions in which the deviance does not rise, as at a boundary, carry no
 * information and are left out, as in lmerTest.
 */
import { at, dot, multiply, zeros } from '../linear-algebra/matrix.ts';
import { quadraticForm, symmetricEigen } from '../linear-algebra/symmetric-eigen.ts';
import type { Curvature } from './curvature.ts';
import type { Profile } from './profile.ts';

const flat = 1e-8;

/** Answers a function of the contrast l, in the coordinates of the cross-products. */
export function satterthwaite({ c, sigmaSquared }: Profile, curved: Curvature): (l: Float64Array) => number {
  const parameters = curved.full.rows;
  const scale = Float64Array.from({ length: parameters }, (_, i) => {
    const own = at(curved.full, i, i);
    return own > 0 ? 1 / Math.sqrt(own) : 1;
  });
  const scaled = zeros(parameters, parameters);
  scaled.values.forEach((_, k) => {
    const [i, j] = [k % parameters, Math.floor(k / parameters)];
    scaled.values[k] = at(curved.full, i, j) * (scale[i] as number) * (scale[j] as number);
  });
  const { values, vectors } = symmetricEigen(scaled);
  const sigma = Math.sqrt(sigmaSquared);
  return (l) => {
    const cl = multiply(c, { rows: l.length, columns: 1, values: l }).values;
    const unscaled = dot(l, cl);
    const gradient = [
      ...curved.informationSlopes.map((slope) => sigmaSquared * quadraticForm(slope, cl)),
      2 * sigma * unscaled,
    ];
    let spread = 0;
    values.forEach((value, k) => {
      if (value <= flat) return;
      let along = 0;
      for (let i = 0; i < parameters; i += 1)
        along += at(vectors, i, k) * (scale[i] as number) * (gradient[i] as number);
      spread += (2 * along * along) / value;
    });
    return (2 * (sigmaSquared * unscaled) ** 2) / spread;
  };
}
