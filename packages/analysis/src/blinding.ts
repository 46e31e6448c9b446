/** How well people guessed: tables, indices and rates per time point, with cues and confidence. */
import {
  bangIndex,
  type GuessTable as CountedTable,
  correctGuessRate,
  guessAccuracy,
  type Index,
  jamesIndex,
  StatisticsError,
} from '@limen/statistics';
import { byText, countGuesses } from './outcome.ts';
import type { Cell, Confidence, Estimate, GuessCounts, GuessSeries, GuessTable, Possible } from './results.ts';

export type Guess = {
  readonly participant: string;
  readonly timePoint: string;
  readonly role: 'active' | 'placebo';
  readonly guess: Cell;
  readonly confidence: number | null;
  readonly cues: readonly string[];
};

export function guessSeries(
  head: { readonly id: string; readonly label: string; readonly about: string },
  guesses: readonly Guess[],
  order: (a: string, b: string) => number = byText,
): GuessSeries {
  const points = [...Map.groupBy(guesses, ({ timePoint }) => timePoint)].sort(([a], [b]) => order(a, b));
  return {
    ...head,
    timePoints: points.map(([label, rows]) => guessTableOf(label, rows)),
    overall: guessTableOf('all time points', guesses),
    confidence: {
      correct: confidenceOf(guesses.filter(({ role, guess }) => guess === role)),
      wrong: confidenceOf(guesses.filter(({ role, guess }) => guess !== role && guess !== 'unsure')),
    },
    cues: cuesOf(guesses),
  };
}

function guessTableOf(label: string, guesses: readonly Guess[]): GuessTable {
  const counts = countGuesses(guesses);
  const table = tableOfCounts(counts);
  const { active, placebo } = table;
  const [activeSure, placeboSure] = [active.correct + active.wrong, placebo.correct + placebo.wrong];
  return {
    label,
    counts,
    guesses: guesses.length,
    participants: new Set(guesses.map(({ participant }) => participant)).size,
    bang: { active: possible(() => indexed(bangIndex(active))), placebo: possible(() => indexed(bangIndex(placebo))) },
    james: possible(() => indexed(jamesIndex(table))),
    correct: possible(() => {
      const { guesses: sure } = correctGuessRate(table);
      return { ...proportion(active.correct + placebo.correct, sure), correct: active.correct + placebo.correct, sure };
    }),
    sensitivity: possible(() => proportion(active.correct, activeSure)),
    specificity: possible(() => proportion(placebo.correct, placeboSure)),
    informedRate: activeSure + placeboSure === 0 ? 0.5 : guessAccuracy(table).informedRate,
  };
}

function tableOfCounts({ active, placebo }: GuessCounts): CountedTable {
  return {
    active: { correct: active.active, wrong: active.placebo, unsure: active.unsure },
    placebo: { correct: placebo.placebo, wrong: placebo.active, unsure: placebo.unsure },
  };
}

function indexed({ index, standardError, lower, upper }: Index): Estimate {
  return { value: index, standardError, lower, upper, coverage: 90 };
}

function possible<T extends object>(compute: () => T): Possible<T> {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { notPossible: error.message };
  }
}

export function isPossible<T extends object>(value: Possible<T>): value is T {
  return !('notPossible' in value);
}

const z95 = 1.959963984540054;

/** A share with Wilson's interval (1927), which stays between 0 and 1. */
export function proportion(successes: number, n: number): Estimate {
  if (n === 0) throw new StatisticsError('no_guesses');
  const p = successes / n;
  const centre = (p + z95 ** 2 / (2 * n)) / (1 + z95 ** 2 / n);
  const half = (z95 * Math.sqrt((p * (1 - p)) / n + z95 ** 2 / (4 * n * n))) / (1 + z95 ** 2 / n);
  return {
    value: p,
    standardError: Math.sqrt((p * (1 - p)) / n),
    lower: Math.max(0, centre - half),
    upper: Math.min(1, centre + half),
    coverage: 95,
  };
}

function confidenceOf(guesses: readonly Guess[]): Confidence {
  const values = guesses.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  if (values.length === 0) return null;
  return { guesses: values.length, mean: values.reduce((sum, value) => sum + value, 0) / values.length };
}

function cuesOf(guesses: readonly Guess[]): GuessSeries['cues'] {
  const named = guesses.flatMap(({ cues, role }) => cues.map((cue) => ({ cue, role })));
  const groups = [...Map.groupBy(named, ({ cue }) => cue)].map(([cue, rows]) => {
    const active = rows.filter(({ role }) => role === 'active').length;
    return { cue, active, placebo: rows.length - active };
  });
  return groups.sort((a, b) => b.active + b.placebo - a.active - a.placebo || byText(a.cue, b.cue));
}
