/** One outcome: the planned model, the same with the guess in it, the strata and the curve. */
import { expectancySplit } from './belief.ts';
import { correctGuessCurve } from './curve.ts';
import { fitModel } from './models.ts';
import type { AnalysisRow, Columns, OutcomeSpec } from './outcome-spec.ts';
import type { Cell, Contrast, FittedModel, GuessCounts, ModelResult, Outcome, Strata, Summary } from './results.ts';

/** One measured value with everything the model may ask for. */
/** Below this, a combination of condition and guess is too small to carry an estimate (expected smallest stratum). */
export const smallestStratum = 15;

export function analyseOutcome(spec: OutcomeSpec, seed: string): Outcome {
  const { rows } = spec;
  const unadjusted = fitModel(spec, spec.formula, rows);
  const withGuess = fitModel(spec, withGuessIn(spec.formula, spec.columns), rows);
  const guessed = rows.filter((row) => row.guess !== null);
  const partly = guessed.length > 0 && guessed.length < rows.length;
  const sameRows = partly ? fitModel(spec, spec.formula, guessed) : null;
  const strata = strataOf(rows);
  return {
    id: spec.id,
    label: spec.label,
    level: spec.level,
    better: spec.better,
    contrastKind: spec.contrastKind,
    timePoints: [...new Set(rows.map((row) => row.timePoint))].sort(byText),
    rows: rows.length,
    participants: new Set(rows.map((row) => row.participant)).size,
    leftOut: spec.leftOut,
    groups: spec.levels.flatMap((level) => {
      const values = rows.filter((row) => row.condition === level.level).map((row) => row.value);
      return values.length === 0 ? [] : [{ ...level, ...summarise(values) }];
    }),
    unadjusted,
    withGuess,
    sameRows,
    contrasts: contrastsOf(spec, unadjusted, withGuess, sameRows ?? unadjusted),
    perProtocol: spec.perProtocol === null ? null : fitPerProtocol(spec, spec.perProtocol),
    adjustedP: null,
    strata,
    expectancy: expectancySplit(rows),
    curve: correctGuessCurve(rows, `${seed}/${spec.id}`),
    notes: [...spec.notes, ...(rows.length === 0 ? [] : strataNotes(strata)), ...modelNotes(unadjusted, withGuess)],
  };
}

/** The formula with the guess right after the condition; as it is where the plan already has it. */
export function withGuessIn(formula: string, columns: Columns): string {
  const [left = '', right = ''] = formula.split('~');
  const words: readonly string[] = right.match(/[\p{L}_.][\p{L}\p{N}_.]*/gu) ?? [];
  if (words.includes(columns.guess)) return formula;
  const at = new RegExp(`(^|[^\\p{L}\\p{N}_.])(${columns.condition.replaceAll('.', '\\.')})(?![\\p{L}\\p{N}_.])`, 'u');
  const simple = /[*:]/.test(right) ? right : right.replace(at, `$1$2 + ${columns.guess}`);
  return `${left}~${simple === right ? `${right.trimEnd()} + ${columns.guess}` : simple}`;
}

function fitPerProtocol(spec: OutcomeSpec, set: ReadonlySet<string>): ModelResult {
  return fitModel(
    spec,
    spec.formula,
    spec.rows.filter((row) => set.has(row.participant)),
  );
}

function contrastsOf(
  spec: OutcomeSpec,
  unadjusted: ModelResult,
  withGuess: ModelResult,
  sameRows: ModelResult,
): Contrast[] {
  return spec.levels.slice(1).flatMap(({ level, label }) => {
    const term = `${spec.columns.condition}${level}`;
    const find = (model: ModelResult) =>
      model.status === 'fitted' ? (model.terms.find((one) => one.term === term) ?? null) : null;
    const contrast = {
      level,
      label,
      term,
      unadjusted: find(unadjusted),
      sameRows: find(sameRows),
      withGuess: find(withGuess),
    };
    return contrast.unadjusted === null && contrast.withGuess === null ? [] : [contrast];
  });
}

export function emptyCounts(): { active: Record<Cell, number>; placebo: Record<Cell, number> } {
  return { active: { active: 0, placebo: 0, unsure: 0 }, placebo: { active: 0, placebo: 0, unsure: 0 } };
}

export function countGuesses(
  rows: readonly { readonly role: 'active' | 'placebo'; readonly guess: Cell | null }[],
): GuessCounts {
  const counts = emptyCounts();
  for (const { role, guess } of rows) if (guess !== null) counts[role][guess] += 1;
  return counts;
}

function strataOf(rows: readonly AnalysisRow[]): Strata {
  const counts = countGuesses(rows);
  const meanOf = (role: 'active' | 'placebo', guess: Cell) => {
    const values = rows.filter((row) => row.role === role && row.guess === guess).map((row) => row.value);
    return values.length === 0 ? null : summarise(values).mean;
  };
  const meansOf = (role: 'active' | 'placebo') => ({
    active: meanOf(role, 'active'),
    placebo: meanOf(role, 'placebo'),
    unsure: meanOf(role, 'unsure'),
  });
  const { active, placebo } = counts;
  const smallest = Math.min(active.active, active.placebo, placebo.active, placebo.placebo);
  return {
    counts,
    means: { active: meansOf('active'), placebo: meansOf('placebo') },
    smallest,
    tooSmall: smallest < smallestStratum,
  };
}

function strataNotes(strata: Strata): string[] {
  if (!strata.tooSmall) return [];
  return [
    `The smallest combination of condition and guess holds ${strata.smallest} rows, fewer than ${smallestStratum}: estimates that use the guess rest on too little.`,
  ];
}

function modelNotes(unadjusted: ModelResult, withGuess: ModelResult): string[] {
  const fitted = [unadjusted, withGuess].filter((model): model is FittedModel => model.status === 'fitted');
  const notes: string[] = [];
  if (fitted.some((model) => model.singular)) notes.push('A variance of the random effects was estimated as zero.');
  if (fitted.length === 2 && fitted[0]?.rows !== fitted[1]?.rows) {
    notes.push(
      `The model with the guess uses ${fitted[1]?.rows} rows, the planned model ${fitted[0]?.rows}: rows without a guess are missing from it.`,
    );
  }
  return notes;
}

/** Mean and standard deviation (n - 1). */
export function summarise(values: readonly number[]): Summary {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { rows: values.length, mean, sd: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)) };
}

/** By code unit, so that the order is the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Holm (1979): p-values in ascending order times the number left, never falling. */
export function holm(values: readonly number[]): number[] {
  const order = values.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(values.length).fill(1);
  let running = 0;
  for (const [rank, { p, index }] of order.entries()) {
    running = Math.min(1, Math.max(running, p * (values.length - rank)));
    adjusted[index] = running;
  }
  return adjusted;
}

/** Adds Holm-adjusted p-values of the planned models where there are several primary outcomes. */
export function adjustPrimaries(outcomes: readonly Outcome[]): Outcome[] {
  const primaries = outcomes.filter(({ level, contrasts }) => level === 'primary' && contrasts[0]?.unadjusted);
  if (primaries.length < 2) return [...outcomes];
  const adjusted = holm(primaries.map(({ contrasts }) => contrasts[0]?.unadjusted?.p ?? 1));
  return outcomes.map((outcome) => {
    const place = primaries.indexOf(outcome);
    return place < 0 ? outcome : { ...outcome, adjustedP: adjusted[place] ?? null };
  });
}
