/**
 * Blinding in the course of a study. At each time the indices have the intervals of their authors; over times, where people guess again and again,
 * intervals are from a bootstrap of participants, who are drawn with all their guesses.
 */
import { StatisticsError } from '../errors.ts';
import type { Random } from '../random/philox.ts';
import { quantile } from './curve.ts';
import { bangIndex, type GuessTable, guessTable, type Index, jamesIndex } from './indices.ts';

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

/** null where the study has no answer, or fewer than half of the draws do. */
export type BootstrappedIndices = {
  readonly active: BootstrappedIndex | null;
  readonly placebo: BootstrappedIndex | null;
  readonly james: BootstrappedIndex | null;
};

export type BlindingOverTime = {
  readonly times: readonly IndicesAt[];
  /** Bang's index by condition and James's, all times together. */
  readonly overall: BootstrappedIndices;
  /** The index at the last time less that at the first: Bang's above 0, James's below 0 where people find out. */
  readonly change: BootstrappedIndices;
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
  const people = [...Map.groupBy(guesses, ({ participant }) => participant).values()].map((own) => cellsOf(own, times));
  const size = times.length * cellsATime;
  const sumOf = (drawn: () => Uint32Array) => {
    const sum = new Float64Array(size);
    for (let i = 0; i < people.length; i += 1) for (const cell of drawn()) sum[cell] = (sum[cell] as number) + 1;
    return sum;
  };
  let next = 0;
  const observed = sumOf(() => people[next++] as Uint32Array);
  const draws = Array.from({ length: resamples }, () => sumOf(() => random.choice(people)));
  const all = times.map((_, place) => place);
  const each = (statistic: (index: (table: GuessTable) => number | null, counts: Float64Array) => number | null) => {
    const of = (index: (table: GuessTable) => number | null) =>
      bootstrapped((counts) => statistic(index, counts), observed, draws);
    return { active: of(bangOf('active')), placebo: of(bangOf('placebo')), james: of(jamesOf) };
  };
  return {
    times: times.map((time) => indicesAt(time, byTime.get(time) ?? [])),
    overall: each((index, counts) => index(tableOf(counts, all))),
    change: each((index, counts) => {
      if (times.length < 2) return null;
      const [early, late] = [0, times.length - 1].map((place) => index(tableOf(counts, [place])));
      return early == null || late == null ? null : late - early;
    }),
  };
}

/** Cells of one time: right, wrong and unsure of active, then of placebo. */
const cellsATime = 6;

/** One cell for each guess of a person. */
function cellsOf(own: readonly TimedGuess[], times: readonly (string | number)[]): Uint32Array {
  return Uint32Array.from(own, ({ time, condition, guess }) => {
    const answer = guess === 'unsure' ? 2 : guess === condition ? 0 : 1;
    return cellsATime * times.indexOf(time) + (condition === 'active' ? 0 : 3) + answer;
  });
}

function tableOf(counts: Float64Array, places: readonly number[]): GuessTable {
  const sum = (cell: number) => places.reduce((all, place) => all + (counts[cellsATime * place + cell] as number), 0);
  return {
    active: { correct: sum(0), wrong: sum(1), unsure: sum(2) },
    placebo: { correct: sum(3), wrong: sum(4), unsure: sum(5) },
  };
}

const guessesOf = ({ correct, wrong, unsure }: GuessTable['active']) => correct + wrong + unsure;

const bangOf =
  (condition: 'active' | 'placebo') =>
  (table: GuessTable): number | null => {
    const own = table[condition];
    const n = guessesOf(own);
    return n === 0 ? null : (own.correct - own.wrong) / n;
  };

function jamesOf(table: GuessTable): number | null {
  if (guessesOf(table.active) === 0 || guessesOf(table.placebo) === 0) return null;
  return orNull(() => jamesIndex(table))?.index ?? null;
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

function bootstrapped(
  statistic: (counts: Float64Array) => number | null,
  observed: Float64Array,
  draws: readonly Float64Array[],
): BootstrappedIndex | null {
  const index = statistic(observed);
  if (index === null) return null;
  const found = draws.flatMap((counts) => statistic(counts) ?? []).sort((a, b) => a - b);
  if (found.length < draws.length / 2 || found.length === 0) return null;
  return { index, lower: quantile(found, 0.05), upper: quantile(found, 0.95) };
}
