/** The plan's mixed model for repeated measures (MMRM); visits are study days, and conditions are compared at one of them. */
import type { Endpoint } from '@limen/protocol';
import { type Data, fitMmrm, type Mmrm, type Term } from '@limen/statistics';
import type { FittedModel } from './results.ts';

export type RepeatedPlan = NonNullable<Endpoint['repeated']>;

export const visitColumn = 'visit';

/** Names of visits by study day, earliest first. */
export function visitsOf(days: readonly (number | null)[]): string[] {
  const known = new Set(days.filter((day) => day !== null));
  return [...known].sort((a, b) => a - b).map(visitName);
}

export function visitName(day: number): string {
  return `day ${day}`;
}

export type RepeatedRequest = {
  readonly plan: RepeatedPlan;
  readonly formula: string;
  readonly data: Data;
  readonly reference: Readonly<Record<string, string>>;
  readonly visits: readonly string[];
  readonly participant: string;
  /** Terms wanted, by name; absent: all. Tests of few cost less, which counts in simulations. */
  readonly only?: (term: string) => boolean;
};

/**
 * Fits the plan's model. The visit compared at is the reference of the factor, so that a term of the condition is the
 * difference at that visit even where the formula lets it differ between visits.
 * @throws StatisticsError
 */
export function fitVisits({ plan, formula, data, reference, visits, participant }: RepeatedRequest): Mmrm {
  const at = comparedAt({ plan, formula, visits });
  return fitMmrm({
    formula,
    data,
    reference: { ...reference, ...(at === null ? {} : { [visitColumn]: at }) },
    subject: participant,
    visit: visitColumn,
    visits,
    covariance: plan.covariance,
    df: plan.df ?? 'satterthwaite',
  });
}

/** Null where the formula does not know visits. */
function comparedAt({ plan, formula, visits }: Pick<RepeatedRequest, 'plan' | 'formula' | 'visits'>): string | null {
  const words: readonly string[] = formula.match(/[\p{L}_.][\p{L}\p{N}_.]*/gu) ?? [];
  if (!words.includes(visitColumn)) return null;
  return plan.effectAtDay === undefined ? (visits.at(-1) ?? null) : visitName(plan.effectAtDay);
}

/** As results: terms, covariance over visits. @throws StatisticsError */
export function fitRepeated(request: RepeatedRequest): Omit<FittedModel, 'formula' | 'participants'> {
  const { plan } = request;
  const model = fitVisits(request);
  const sigma = model.covariances[0];
  const variances = model.visits.map((_, visit) => sigma?.values[visit + visit * sigma.rows] ?? Number.NaN);
  return {
    status: 'fitted',
    rows: model.rowsUsed,
    rowsDropped: model.rowsDropped,
    terms: request.only === undefined ? model.terms() : someTerms(model, request.only),
    variance: model.visits.map((name, visit) => ({ group: 'visit', name, variance: variances[visit] ?? Number.NaN })),
    residualVariance: variances.at(-1) ?? Number.NaN,
    criterion: -2 * model.logLikelihood,
    logLikelihood: model.logLikelihood,
    converged: true,
    singular: false,
    iterations: model.convergence.iterations,
    repeated: {
      covariance: plan.covariance,
      df: plan.df ?? 'satterthwaite',
      effectAt: comparedAt(request),
      visits: model.visits,
      residualCovariance: model.visits.map((_, i) =>
        model.visits.map((__, j) => sigma?.values[i + j * sigma.rows] ?? Number.NaN),
      ),
    },
  };
}

function someTerms(model: Mmrm, only: (term: string) => boolean): Term[] {
  const wanted = [...model.names.keys()].filter((j) => only(model.names[j] as string));
  const rows = wanted.map((j) => model.names.map((_, k) => (k === j ? 1 : 0)));
  return model.estimates(rows).map((test, i) => ({ term: model.names[wanted[i] as number] as string, ...test }));
}
