/**
 * 2-back with letters (Kirchner 1958, J Exp Psychol 55:352): whether a letter is the one of two before. d′ with the log-linear
 * correction (Hautus 1995, Behav Res Methods 27:46), which stays finite when all or none are answered.
 */
import type { Draws } from './draws.ts';
import { isRight, median, scored, timesOf } from './measures.ts';
import type { Stimulus, Trial } from './trial.ts';

/** A letter is seen for half a second, and can be answered until the next. */
export const [letterMs, paceMs] = [500, 2_500];
const letters = ['B', 'F', 'H', 'K', 'M', 'Q', 'R', 'X'] as const;
const back = 2;
const sections = [
  { practice: true, letters: 10, targets: 3 },
  { practice: false, letters: 22, targets: 6 },
  { practice: false, letters: 22, targets: 6 },
] as const;

/** The first two of every section can be no targets. */
export function nBackPlan(draws: Draws): Stimulus[] {
  return sections.flatMap(({ practice, letters: count, targets }) => {
    const places = Array.from({ length: count - back }, (_, index) => index + back);
    const hits = new Set(draws.shuffled(places).slice(0, targets));
    const shown: string[] = [];
    return Array.from({ length: count }, (_, index): Stimulus => {
      const before = shown[index - back];
      const isTarget = hits.has(index) && before !== undefined;
      // A letter of just before is no lure of another distance either.
      const others = letters.filter((one) => one !== before && one !== shown[index - 1] && one !== shown[index - 3]);
      const letter = isTarget ? before : draws.pick(others);
      shown.push(letter);
      return { practice, stimulus: letter, expected: isTarget ? 'match' : null };
    });
  });
}

export function nBackMeasures(trials: readonly Trial[]): Record<string, number | null> {
  const all = scored(trials);
  const targets = all.filter(({ expected }) => expected === 'match');
  const others = all.filter(({ expected }) => expected === null);
  const hits = targets.filter(isRight);
  const alarms = others.filter(({ response }) => response !== null);
  const known = targets.length > 0 && others.length > 0;
  return {
    dPrime: known ? quantile(share(hits.length, targets.length)) - quantile(share(alarms.length, others.length)) : null,
    hits: known ? (100 * hits.length) / targets.length : null,
    falseAlarms: known ? (100 * alarms.length) / others.length : null,
    medianMs: median(timesOf(hits)),
  };
}

const share = (count: number, of: number): number => (count + 0.5) / (of + 1);

/** Standard normal quantile: Acklam's rational approximation, relative error below 1.2e-9, far below what a count of 12 can show. */
function quantile(p: number): number {
  const tail = 0.02425;
  if (p > 1 - tail) return -quantile(1 - p);
  if (p < tail) {
    const q = Math.sqrt(-2 * Math.log(p));
    const above =
      ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
      2.938163982698783;
    return (
      above /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  const above =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q;
  return (
    above /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  );
}
