/** How well people guessed: tables, indices and rates per time point, with cues and confidence. */
import {
  bangIndex,
  blindingOverTime,
  type GuessTable as CountedTable,
  correctGuessRate,
  detectionThreshold,
  gradedBangIndex,
  guessAccuracy,
  type Index,
  jamesIndex,
  philox,
  StatisticsError,
} from '@limen/statistics';
import { byText, countGuesses } from './outcome.ts';
import { possible } from './possible.ts';
import type { Cell, Confidence, Estimate, GuessCounts, GuessSeries, GuessTable } from './results.ts';

export type Guess = {
  readonly participant: string;
  readonly timePoint: string;
  readonly role: 'active' | 'placebo';
  readonly guess: Cell;
  readonly confidence: number | null;
  readonly cues: readonly string[];
  /** What the capsule held, in the unit of the series, 0 for a placebo; null where it is not known or not one amount. */
  readonly dose: number | null;
};

type Head = {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  /** Of doses; null where guesses are not about one capsule. */
  readonly unit: string | null;
};

export function guessSeries(
  { unit, ...head }: Head,
  guesses: readonly Guess[],
  seed: string,
  order: (a: string, b: string) => number = byText,
): GuessSeries {
  const points = [...Map.groupBy(guesses, ({ timePoint }) => timePoint)].sort(([a], [b]) => order(a, b));
  return {
    ...head,
    timePoints: points.map(([label, rows]) => guessTableOf(label, rows)),
    overall: guessTableOf('all time points', guesses),
    overTime: overTimeOf(
      points.flatMap(([, rows]) => rows),
      seed,
    ),
    confidence: {
      correct: confidenceOf(guesses.filter(({ role, guess }) => guess === role)),
      wrong: confidenceOf(guesses.filter(({ role, guess }) => guess !== role && guess !== 'unsure')),
    },
    byConfidence: byConfidenceOf(guesses),
    graded: gradedOf(guesses),
    ...detectionOf(guesses, unit),
    cues: cuesOf(guesses),
  };
}

/** People guess again and again, so intervals over time points come from drawing people. */
function overTimeOf(guesses: readonly Guess[], seed: string): GuessSeries['overTime'] {
  if (guesses.length === 0) return null;
  const timed = guesses.map(({ participant, timePoint, role, guess }) => ({
    ...{ participant, guess },
    time: timePoint,
    condition: role,
  }));
  const { overall, change } = blindingOverTime(timed, { random: philox(seed, 'blinding over time') });
  return { overall, change };
}

const confidenceBands = [
  [0, 33],
  [34, 66],
  [67, 100],
] as const;

function byConfidenceOf(guesses: readonly Guess[]): GuessSeries['byConfidence'] {
  const sure = guesses.filter(({ guess, confidence }) => guess !== 'unsure' && confidence !== null);
  if (sure.length === 0) return [];
  return confidenceBands.map(([from, to]) => {
    const own = sure.filter(({ confidence }) => (confidence as number) >= from && (confidence as number) < to + 1);
    const right = own.filter(({ role, guess }) => role === guess).length;
    return { from, to, guesses: own.length, correct: possible(() => proportion(right, own.length)) };
  });
}

const strongly = 50;

function gradedOf(guesses: readonly Guess[]): GuessSeries['graded'] {
  if (!guesses.some(({ guess, confidence }) => guess !== 'unsure' && confidence !== null)) return null;
  const of = (condition: 'active' | 'placebo') =>
    possible(() => {
      const own = guesses.filter(
        ({ role, guess, confidence }) => role === condition && (guess === 'unsure' || confidence !== null),
      );
      const counted = (isRight: boolean, isStrong: boolean) =>
        own.filter(
          ({ role, guess, confidence }) =>
            guess !== 'unsure' && (guess === role) === isRight && (confidence as number) >= strongly === isStrong,
        ).length;
      return indexed(
        gradedBangIndex({
          stronglyCorrect: counted(true, true),
          somewhatCorrect: counted(true, false),
          unsure: own.filter(({ guess }) => guess === 'unsure').length,
          somewhatWrong: counted(false, false),
          stronglyWrong: counted(false, true),
        }),
      );
    });
  return { active: of('active'), placebo: of('placebo') };
}

/** Logistic in dose: “don’t know” is no “active”. One active dose beside placebo says nothing of a threshold. */
function detectionOf(guesses: readonly Guess[], unit: string | null): Pick<GuessSeries, 'doses' | 'detection'> {
  const known = guesses.flatMap(({ participant, guess, dose }) =>
    dose === null ? [] : [{ participant, dose, noticed: guess === 'active' }],
  );
  const doses = [...Map.groupBy(known, ({ dose }) => dose)]
    .map(([dose, rows]) => ({ dose, guesses: rows.length, active: rows.filter(({ noticed }) => noticed).length }))
    .sort((a, b) => a.dose - b.dose);
  if (unit === null || doses.filter(({ dose }) => dose > 0).length < 2) return { doses: [], detection: null };
  const detection = possible(() => {
    const { dose, lower, upper, profile } = detectionThreshold(known);
    return { unit, dose, lower, upper, profile };
  });
  return { doses, detection };
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
