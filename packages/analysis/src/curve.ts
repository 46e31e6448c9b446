/** The difference between conditions as a function of how often people guess right, with a band over participants. */
import { correctGuessRateCurve, type GuessedValue, philox, StatisticsError } from '@limen/statistics';
import type { AnalysisRow } from './outcome-spec.ts';
import type { Curve } from './results.ts';

/** Draws of participants with replacement behind the band. */
export const curveResamples = 400;
const curvePoints = 21;

export function correctGuessCurve(rows: readonly AnalysisRow[], seed: string): Curve {
  if (rows.length === 0) return { status: 'notDrawn', code: 'no_rows', reason: 'There are no rows to analyse.' };
  const guessed = rows.flatMap(({ value, role, guess, participant }): GuessedValue[] =>
    guess === null ? [] : [{ value, condition: role, guess, cluster: participant }],
  );
  try {
    const options = { points: curvePoints, resamples: curveResamples, random: philox(seed, 'correct-guess-rate') };
    const { observedRate, rawDifference, atHalf, points } = correctGuessRateCurve(guessed, options);
    const observedDifference = rawDifference;
    return { status: 'drawn', observedRate, observedDifference, atHalf, points, resamples: curveResamples };
  } catch (error) {
    if (!(error instanceof StatisticsError)) throw error;
    return { status: 'notDrawn', code: error.code, reason: error.message };
  }
}
