/**
 * Degrees of freedom of a linear mixed model. Satterthwaite's as in lmerTest (Kuznetsova, Brockhoff & Christensen 2017,
 * J. Stat. Softw. 82(13), section 3): in (θ, σ), leaving out directions in which the deviance does not rise, as at a
 * boundary. Kenward-Roger's as in pbkrtest (Halekoh & Højsgaard 2014, J. Stat. Softw. 59(9)): in the elements of Γ = σ²D
 * and σ², in which V = ZΓZᵀ + σ²I is linear.
 */
import { StatisticsError } from '../errors.ts';
import { type Inference, kenwardRoger, satterthwaite } from '../inference/degrees-of-freedom.ts';
import { cholesky, inverseFromCholesky } from '../linear-algebra/cholesky.ts';
import { at, type Matrix, multiply, zeros } from '../linear-algebra/matrix.ts';
import { symmetricEigen } from '../linear-algebra/symmetric-eigen.ts';
import { lambdasOf, placesOf, relativeCovariance } from './blocks.ts';
import { type Curvature, cornerOf, derived, type Profile } from './deviance.ts';
import { pairIndex } from './information.ts';
import type { Reduction } from './reduction.ts';

const flat = 1e-8;

export function satterthwaiteInference({ c, sigmaSquared, information }: Profile, curved: Curvature): Inference {
  const sigma = Math.sqrt(sigmaSquared);
  const covariance = scaled(c, sigmaSquared);
  const k = cornerOf(information.omega.value, c.rows);
  // Φ = σ²K⁻¹: ∂Φ/∂θ = −ΦK_θΦ/σ² and ∂Φ/∂σ = Φ(2K/σ³)Φ.
  const informations = [...curved.slopes.map((slope) => scaled(slope, -1 / sigmaSquared)), scaled(k, 2 / sigma ** 3)];
  const omega = covarianceFrom(curved.full);
  return { covariance, test: (l) => ({ df: satterthwaite(l, covariance, informations, omega), scale: 1 }) };
}

/** 2H⁺, H brought to a unit diagonal and without its flat directions. */
function covarianceFrom(full: Matrix): Matrix {
  const n = full.rows;
  const scale = Float64Array.from({ length: n }, (_, i) => {
    const own = at(full, i, i);
    return own > 0 ? 1 / Math.sqrt(own) : 1;
  });
  const unit = zeros(n, n);
  for (let k = 0; k < n * n; k += 1) {
    const [i, j] = [k % n, Math.floor(k / n)];
    unit.values[k] = at(full, i, j) * (scale[i] as number) * (scale[j] as number);
  }
  const { values, vectors } = symmetricEigen(unit);
  const made = zeros(n, n);
  values.forEach((value, k) => {
    if (value <= flat) return;
    for (let j = 0; j < n; j += 1) {
      for (let i = 0; i < n; i += 1) {
        const both = at(vectors, i, k) * at(vectors, j, k) * (scale[i] as number) * (scale[j] as number);
        made.values[i + j * n] = at(made, i, j) + (2 * both) / value;
      }
    }
  });
  return made;
}

/** @throws StatisticsError `not_converged` where the variances carry no information, each on its own */
export function kenwardRogerInference(reduction: Reduction, theta: Float64Array, here: Profile): Inference {
  const { c, sigmaSquared: s, information } = here;
  const { blocks, p, n } = reduction;
  const places = placesOf(blocks);
  const ds = lambdasOf(theta, blocks).map(relativeCovariance);
  const d = places.map(({ block, row, column }) => at(ds[block] as Matrix, row, column));
  const m = places.length;
  const { logBend, logSlope } = derived(here, 'REML');
  const first = information.omega.first.map((one) => cornerOf(one, p));
  const second = information.omega.second.map((one) => cornerOf(one, p));
  const k = cornerOf(information.omega.value, p);
  const along = combined(first, d, p);
  const bendAlong = places.map((_, a) =>
    combined(
      places.map((__, b) => second[pairIndex(a, b)] as Matrix),
      d,
      p,
    ),
  );
  const bendBoth = combined(bendAlong, d, p);
  // K(Γ, σ²) = κ(Γ/σ²)/σ² and log |V| + log |K| = (n − p) log σ² + ℓ(Γ/σ²), differentiated.
  const slopes = [...first.map((one) => scaled(one, s ** -2)), scaled(sum(k, along), -(s ** -2))];
  const bend = (a: number, b: number): Matrix => {
    if (a < m && b < m) return scaled(second[pairIndex(a, b)] as Matrix, s ** -3);
    const one = Math.min(a, b);
    if (one < m) return scaled(sum(scaled(first[one] as Matrix, 2), bendAlong[one] as Matrix), -(s ** -3));
    return scaled(sum(scaled(k, 2), sum(scaled(along, 4), bendBoth)), s ** -3);
  };
  const logAlong = logSlope.reduce((total, value, a) => total + value * (d[a] as number), 0);
  const logBendAlong = places.map((_, a) =>
    places.reduce((total, __, b) => total + at(logBend, a, b) * (d[b] as number), 0),
  );
  const logBendBoth = logBendAlong.reduce((total, value, a) => total + value * (d[a] as number), 0);
  const expected = zeros(m + 1, m + 1);
  for (let a = 0; a <= m; a += 1) {
    for (let b = 0; b <= m; b += 1) {
      const one = Math.min(a, b);
      expected.values[a + b * (m + 1)] =
        a < m && b < m
          ? -at(logBend, a, b) / s ** 2
          : one < m
            ? ((logSlope[one] as number) + (logBendAlong[one] as number)) / s ** 2
            : (n - p - 2 * logAlong - logBendBoth) / s ** 2;
    }
  }
  const omega = inverse(expected);
  const covariance = scaled(c, s);
  const informations = slopes.map((one) => scaled(one, -1));
  const adjusted = adjustment(covariance, slopes, bend, omega);
  return { covariance: adjusted, test: (l) => kenwardRoger(l, covariance, informations, omega) };
}

/** Φ + 2Φ[Σ ω_ab (K_ab/2 − K_aΦK_b)]Φ: Q_ab + Q_ba is the second derivative K_ab of K. */
function adjustment(
  phi: Matrix,
  slopes: readonly Matrix[],
  bend: (a: number, b: number) => Matrix,
  omega: Matrix,
): Matrix {
  const p = phi.rows;
  const middle = zeros(p, p);
  slopes.forEach((one, a) => {
    const left = multiply(one, phi);
    slopes.forEach((other, b) => {
      const weight = at(omega, a, b);
      const through = multiply(left, other);
      const second = bend(a, b);
      for (let k = 0; k < p * p; k += 1) {
        const own = (second.values[k] as number) / 2 - (through.values[k] as number);
        middle.values[k] = (middle.values[k] as number) + weight * own;
      }
    });
  });
  return sum(phi, scaled(multiply(phi, multiply(middle, phi)), 2));
}

/** 2A⁻¹ of an information matrix. */
function inverse(expected: Matrix): Matrix {
  const n = expected.rows;
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(at(expected, i, i)));
  const unit = expected.values.map(
    (value, k) => value * (scale[k % n] as number) * (scale[Math.floor(k / n)] as number),
  );
  const factor = cholesky({ ...expected, values: unit }, 1e-12);
  if (!factor) throw new StatisticsError('not_converged', 'the information on the variances is singular');
  const made = inverseFromCholesky(factor).values;
  return {
    ...expected,
    values: made.map((value, k) => 2 * value * (scale[k % n] as number) * (scale[Math.floor(k / n)] as number)),
  };
}

function combined(parts: readonly Matrix[], weights: readonly number[], p: number): Matrix {
  const made = zeros(p, p);
  parts.forEach((part, a) => {
    for (let k = 0; k < p * p; k += 1) {
      made.values[k] = (made.values[k] as number) + (weights[a] as number) * (part.values[k] as number);
    }
  });
  return made;
}

function scaled(a: Matrix, by: number): Matrix {
  return { ...a, values: a.values.map((value) => value * by) };
}

function sum(a: Matrix, b: Matrix): Matrix {
  return { ...a, values: a.values.map((value, k) => value + (b.values[k] as number)) };
}
