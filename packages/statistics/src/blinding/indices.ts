/**
 * How well people guess. Bang index by condition (Bang, Ni & Davis 2004, Control. Clin. Trials 25:143), James index
 * over conditions (James et al. 1996, Stat. Med. 15:1421).
 */
import { betaCdf, betaQuantile } from '../distributions/gamma-beta.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { StatisticsError } from '../errors.ts';

/** Guesses of one condition: how many right, how many wrong, how many did not know. */
export type GuessCounts = { readonly correct: number; readonly wrong: number; readonly unsure: number };

/** Guesses of both conditions. */
export type GuessTable = { readonly active: GuessCounts; readonly placebo: GuessCounts };

export type Index = {
  readonly index: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
};

/** Two-sided 90 % limits: each is the one-sided 95 % limit the authors use. */
const limit = normalQuantile(0.95);

function interval(index: number, standardError: number): Index {
  return { index, standardError, lower: index - limit * standardError, upper: index + limit * standardError };
}

function total(counts: GuessCounts): number {
  const { correct, wrong, unsure } = counts;
  if (![correct, wrong, unsure].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new StatisticsError('bad_counts', JSON.stringify(counts));
  }
  return correct + wrong + unsure;
}

/**
 * Bang's index B = (correct − wrong) / n, from −1 (all wrong) over 0 (chance) to 1 (all right).
 * Var = [p_c (1 − p_c) + p_w (1 − p_w) + 2 p_c p_w] / n.
 * @throws StatisticsError `no_guesses`, `bad_counts`
 */
export function bangIndex(counts: GuessCounts): Index {
  const n = total(counts);
  if (n === 0) throw new StatisticsError('no_guesses');
  const correct = counts.correct / n;
  const wrong = counts.wrong / n;
  const variance = (correct * (1 - correct) + wrong * (1 - wrong) + 2 * correct * wrong) / n;
  return interval(correct - wrong, Math.sqrt(Math.max(0, variance)));
}

/**
 * James's index, from 0 (all right) over 0.5 (chance) to 1 (nobody knows); an upper limit below 0.5 says unblinded.
 * BI = [1 + P_DK + (1 − P_DK) K] / 2 with K = (D_o − D_e) / D_e and weights 0 for right, ½ for wrong guesses. Written
 * out, with d the share that does not know, w the share of wrong guesses and E the wrong guesses by chance × (1 − d)²,
 *
 *   BI = d + (1 − d)² w / 2E;
 *
 * its standard error by the delta method over the multinomial cell shares. When nobody knows, it is 1 with no error.
 * @throws StatisticsError `no_guesses`, `bad_counts`, `index_undefined`
 */
export function jamesIndex({ active, placebo }: GuessTable): Index {
  const n = total(active) + total(placebo);
  if (n === 0) throw new StatisticsError('no_guesses');
  const [aa, ap, au] = [active.correct / n, active.wrong / n, active.unsure / n];
  const [pp, pa, pu] = [placebo.correct / n, placebo.wrong / n, placebo.unsure / n];
  const known = aa + ap + pp + pa;
  if (known === 0) return interval(1, 0);
  const wrong = ap + pa;
  const [inActive, inPlacebo, saidActive, saidPlacebo] = [aa + ap, pa + pp, aa + pa, ap + pp];
  const chance = saidPlacebo * inActive + saidActive * inPlacebo;
  if (chance === 0) throw new StatisticsError('index_undefined');
  const half = (known * known) / (2 * chance);
  const unsureSlope = 1 - (known * wrong) / chance;
  const slope = (own: number, ofChance: number) => (own - (wrong * ofChance) / chance) * half;
  const cells = [
    [aa, slope(0, saidPlacebo + inPlacebo)],
    [ap, slope(1, inActive + saidPlacebo)],
    [au, unsureSlope],
    [pa, slope(1, inPlacebo + saidActive)],
    [pp, slope(0, inActive + saidActive)],
    [pu, unsureSlope],
  ] as const;
  const mean = cells.reduce((sum, [share, value]) => sum + share * value, 0);
  const variance = cells.reduce((sum, [share, value]) => sum + share * (value - mean) ** 2, 0) / n;
  return interval(au + pu + wrong * half, Math.sqrt(variance));
}

/** Share of right guesses among those who guessed, with the standard error of a proportion. */
export function correctGuessRate(table: GuessTable): { rate: number; standardError: number; guesses: number } {
  const right = table.active.correct + table.placebo.correct;
  const guesses = right + table.active.wrong + table.placebo.wrong;
  if (guesses === 0) throw new StatisticsError('no_guesses');
  const rate = right / guesses;
  return { rate, standardError: Math.sqrt((rate * (1 - rate)) / guesses), guesses };
}

/** Two-sided 95 % limits of a share (Clopper & Pearson 1934). */
export type ShareLimits = { readonly lower: number; readonly upper: number };

export type GuessAccuracy = {
  /** Share right among those on active, and among those on placebo, who guessed; null where nobody did. */
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  /** Sensitivity + specificity − 1: zero for everybody who does not know, whatever they say and however often. */
  readonly youden: number | null;
  /** Of a guesser who knows only the ratio and always says the commoner. */
  readonly informedRate: number;
  readonly limits: {
    readonly sensitivity: ShareLimits | null;
    readonly specificity: ShareLimits | null;
    readonly rate: ShareLimits;
  };
  /** Chance that guesses at the informed rate are right as often as these or more often (exact binomial, one-sided). */
  readonly beyondInformed: number;
};

/**
 * Sensitivity and specificity of the guess against the informed guesser. Guesses are taken as independent: one a person.
 * @throws StatisticsError `no_guesses`
 */
export function guessAccuracy(table: GuessTable): GuessAccuracy {
  const active = table.active.correct + table.active.wrong;
  const placebo = table.placebo.correct + table.placebo.wrong;
  const all = active + placebo;
  if (all === 0) throw new StatisticsError('no_guesses');
  const right = table.active.correct + table.placebo.correct;
  const sensitivity = active > 0 ? table.active.correct / active : null;
  const specificity = placebo > 0 ? table.placebo.correct / placebo : null;
  const informedRate = Math.max(active, placebo) / all;
  return {
    ...{ sensitivity, specificity, informedRate },
    youden: sensitivity === null || specificity === null ? null : sensitivity + specificity - 1,
    limits: {
      sensitivity: active > 0 ? limitsOf(table.active.correct, active) : null,
      specificity: placebo > 0 ? limitsOf(table.placebo.correct, placebo) : null,
      rate: limitsOf(right, all),
    },
    beyondInformed: right === 0 ? 1 : betaCdf(informedRate, right, all - right + 1),
  };
}

function limitsOf(right: number, n: number): ShareLimits {
  return {
    lower: right === 0 ? 0 : betaQuantile(0.025, right, n - right + 1),
    upper: right === n ? 1 : betaQuantile(0.975, right + 1, n - right),
  };
}

/** Counts guesses; texts other than the two names count as not knowing, null is left out. */
export function guessTable(
  rows: readonly { readonly condition: string | null; readonly guess: string | null }[],
  names: { readonly active: string; readonly placebo: string },
): GuessTable {
  const count = (condition: string, right: string, wrong: string): GuessCounts => {
    const own = rows.filter((row) => row.condition === condition && row.guess !== null);
    const correct = own.filter((row) => row.guess === right).length;
    const missed = own.filter((row) => row.guess === wrong).length;
    return { correct, wrong: missed, unsure: own.length - correct - missed };
  };
  return {
    active: count(names.active, names.active, names.placebo),
    placebo: count(names.placebo, names.placebo, names.active),
  };
}
