/** Fits one formula to the rows of an outcome. What cannot be fitted is answered as such, never as numbers. */
import { fitLinearMixedModel, StatisticsError } from '@limen/statistics';
import type { AnalysisRow, OutcomeSpec } from './outcome-spec.ts';
import { fitRepeated, fitVisits, visitColumn, visitName, visitsOf } from './repeated-measures.ts';
import type { ModelResult } from './results.ts';

export function fitModel(
  spec: ModelSpec & {
    /** Terms wanted of a repeated-measures model, by name; absent: all. */
    readonly only?: (term: string) => boolean;
  },
  formula: string,
  rows: readonly AnalysisRow[],
): ModelResult {
  const { columns } = spec;
  if (rows.length === 0)
    return { status: 'failed', formula, rows: 0, code: 'no_rows', message: 'There are no rows to analyse.' };
  const data = columnsOf(spec, rows);
  const reference = referenceOf(spec);
  try {
    const participants = participantsUsed(formula, data, columns.participant);
    if (spec.repeated !== undefined) {
      const visits = visitsOf(rows.map(dayOf));
      const request = { formula, data, reference, visits, participant: columns.participant };
      return {
        formula,
        participants,
        ...fitRepeated({ ...request, plan: spec.repeated, ...(spec.only ? { only: spec.only } : {}) }),
      };
    }
    const model = fitLinearMixedModel({ formula, data, reference, method: 'REML' });
    return {
      status: 'fitted',
      formula,
      rows: model.rowsUsed,
      rowsDropped: model.rowsDropped,
      participants,
      terms: model.terms,
      variance: model.varianceComponents.map(({ group, term, variance }) => ({ group, name: term, variance })),
      residualVariance: model.residualVariance,
      criterion: model.criterion,
      logLikelihood: model.logLikelihood,
      converged: model.converged,
      singular: model.singular,
      iterations: model.iterations,
    };
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { status: 'failed', formula, rows: rows.length, code: error.code, message: error.message };
  }
}

/**
 * F test that all terms whose names are picked are zero, in the planned kind of model.
 * @throws StatisticsError; `unknown_column` where no term is picked
 */
export function testTerms(
  spec: ModelSpec,
  formula: string,
  rows: readonly AnalysisRow[],
  pick: (term: string) => boolean,
): { f: number; df1: number; df2: number; p: number } {
  const data = columnsOf(spec, rows);
  const reference = referenceOf(spec);
  const visits = visitsOf(rows.map(dayOf));
  const model =
    spec.repeated === undefined
      ? fitLinearMixedModel({ formula, data, reference, method: 'REML' })
      : fitVisits({ plan: spec.repeated, formula, data, reference, visits, participant: spec.columns.participant });
  const names = model.frame.fixed.map(({ name }) => name);
  const picked = names.flatMap((name, at) => (pick(name) ? [at] : []));
  if (picked.length === 0) throw new StatisticsError('unknown_column', formula);
  const { f, df1, df2, p } = model.contrast(picked.map((at) => names.map((_, j) => (j === at ? 1 : 0))));
  return { f, df1, df2, p };
}

type ModelSpec = Pick<OutcomeSpec, 'columns' | 'levels' | 'guessLevels' | 'repeated'>;

function referenceOf({ columns, levels, guessLevels }: ModelSpec): Record<string, string> {
  return { [columns.condition]: levels[0]?.level ?? '', [columns.guess]: guessLevels.placebo };
}

type ModelData = Record<string, (string | number | null)[]>;

function columnsOf(
  { columns, guessLevels }: Pick<OutcomeSpec, 'columns' | 'guessLevels'>,
  rows: readonly AnalysisRow[],
) {
  const data: ModelData = {};
  const names = new Set<string>();
  for (const { covariates } of rows) for (const name in covariates) names.add(name);
  for (const name of names) data[name] = rows.map((row) => row.covariates[name] ?? null);
  const days = rows.map(dayOf);
  const visits = new Map(days.map((day) => [day, day === null ? null : visitName(day)]));
  if (days.some((day) => day !== null)) data[visitColumn] ??= days.map((day) => visits.get(day) ?? null);
  data[columns.value] = rows.map((row) => row.value);
  data[columns.condition] = rows.map((row) => row.condition);
  data[columns.guess] = rows.map((row) => (row.guess === null ? null : guessLevels[row.guess]));
  data[columns.participant] = rows.map((row) => row.participant);
  data[columns.timePoint] ??= rows.map((row) => row.timePoint);
  return data;
}

function dayOf({ covariates }: AnalysisRow): number | null {
  return typeof covariates.day === 'number' ? covariates.day : null;
}

/** Participants with a row that is complete in all columns the formula names. */
function participantsUsed(
  formula: string,
  data: Readonly<Record<string, readonly (string | number | null)[]>>,
  participant: string,
): number {
  const words = new Set(formula.match(/[\p{L}_.][\p{L}\p{N}_.]*/gu) ?? []);
  const used = Object.entries(data).flatMap(([name, column]) => (words.has(name) ? [column] : []));
  const complete = new Set<string | number | null>();
  data[participant]?.forEach((one, row) => {
    if (used.every((column) => column[row] !== null)) complete.add(one);
  });
  return complete.size;
}
