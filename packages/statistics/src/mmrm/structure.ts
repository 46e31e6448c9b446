/**
 * Residual covariance structures Σ(θ) over visits with exact first and second derivatives. Structures that are linear
 * in their parameters (unstructured, compound symmetry, Toeplitz) are parameterised by the distinct elements of Σ; the
 * others as Σ = D R(ρ) D with log standard deviations and correlations. Whether Σ is positive definite is asked of its
 * Cholesky factor.
 */
export type CovarianceStructure =
  | 'unstructured'
  | 'compound-symmetry'
  | 'heterogeneous-compound-symmetry'
  | 'ar1'
  | 'heterogeneous-ar1'
  | 'toeplitz'
  | 'heterogeneous-toeplitz'
  | 'ante-dependence'
  | 'spatial-exponential';

/** A symmetric matrix as its entries other than zero, both triangles. */
export type Entries = { readonly row: Int32Array; readonly column: Int32Array; readonly value: Float64Array };

export type Structure = {
  readonly size: number;
  readonly parameters: number;
  /** True where Σ is linear in θ, so that second derivatives vanish. */
  readonly linear: boolean;
  /** True where θ is the distinct elements of Σ: (1, 1), (2, 1), (2, 2), (3, 1) … */
  readonly elements: boolean;
  /** True where every visit has a variance of its own. */
  readonly heterogeneous: boolean;
  /** Σ(θ) into T × T numbers. */
  covariance(theta: Float64Array, into: Float64Array): void;
  /** ∂Σ/∂θ by parameter. */
  slopes(theta: Float64Array): Entries[];
  /** Σ_ij g_ij ∂²Σ_ij/∂θ_a∂θ_b, m × m. */
  bend(theta: Float64Array, g: Float64Array): Float64Array;
  /** θ near a covariance whose diagonal is positive. */
  start(empirical: Float64Array): Float64Array;
};

/** @param times coordinate of every visit, in order; read by the spatial structure alone */
export function structureOf(kind: CovarianceStructure, times: Float64Array): Structure {
  const size = times.length;
  switch (kind) {
    case 'unstructured':
      return linear(size, (i, j) => (Math.max(i, j) * (Math.max(i, j) + 1)) / 2 + Math.min(i, j));
    case 'compound-symmetry':
      return linear(size, (i, j) => (i === j ? 0 : 1));
    case 'toeplitz':
      return linear(size, (i, j) => Math.abs(i - j));
    case 'ar1':
      return scaled(
        size,
        true,
        power(size, () => 0),
      );
    case 'heterogeneous-ar1':
      return scaled(
        size,
        false,
        power(size, () => 0),
      );
    case 'ante-dependence':
      return scaled(
        size,
        false,
        power(size, (gap) => gap),
      );
    case 'heterogeneous-compound-symmetry':
      return scaled(
        size,
        false,
        bands(1, () => 0),
      );
    case 'heterogeneous-toeplitz':
      return scaled(
        size,
        false,
        bands(size - 1, (i, j) => Math.abs(i - j) - 1),
      );
    case 'spatial-exponential':
      return scaled(size, true, exponential(times));
  }
}

function linear(size: number, which: (i: number, j: number) => number): Structure {
  let parameters = 0;
  const place = new Int32Array(size * size);
  for (let j = 0; j < size; j += 1) {
    for (let i = 0; i < size; i += 1) {
      place[i + j * size] = which(i, j);
      parameters = Math.max(parameters, which(i, j) + 1);
    }
  }
  const made = Array.from({ length: parameters }, (_, a) => {
    const cells = [...place.keys()].filter((cell) => place[cell] === a);
    return entries(
      size,
      cells,
      cells.map(() => 1),
    );
  });
  return {
    size,
    parameters,
    linear: true,
    elements: parameters === (size * (size + 1)) / 2,
    heterogeneous: parameters >= size && which(0, 0) !== which(1, 1),
    covariance: (theta, into) => {
      for (let cell = 0; cell < place.length; cell += 1) into[cell] = theta[place[cell] as number] as number;
    },
    slopes: () => made,
    bend: () => new Float64Array(parameters * parameters),
    start: (empirical) => {
      const sum = new Float64Array(parameters);
      const count = new Float64Array(parameters);
      place.forEach((a, cell) => {
        sum[a] = (sum[a] as number) + (empirical[cell] as number);
        count[a] = (count[a] as number) + 1;
      });
      return sum.map((value, a) => value / (count[a] as number));
    },
  };
}

function entries(size: number, cells: readonly number[], values: readonly number[]): Entries {
  return {
    row: Int32Array.from(cells, (cell) => cell % size),
    column: Int32Array.from(cells, (cell) => Math.floor(cell / size)),
    value: Float64Array.from(values),
  };
}

/** Correlations R_ij(ρ), i > j, with derivatives. */
type Correlation = {
  readonly parameters: number;
  readonly start: (empirical: (i: number, j: number) => number) => number[];
  value(rho: Float64Array, i: number, j: number): number;
  slope(rho: Float64Array, i: number, j: number, a: number): number;
  bend(rho: Float64Array, i: number, j: number, a: number, b: number): number;
};

function bands(parameters: number, which: (i: number, j: number) => number): Correlation {
  return {
    parameters,
    start: () => Array.from({ length: parameters }, () => 0),
    value: (rho, i, j) => rho[which(i, j)] as number,
    slope: (_, i, j, a) => (which(i, j) === a ? 1 : 0),
    bend: () => 0,
  };
}

/** R_ij = Π ρ over the gaps between i and j; one ρ for all gaps (AR(1)) or one for each (ante-dependence). */
function power(size: number, which: (gap: number) => number): Correlation {
  const parameters = which(size - 2) + 1;
  const product = (rho: Float64Array, i: number, j: number, a: number, b: number) => {
    const left = new Int32Array(parameters);
    for (let gap = j; gap < i; gap += 1) left[which(gap)] = (left[which(gap)] as number) + 1;
    let value = 1;
    for (const c of [a, b]) {
      if (c < 0) continue;
      value *= left[c] as number;
      left[c] = (left[c] as number) - 1;
    }
    if (value === 0) return 0;
    return left.reduce((all, exponent, c) => all * (rho[c] as number) ** exponent, value);
  };
  return {
    parameters,
    start: (empirical) =>
      Array.from({ length: parameters }, (_, c) => Math.max(-0.9, Math.min(0.9, empirical(c + 1, c)))),
    value: (rho, i, j) => product(rho, i, j, -1, -1),
    slope: (rho, i, j, a) => product(rho, i, j, a, -1),
    bend: (rho, i, j, a, b) => product(rho, i, j, a, b),
  };
}

/** R_ij = exp(−d/e^ρ), d the distance in the unit of the time column. */
function exponential(times: Float64Array): Correlation {
  const ratio = (rho: Float64Array, i: number, j: number) =>
    Math.abs((times[i] as number) - (times[j] as number)) / Math.exp(rho[0] as number);
  const whole = Math.abs((times.at(-1) ?? 1) - (times[0] ?? 0)) || 1;
  return {
    parameters: 1,
    start: () => [Math.log(whole / Math.max(2, times.length - 1))],
    value: (rho, i, j) => Math.exp(-ratio(rho, i, j)),
    slope: (rho, i, j) => ratio(rho, i, j) * Math.exp(-ratio(rho, i, j)),
    bend: (rho, i, j) => (ratio(rho, i, j) ** 2 - ratio(rho, i, j)) * Math.exp(-ratio(rho, i, j)),
  };
}

/** Σ_ij = exp(s_i + s_j) R_ij, θ = (s, ρ); one s for all visits where `common`. */
function scaled(size: number, common: boolean, correlation: Correlation): Structure {
  const sds = common ? 1 : size;
  const parameters = sds + correlation.parameters;
  const all = Array.from({ length: size * size }, (_, cell) => cell);
  const times = (cell: number, a: number) =>
    common ? 2 : (cell % size === a ? 1 : 0) + (Math.floor(cell / size) === a ? 1 : 0);
  const spread = (theta: Float64Array, cell: number) =>
    Math.exp((theta[common ? 0 : cell % size] as number) + (theta[common ? 0 : Math.floor(cell / size)] as number));
  const rhoOf = (theta: Float64Array) => theta.subarray(sds);
  const pair = (cell: number) => [cell % size, Math.floor(cell / size)].sort((a, b) => b - a) as [number, number];
  const correlate = (rho: Float64Array, cell: number, a = -1, b = -1) => {
    const [i, j] = pair(cell);
    if (i === j) return a < 0 ? 1 : 0;
    if (a < 0) return correlation.value(rho, i, j);
    return b < 0 ? correlation.slope(rho, i, j, a) : correlation.bend(rho, i, j, a, b);
  };
  const first = (theta: Float64Array, cell: number, a: number) =>
    a < sds
      ? times(cell, a) * spread(theta, cell) * correlate(rhoOf(theta), cell)
      : spread(theta, cell) * correlate(rhoOf(theta), cell, a - sds);
  const second = (theta: Float64Array, cell: number, a: number, b: number): number => {
    if (b < sds) return times(cell, b) * first(theta, cell, a);
    if (a < sds) return times(cell, a) * first(theta, cell, b);
    return spread(theta, cell) * correlate(rhoOf(theta), cell, a - sds, b - sds);
  };
  return {
    size,
    parameters,
    linear: false,
    elements: false,
    heterogeneous: !common,
    covariance: (theta, into) => {
      const rho = rhoOf(theta);
      for (let cell = 0; cell < into.length; cell += 1) into[cell] = spread(theta, cell) * correlate(rho, cell);
    },
    slopes: (theta) =>
      Array.from({ length: parameters }, (_, a) => {
        const values = all.map((cell) => first(theta, cell, a));
        const kept = all.filter((cell) => values[cell] !== 0);
        return entries(
          size,
          kept,
          kept.map((cell) => values[cell] as number),
        );
      }),
    bend: (theta, g) => {
      const made = new Float64Array(parameters * parameters);
      for (let a = 0; a < parameters; a += 1) {
        for (let b = 0; b < parameters; b += 1) {
          made[a + b * parameters] = all.reduce((sum, c) => sum + (g[c] as number) * second(theta, c, a, b), 0);
        }
      }
      return made;
    },
    start: (empirical) => {
      const variance = Array.from({ length: size }, (_, i) => empirical[i + i * size] as number);
      const mean = variance.reduce((sum, one) => sum + one, 0) / size;
      const sd = common ? [Math.log(mean) / 2] : variance.map((one) => Math.log(one) / 2);
      const between = (i: number, j: number) =>
        (empirical[i + j * size] as number) / Math.sqrt((variance[i] as number) * (variance[j] as number));
      return Float64Array.from([...sd, ...correlation.start(between)]);
    },
  };
}
