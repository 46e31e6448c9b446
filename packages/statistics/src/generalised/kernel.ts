/**
 * The log probability of one observation as a function of its linear predictors, with first and second derivatives.
 * Binomial and Poisson have one predictor u; a cumulative logit has two, u = θ_k − η above and l = θ_(k−1) − η below
 * its category, with P(Y = k) = F(u) − F(l), F the logistic function (McCullagh 1980, JRSS B 42:109).
 */
import { logGamma } from '../distributions/special.ts';

/** value, ∂u, ∂l, ∂²uu, ∂²ul, ∂²ll; what the family does not have stays zero. */
export type Kernel = (y: number, u: number, l: number, out: Float64Array) => void;

/** Logistic: y is 0 or 1, logit P(Y = 1) = u. */
export const binomial: Kernel = (y, u, _l, out) => {
  const signed = y === 1 ? u : -u;
  const wrong = logistic(-signed);
  out[0] = -softplus(-signed);
  out[1] = y === 1 ? wrong : -wrong;
  out[3] = -wrong * (1 - wrong);
};

/** Poisson: log E(Y) = u. */
export const poisson: Kernel = (y, u, _l, out) => {
  const mean = Math.exp(u);
  out[0] = y * u - mean - logGamma(y + 1);
  out[1] = y - mean;
  out[3] = -mean;
};

/** Cumulative logit: u may be +∞ (last category), l may be −∞ (first). */
export const cumulativeLogit: Kernel = (_y, u, l, out) => {
  const [above, below] = [logistic(u), logistic(l)];
  const [aboveLeft, belowLeft] = [logistic(-u), logistic(-l)];
  // F(u) − F(l) from whichever side keeps the digits.
  const p = u + l > 0 ? belowLeft - aboveLeft : above - below;
  const [fu, fl] = [above * aboveLeft, below * belowLeft];
  out[0] = p > 0 ? Math.log(p) : Number.NEGATIVE_INFINITY;
  const [du, dl] = [fu / p, -fl / p];
  out[1] = du;
  out[2] = dl;
  out[3] = (fu * (aboveLeft - above)) / p - du * du;
  out[4] = -du * dl;
  out[5] = (-fl * (belowLeft - below)) / p - dl * dl;
};

export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
