/** τ², the variance of true effects between studies: three estimators and the interval by Q-profile. */
import { chiSquareQuantile, chiSquareUpper } from '../distributions/distributions.ts';
import { StatisticsError } from '../errors.ts';
import { fitWeighted, type Studies } from './weighted.ts';

export type HeterogeneityMethod = 'REML' | 'DL' | 'PM';

const mostRounds = 200;

/**
 * REML by Fisher scoring on the restricted likelihood (Viechtbauer 2005), DL from Cochran's Q (DerSimonian & Laird 1986), PM
 * from its expectation (Paule & Mandel 1982). Never below 0.
 * @throws StatisticsError `not_converged`
 */
export function estimateTau2(studies: Studies, method: HeterogeneityMethod): number {
  const df = studies.y.length - studies.design.columns;
  const common = fitWeighted(studies, 0);
  const moments = Math.max(0, (common.q - df) / common.trace);
  if (method === 'DL') return moments;
  if (method === 'PM') return common.q <= df ? 0 : solveQ(studies, df);
  return restrictedMaximum(studies, moments);
}

function restrictedMaximum(studies: Studies, start: number): number {
  let tau2 = start;
  let deviance = fitWeighted(studies, tau2).deviance;
  for (let round = 0; round < mostRounds; round += 1) {
    const { squared, trace, traceSquared } = fitWeighted(studies, tau2);
    let step = (squared - trace) / traceSquared;
    let next = Math.max(0, tau2 + step);
    let better = fitWeighted(studies, next).deviance;
    while (better > deviance + 1e-12 * Math.abs(deviance) && Math.abs(step) > 1e-14) {
      step /= 2;
      next = Math.max(0, tau2 + step);
      better = fitWeighted(studies, next).deviance;
    }
    const moved = Math.abs(next - tau2);
    tau2 = next;
    deviance = better;
    if (moved <= 1e-12 * (tau2 + 1e-12)) return tau2;
  }
  throw new StatisticsError('not_converged', 'τ²');
}

/** The τ² at which the generalised Q has the value given; Q falls as τ² rises. Bisection on an ever wider bracket. */
function solveQ(studies: Studies, value: number): number {
  const q = (tau2: number) => fitWeighted(studies, tau2).q - value;
  if (q(0) <= 0) return 0;
  let high = Math.max(...studies.v);
  for (let widened = 0; q(high) > 0; widened += 1) {
    if (widened > mostRounds) throw new StatisticsError('not_converged', 'τ²');
    high *= 4;
  }
  let low = 0;
  while (high - low > 1e-15 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (q(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export type Heterogeneity = {
  readonly tau2: number;
  /** Q-profile (Viechtbauer 2007); the upper end can be far out where there are few studies. */
  readonly lower: number;
  readonly upper: number;
  /** Cochran's Q of the common-effect model, its degrees of freedom and p. */
  readonly q: number;
  readonly df: number;
  readonly p: number;
  /** Per cent of the variance of estimates that is between studies (Higgins & Thompson 2002). */
  readonly i2: number;
  /** Total variance over typical sampling variance. */
  readonly h2: number;
};

export function heterogeneityOf(studies: Studies, tau2: number, level: number): Heterogeneity {
  const df = studies.y.length - studies.design.columns;
  const { q, trace } = fitWeighted(studies, 0);
  const typical = df / trace;
  return {
    tau2,
    lower: solveQ(studies, chiSquareQuantile((1 + level) / 2, df)),
    upper: solveQ(studies, chiSquareQuantile((1 - level) / 2, df)),
    q,
    df,
    p: chiSquareUpper(q, df),
    i2: (100 * tau2) / (tau2 + typical),
    h2: (tau2 + typical) / typical,
  };
}
