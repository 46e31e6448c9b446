/** The results in plain words: no claim beyond the intervals. */
import { isPossible } from '../possible.ts';
import type { Contrast, GuessSeries, GuessTable, Outcome, Results, Term } from '../results.ts';
import { count, digitsFor, fixed, interval, percent } from './numbers.ts';

/** Outcomes that the summary speaks of: the primary ones, else the first secondary, else the first. */
export function headline(results: Results): readonly Outcome[] {
  const primary = results.outcomes.filter(({ level }) => level === 'primary');
  if (primary.length > 0) return primary;
  const second = results.outcomes.find(({ level }) => level === 'secondary') ?? results.outcomes[0];
  return second === undefined ? [] : [second];
}

export function referenceLabel(outcome: Outcome, results: Results): string {
  const named = new Set(outcome.contrasts.map(({ level }) => level));
  return outcome.groups.find(({ level }) => !named.has(level))?.label ?? results.labels.placebo;
}

/** One sentence per contrast of an outcome; also when there is no estimate. */
export function outcomeSentences(outcome: Outcome, results: Results): string[] {
  if (outcome.unadjusted.status === 'failed') {
    return [`“${outcome.label}”: the planned model could not be fitted. ${outcome.unadjusted.message}`];
  }
  if (outcome.contrasts.length === 0) return [`“${outcome.label}”: the planned model has no term for the condition.`];
  const reference = referenceLabel(outcome, results);
  return [
    ...outcome.contrasts.flatMap((contrast) => [
      contrastSentence(outcome, contrast, reference),
      ...guessWarning(outcome, contrast),
    ]),
    ...halfSentence(outcome),
  ];
}

/** What the guess does to the claim: whether a difference that would count stands, and what it would take to believe it. */
function guessWarning({ label }: Outcome, { unadjusted, withGuess }: Contrast): string[] {
  if (unadjusted === null || withGuess === null) return [];
  const [planned, adjusted] = [!zeroInside(unadjusted), !zeroInside(withGuess)];
  if (planned && !adjusted) {
    return [
      `Taken alone, the planned analysis would call this an effect on “${label}”. It does not stand once the guess is in the model: people who felt or hoped that they had the active capsule and then rated higher or lower would give the same difference without any effect of the capsule. It must not be reported as one.`,
    ];
  }
  if (planned && unadjusted.estimate * withGuess.estimate > 0) {
    return ['It stands with the guess in the model too, as far as a guess that comes after the capsule can tell.'];
  }
  if (!planned && adjusted) {
    return [
      'Only with the guess in the model does the interval leave no difference out. The guess comes after the capsule, so such an adjustment can make a difference where there is none.',
    ];
  }
  return [];
}

/** The value of the curve where guessing is a coin. */
function halfSentence({ label, curve }: Outcome): string[] {
  if (curve.status !== 'drawn' || curve.atHalf === null || curve.observedRate <= 0.5) return [];
  const { difference, lower, upper } = curve.atHalf;
  if (lower === null || upper === null) return [];
  const digits = digitsFor((upper - lower) / 4);
  const inside = lower <= 0 && upper >= 0 ? ', an interval that includes no difference' : '';
  return [
    `${percent(curve.observedRate)} of sure guesses on “${label}” were right. Re-weighted to one half, the raw difference of ${fixed(curve.observedDifference, digits)} would be ${fixed(difference, digits)} (95% band ${interval(lower, upper, digits)}${inside}).`,
  ];
}

function contrastSentence(outcome: Outcome, contrast: Contrast, reference: string): string {
  const { unadjusted, sameRows, withGuess } = contrast;
  if (unadjusted === null) return `“${outcome.label}”: ${contrast.label} could not be estimated.`;
  const start = `“${outcome.label}” was ${differenceWords(unadjusted, contrast.label, reference)}${
    zeroInside(unadjusted) ? '; the interval includes no difference' : ''
  }.`;
  if (withGuess === null) return `${start} The model with the guess could not be fitted.`;
  const digits = digitsFor(withGuess.standardError);
  const words = `${fixed(withGuess.estimate, digits)} (95% interval ${interval(withGuess.lower, withGuess.upper, digits)})`;
  return `${start} Once the guess is in the model the difference is ${words}${sameRows === null ? '' : changeWords(sameRows, withGuess, sameRows === unadjusted)}.`;
}

function differenceWords(term: Term, level: string, reference: string): string {
  const digits = digitsFor(term.standardError);
  const size = fixed(Math.abs(term.estimate), digits);
  const range = interval(term.lower, term.upper, digits);
  const direction = term.estimate < 0 ? 'lower' : 'higher';
  return `${size} ${direction} with ${level} than with ${reference} (difference ${fixed(term.estimate, digits)}, 95% interval ${range})`;
}

export function zeroInside(term: Term): boolean {
  return term.lower <= 0 && term.upper >= 0;
}

/** `planned` on the rows that have a guess, so that only the guess differs. */
function changeWords(planned: Term, adjusted: Term, allRows: boolean): string {
  const inside = zeroInside(adjusted) ? ', an interval that includes no difference' : '';
  if (zeroInside(planned)) return inside;
  if (Math.sign(planned.estimate) !== Math.sign(adjusted.estimate)) return `${inside}; its sign is the opposite`;
  const gone = 1 - adjusted.estimate / planned.estimate;
  if (Math.abs(gone) < 0.05) return `${inside}; it has hardly changed`;
  if (gone < 0) return `${inside}; it is not smaller than before`;
  const on = allRows ? '' : ' than without the guess on the same rows';
  return `${inside}; it is ${percent(gone)} smaller${on}`;
}

export type Verdict = {
  readonly held: boolean | null;
  readonly headline: string;
  readonly sentences: readonly string[];
};

/** On one series of guesses. Judged per time point, since guesses of one person are not independent over time. */
export function blindingVerdict(series: GuessSeries, results: Results): Verdict {
  const judged = series.timePoints.filter(({ james }) => isPossible(james) && Number.isFinite(james.standardError));
  if (judged.length === 0)
    return { held: null, headline: 'There are no guesses to judge the blinding by.', sentences: [] };
  const broken = judged.filter(({ james }) => isPossible(james) && james.upper < 0.5).length;
  const first = judged[0];
  const held = broken === 0;
  const places = count(judged.length, 'time point');
  const text = held
    ? `At none of ${places} do the guesses show that blinding was lost (James index); that is no proof that it held.`
    : `Guesses agreed with what had been taken more than chance allows at ${broken} of ${places} (James index).`;
  return {
    held,
    headline: text,
    sentences: first === undefined ? [] : [...rateSentences(first), ...bangSentences(first, results)],
  };
}

function rateSentences(table: GuessTable): string[] {
  if (!isPossible(table.correct)) return [];
  const { value, lower, upper } = table.correct;
  return [
    `At ${table.label}, ${percent(value, 1)} of sure guesses were right (95% interval ${interval(100 * lower, 100 * upper, 1)}%). Someone who knew only how many were active, and always named the commoner kind, would be right in ${percent(table.informedRate, 1)}.`,
  ];
}

function bangSentences(table: GuessTable, results: Results): string[] {
  return (['active', 'placebo'] as const).flatMap((role) => {
    const bang = table.bang[role];
    if (!isPossible(bang)) return [];
    const words =
      bang.lower > 0
        ? 'right more often than wrong'
        : bang.upper < 0
          ? 'wrong more often than right'
          : 'no more often right than wrong, as far as the interval tells';
    return [
      `With ${results.labels[role]}, people guessed ${words} (Bang index ${fixed(bang.value, 2)}, 90% interval ${interval(bang.lower, bang.upper, 2)}).`,
    ];
  });
}

export const guessCaveats: readonly string[] = [
  'The guess comes after the capsule and often after the effect. What is felt moves the guess as well as the outcome, so a model with the guess does not estimate the effect of the substance alone.',
  'Adjustment for the correct-guess rate is a sensitivity analysis. It can take away a real effect that people noticed, add one that is not there, and even have the opposite sign of the direct effect.',
  'Nobody is left out for having guessed right or wrong.',
];
