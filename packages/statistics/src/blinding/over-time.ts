/**
 * Blinding in the course of a study. At each time the indices have the intervals of their authors; over times, where people guess again and again,
 * intervals are from a bootstrap of participants, who are drawn with all their guesses.
 */
import { StatisticsError } from '../errors.ts';
import type { Random } from '../random/philox.ts';
import { quantile } from './curve.ts';
import { bangIndex, guessTable, type Index, jamesIndex } from './indices.ts';

export type TimedGuess = {
  readonly participant: string;
  readonly time: string | number;
  readonly condition: 'active' | 'placebo';
  readonly guess: 'active' | 'placebo' | 'unsure';
};

export type IndicesAt = {
  readonly time: string | number;
  readonly guesses: number;
  /** null where nobody of the condition guessed. */
  readonly bang: { readonly active: Index | null; readonly placebo: Index | null };
  /** null where a condition has no guesses or agreement by chance has no meaning. */
  readonly james: Index | null;
};

export type BootstrappedIndex = {
  readonly index: number;
  /** Percentiles over draws of participants, two-sided 90 % as those of the indices. */
  readonly lower: number;
  readonly upper: number;
};

export type BlindingOverTime = {
  readonly times: readonly IndicesAt[];
  /** All times together. */
  readonly overall: { readonly active: BootstrappedIndex | null; readonly placebo: BootstrappedIndex | null };
  /** Bang's index at the last time less that at the first: above 0 where people find out. */
  readonly change: { readonly active: BootstrappedIndex | null; readonly placebo: BootstrappedIndex | null };
};

/**
 * Times in their order of number, or in that of their first guess where they are texts.
 * @throws StatisticsError `no_guesses`
 */
export function blindingOverTime(
  guesses: readonly TimedGuess[],
  options: { readonly random: Random; readonly resamples?: number },
): BlindingOverTime {
  if (guesses.length === 0) throw new StatisticsError('no_guesses');
  const { random, resamples = 1000 } = options;
  const byTime = Map.groupBy(guesses, ({ time }) => time);
  const times = [...byTime.keys()];
  if (times.every((time) => typeof time === 'number')) times.sort((a, b) => (a as number) - (b as number));
  const [first, last] = [times[0] as string | number, times.at(-1) as string | number];
  const people = [...Map.groupBy(guesses, ({ participant }) => participant).values()];
  const draws = Array.from({ length: resamples }, () => people.flatMap(() => random.choice(people)));
  const of = (statistic: (own: readonly TimedGuess[]) => number | null) => bootstrapped(statistic, guesses, draws);
  const both = (statistic: (condition: 'active' | 'placebo', own: readonly TimedGuess[]) => number | null) => ({
    active: of((own) => statistic('active', own)),
    placebo: of((own) => statistic('placebo', own)),
  });
  return {
    times: times.map((time) => indicesAt(time, byTime.get(time) ?? [])),
    overall: both(bangOf),
    change: both((condition, own) => {
      if (times.length < 2) return null;
      const [early, late] = [first, last].map((time) =>
        bangOf(
          condition,
          own.filter((one) => one.time === time),
        ),
      );
      return early == null || late == null ? null : late - early;
    }),
  };
}

function indicesAt(time: string | number, own: readonly TimedGuess[]): IndicesAt {
  const table = guessTable(own, { active: 'active', placebo: 'placebo' });
  const bang = (condition: 'active' | 'placebo') => orNull(() => bangIndex(table[condition]));
  const known =
    own.some(({ condition }) => condition === 'active') && own.some(({ condition }) => condition === 'placebo');
  return {
    time,
    guesses: own.length,
    bang: { active: bang('active'), placebo: bang('placebo') },
    james: known ? orNull(() => jamesIndex(table)) : null,
  };
}

function orNull(index: () => Index): Index | null {
  try {
    return index();
  } catch (error) {
    if (error instanceof StatisticsError && ['no_guesses', 'index_undefined'].includes(error.code)) return null;
    throw error;
  }
}

function bangOf(condition: 'active' | 'placebo', own: readonly TimedGuess[]): number | null {
  let [right, wrong, all] = [0, 0, 0];
  for (const one of own) {
    if (one.condition !== condition) continue;
    all += 1;
    if (one.guess === condition) right += 1;
    else if (one.guess !== 'unsure') wrong += 1;
  }
  return all === 0 ? null : (right - wrong) / all;
}

/** None where fewer than half of the draws have an answer. */
function bootstrapped(
  statistic: (own: readonly TimedGuess[]) => number | null,
  guesses: readonly TimedGuess[],
  draws: readonly (readonly TimedGuess[])[],
): BootstrappedIndex | null {
  const index = statistic(guesses);
  if (index === null) return null;
  const found = draws.flatMap((own) => statistic(own) ?? []).sort((a, b) => a - b);
  if (found.length < draws.length / 2 || found.length === 0) return null;
  return { index, lower: quantile(found, 0.05), upper: quantile(found, 0.95) };
}
