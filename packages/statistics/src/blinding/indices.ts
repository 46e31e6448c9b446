/**
 * How well people guess. Bang index by condition (Bang, Ni & Davis 2004, Control. Clin. Trials 25:143), James index
 * over conditions (James et al. 1996, Stat. Med. 15:1421).
 */
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

/**
 * Bang's index B = (correct − wrong) / n, from −1 (all wrong) over 0 (chance) to 1 (all right).
 * Var = [p_c (1 − p_c) + p_w (1 − p_w) + 2 p_c p_w] / n.
 * @throws StatisticsError `no_guesses`
 */
export function bangIndex(counts: GuessCounts): Index {
  const n = counts.correct + counts.wrong + counts.unsure;
  if (n === 0) throw new StatisticsError('no_guesses');
  const correct = counts.correct / n;
  const wrong = counts.wrong / n;
  const variance = (correct * (1 - correct) + wrong * (1 - wrong) + 2 * correct * wrong) / n;
  return interval(correct - wrong, Math.sqrt(Math.max(0, variance)));
}

/**
 * James's index, from 0 (all right) over 0.5 (chance) to 1 (nobody knows); an upper limit below 0.5 says unblinded.
 * BI = [1 + P_DK + (1 − P_DK) K] / 2 with K = (D_o − D_e) / D_e and weights 0 for right, ½ for wrong guesses; the
 * standard error by the delta method over the multinomial cell proportions.
 * @throws StatisticsError `no_guesses`
 */
export function jamesIndex(table: GuessTable): Index {
  const cells = [
    table.active.correct,
    table.active.wrong,
    table.active.unsure,
    table.placebo.wrong,
    table.placebo.correct,
    table.placebo.unsure,
  ];
  const n = cells.reduce((sum, count) => sum + count, 0);
  if (n === 0) throw new StatisticsError('no_guesses');
  const shares = cells.map((count) => count / n);
  const index = jamesOf(shares);
  const slopes = shares.map((_, cell) => slope(shares, cell));
  const mean = slopes.reduce((sum, value, cell) => sum + value * (shares[cell] as number), 0);
  const variance = slopes.reduce((sum, value, cell) => sum + (shares[cell] as number) * (value - mean) ** 2, 0) / n;
  return interval(index, Math.sqrt(Math.max(0, variance)));
}

/** Cells: active guessed active, placebo, unsure; placebo guessed active, placebo, unsure. */
function jamesOf(shares: readonly number[]): number {
  const [aa = 0, ap = 0, ad = 0, pa = 0, pp = 0, pd = 0] = shares;
  const unsure = ad + pd;
  const known = 1 - unsure;
  if (known < 1e-12) return 1;
  const observed = (0.5 * (ap + pa)) / known;
  const saidActive = aa + pa;
  const saidPlacebo = ap + pp;
  const expected = (0.5 * (saidPlacebo * (aa + ap) + saidActive * (pa + pp))) / (known * known);
  if (expected < 1e-12) return (1 + unsure) / 2;
  return (1 + unsure + known * ((observed - expected) / expected)) / 2;
}

/** Derivative of the index in one cell's share, the others held: five-point difference. */
function slope(shares: readonly number[], cell: number): number {
  const at = (by: number) => jamesOf(shares.map((share, index) => (index === cell ? share + by : share)));
  const h = 1e-4;
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

/** Share of right guesses among those who guessed, with the standard error of a proportion. */
export function correctGuessRate(table: GuessTable): { rate: number; standardError: number; guesses: number } {
  const right = table.active.correct + table.placebo.correct;
  const guesses = right + table.active.wrong + table.placebo.wrong;
  if (guesses === 0) throw new StatisticsError('no_guesses');
  const rate = right / guesses;
  return { rate, standardError: Math.sqrt((rate * (1 - rate)) / guesses), guesses };
}

/** Sensitivity and specificity of the guess, and the rate of a guesser who knows only the ratio and always says the commoner. */
export function guessAccuracy(table: GuessTable): {
  sensitivity: number | null;
  specificity: number | null;
  informedRate: number;
} {
  const active = table.active.correct + table.active.wrong;
  const placebo = table.placebo.correct + table.placebo.wrong;
  if (active + placebo === 0) throw new StatisticsError('no_guesses');
  return {
    sensitivity: active > 0 ? table.active.correct / active : null,
    specificity: placebo > 0 ? table.placebo.correct / placebo : null,
    informedRate: Math.max(active, placebo) / (active + placebo),
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
