/**
 * Random-effects meta-analysis: y_i = x_iᵀβ + u_i + e_i, u_i with variance τ² between studies, e_i with the known sampling
 * variance v_i. Moderators make it a meta-regression.
 */
import { tQuantile, tTwoSided } from '../distributions/distributions.ts';
import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';
import { at, fromColumns } from '../linear-algebra/matrix.ts';
import { estimateTau2, type Heterogeneity, type HeterogeneityMethod, heterogeneityOf } from './heterogeneity.ts';
import { fitWeighted, type Studies } from './weighted.ts';

export type StudyEffect = {
  readonly study: string;
  /** On a scale where sampling is about normal: a mean difference, a log odds ratio. */
  readonly estimate: number;
  readonly standardError: number;
  /** By name; the same names in every study. */
  readonly moderators?: Readonly<Record<string, number>>;
};

export type MetaAnalysisRequest = {
  readonly effects: readonly StudyEffect[];
  /** Default REML. */
  readonly method?: HeterogeneityMethod;
  /** `knappHartung` (default): t with k − p degrees and the errors scaled by the weighted residuals; else normal. */
  readonly test?: 'knappHartung' | 'normal';
  /** Coverage; default 0.95. */
  readonly level?: number;
};

export type MetaTerm = {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  /** Infinite for the normal test. */
  readonly df: number;
  readonly statistic: number;
  readonly p: number;
  readonly lower: number;
  readonly upper: number;
};

export type MetaAnalysis = {
  readonly studies: number;
  readonly terms: readonly MetaTerm[];
  readonly heterogeneity: Heterogeneity;
  /**
   * Where the true effect of a further study is expected (Higgins, Thompson & Spiegelhalter 2009, t with k − 2 degrees); null
   * with moderators or fewer than 3 studies.
   */
  readonly prediction: { readonly lower: number; readonly upper: number } | null;
  /** Share of the weight in the mean, by study, per cent. */
  readonly weights: readonly { readonly study: string; readonly percent: number }[];
};

/** @throws StatisticsError `too_few_rows`, `non_finite`, `unknown_column`, `rank_deficient`, `not_converged` */
export function metaAnalysis(request: MetaAnalysisRequest): MetaAnalysis {
  const { effects, method = 'REML', test = 'knappHartung', level = 0.95 } = request;
  if (!(level > 0 && level < 1)) throw new RangeError(`A coverage between 0 and 1 is needed, not ${level}`);
  const studies = studiesOf(effects);
  const tau2 = estimateTau2(studies, method);
  const fit = fitWeighted(studies, tau2);
  const df = studies.y.length - studies.design.columns;
  const scale = test === 'knappHartung' ? fit.q / df : 1;
  const terms = studies.names.map((term, j) => {
    const estimate = fit.estimates[j] as number;
    const standardError = Math.sqrt(scale * at(fit.covariance, j, j));
    return termOf(term, estimate, standardError, test === 'knappHartung' ? df : Number.POSITIVE_INFINITY, level);
  });
  const weights = studies.v.map((v) => 1 / (v + tau2));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return {
    studies: studies.y.length,
    terms,
    heterogeneity: heterogeneityOf(studies, tau2, level),
    prediction: predictionOf(terms, tau2, studies, level),
    weights: effects.map(({ study }, i) => ({ study, percent: (100 * (weights[i] as number)) / total })),
  };
}

function termOf(term: string, estimate: number, standardError: number, df: number, level: number): MetaTerm {
  const statistic = estimate / standardError;
  const normal = df === Number.POSITIVE_INFINITY;
  const quantile = normal ? normalQuantile((1 + level) / 2) : tQuantile((1 + level) / 2, df);
  const p = normal ? 2 * normalCdf(-Math.abs(statistic)) : tTwoSided(statistic, df);
  const half = quantile * standardError;
  return { term, estimate, standardError, df, statistic, p, lower: estimate - half, upper: estimate + half };
}

function predictionOf(terms: readonly MetaTerm[], tau2: number, studies: Studies, level: number) {
  const [mean] = terms;
  const k = studies.y.length;
  if (mean === undefined || terms.length > 1 || k < 3) return null;
  const half = tQuantile((1 + level) / 2, k - 2) * Math.sqrt(tau2 + mean.standardError ** 2);
  return { lower: mean.estimate - half, upper: mean.estimate + half };
}

function studiesOf(effects: readonly StudyEffect[]): Studies {
  const moderators = Object.keys(effects[0]?.moderators ?? {});
  const names = ['(Intercept)', ...moderators];
  if (effects.length <= names.length) {
    throw new StatisticsError('too_few_rows', `${effects.length} studies, ${names.length} coefficients`);
  }
  for (const { study, estimate, standardError, moderators: given = {} } of effects) {
    if (!Number.isFinite(estimate) || !(standardError > 0 && Number.isFinite(standardError))) {
      throw new StatisticsError('non_finite', study);
    }
    for (const name of new Set([...moderators, ...Object.keys(given)])) {
      if (!moderators.includes(name) || given[name] === undefined)
        throw new StatisticsError('unknown_column', `${study}: ${name}`);
      if (!Number.isFinite(given[name])) throw new StatisticsError('non_finite', `${study}: ${name}`);
    }
  }
  return {
    y: Float64Array.from(effects, ({ estimate }) => estimate),
    v: Float64Array.from(effects, ({ standardError }) => standardError ** 2),
    design: fromColumns([
      effects.map(() => 1),
      ...moderators.map((name) => effects.map((effect) => effect.moderators?.[name] ?? 0)),
    ]),
    names,
  };
}

/** The analysis without each study in turn: does one of them carry the result? */
export function leaveOneOut(
  request: MetaAnalysisRequest,
): readonly { readonly without: string; readonly mean: MetaTerm; readonly tau2: number }[] {
  return request.effects.map(({ study }, place) => {
    const rest = metaAnalysis({ ...request, effects: request.effects.filter((_, index) => index !== place) });
    return { without: study, mean: rest.terms[0] as MetaTerm, tau2: rest.heterogeneity.tau2 };
  });
}

/**
 * Egger's test of funnel asymmetry (Egger et al. 1997): effects on standard errors, weighted by 1/v, t with k − 2 degrees. A
 * slope that is not zero means that small studies give other effects; missing studies are one reason among several.
 * @throws StatisticsError `too_few_rows` with fewer than 3 studies, `rank_deficient` where all errors are equal
 */
export function eggerTest(effects: readonly StudyEffect[], level = 0.95): MetaTerm {
  const line = effects.map(({ study, estimate, standardError }) => ({
    study,
    estimate,
    standardError,
    moderators: { standardError },
  }));
  const studies = studiesOf(line);
  const fit = fitWeighted(studies, 0);
  const df = effects.length - 2;
  const error = Math.sqrt((fit.q / df) * at(fit.covariance, 1, 1));
  return termOf('standardError', fit.estimates[1] as number, error, df, level);
}
