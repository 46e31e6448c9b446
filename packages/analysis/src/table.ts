/** The table of a finished trial, analysed by a map. */
import { guessSeries } from './blinding.ts';
import { failedModels, missingOutcomes, missingTimes, tableFindings } from './findings.ts';
import { adjustPrimaries, analyseOutcome, byText } from './outcome.ts';
import type { OutcomeSpec } from './outcome-spec.ts';
import { renderReport } from './report/report.ts';
import { type GuessSeries, type Results, resultsFormat } from './results.ts';
import type { Analysis } from './study.ts';
import { readMap, type TableMap } from './table-map.ts';
import { readTable, type TableData, type TableRow } from './table-rows.ts';
import { software } from './version.ts';

export type TableInput = TableData & {
  /** A `limen-map/1` document. */
  readonly map: unknown;
  /** Seed of the resampling behind bands. */
  readonly seed?: string;
};

/**
 * Fits every model of the map to every outcome of the table and writes the report. The same input gives the same bytes.
 * @throws AnalysisError naming the field of the map, or the row and column of the table
 */
export function analyseTable(input: TableInput): Analysis {
  const map = readMap(input.map);
  const rows = readTable(input, map);
  const seed = input.seed ?? 'limen';
  const outcomes = specsOf(map, rows).map((spec) => analyseOutcome(spec, seed));
  const missing = [...missingOutcomes(map, rows), ...missingTimes(map, rows), ...failedModels(outcomes)];
  const results: Results = {
    format: resultsFormat,
    kind: 'table',
    title: map.title,
    description: map.description,
    sources: map.sources,
    alpha: map.alpha,
    labels: { active: map.condition.activeLabel, placebo: map.condition.referenceLabel },
    participants: new Set(rows.map((row) => row.participant)).size,
    outcomes: adjustPrimaries(outcomes),
    blinding: map.blinding.map((one) => seriesOf(map, one, rows, seed)),
    partial: missing.length > 0,
    findings: [...missing, ...tableFindings(map, rows)],
    study: null,
    software,
    resamplingSeed: seed,
  };
  return { results, html: renderReport(results) };
}

/** Primary and secondary outcomes in the order of the map, then the others as the table has them. */
function specsOf(map: TableMap, rows: readonly TableRow[]): OutcomeSpec[] {
  const byOutcome = Map.groupBy(rows, (row) => row.outcome);
  const named = [...map.outcome.primary, ...map.outcome.secondary, ...Object.keys(map.models)];
  const order = [...new Set([...named, ...byOutcome.keys()])];
  return order.flatMap((name) => {
    const own = byOutcome.get(name);
    if (own === undefined) return [];
    const formulas = map.models[name] ?? map.models.default ?? [];
    return formulas.map((formula, index) => specOf(map, name, own, formula, index));
  });
}

function specOf(map: TableMap, name: string, rows: readonly TableRow[], formula: string, index: number): OutcomeSpec {
  const { outcome, condition, guess } = map;
  const level = outcome.primary.includes(name)
    ? 'primary'
    : outcome.secondary.includes(name)
      ? 'secondary'
      : 'exploratory';
  return {
    id: index === 0 ? name : `${name}-${index + 1}`,
    label: outcome.labels[name] ?? name,
    level: index === 0 ? level : 'exploratory',
    better: outcome.better[name] ?? null,
    contrastKind: `column “${condition.column}”`,
    formula,
    columns: {
      value: outcome.value,
      condition: condition.column,
      guess: guess?.column ?? 'guess',
      participant: map.participant,
      timePoint: map.time.column,
    },
    rows: rows.map((row) => ({ ...row, timePoint: timeLabel(map, row.timePoint) })),
    leftOut: [],
    levels: [
      { level: condition.reference, label: condition.referenceLabel },
      { level: condition.active, label: condition.activeLabel },
    ],
    guessLevels: {
      active: guess?.active ?? 'active',
      placebo: guess?.placebo ?? 'placebo',
      unsure: guess?.unsure ?? 'unsure',
    },
    perProtocol: null,
    notes: [],
  };
}

function timeLabel(map: TableMap, timePoint: string): string {
  return map.time.labels[timePoint] ?? timePoint;
}

function seriesOf(
  map: TableMap,
  series: TableMap['blinding'][number],
  rows: readonly TableRow[],
  seed: string,
): GuessSeries {
  const guesses = rows.flatMap(({ outcome, participant, timePoint, role, guess, confidence, cue }) =>
    outcome !== series.outcome || guess === null
      ? []
      : [{ participant, timePoint, role, guess, confidence, cues: cue === null ? [] : [cue], dose: null }],
  );
  const head = { id: series.id, label: series.label, about: series.about, unit: null };
  const labelled = guessSeries(head, guesses, `${seed}/${series.id}`, byText);
  const timePoints = labelled.timePoints.map((table) => ({ ...table, label: timeLabel(map, table.label) }));
  return { ...labelled, timePoints };
}
