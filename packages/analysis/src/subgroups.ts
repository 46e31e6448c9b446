/** One endpoint in groups of people: the planned model in each, and the test that the difference is the same in all. */
import type { ProtocolDocument } from '@limen/protocol';
import { StatisticsError } from '@limen/statistics';
import { fitModel, testTerms } from './models.ts';
import { byText } from './outcome.ts';
import type { AnalysisRow, OutcomeSpec } from './outcome-spec.ts';
import type { Possible, Subgroup, Term } from './results.ts';

export type PlannedSubgroup = NonNullable<ProtocolDocument['analysis']['subgroups']>[number];

const column = 'subgroup';

export function subgroupOf(planned: PlannedSubgroup, spec: OutcomeSpec): Subgroup {
  const rows = spec.rows.map((row) => ({ ...row, covariates: { ...row.covariates, [column]: groupOf(planned, row) } }));
  const names = [...new Set(rows.flatMap(({ covariates }) => covariates[column] ?? []))].sort(byText);
  return {
    id: planned.id,
    by: planned.by,
    groups: names.flatMap((group) => {
      const own = rows.filter(({ covariates }) => covariates[column] === group);
      const model = fitModel(spec, spec.formula, own);
      return spec.levels.slice(1).map(({ level, label }) => ({
        group,
        level,
        label,
        participants: new Set(own.map(({ participant }) => participant)).size,
        result: termOf(spec, level, model),
      }));
    }),
    interaction: names.length < 2 ? { notPossible: 'All are in one group.' } : interactionOf(spec, rows),
  };
}

function groupOf({ by, splitAt }: PlannedSubgroup, { covariates }: AnalysisRow): string | null {
  const value = covariates[by];
  if (value === null || value === undefined) return null;
  if (splitAt === undefined || typeof value !== 'number') return String(value);
  return value < splitAt ? `below ${splitAt}` : `from ${splitAt}`;
}

function termOf(spec: OutcomeSpec, level: string, model: ReturnType<typeof fitModel>): Possible<Term> {
  if (model.status === 'failed') return { notPossible: model.message };
  const term = model.terms.find((one) => one.term === `${spec.columns.condition}${level}`);
  return term ?? { notPossible: 'The model has no term for it.' };
}

/** F test of the products of condition and group, beside both. */
function interactionOf(spec: OutcomeSpec, rows: readonly AnalysisRow[]): Subgroup['interaction'] {
  const { condition } = spec.columns;
  const formula = `${spec.formula} + ${column} + ${condition}:${column}`;
  const isProduct = (name: string) => {
    const parts = name.split(':');
    return parts.length === 2 && parts.some((part) => part.startsWith(column));
  };
  try {
    return testTerms(spec, formula, rows, isProduct);
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { notPossible: error.message };
  }
}
