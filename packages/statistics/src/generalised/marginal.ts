/**
 * The marginal likelihood of a generalised linear model with a random intercept, and its derivatives.
 *
 *   L = Π_g ∫ Π_i f(y_i | u_i + s σ b) φ(b) db
 *
 * by adaptive Gauss-Hermite quadrature about the mode of each group (Pinheiro & Bates 1995, J. Comput. Graph. Stat. 4:12).
 * Derivatives are those of the integral, by Louis (1982, JRSS B 44:226): the score is the posterior mean of the complete
 * score, the Hessian the posterior mean of the complete Hessian plus the posterior variance of the complete score.
 */
import { type Matrix, zeros } from '../linear-algebra/matrix.ts';
import type { Derivatives } from '../optimise/newton.ts';
import { gaussHermite } from '../quadrature/gauss-hermite.ts';
import type { Kernel } from './kernel.ts';

export type Observations = {
  readonly kernel: Kernel;
  readonly y: Float64Array;
  /** n × m designs of the upper predictor and, for cumulative logits, the lower; offsets hold ±∞ at the ends. */
  readonly upper: Matrix;
  readonly lower: Matrix | null;
  readonly upperOffset: Float64Array;
  readonly lowerOffset: Float64Array | null;
  /** How the random intercept enters: +1, or −1 in cumulative logits. */
  readonly sign: 1 | -1;
  /** Rows of each group; without a random intercept every row is its own group. */
  readonly groups: readonly Int32Array[];
  readonly randomIntercept: boolean;
};

export type Posterior = { readonly mode: number; readonly scale: number };

type Predictors = { readonly u: Float64Array; readonly l: Float64Array };

/** −log L at (φ, σ); σ is left out where there is no random intercept. */
export function negativeLogLikelihood(data: Observations, at: Float64Array, nodes: number): number {
  const { u, l } = predictorsAt(data, at);
  const out = new Float64Array(6);
  const sigma = data.randomIntercept ? (at[at.length - 1] as number) : 0;
  const [x, w] = rule(data.randomIntercept ? nodes : 1);
  let total = 0;
  for (const rows of data.groups) {
    const { mode, scale } = modeOf(data, rows, u, l, sigma, out);
    let most = Number.NEGATIVE_INFINITY;
    const logs = x.map((node, q) => {
      const b = mode + Math.SQRT2 * scale * node;
      const log = joint(data, rows, u, l, sigma, b, out) + logWeight(w, x, q, scale, data.randomIntercept);
      most = Math.max(most, log);
      return log;
    });
    if (!(most > Number.NEGATIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    total -= most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
  }
  return Number.isFinite(total) ? total : Number.POSITIVE_INFINITY;
}

/** Where the log joint density of a group peaks in b, and the scale 1 / √(−g″) there. */
export function posteriors(data: Observations, at: Float64Array): Posterior[] {
  const { u, l } = predictorsAt(data, at);
  const out = new Float64Array(6);
  return data.groups.map((rows) => modeOf(data, rows, u, l, at[at.length - 1] as number, out));
}

/** −log L with gradient and Hessian in (φ, σ). */
export function derivativesAt(data: Observations, at: Float64Array, nodes: number): Derivatives {
  const size = at.length;
  const { u, l } = predictorsAt(data, at);
  const sigma = data.randomIntercept ? (at[size - 1] as number) : 0;
  const [x, w] = rule(data.randomIntercept ? nodes : 1);
  const gradient = new Float64Array(size);
  const hessian = zeros(size, size);
  const out = new Float64Array(6);
  const score = Array.from(x, () => new Float64Array(size));
  const share = new Float64Array(x.length);
  let value = 0;
  for (const rows of data.groups) {
    const { mode, scale } = modeOf(data, rows, u, l, sigma, out);
    const b = x.map((node) => mode + Math.SQRT2 * scale * node);
    value -= shares(data, rows, u, l, sigma, b, scale, x, w, share, out);
    for (const own of score) own.fill(0);
    for (const i of rows) addRow(data, i, u, l, sigma, b, share, score, hessian, out);
    addScoreVariance(score, share, gradient, hessian);
  }
  for (let j = 0; j < size; j += 1) {
    for (let k = 0; k < j; k += 1) hessian.values[k + j * size] = hessian.values[j + k * size] as number;
  }
  return { value, gradient, hessian };
}

/** One row's complete score at every node, and its complete Hessian averaged over the nodes, both taken negative. */
function addRow(
  data: Observations,
  i: number,
  u: Float64Array,
  l: Float64Array,
  sigma: number,
  b: Float64Array,
  share: Float64Array,
  score: readonly Float64Array[],
  hessian: Matrix,
  out: Float64Array,
): void {
  const m = data.upper.columns;
  const size = hessian.rows;
  const upper = (j: number) => data.upper.values[i + j * data.upper.rows] as number;
  const lower = (j: number) => (data.lower ? (data.lower.values[i + j * data.lower.rows] as number) : 0);
  let [uu, ul, ll, bu, bl, bb] = [0, 0, 0, 0, 0, 0];
  for (let q = 0; q < b.length; q += 1) {
    const move = data.sign * sigma * (b[q] as number);
    data.kernel(data.y[i] as number, (u[i] as number) + move, (l[i] as number) + move, out);
    const own = score[q] as Float64Array;
    const [, du, dl, huu, hul, hll] = out as unknown as [number, number, number, number, number, number];
    for (let j = 0; j < m; j += 1) own[j] = (own[j] as number) + du * upper(j) + dl * lower(j);
    const p = share[q] as number;
    uu += p * huu;
    ul += p * hul;
    ll += p * hll;
    if (!data.randomIntercept) continue;
    const slope = data.sign * (b[q] as number);
    own[m] = (own[m] as number) + slope * (du + dl);
    bu += p * slope * (huu + hul);
    bl += p * slope * (hul + hll);
    bb += p * slope * slope * (huu + 2 * hul + hll);
  }
  for (let j = 0; j < m; j += 1) {
    const [aj, cj] = [upper(j), lower(j)];
    if (aj === 0 && cj === 0) continue;
    for (let k = 0; k <= j; k += 1) {
      const [ak, ck] = [upper(k), lower(k)];
      const bend = uu * aj * ak + ul * (aj * ck + cj * ak) + ll * cj * ck;
      hessian.values[j + k * size] = (hessian.values[j + k * size] as number) - bend;
    }
    if (data.randomIntercept) {
      hessian.values[m + j * size] = (hessian.values[m + j * size] as number) - (bu * aj + bl * cj);
    }
  }
  if (data.randomIntercept) hessian.values[m + m * size] = (hessian.values[m + m * size] as number) - bb;
}

function addScoreVariance(
  score: readonly Float64Array[],
  share: Float64Array,
  gradient: Float64Array,
  hessian: Matrix,
): void {
  const size = gradient.length;
  const mean = new Float64Array(size);
  score.forEach((own, q) => {
    for (let j = 0; j < size; j += 1) mean[j] = (mean[j] as number) + (share[q] as number) * (own[j] as number);
  });
  for (let j = 0; j < size; j += 1) {
    gradient[j] = (gradient[j] as number) - (mean[j] as number);
    for (let k = 0; k <= j; k += 1) {
      let spread = 0;
      for (let q = 0; q < score.length; q += 1) {
        const own = score[q] as Float64Array;
        spread +=
          (share[q] as number) *
          ((own[j] as number) - (mean[j] as number)) *
          ((own[k] as number) - (mean[k] as number));
      }
      hessian.values[j + k * size] = (hessian.values[j + k * size] as number) - spread;
    }
  }
}

/** Posterior weights of the nodes into `share`; gives the group's log likelihood. */
function shares(
  data: Observations,
  rows: Int32Array,
  u: Float64Array,
  l: Float64Array,
  sigma: number,
  b: Float64Array,
  scale: number,
  x: Float64Array,
  w: Float64Array,
  share: Float64Array,
  out: Float64Array,
): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let q = 0; q < b.length; q += 1) {
    const log = joint(data, rows, u, l, sigma, b[q] as number, out) + logWeight(w, x, q, scale, data.randomIntercept);
    share[q] = log;
    most = Math.max(most, log);
  }
  let sum = 0;
  for (let q = 0; q < b.length; q += 1) {
    share[q] = Math.exp((share[q] as number) - most);
    sum += share[q] as number;
  }
  for (let q = 0; q < b.length; q += 1) share[q] = (share[q] as number) / sum;
  return most + Math.log(sum);
}

function joint(
  data: Observations,
  rows: Int32Array,
  u: Float64Array,
  l: Float64Array,
  sigma: number,
  b: number,
  out: Float64Array,
): number {
  const move = data.sign * sigma * b;
  let log = data.randomIntercept ? (-b * b) / 2 : 0;
  for (const i of rows) {
    data.kernel(data.y[i] as number, (u[i] as number) + move, (l[i] as number) + move, out);
    log += out[0] as number;
  }
  return log;
}

/** log of w e^(x²) √2 τ / √(2π). */
function logWeight(w: Float64Array, x: Float64Array, q: number, scale: number, random: boolean): number {
  if (!random) return 0;
  return Math.log(w[q] as number) + (x[q] as number) ** 2 + Math.log(scale) - Math.log(Math.PI) / 2;
}

/** Newton's method on the concave log joint density, halving steps that do not climb. */
function modeOf(
  data: Observations,
  rows: Int32Array,
  u: Float64Array,
  l: Float64Array,
  sigma: number,
  out: Float64Array,
): Posterior {
  if (!data.randomIntercept) return { mode: 0, scale: 1 };
  const slope = data.sign * sigma;
  let b = 0;
  let bend = 1;
  for (let round = 0; round < 100; round += 1) {
    let score = -b;
    bend = 1;
    for (const i of rows) {
      const move = slope * b;
      data.kernel(data.y[i] as number, (u[i] as number) + move, (l[i] as number) + move, out);
      score += slope * ((out[1] as number) + (out[2] as number));
      bend -= slope * slope * ((out[3] as number) + 2 * (out[4] as number) + (out[5] as number));
    }
    const step = score / bend;
    if (!Number.isFinite(step)) break;
    const limited = Math.max(-2, Math.min(2, step));
    b += limited;
    if (Math.abs(step) < 1e-12 * (1 + Math.abs(b))) break;
  }
  return { mode: b, scale: 1 / Math.sqrt(bend) };
}

function predictorsAt(data: Observations, at: Float64Array): Predictors {
  const made = (design: Matrix | null, offset: Float64Array | null) => {
    const eta = offset ? offset.slice() : new Float64Array(data.y.length);
    if (!design) return eta;
    for (let j = 0; j < design.columns; j += 1) {
      const beta = at[j] as number;
      for (let i = 0; i < eta.length; i += 1) {
        const value = design.values[i + j * design.rows] as number;
        if (value !== 0) eta[i] = (eta[i] as number) + value * beta;
      }
    }
    return eta;
  };
  return { u: made(data.upper, data.upperOffset), l: made(data.lower, data.lowerOffset) };
}

const rules = new Map<number, [Float64Array, Float64Array]>();
function rule(n: number): [Float64Array, Float64Array] {
  const known = rules.get(n) ?? gaussHermite(n);
  rules.set(n, known);
  return known;
}
