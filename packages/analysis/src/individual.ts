/**
 * How much the effect differs between people, where people had both conditions: each person as a trial of one, and all of
 * them together (Zucker et al. 1997, J. Clin. Epidemiol. 50:401). A person's effect is the difference of the means of the
 * two conditions, with the standard deviation within person and condition pooled over everybody; the variance between
 * people comes by REML with its Q-profile interval, and a person's own effect is drawn in towards the mean by
 * τ² / (τ² + v).
 */
import { metaAnalysis, StatisticsError } from '@limen/statistics';
import type { AnalysisRow, OutcomeSpec } from './outcome-spec.ts';
import type { Individual, IndividualEffects, Possible } from './results.ts';

const fewestPeople = 3;
const z95 = 1.959963984540054;

/** One for each level other than the reference that people had beside it; empty where conditions do not change within people. */
export function individualsOf(spec: OutcomeSpec): Individual[] {
  const reference = spec.levels[0]?.level ?? '';
  const cells = [...Map.groupBy(spec.rows, ({ participant }) => participant)].map(([participant, rows]) => ({
    participant,
    values: Map.groupBy(rows, ({ condition }) => condition),
  }));
  const within = pooledVariance(cells.map(({ values }) => [...values.values()]));
  return spec.levels.slice(1).flatMap(({ level, label }): Individual[] => {
    const people = cells.flatMap(({ participant, values }) => {
      const [active, control] = [values.get(level), values.get(reference)];
      if (active === undefined || control === undefined) return [];
      const standardError = Math.sqrt(within * (1 / active.length + 1 / control.length));
      return [{ study: participant, estimate: mean(active) - mean(control), standardError }];
    });
    if (people.length < fewestPeople) return [];
    return [{ level, label, participants: people.length, effects: possible(() => together(people)) }];
  });
}

type Own = { readonly study: string; readonly estimate: number; readonly standardError: number };

function together(people: readonly Own[]): IndividualEffects {
  const { terms, heterogeneity, prediction } = metaAnalysis({ effects: people });
  const { tau2 } = heterogeneity;
  const [overall] = terms;
  if (overall === undefined) throw new StatisticsError('too_few_rows', 'people');
  const { estimate, lower, upper, p } = overall;
  return {
    mean: { estimate, lower, upper, p },
    between: {
      sd: Math.sqrt(tau2),
      lower: Math.sqrt(heterogeneity.lower),
      upper: Math.sqrt(heterogeneity.upper),
      p: heterogeneity.p,
    },
    prediction,
    people: people.map((own) => {
      const believed = tau2 / (tau2 + own.standardError ** 2);
      return {
        participant: own.study,
        estimate: own.estimate,
        lower: own.estimate - z95 * own.standardError,
        upper: own.estimate + z95 * own.standardError,
        drawnIn: estimate + believed * (own.estimate - estimate),
        believed,
      };
    }),
  };
}

/** Of values about the mean of their person and condition. */
function pooledVariance(people: readonly (readonly (readonly AnalysisRow[])[])[]): number {
  let [squares, df] = [0, 0];
  for (const rows of people.flat()) {
    const middle = mean(rows);
    squares += rows.reduce((sum, { value }) => sum + (value - middle) ** 2, 0);
    df += rows.length - 1;
  }
  return df > 0 ? squares / df : Number.NaN;
}

function mean(rows: readonly AnalysisRow[]): number {
  return rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
}

function possible<T extends object>(compute: () => T): Possible<T> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { notPossible: error.message };
  }
}
