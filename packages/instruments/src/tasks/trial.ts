/**
 * What a cognitive task records: its trials, one after another, as they were shown and answered. Scores are computed from them, here as
 * anywhere else, so that a score can never say other than its trials.
 */
export type Trial = {
  readonly practice: boolean;
  /** What was shown: a symbol, a word with its colour, the places of a sequence, the wait before a signal. */
  readonly stimulus: string;
  /** The right answer; null where nothing should be answered, or where no answer is right or wrong. */
  readonly expected: string | null;
  /** What was answered; null: nothing within the time given. */
  readonly response: string | null;
  /** Milliseconds from the frame that showed the stimulus to the answer, to a tenth; null without an answer. */
  readonly ms: number | null;
};

/** What is shown before it is answered. */
export type Stimulus = Pick<Trial, 'practice' | 'stimulus' | 'expected'>;

export const taskKinds = [
  'vigilance',
  'digitSymbol',
  'stroop',
  'nBack',
  'spatialSpan',
  'alternateUses',
  'divergentAssociation',
] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Trials as one text: JSON rows of [practice, stimulus, expected, response, ms]. */
export function writeTrials(trials: readonly Trial[]): string {
  return JSON.stringify(
    trials.map(({ practice, stimulus, expected, response, ms }) => [
      practice ? 1 : 0,
      stimulus,
      expected,
      response,
      ms === null ? null : Math.round(ms * 10) / 10,
    ]),
  );
}

/** Null where the text is no record of trials. */
export function readTrials(text: string): Trial[] | null {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  const trials: Trial[] = [];
  for (const row of rows as unknown[]) {
    if (!Array.isArray(row) || row.length !== 5) return null;
    const [practice, stimulus, expected, response, ms] = row as unknown[];
    const known = (practice === 0 || practice === 1) && typeof stimulus === 'string';
    if (!known || !isTextOrNull(expected) || !isTextOrNull(response) || !isTimeOrNull(ms)) return null;
    trials.push({ practice: practice === 1, stimulus, expected, response, ms });
  }
  return trials;
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** A day at most, and not before the stimulus by more than a wait can be. */
const isTimeOrNull = (value: unknown): value is number | null =>
  value === null || (typeof value === 'number' && value >= -60_000 && value <= 86_400_000);
