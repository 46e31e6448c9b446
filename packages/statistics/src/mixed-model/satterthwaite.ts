/**
 * Satterthwaite's degrees of freedom, ν = 2 v² / (gᵀ A g): v the variance of a coefficient, g its gradient in the variance
 * parameters (θ, σ), A their asymptotic covariance, twice the inverse Hessian of the deviance. Directions in which the
 * deviance does not rise (a parameter on its boundary) carry no information and are left out, as in lmerTest.
 */
import { inverseFromCholesky, symmetricEigen } from '../linear-algebra/cholesky.ts';
import { hessian, jacobian } from '../optimise/derivatives.ts';
import type { CrossProducts } from './cross-products.ts';
import { evaluate, fullDeviance, type Method } from './deviance.ts';

const flat = 1e-8;

export function satterthwaite(
  cross: CrossProducts,
  theta: Float64Array,
  sigma: number,
  method: Method,
): (coefficient: number) => number {
  const { p } = cross;
  const parameters = theta.length + 1;
  const at = Float64Array.from([...theta, sigma]);
  const split = (x: Float64Array) => ({ theta: x.subarray(0, theta.length), sigma: x[theta.length] as number });
  const curvature = hessian((x) => {
    const own = split(x);
    return fullDeviance(cross, own.theta, own.sigma, method);
  }, at);
  const variances = (x: Float64Array) => {
    const own = split(x);
    const inverse = inverseFromCholesky(evaluate(cross, own.theta).factor, p);
    return Float64Array.from({ length: p }, (_, j) => own.sigma ** 2 * (inverse[j * p + j] as number));
  };
  const slopes = jacobian(variances, at, p);
  const now = variances(at);
  const { values, vectors } = symmetricEigen(curvature, parameters);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return (coefficient) => {
    let spread = 0;
    for (let k = 0; k < parameters; k += 1) {
      const value = values[k] as number;
      if (value <= flat * largest) continue;
      let along = 0;
      for (let i = 0; i < parameters; i += 1) {
        along += (slopes[coefficient * parameters + i] as number) * (vectors[i * parameters + k] as number);
      }
      spread += (2 * along * along) / value;
    }
    return (2 * (now[coefficient] as number) ** 2) / spread;
  };
}
